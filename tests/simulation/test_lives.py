"""The life of a control: what it lets pass in each phase, by paper, and how the log tells it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from monazite.simulation.run import draw_world, world_events
from monazite.trajectories import Trajectories
from monazite.world.prepare import Prepared
from networks import CALM, START, YEAR_D, Kind, Plant, Small, prepared, run

USE_D = 100.0 / YEAR_D
"""Japan uses 100 t a year of one product that China alone makes, 21 days away."""

SMALL = Small(
    products={"part": (45.0, 60.0)},
    processes={"making": ("part", {})},
    plants=[Plant("making", "china", 160.0, 0.2)],
    sectors={"cars": Kind()},
    use={"china": {"cars": 60.0}, "japan": {"cars": 100.0}},
    lead_d={("china", "japan"): 21.0},
)


def day(number: float) -> Any:
    return START + timedelta(days=number)


def control(**more: Any) -> dict[str, Any]:
    own = {
        "name": "october",
        "controller": "china",
        "products": ["part"],
        "targets": ["japan"],
        "form": "ban",
        "start": day(70),
    }
    return {"scheduled": [own | more]}


def ready(days: float = 700.0, **more: Any) -> Prepared:
    return prepared(SMALL, days, disruptions=control(**more), overrides=CALM)


def sent(result: Trajectories) -> np.ndarray:
    """Return what China ships to Japan, as a multiple of the reference flow, by review."""
    routes = result.layout.routes
    mine = [x for x, r in enumerate(routes) if (r[0], r[3]) == ("china", "japan")]
    return np.asarray(result.shipped_t[:, mine].sum(axis=1) / np.diff(result.edges_d) / USE_D)


def told(ready: Prepared) -> list[tuple[float, str]]:
    kinds = ((e.day, e.kind.removeprefix("control-")) for e in world_events(draw_world(ready, 0)))
    return [(at, kind) for at, kind in kinds if not kind.startswith("regime")]


LIFE = {
    "announced": "60 days",
    "duration": "490 days",
    "eases": {"after": "280 days", "form": "quota", "allowed": 0.6},
    "suspended": [{"from": day(140), "until": day(210)}, {"from": day(420), "until": day(455)}],
}
"""Ban from 70; suspended 140 to 210; 60 % from 350; suspended 420 to 455; lifted on 560."""


def test_each_phase_lets_pass_what_it_says_and_no_more() -> None:
    flow = sent(run(ready(**LIFE)))
    first = np.arange(flow.size) * 7
    assert_allclose(flow[first < 7], 1.0, rtol=1e-9)
    banned = ((first >= 70) & (first < 140)) | ((first >= 210) & (first < 350))
    assert_allclose(flow[banned], 0.0, atol=1e-12)
    eased = ((first >= 350) & (first < 420)) | ((first >= 455) & (first < 560))
    assert_allclose(flow[eased], 0.6, rtol=1e-9)
    suspended = ((first >= 140) & (first < 210)) | ((first >= 420) & (first < 455))
    assert (flow[suspended] > 1.0).all()  # stocks are rebuilt
    assert (flow[first >= 560] > 0.99).all()


def test_the_log_tells_the_life_of_a_control() -> None:
    assert told(ready(**LIFE)) == [
        (10.0, "announced"),
        (70.0, "in-force"),
        (140.0, "suspended"),
        (210.0, "reimposed"),
        (350.0, "eased"),
        (420.0, "suspended"),
        (455.0, "reimposed"),
        (560.0, "lifted"),
    ]


def test_a_control_may_ease_while_it_is_suspended() -> None:
    part = {
        "eases": {"from": day(175), "form": "quota", "allowed": 0.6},
        "suspended": [{"from": day(140), "until": day(210)}],
    }
    flow = sent(run(ready(**part)))
    assert_allclose(flow[10:20], 0.0, atol=1e-12)
    assert (flow[20:30] > 0.6).all()
    assert_allclose(flow[30:], 0.6, rtol=1e-9)
    kinds = ["in-force", "suspended", "reimposed"]
    assert [kind for _, kind in told(ready(**part))] == kinds


def test_two_controls_in_turn_are_the_same_as_one_that_eases() -> None:
    whole = ready(duration="490 days", eases={"after": "280 days", "form": "quota", "allowed": 0.6})
    first = control(duration="280 days")["scheduled"][0]
    second = control(form="quota", allowed=0.6, start=day(350), duration="210 days")["scheduled"][0]
    parts = {"scheduled": [first, second | {"name": "after"}]}
    two = prepared(SMALL, 700.0, disruptions=parts, overrides=CALM)
    for name in ("shipped_t", "stock_t", "shortfall_t", "price"):
        assert_array_equal(getattr(run(whole), name), getattr(run(two), name))


def assert_array_equal(one: np.ndarray, two: np.ndarray) -> None:
    np.testing.assert_array_equal(one, two)


def test_a_ban_that_eases_to_licences_meets_the_licence_times_of_its_name_and_review() -> None:
    """After the easing nothing passes for the wait, then the approved part of applications."""
    licence = {"wait": "42 days", "approval": 0.5}
    flow = sent(run(ready(eases={"after": "140 days", "form": "licensing", "licence": licence})))
    assert_allclose(flow[10:36], 0.0, atol=1e-12)  # days 70 to 252
    assert flow[36] > 0.0
    assert flow[40:92].mean() == pytest.approx(0.5, rel=0.02)  # four whole quarters, each capped
    eased = {"eases": {"after": "140 days", "form": "licensing", "licence": licence}}
    alone = control(form="licensing", licence=licence)["scheduled"][0]
    world = draw_world(ready(**eased), 0)
    other = draw_world(prepared(SMALL, 700.0, disruptions={"scheduled": [alone]}), 0)
    assert_array_equal(world.model.wait_d, other.model.wait_d)


def test_a_standing_control_that_is_suspended_comes_back_on_its_day() -> None:
    part = control(start=day(-200), suspended=[{"from": day(-50), "until": day(140)}])
    ready_ = prepared(SMALL, 300.0, disruptions={"standing": part["scheduled"]}, overrides=CALM)
    flow = sent(run(ready_))
    assert_allclose(flow[:20], 1.0, rtol=1e-9)
    assert_allclose(flow[20:], 0.0, atol=1e-12)
    assert told(ready_) == [(140.0, "reimposed")]


def test_a_control_eased_before_the_start_stands_in_its_later_form() -> None:
    part = control(start=day(-400), eases={"after": "300 days", "form": "quota", "allowed": 0.3})
    ready_ = prepared(SMALL, 300.0, disruptions={"standing": part["scheduled"]}, overrides=CALM)
    assert_allclose(sent(run(ready_)), 0.3, rtol=1e-9)
    assert told(ready_) == [(0.0, "standing")]


def test_phases_after_the_end_of_a_control_do_not_come() -> None:
    """Its length is drawn; where it is over before it eases, it is lifted, not eased."""
    length = {"low": 100, "mode": 200, "high": 300, "unit": "days"}
    part = control(duration=length, eases={"after": "200 days", "form": "quota", "allowed": 0.5})
    ready_ = prepared(SMALL, 700.0, disruptions=part, uncertain=True, overrides=CALM)
    seen = set()
    for replication in range(30):
        events = world_events(draw_world(ready_, replication))
        kinds = tuple(e.kind for e in events if e.kind.startswith("control"))
        lasted_d = events[-1].day - 70.0
        eased = "control-eased" in kinds
        assert eased == (lasted_d > 200.0)
        assert kinds[-1] == "control-lifted"
        seen.add(eased)
    assert seen == {True, False}


CLOSE_D = 30.0
"""Time over which a gap in stock is closed."""
RUSH = {
    "overrides": CALM | {"behaviour.rush_factor": 2.0, "behaviour.adjustment_time": "30 days"},
}


def rushed(announced: str | None, small: Small = SMALL, **more: Any) -> Prepared:
    part = control(**({} if announced is None else {"announced": announced}), **more)
    overrides = dict(RUSH["overrides"])
    if announced is None:
        del overrides["behaviour.rush_factor"]
    return prepared(small, 364.0, disruptions=part, overrides=overrides)


def short_t(ready: Prepared) -> float:
    return float(run(ready).shortfall_t.sum())


@pytest.mark.parametrize("weeks", [2, 6, 10])
def test_a_rush_closes_the_gap_to_twice_the_stock_and_puts_off_the_shortfall(weeks: int) -> None:
    """Target stock 45 days of use; of another 45 days the part 1 - exp(-t/30) is bought."""
    extra_t = 45.0 * USE_D * (1.0 - np.exp(-7.0 * weeks / CLOSE_D))
    ready_ = rushed(f"{7 * weeks} days")
    flow = sent(run(ready_))
    assert_allclose(flow[: 10 - weeks], 1.0, rtol=1e-9)
    bought_t = ((flow[:10] - 1.0) * 7.0 * USE_D).sum()
    assert bought_t == pytest.approx(extra_t, rel=1e-9)
    assert short_t(rushed(None)) - short_t(ready_) == pytest.approx(extra_t, rel=1e-9)


def test_a_rush_is_bounded_by_what_makers_can_make() -> None:
    """At 80 % of capacity China makes 40 t a year more, and no more."""
    tight = replace(SMALL, plants=[Plant("making", "china", 160.0, 0.8)])
    ready_ = rushed("70 days", tight)
    flow = sent(run(ready_))
    assert flow[:10].max() <= 1.0 + 40.0 / 100.0 + 1e-9
    assert flow[0] == pytest.approx(1.4, rel=1e-9)


def test_after_the_rush_the_target_is_back_and_the_excess_is_used_first() -> None:
    flow = sent(run(rushed("70 days", form="quota", allowed=1.0)))
    assert (flow[:10] > 1.0).all()
    assert (flow[10:30] < 1.0).all()
    assert ((flow - 1.0) * 7.0 * USE_D).sum() == pytest.approx(0.0, abs=0.02)


def test_only_targets_rush_and_only_for_what_will_be_controlled() -> None:
    result = run(rushed("70 days"))
    home = [x for x, r in enumerate(result.layout.routes) if (r[0], r[3]) == ("china", "china")]
    each = result.shipped_t[:, home].sum(axis=1) / np.diff(result.edges_d) * YEAR_D
    assert_allclose(each, 60.0, rtol=1e-9)


def test_without_an_announcement_the_record_of_rushes_is_not_read() -> None:
    assert "behaviour.rush_factor" not in rushed(None).inputs.names
    assert "behaviour.rush_factor" in rushed("70 days").inputs.names


def test_a_rush_by_a_factor_of_one_changes_nothing() -> None:
    part = control(announced="60 days")
    overrides = CALM | {"behaviour.rush_factor": 1.0}
    calm = run(prepared(SMALL, 364.0, disruptions=part, overrides=overrides))
    none = run(ready(364.0))
    for name in ("shipped_t", "stock_t", "shortfall_t", "price"):
        assert_array_equal(getattr(calm, name), getattr(none, name))


def test_prices_rise_in_the_rush_before_the_control_comes() -> None:
    tight = replace(SMALL, plants=[Plant("making", "china", 160.0, 0.8)])
    part = control(announced="60 days")
    result = run(prepared(tight, 364.0, disruptions=part))
    japan = result.layout.regions.index("japan")
    assert result.price[0, 0, japan] == pytest.approx(1.0)
    assert result.price[9, 0, japan] > 1.02


LEAK = {"share": 0.7, "delay": "63 days"}
"""Of a ban from day 70: 70 % comes round from day 133, and arrives from day 154."""


def stock_of_japan(result: Trajectories) -> np.ndarray:
    pools = [h for h, pool in enumerate(result.layout.pools) if pool[1] == "japan"]
    return np.asarray(result.stock_t[:, pools].sum(axis=1))


def test_of_a_banned_flow_the_share_that_leaks_comes_back_after_delay_and_lead() -> None:
    result = run(ready(leakage=LEAK))
    flow = sent(result)
    assert_allclose(flow[:10], 1.0, rtol=1e-9)
    assert_allclose(flow[10:19], 0.0, atol=1e-12)
    assert_allclose(flow[19:], 0.7, rtol=1e-9)
    served = result.delivered_t[:, [u[1] == "japan" for u in result.layout.uses]].sum(axis=1)
    stock = stock_of_japan(result)
    inflow = served[1:] + np.diff(stock)  # what came in, of review 1 on
    assert_allclose(inflow[:12], 7.0 * USE_D, rtol=1e-9)  # cargo at sea arrives
    assert_allclose(inflow[12:21], 0.0, atol=1e-9)
    assert_allclose(inflow[21:], 0.7 * 7.0 * USE_D, rtol=1e-9)


def test_of_a_quota_the_rest_leaks_in_shares_and_in_tonnes() -> None:
    part = ready(form="quota", allowed=0.4, leakage=LEAK)
    tonnes = ready(form="quota", allowed_t_per_yr="40 t/yr", leakage=LEAK)
    for ready_ in (part, tonnes):
        flow = sent(run(ready_))
        assert_allclose(flow[10:19], 0.4, rtol=1e-9)
        assert_allclose(flow[19:], 0.4 + 0.7 * 0.6, rtol=1e-9)


def test_what_leaks_costs_more_by_its_premium_on_its_part() -> None:
    """All that passes a ban comes round it; of a quota of 40 %, 42 of 82."""
    for more, risen in (({}, 1.3), ({"form": "quota", "allowed": 0.4}, 1 + 0.3 * 0.42 / 0.82)):
        result = run(ready(1400.0, leakage=LEAK | {"premium": "30 %"}, **more))
        japan, china = (result.layout.regions.index(r) for r in ("japan", "china"))
        assert_allclose(result.price[:19, 0, japan], 1.0, rtol=1e-9)
        assert result.price[-1, 0, japan] == pytest.approx(risen, rel=1e-6)
        assert_allclose(result.price[:, 0, china], 1.0, rtol=1e-9)


def test_leakage_goes_on_under_a_quota_and_ends_with_licensing() -> None:
    licence = {"wait": "0 days", "approval": 0.5}
    quota = {"after": "140 days", "form": "quota", "allowed": 0.6}
    later = {"after": "35 days", "form": "quota", "allowed": 0.6}
    licensing = {"after": "140 days", "form": "licensing", "licence": licence}
    flow = sent(run(ready(leakage=LEAK, eases=quota)))
    assert_allclose(flow[30:], 0.6 + 0.7 * 0.4, rtol=1e-9)
    assert told(ready(leakage=LEAK, eases=quota)) == [
        (70.0, "in-force"), (133.0, "leaks"), (210.0, "eased"),
    ]  # fmt: skip
    assert [kind for _, kind in told(ready(leakage=LEAK, eases=later))] == [
        "in-force", "eased", "leaks",
    ]  # fmt: skip
    flow = sent(run(ready(leakage=LEAK, eases=licensing)))
    assert flow[40:92].mean() == pytest.approx(0.5, rel=0.02)


def test_leakage_bounds_what_passes_and_not_what_is_made_or_had() -> None:
    """A maker without room leaks nothing: what comes round is made like anything else."""
    small = replace(SMALL, plants=[Plant("making", "china", 160.0, 0.9, plants=1)])
    gone = {"outages": True} | control(leakage=LEAK)
    overrides = CALM | {"behaviour.outage_up": "1 day", "behaviour.outage_down": "900 years"}
    result = run(prepared(small, 364.0, disruptions=gone, overrides=overrides))
    assert sent(result)[4:].sum() == pytest.approx(0.0, abs=1e-9)


def test_a_share_not_stated_is_that_on_record_for_one_country_or_the_world() -> None:
    one = ready(leakage={"delay": "63 days"})
    world = ready(leakage={"delay": "63 days"}, targets=["all"])
    ends = ("leakage_country", "leakage_world")
    assert [n.rpartition(".")[2] for n in one.inputs.names if n.endswith(ends)] == [ends[0]]
    assert [n.rpartition(".")[2] for n in world.inputs.names if n.endswith(ends)] == [ends[1]]
    central = one.inputs.quantities[one.controls.ones[0].columns["leakage.share"]].central
    assert_allclose(sent(run(one))[19:], central, rtol=1e-9)
    none = ready()
    assert [n for n in none.inputs.names if n.endswith(ends)] == []


def test_a_control_by_chance_may_leak_too() -> None:
    random = {
        "name": "packages", "controller": "china", "calm_rate": "2 per year",
        "tense_rate": "2 per year", "hits": 1.0, "form": "ban", "duration": "1 year",
        "scopes": [{"products": ["part"], "targets": ["japan"]}],
    }  # fmt: skip
    tight = {"random": [random]}
    leaky = {"random": [random | {"leakage": {"share": 0.7, "delay": "35 days"}}]}
    ready_ = prepared(SMALL, 700.0, disruptions=leaky, overrides=CALM)
    closed = prepared(SMALL, 700.0, disruptions=tight, overrides=CALM)
    kinds = [e.kind for e in world_events(draw_world(ready_, 0))]
    assert "control-leaks" in kinds
    days = [
        [e.day for e in world_events(draw_world(r, 0)) if e.kind == "control-in-force"]
        for r in (ready_, closed)
    ]
    assert days[0] == days[1]
    assert 0.0 < short_t(ready_) < short_t(closed)
