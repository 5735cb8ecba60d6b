"""Licences: approval by target, the office, general licences; and what leaks, by paper."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from looking import looked_at
from monazite.measures import measure, plan
from monazite.measures.faced import Faced
from monazite.rules.records import Model
from monazite.simulation.run import draw_world, world_events
from monazite.trajectories import Trajectories
from monazite.world.prepare import Prepared
from networks import CALM, START, YEAR_D, Kind, Plant, Small, prepared, run

SMALL = Small(
    products={"part": (45.0, 60.0)},
    processes={"making": ("part", {})},
    plants=[Plant("making", "china", 260.0, 0.2)],
    sectors={"cars": Kind()},
    use={"china": {"cars": 60.0}, "japan": {"cars": 100.0}, "india": {"cars": 100.0}},
    lead_d={("china", "japan"): 21.0, ("china", "india"): 21.0},
)
"""China alone makes a product; Japan and India use 100 t a year each."""
WEEK_T = 7.0 * 100.0 / YEAR_D


def day(number: float) -> date:
    return START + timedelta(days=number)


def regime(licence: dict[str, Any], **more: Any) -> dict[str, Any]:
    own = {
        "name": "april",
        "controller": "china",
        "products": ["part"],
        "targets": ["all"],
        "form": "licensing",
        "start": day(70),
        "licence": licence,
    }
    return own | more


def ready(*controls: dict[str, Any], days: float = 1400.0, **parts: Any) -> Prepared:
    return prepared(SMALL, days, disruptions={"scheduled": controls}, overrides=CALM, **parts)


def sent(result: Trajectories, buyer: str = "japan") -> np.ndarray:
    """Return what China ships to a buyer, as a multiple of the reference flow, by review."""
    mine = [x for x, r in enumerate(result.layout.routes) if r[3] == buyer]
    flow_t = result.shipped_t[:, mine].sum(axis=1)
    return np.asarray(flow_t / np.diff(result.edges_d) * YEAR_D / 100.0)


def test_approval_by_target_lets_each_target_have_its_own_part() -> None:
    """Of the reference flow 80 % goes on to India and 30 % to Japan, named by its group."""
    licence = {"wait": "28 days", "approval": 0.8, "by_target": {"quad": 0.3}}
    result = run(ready(regime(licence), groups={"quad": ["japan"]}))
    for buyer, part in (("india", 0.8), ("japan", 0.3)):
        flow = sent(result, buyer)
        assert_allclose(flow[10:14], 0.0, atol=1e-12)
        assert flow[26:182].mean() == pytest.approx(part, rel=0.02)  # twelve whole quarters


def at_the_office(ready: Prepared) -> list[tuple[float, float, float]]:
    """Return after each review when the last desk is free, and what waits by queue and by pool."""
    found = []

    def look(before: Model, model: Model, now: int) -> None:
        desk_d = model.desk_d[np.isfinite(model.desk_d)].max(initial=0.0)
        found.append((desk_d, model.queue_t.sum(), model.pools["queued_t"].sum()))

    with looked_at(look):
        run(ready)
    return found


def test_an_office_of_one_decides_one_application_after_the_other() -> None:
    """Two applications a week from day 70 on, of 14 days each: a week of them takes four."""
    licence = {"wait": "14 days", "approval": 1.0, "officers": 1}
    free_d = np.array([desk_d for desk_d, _, _ in at_the_office(ready(regime(licence), days=700))])
    assert_allclose(free_d[:10], 0.0)
    assert_allclose(free_d[10:18], 70.0 + 28.0 * np.arange(1, 9))
    first = sent(run(ready(regime(licence), days=700.0)), "india") > 0.0
    second = sent(run(ready(regime(licence), days=700.0)), "japan") > 0.0
    assert sorted(int(np.flatnonzero(one[10:])[0]) + 10 for one in (first, second)) == [12, 14]


def shuffled(small: Small) -> Small:
    """Return the same market with its buyers listed the other way round."""
    return replace(small, use=dict(reversed(small.use.items())))


def test_nobody_comes_first_at_an_office_because_a_list_names_him_first() -> None:
    """An office that is swamped serves both alike in the end, and by the names of the buyers."""
    licence = {"wait": "4 days", "approval": 1.0, "officers": 1}
    disruptions = {"scheduled": [regime(licence)]}
    found = []
    for small in (SMALL, shuffled(SMALL)):
        result = run(prepared(small, 2100.0, disruptions=disruptions, overrides=CALM))
        found.append({buyer: sent(result, buyer) for buyer in ("japan", "india")})
    for buyer in ("japan", "india"):
        assert_allclose(found[0][buyer], found[1][buyer], rtol=1e-9, atol=1e-12)
    japan, india = (found[0][buyer][20:] for buyer in ("japan", "india"))
    assert not np.allclose(japan, india)
    assert japan.mean() == pytest.approx(india.mean(), rel=0.02)


def test_officers_enough_for_all_applications_are_the_same_as_no_limit() -> None:
    """Two applications a week of 28 days each keep eight officers at work."""
    free = run(ready(regime({"wait": "28 days", "approval": 0.7})))
    enough = run(ready(regime({"wait": "28 days", "approval": 0.7, "officers": 8})))
    few = run(ready(regime({"wait": "28 days", "approval": 0.7, "officers": 1})))
    assert_allclose(enough.shipped_t, free.shipped_t, rtol=1e-12)
    assert few.delivered_t.sum() < free.delivered_t.sum() * 0.99


def test_smaller_shipments_need_more_officers() -> None:
    """Half a week's flow to an application: sixteen at work, and twelve are too few."""
    licence = {"wait": "28 days", "approval": 1.0, "officers": 12}
    whole = run(ready(regime(licence), days=700.0))
    halves = run(ready(regime(licence | {"shipment": f"{WEEK_T / 2} t"}), days=700.0))
    assert halves.delivered_t.sum() < whole.delivered_t.sum() * 0.99
    assert whole.shortfall_t.sum() == 0.0


def test_no_application_is_lost_however_long_the_office_takes() -> None:
    """An office of one that takes 98 days for each: what is on order stands in the queue."""
    licence = {"wait": "98 days", "approval": 1.0, "officers": 1}
    seen = at_the_office(ready(regime(licence), days=3640.0))
    assert seen[-1][0] > 3640.0 + 98.0
    for _, queue_t, pools_t in seen:
        assert queue_t == pytest.approx(pools_t, rel=1e-9, abs=1e-9)
    assert seen[-1][1] > 0.0


def test_an_office_that_is_swamped_breeds_no_orders_without_end() -> None:
    """Small shipments swamp it; on order is never more than a year's use of the two buyers."""
    licence = {"wait": "30 days", "approval": 1.0, "officers": 2, "shipment": "0.1 t"}
    seen = at_the_office(ready(regime(licence), days=1400.0))
    assert max(pools_t for _, _, pools_t in seen) < 200.0


def test_general_licences_let_their_share_pass_from_their_day_on() -> None:
    """Nothing is approved; from day 140 a quarter of the flow to Japan needs no approval."""
    general = {"share": 0.25, "after": "70 days", "targets": ["japan"]}
    ready_ = ready(regime({"wait": "28 days", "approval": 0.0, "general": general}))
    result = run(ready_)
    assert_allclose(sent(result, "japan")[10:20], 0.0, atol=1e-12)
    assert_allclose(sent(result, "japan")[20:], 0.25, rtol=1e-9)
    assert_allclose(sent(result, "india")[10:], 0.0, atol=1e-12)
    kinds = [(e.day, e.kind) for e in world_events(draw_world(ready_, 0))]
    assert kinds == [(70.0, "control-in-force"), (140.0, "control-general-licences")]


def test_the_rest_beside_general_licences_is_applied_for() -> None:
    """25 % without, and half of the other 75 %: 62.5 % of the reference flow."""
    licence = {"wait": "28 days", "approval": 0.5, "general": {"share": 0.25}}
    flow = sent(run(ready(regime(licence))))
    assert_allclose(flow[10:14], 0.25, rtol=1e-9)
    assert flow[26:182].mean() == pytest.approx(0.625, rel=0.02)


def test_a_regime_long_in_force_with_general_licences_leaves_the_world_still() -> None:
    licence = {"wait": "30 days", "approval": 1.0, "general": {"share": 0.4}, "officers": 200}
    part = regime(licence, start=day(-400))
    result = run(prepared(SMALL, 400.0, disruptions={"standing": [part]}))
    assert_allclose(sent(result), 1.0, rtol=1e-9)
    assert_allclose(result.price, 1.0, rtol=1e-9)
    assert result.shortfall_t.sum() == 0.0


def test_a_control_by_chance_may_have_an_office_and_general_licences() -> None:
    random = {
        "name": "packages", "controller": "china", "calm_rate": "2 per year",
        "tense_rate": "2 per year", "hits": 1.0, "form": "licensing", "duration": "1 year",
        "scopes": [{"products": ["part"], "targets": ["japan"]}],
    }  # fmt: skip
    licence = {"wait": "30 days", "approval": 0.5}
    found = []
    for more in ({}, {"officers": 1}, {"general": {"share": 0.5}}, {"by_target": {"japan": 0.1}}):
        part = {"random": [random | {"licence": licence | more}]}
        result = run(prepared(SMALL, 1400.0, disruptions=part, overrides=CALM))
        found.append(sent(result)[20:].mean())
    assert found[1] < found[0] < found[2]
    assert found[3] < found[0]


def test_what_leaks_is_a_source_of_its_own() -> None:
    """A quota of 40 % from day 70; from day 133 of the lost 60 % comes 70 % round it: 42 %."""
    part = regime({}, form="quota", allowed=0.4, leakage={"share": 0.7, "delay": "63 days"})
    part = {key: value for key, value in part.items() if key != "licence"}
    part |= {"targets": ["japan"]}
    ready_ = ready(part, days=730.0)
    result = run(ready_)
    weeks = result.leaked_t.sum(axis=1) / WEEK_T
    assert_allclose(weeks[:19], 0.0, atol=1e-12)
    assert_allclose(weeks[19:104], 0.42, rtol=1e-9)
    groups = {"japan": ("japan",)}
    lookup = plan(ready_.layout, groups, START, ready_.end_d, ready_.controllers)
    supply = measure(result, lookup, Faced()).supply
    by_kind = {
        (s.kind, s.origin): supply[1, i] for i, s in enumerate(lookup.sources)
    }  # 2027, all of it under the quota and its leakage
    days = ready_.end_d - (date(2027, 1, 1) - START).days
    assert by_kind["leaked", "china"] == pytest.approx(0.42 * 100.0 * days / YEAR_D, rel=2e-2)
    ratio = by_kind["leaked", "china"] / by_kind["import", "china"]
    assert ratio == pytest.approx(0.42 / 0.4, rel=1e-9)


def test_approvals_flow_evenly_and_pass_their_share_in_no_quarter() -> None:
    """Half of an order that is larger than ever: each week the half of a week, none in a burst."""
    flow = sent(run(ready(regime({"wait": "28 days", "approval": 0.5}))))
    assert flow[40:].max() <= 0.5 * 1.01
    assert flow[40:].min() >= 0.5 * 0.99
    weeks = np.floor(np.arange(flow.size) * 7.0 / (YEAR_D / 4))
    for quarter in np.unique(weeks[10:]):
        mine = weeks == quarter
        assert flow[mine & (np.arange(flow.size) >= 10)].sum() <= 0.5 * mine.sum() * (1 + 1e-9)


def test_what_is_decided_beyond_a_share_waits_its_turn_up_to_a_quarter() -> None:
    """Chance bunches decisions; the share still comes, since what is over waits and is not lost."""
    wait = {"low": 10, "mode": 40, "high": 90, "unit": "days"}
    part = regime({"wait": wait, "approval": 0.8})
    flow = sent(run(ready(part, uncertain=True)))
    assert flow[40:].mean() == pytest.approx(0.8, rel=0.03)
    weeks = flow[40:].reshape(-1, 8).sum(axis=1) / 8
    assert weeks.std() < 0.2
