"""A supplier sells below an entrant's cost for three years, and then stops selling."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from entrants import plant, sure
from monazite.errors import ScenarioError
from monazite.simulation.run import draw_world, edges_by, simulate
from monazite.trajectories import Trajectories
from networks import CALM, START, Kind, Plant, Small, part_ban, prepared, run
from reference.compare import watched

WORLD = Small(
    products={"part": (45.0, 60.0)},
    processes={"magnet_making": ("part", {})},
    plants=[Plant("magnet_making", "china", 250.0, 0.8)],
    sectors={"cars": Kind()},
    use={"china": {"cars": 150.0}, "japan": {"cars": 100.0}},
)
"""Parts at 60 USD/kg; China makes all, Japan uses 100 t a year and builds a plant for 50."""

TIMES = sure() | {
    "behaviour.default_weight_own": 1.5,
    "behaviour.share_time": "1 years",
}
CUT_D, CUT_LASTS_D = 730, 1096
BAN_D, BAN_LASTS_D = CUT_D + CUT_LASTS_D + 60, 365

PLANT = plant(name="entrant", public_share=0.0, opex="45 USD/kg")
FLOOR = {
    "name": "floor",
    "product": "part",
    "plants": ["entrant"],
    "strike": "48 USD/kg",
    "cap": "50 t/yr",
    "upside_share": 0.3,
    "term": "10 years",
}
CUT = {
    "name": "dumping",
    "controller": "china",
    "product": "part",
    "start": START + timedelta(days=CUT_D),
    "duration": f"{CUT_LASTS_D} days",
    "depth": 0.4,
}
BAN = part_ban(BAN_D, BAN_LASTS_D)


def story(**over: Any) -> Any:
    strategies = {
        "bare": {"instruments": [{"project": PLANT}]},
        "floored": {"instruments": [{"project": PLANT}, {"floor": FLOOR}]},
        "none": {},
    }
    return prepared(
        WORLD,
        2922.0,
        strategies=strategies,
        overrides=TIMES | over,
        disruptions={"suppression": [CUT], "scheduled": [BAN]},
        discount_rate="0 per year",
    )


def turns(result: Trajectories) -> list[str]:
    words = ("project-mothballed", "project-restarted", "project-closed")
    return [event.kind[8:] for event in result.events if event.kind in words]


def short_t(result: Trajectories) -> float:
    mine = [u for u, use in enumerate(result.layout.uses) if use[1] == "japan"]
    return float(result.shortfall_t[:, mine].sum())


def money(result: Trajectories, table: str) -> float:
    number = result.layout.instruments.index(("floored", "floor"))
    return float(getattr(result, table)[:, number].sum())


@pytest.mark.parametrize(
    ("kept", "ends"),
    [("5 years", ["mothballed", "restarted"]), ("2 years", ["mothballed", "closed"])],
)
def test_a_floor_carries_an_entrant_through_a_price_cut_to_the_control_that_follows(
    kept: str, ends: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without it the plant stands still when the ban comes: in care, or closed for good."""
    world = story(**{"behaviour.closure_after": kept})
    none, bare, floored = (run(world, name) for name in ("none", "bare", "floored"))
    lost, saved = short_t(none) - short_t(bare), short_t(none) - short_t(floored)
    paid, taken = money(floored, "spent_usd"), money(floored, "recovered_usd")
    with capsys.disabled():
        print(  # noqa: T201
            f"\nkept in care for {kept}: short without a plant {short_t(none):.1f} t, with one "
            f"{short_t(bare):.1f} t, with a floor {short_t(floored):.1f} t; the floor paid "
            f"{paid / 1e6:.2f} and took back {taken / 1e6:.2f} million USD; paid for each kg of "
            f"shortfall saved: {paid / (saved - lost) / 1000.0:.0f} USD"
        )
    assert turns(bare) == ends
    assert turns(floored) == []
    assert saved > lost + 10.0
    made = floored.made_t[:, [m[1] == "japan" for m in floored.layout.makers]].sum(axis=1)
    assert 0.0 < paid < made.sum() * 1000.0 * (48.0 - 36.0)
    if ends[-1] == "closed":
        assert bare.made_t[-1, [m[1] == "japan" for m in bare.layout.makers]].sum() == 0.0


def test_the_price_falls_by_the_depth_and_comes_back() -> None:
    """With no answer to cover or tightness, the price tends to 0.6 of the reference, and back."""
    world = prepared(WORLD, 2922.0, overrides=CALM, disruptions={"suppression": [CUT]})
    result = run(world)
    price = result.price[:, 0, :]
    assert (price[: CUT_D // 7] == 1.0).all()
    assert price[(CUT_D + CUT_LASTS_D) // 7 - 1] == pytest.approx(0.6, rel=1e-6)
    assert price[-1] == pytest.approx(1.0, rel=1e-6)


def test_what_a_suppression_does_not_touch_does_not_move() -> None:
    """Before its first day everything is as without it, to the last bit."""
    quiet = prepared(WORLD, 2922.0)
    cut = prepared(WORLD, 2922.0, disruptions={"suppression": [CUT]})
    one, other = run(quiet), run(cut)
    before = CUT_D // 7
    for table in ("made_t", "shipped_t", "price", "stock_t"):
        assert np.array_equal(getattr(one, table)[:before], getattr(other, table)[:before])
    assert other.price[-200:].min() < 1.0


def test_every_review_under_suppression_equals_the_plain_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch = watched(monkeypatch)
    run(story(), "floored")
    assert watch.reviews > 400


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"controller": "japan"}, "japan makes no part to sell below its price"),
        ({"controller": "chna"}, "unknown region 'chna'; did you mean 'china'"),
        ({"product": "prt"}, "unknown product 'prt'; did you mean 'part'"),
    ],
)
def test_a_suppression_of_nothing_is_refused(terms: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        prepared(WORLD, 2922.0, disruptions={"suppression": [CUT | terms]})


def waits(**when: Any) -> Any:
    """Return the same story without a date: the cut waits for what is said."""
    cut = {key: value for key, value in CUT.items() if key != "start"} | {"when": when}
    return prepared(
        WORLD,
        2922.0,
        strategies={"bare": {"instruments": [{"project": PLANT}]}, "none": {}},
        overrides=CALM | TIMES,
        disruptions={"suppression": [cut]},
    )


def begins(result: Trajectories) -> list[float]:
    return [event.day for event in result.events if event.kind == "suppression-begins"]


def test_a_rival_of_a_fifth_of_capacity_sets_it_off_once_it_is_there() -> None:
    """Of 312.5 t a year China has all; a plant for 50 that is there at once is 14 %."""
    ready = waits(rivals=0.13)
    assert begins(run(ready, "none")) == []
    assert begins(run(ready, "bare")) == [28.0]
    assert begins(run(waits(rivals=0.15), "bare")) == []


@pytest.mark.parametrize(
    ("milestone", "day"), [("construction", 0.0), ("commissioning", 40.0), ("first-output", 100.0)]
)
def test_a_milestone_of_a_project_sets_it_off_on_its_day(milestone: str, day: float) -> None:
    plant = PLANT | {"construction": "40 days", "commissioning": "60 days"}
    cut = {key: value for key, value in CUT.items() if key != "start"}
    cut |= {"when": {"project": "entrant", "milestone": milestone}}
    ready = prepared(
        WORLD,
        730.0,
        strategies={"bare": {"instruments": [{"project": plant}]}, "none": {}},
        overrides=TIMES,
        disruptions={"suppression": [cut]},
    )
    assert begins(run(ready, "bare")) == [day]
    assert begins(run(ready, "none")) == []
    assert run(ready, "none").forgone_usd.sum() == 0.0


def test_what_sets_it_off_before_its_first_day_does_so_on_that_day() -> None:
    cut = CUT | {"when": {"project": "entrant", "milestone": "permitting"}}
    ready = prepared(
        WORLD,
        1461.0,
        strategies={"bare": {"instruments": [{"project": PLANT}]}},
        overrides=TIMES,
        disruptions={"suppression": [cut]},
    )
    assert begins(run(ready, "bare")) == [CUT_D]


def test_the_supplier_forgoes_the_discount_on_all_it_sells() -> None:
    """250 t a year at 60 USD/kg, 40 % below that once the price is down: 6 million a year.

    On the way down and up again the discount closes 1 - exp(-7/45) of its gap a week in logs.
    """
    world = prepared(WORLD, 2922.0, overrides=CALM, disruptions={"suppression": [CUT]})
    result = run(world)
    week = 250.0 * 60e3 * 7.0 / 365.25
    step = 1.0 - np.exp(-7.0 / world.central()[world.inputs.names.index("behaviour.price_time")])
    log, expected = 0.0, np.zeros(len(result.edges_d) - 1)
    for review, day in enumerate(result.edges_d[:-1]):
        log += step * ((np.log(0.6) if CUT_D <= day < CUT_D + CUT_LASTS_D else 0.0) - log)
        expected[review] = week * (1.0 - np.exp(log))
    expected[-1] *= (result.edges_d[-1] - result.edges_d[-2]) / 7.0
    found = result.forgone_usd[:, 0]
    assert found == pytest.approx(expected, abs=0.0011 * week)
    assert found[250] == pytest.approx(0.4 * week, rel=1e-9)
    (cost,) = [event for event in result.events if event.kind == "suppression-cost"]
    assert f"for {found.sum() / 1e6:,.1f} million USD less" in cost.detail
    quarters = simulate(draw_world(world, 0), "none", edges_by(world, "quarter"))
    assert quarters.forgone_usd.sum() == pytest.approx(found.sum(), rel=1e-9)


def test_a_threshold_that_is_passed_at_the_start_is_refused() -> None:
    """Rivals who make a fifth at 80 % of capacity, as China does, have a fifth of it."""
    plants = [Plant("magnet_making", "china", 200.0, 0.8), Plant("magnet_making", "japan", 50, 0.8)]
    cut = CUT | {"when": {"rivals": 0.15}}
    message = "when.rivals: rivals hold 20% of capacity at the start already; give a higher share"
    with pytest.raises(ScenarioError, match=message):
        prepared(replace(WORLD, plants=plants), 2922.0, disruptions={"suppression": [cut]})
