"""Paper arithmetic: how long stocks last, and what they cannot prevent."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from entrants import plant, sure
from monazite.trajectories import Trajectories
from networks import CALM, START, YEAR_D, Kind, Plant, Small, part_ban, prepared, run

USE_D = 100.0 / YEAR_D
"""Japan uses 100 t a year of one product that China alone makes, unless tests say else."""


def one_product(home: float = 0.0, **sectors: Kind) -> Small:
    plants = [Plant("making", "china", 160.0 - home, 0.5)]
    if home:
        plants.append(Plant("making", "japan", home, 0.98))
    sectors = sectors or {"cars": Kind()}
    return Small(
        products={"part": (45.0, 60.0)},
        processes={"making": ("part", {})},
        plants=plants,
        sectors=sectors,
        use={"china": {"cars": 60.0}, "japan": {name: 100.0 / len(sectors) for name in sectors}},
        lead_d=14.0,
        shares={} if not home else {("part", "japan", "japan"): home / 100.0},
        routes=ROUTES,
    )


ROUTES = [("part", a, b) for a, b in (("china", "china"), ("china", "japan"), ("japan", "japan"))]


def ban(day: float = 365.0, **more: Any) -> dict[str, Any]:
    return {"scheduled": [part_ban(day, **more)]}


def stock(tonnes: float, trigger: str = "shortfall", **more: Any) -> dict[str, Any]:
    release = {"trigger": trigger, "tiers": [1, 2, 3], **more.pop("release", {})}
    own = {
        "name": "reserve",
        "product": "part",
        "place": "japan",
        "owner": "japan",
        "target": f"{tonnes} t",
        "buy_from": "anyone",
        "accessible_share": 1.0,
        "refill": False,
        "release": release,
    }
    return {"strategies": {"none": {}, "held": {"instruments": [{"stockpile": own | more}]}}}


def of_japan(result: Trajectories, table: str) -> np.ndarray:
    mine = [u for u, use in enumerate(result.layout.uses) if use[1] == "japan"]
    return np.asarray(getattr(result, table)[:, mine].sum(axis=1))


@pytest.mark.parametrize("home", [0.0, 40.0])
def test_time_to_survive_is_stock_over_what_supply_leaves_open(home: float) -> None:
    """Cover of 45 days of use, cargo at sea: shortfall begins when both are used up."""
    ready = prepared(one_product(home), 730.0, disruptions=ban(364.0), overrides=CALM)
    result = run(ready)
    lost_d = USE_D * (1.0 - home / 100.0)
    room_d = USE_D * home / 100.0 * (1.0 / 0.98 - 1.0)
    stock_t = 45.0 * USE_D + 14.0 * lost_d
    survives_d = stock_t / (lost_d - room_d)
    expected_t = max(0.0, (730.0 - 364.0) * (lost_d - room_d) - stock_t)
    first_d = result.first_short_d[np.isfinite(result.first_short_d)].min()
    assert first_d - 364.0 == pytest.approx(survives_d, abs=7.0 + 1e-6)
    under_way_t = 14.0 * room_d  # what the spare room of the last two weeks still has at sea
    short_t = of_japan(result, "shortfall_t").sum()
    assert short_t == pytest.approx(expected_t + under_way_t, rel=1e-9)


@pytest.mark.parametrize("trigger", ["shortfall", "control", "cover"])
@pytest.mark.parametrize("tonnes", [10.0, 60.0])
def test_a_stock_of_magnets_prevents_its_own_weight_of_shortfall(
    trigger: str, tonnes: float
) -> None:
    release = {"level": 0.5} if trigger == "cover" else {}
    parts = stock(tonnes, trigger, release=release) | {"disruptions": ban(), "overrides": CALM}
    ready = prepared(one_product(), 730.0, **parts)
    without, held = run(ready, "none"), run(ready, "held")
    assert held.strategic_t[50, 0] == pytest.approx(tonnes, rel=1e-9)
    short_t = of_japan(without, "shortfall_t").sum()
    saved_t = short_t - of_japan(held, "shortfall_t").sum()
    assert saved_t == pytest.approx(min(tonnes, short_t), rel=1e-9)
    assert saved_t == pytest.approx(of_japan(held, "released_t").sum(), rel=1e-9)


def test_a_release_bridges_every_review_until_the_stock_is_gone() -> None:
    parts = stock(20.0) | {"disruptions": ban(), "overrides": CALM}
    ready = prepared(one_product(), 730.0, **parts)
    held = run(ready, "held")
    short = of_japan(held, "shortfall_t") > 1e-9
    first = int(np.argmax(short))
    assert short[first:].all()
    assert held.strategic_t[first, 0] < 1e-9


def test_an_office_buys_nothing_while_its_release_rule_holds_though_it_has_nothing() -> None:
    """A quota lifts the price above the level of release before the office opens."""
    small = Small(
        products={"part": (45.0, 60.0)},
        processes={"making": ("part", {})},
        plants=[Plant("making", "china", 120.0, 0.6), Plant("making", "japan", 40.0, 40.0 / 90.0)],
        sectors={"cars": Kind()},
        use={"china": {"cars": 60.0}, "japan": {"cars": 100.0}},
        shares={("part", "japan", "japan"): 0.4},
        routes=ROUTES,
    )
    days = {"start": START + timedelta(days=728), "price_ceiling": "10", "refill": True}
    bought_t = []
    for level in (1.1, 2.0):
        parts = stock(5.0, "price", release={"level": level}, **days)
        ready = prepared(small, 1095.0, disruptions=ban(form="quota", allowed=0.5), **parts)
        result = run(ready, "held")
        assert result.price[103].max() > 1.1
        bought_t.append(float(result.bought_t.sum()))
    assert bought_t == [0.0, pytest.approx(5.0)]


def test_only_a_share_of_stocked_magnets_fits_what_users_lack() -> None:
    parts = stock(20.0, usable_share=0.6) | {"disruptions": ban(), "overrides": CALM}
    held = run(prepared(one_product(), 730.0, **parts), "held")
    assert of_japan(held, "released_t").sum() == pytest.approx(12.0, rel=1e-9)
    assert held.strategic_t[-1, 0] == pytest.approx(8.0, rel=1e-9)


def test_what_a_second_supplier_can_make_is_what_n_minus_1_covers() -> None:
    """China shut: Japan lives on what its own plants and those of Australia can make."""
    small = Small(
        products={"part": (30.0, 60.0)},
        processes={"making": ("part", {})},
        plants=[
            Plant("making", "china", 60.0, 0.8),
            Plant("making", "australia", 30.0, 0.75),
            Plant("making", "japan", 10.0, 0.5),
        ],
        sectors={"cars": Kind()},
        use={"japan": {"cars": 100.0}},
        lead_d=14.0,
    )
    days = 7 * 150
    ready = prepared(small, days, disruptions=ban(0.0), overrides=CALM)
    result = run(ready)
    rate = of_japan(result, "shortfall_t")[-40:] / of_japan(result, "reference_t")[-40:]
    covered = (30.0 / 0.75 + 10.0 / 0.5) / 100.0
    assert_allclose(rate, 1.0 - covered, rtol=1e-9)


@pytest.mark.parametrize("tonnes", [0.0, 10.0])
@pytest.mark.parametrize("ramp_d", [0.0, 182.0])
def test_a_late_plant_costs_its_delay_and_half_its_ramp_less_the_stock(
    ramp_d: float, tonnes: float
) -> None:
    """Shortage d (T + R/2) - S: a ban takes all supply, a home plant for all of it comes T late."""
    late_d = 364.0
    late = plant(
        capacity="100 t/yr",
        public_share=0.0,
        experienced=True,
        commissioning=f"{364.0 + late_d} days",
        ramp=f"{ramp_d} days",
        opex="0 USD/kg",
    )
    small = one_product()
    small = Small(
        {"part": (45.0, 60.0)},
        {"magnet_making": ("part", {})},
        [Plant("magnet_making", "china", 160.0, 0.5)],
        small.sectors,
        small.use,
        {("china", "japan"): 7.0, ("japan", "japan"): 0.0},
        routes=ROUTES,
    )
    strategies = stock(tonnes)["strategies"] if tonnes else {"held": {"instruments": []}}
    held = [*strategies["held"]["instruments"], {"project": late}]
    ready = prepared(
        small,
        1820.0,
        disruptions=ban(364.0),
        overrides=CALM | sure(),
        strategies={"held": {"instruments": held}},
    )  # fmt: skip
    result = run(ready, "held")
    stock_t = 45.0 * USE_D + 7.0 * USE_D + tonnes
    expected_t = USE_D * (late_d + ramp_d / 2.0) - stock_t
    first_t = USE_D * (3.5 if ramp_d else 7.0)  # it opens after the review of its first day
    short_t = of_japan(result, "shortfall_t").sum()
    assert short_t == pytest.approx(expected_t + first_t, rel=1e-9)
