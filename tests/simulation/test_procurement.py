"""What a procurement rule leaves of an origin, where the rest goes, and what it leaves alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from entrants import LIVELY
from monazite.errors import ScenarioError
from monazite.trajectories import Trajectories
from networks import CALM, START, Kind, Plant, Small, prepared, run
from reference.compare import watched

WORLD = Small(
    products={"part": (45.0, 60.0), "wire": (30.0, 10.0)},
    processes={"magnet_making": ("part", {}), "drawing": ("wire", {})},
    plants=[
        Plant("magnet_making", "china", 140.0, 0.4),
        Plant("magnet_making", "australia", 40.0, 0.25),
        Plant("magnet_making", "japan", 20.0, 0.25),
        Plant("drawing", "china", 100.0, 0.4),
    ],
    sectors={"cars": Kind(), "grid": Kind(product="wire")},
    use={"japan": {"cars": 100.0}, "india": {"cars": 100.0}, "malaysia": {"grid": 100.0}},
    shares={
        ("part", "china", "japan"): 0.6,
        ("part", "australia", "japan"): 0.3,
        ("part", "japan", "japan"): 0.1,
        ("part", "china", "india"): 0.8,
        ("part", "australia", "india"): 0.1,
        ("part", "japan", "india"): 0.1,
    },
)
"""Japan and India each use 100 t of parts a year; Japan makes a tenth of its own."""

NEAR = {f"behaviour.default_weight_{who}": 0 for who in ("own", "bloc", "other")}
FIXED = CALM | NEAR
"""No price moves, and who is near draws no more orders than its habitual share."""

DAYS = 7 * 364.0
WEEK_T = 100.0 * 7.0 / 365.25
"""What Japan uses in a review [t]."""


def rule(**more: Any) -> dict[str, Any]:
    own = {
        "name": "mandate",
        "regions": ["japan"],
        "products": ["part"],
        "origins": ["china"],
        "least_share": "65 %",
    }
    return own | more


def ready(*rules: dict[str, Any], days: float = DAYS, **more: Any) -> Any:
    strategies = {"none": {}, "asks": {"instruments": [{"procurement": part} for part in rules]}}
    return prepared(WORLD, days, **({"strategies": strategies, "overrides": FIXED} | more))


def shipped(result: Trajectories, seller: str, buyer: str = "japan") -> np.ndarray:
    """Return what a seller ships of parts in each review, over the buyer's reference use."""
    routes = result.layout.routes
    mine = [x for x, r in enumerate(routes) if (r[0], r[2], r[3]) == (seller, "part", buyer)]
    return np.asarray(result.shipped_t[:, mine].sum(axis=1) / WEEK_T)


@pytest.mark.parametrize("least", [0.65, 0.9, 1.0])
def test_the_rest_goes_to_the_other_sellers_in_proportion(least: float) -> None:
    """Of 100, 35 may still come from China; 65 are split 3 to 1: 48.75 and 16.25."""
    result = run(ready(rule(least_share=least)), "asks")
    assert np.all(shipped(result, "china") <= 1.0 - least + 1e-9)
    assert shipped(result, "china")[-1] == pytest.approx(1.0 - least, abs=1e-9)
    assert shipped(result, "australia") == pytest.approx(np.full(364, least * 0.75), abs=1e-9)
    assert shipped(result, "japan") == pytest.approx(np.full(364, least * 0.25), abs=1e-9)
    assert result.shortfall_t.sum() == 0.0


def test_it_rises_in_even_steps_from_what_is_bought_at_the_start() -> None:
    """From 60 % to 35 % over 5 years of 365.25 days: 60, 55, 50, 45, 40, 35."""
    result = run(ready(rule(phase_in="5 years")), "asks")
    weeks = np.arange(364) * 7.0
    steps = np.minimum(np.floor(weeks / 365.25), 5)
    assert shipped(result, "china") == pytest.approx(0.6 - 0.05 * steps, abs=1e-9)
    begun = [event for event in result.events if event.name == "mandate"]
    assert [event.day for event in begun] == [365.25 * k for k in range(6)]
    assert [event.kind for event in begun] == ["procurement-in-force"] + 5 * ["procurement-rises"]
    assert begun[1].detail == "20% of the way to 0.65 of part not from china"


def test_it_holds_from_its_first_day_to_its_last() -> None:
    """Once it is over, habits bring China back, and nothing keeps it below 35 %."""
    days = {"start": START + timedelta(days=70), "until": START + timedelta(days=140)}
    result = run(ready(rule(**days)), "asks")
    china = shipped(result, "china")
    assert china[:10] == pytest.approx(np.full(10, 0.6), abs=1e-9)
    assert china[10:20] == pytest.approx(np.full(10, 0.35), abs=1e-9)
    assert np.all(china[20:] > 0.5)
    assert [event.day for event in result.events] == [70.0, 140.0]


def test_nobody_named_means_the_controllers() -> None:
    cut = {"name": "cut", "controller": "china", "products": ["wire"], "targets": ["malaysia"]}
    cut |= {"form": "quota", "allowed": "90 %", "start": START + timedelta(days=700)}
    more = {"disruptions": {"scheduled": [cut]}, "days": 364.0}
    one = run(ready(rule(origins=[]), **more), "asks")
    assert np.array_equal(one.shipped_t, run(ready(rule(), **more), "asks").shipped_t)
    assert shipped(one, "china")[-1] == pytest.approx(0.35, abs=1e-9)


def test_where_others_make_too_little_the_rest_stays_unserved() -> None:
    """Of 200 t, Australia can make 40 / 0.8 = 50 and Japan 20 / 0.8 = 25."""
    plants = [replace(p, utilisation=0.8) for p in WORLD.plants]
    part = rule(regions=["japan", "india"], least_share=1)
    asks = {"asks": {"instruments": [{"procurement": part}]}}
    tight = prepared(replace(WORLD, plants=plants), DAYS, strategies=asks, overrides=FIXED)
    result = run(tight, "asks")
    assert shipped(result, "china").sum() == shipped(result, "china", "india").sum() == 0.0
    short = result.shortfall_t[-1].sum() / WEEK_T
    assert short == pytest.approx(2.0 - 0.75, abs=1e-9)


def test_what_all_meet_moves_what_an_instrument_moves() -> None:
    whole = run(ready(trade={"procurement": [rule()]}), "none")
    one = run(ready(rule()), "asks")
    assert np.array_equal(whole.shipped_t, one.shipped_t)
    assert np.array_equal(whole.price, one.price)


def test_what_a_rule_does_not_touch_does_not_move() -> None:
    """Wire and a strategy without the rule stay as they were to the last bit; India's orders for
    parts are added up in rounds, in which the last bit moves."""
    with_rule, without = ready(rule(), days=1456.0), ready(days=1456.0)
    one, other = run(with_rule, "asks"), run(without, "asks")
    apart = [x for x, r in enumerate(one.layout.routes) if r[3] != "japan"]
    assert one.shipped_t[:, apart] == pytest.approx(other.shipped_t[:, apart], rel=1e-12)
    wire = [x for x, r in enumerate(one.layout.routes) if r[2] == "wire"]
    assert np.array_equal(one.shipped_t[:, wire], other.shipped_t[:, wire])
    idle, still = run(with_rule, "none"), run(without, "none")
    for table in ("made_t", "shipped_t", "price", "stock_t", "shortfall_t"):
        assert np.array_equal(getattr(idle, table), getattr(still, table)), table


def test_who_meets_it_already_keeps_its_market_and_is_only_kept_from_less() -> None:
    """At 30 %, Japan buys 40 % elsewhere and India 20 %: only India moves."""
    one = run(ready(rule(regions=["japan", "india"], least_share="30 %"), days=1456.0), "asks")
    other = run(ready(days=1456.0), "asks")
    mine = [x for x, r in enumerate(one.layout.routes) if r[3] == "japan"]
    assert one.shipped_t[:, mine] == pytest.approx(other.shipped_t[:, mine], rel=1e-12)
    assert shipped(one, "china", "india")[-1] == pytest.approx(0.7, abs=1e-9)


def test_an_own_rule_opens_no_stockpile_that_waits_for_a_control() -> None:
    pile = {
        "name": "pile",
        "product": "part",
        "place": "japan",
        "owner": "japan",
        "target": "5 t",
        "buy_from": "anyone",
        "release": {"trigger": "control", "tiers": [1, 2, 3]},
    }
    late = rule(start=START + timedelta(days=700), least_share=1)
    both = {"strategies": {"asks": {"instruments": [{"stockpile": pile}, {"procurement": late}]}}}
    assert run(ready(**both), "asks").drawn_t.sum() == 0.0


def test_a_rule_in_a_market_that_moves_equals_the_plain_reference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    part = rule(regions=["japan", "india"], phase_in="300 days", start=START + timedelta(days=30))
    watch = watched(monkeypatch)
    result = run(ready(part, overrides=LIVELY, days=728.0), "asks")
    assert watch.reviews == 104
    assert result.price.max() > 1.01


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"products": ["parts"]}, "unknown product 'parts'; did you mean 'part'"),
        ({"origins": ["chna"]}, "unknown region or group 'chna'; did you mean 'china'"),
        ({"regions": ["jpan"]}, "unknown region or group 'jpan'; did you mean 'japan'"),
        (
            {"products": ["wire"]},
            "touches no flow of wire: china sells none of it to 'regions'",
        ),
        (
            {"least_share": "40 %"},
            "least_share: touches no flow of part: japan buys 40.0% of it elsewhere already, "
            "and nobody less; ask for more, or remove it",
        ),
        ({"origins": []}, "origins: nobody in 'disruptions' controls anything; name origins"),
    ],
)
def test_a_rule_on_nothing_is_refused(terms: dict[str, Any], message: str) -> None:
    for world in ({"trade": {"procurement": [rule(**terms)]}}, {}):
        with pytest.raises(ScenarioError, match=message):
            ready(*([] if world else [rule(**terms)]), **world)
