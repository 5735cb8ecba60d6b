"""What a floor does for plants of today: closure without it, rescue with it, against paper."""

from dataclasses import replace
from datetime import timedelta
from math import exp
from typing import Any

import numpy as np
import pytest

import prices
from entrants import LIVELY, made, plant, sure
from monazite.errors import ScenarioError
from monazite.trajectories import Trajectories
from monazite.world.prepare import Prepared
from networks import CALM, START, YEAR_D, Kind, Plant, Small, part_ban, prepared, run
from reference.compare import watched
from stillness import assert_nothing_moves

WORLD = Small(
    products={"part": (45.0, 60.0)},
    processes={"magnet_making": ("part", {})},
    plants=[Plant("magnet_making", "china", 150.0, 0.8), Plant("magnet_making", "japan", 50.0)],
    sectors={"cars": Kind()},
    use={"china": {"cars": 100.0}, "japan": {"cars": 100.0}},
    opex={"magnet_making": 40.0},
)
"""Parts at 60 USD/kg; plants cost 30 to 50. Japan could make 62.5 t a year and sells 50."""

ALONE = replace(WORLD, plants=[Plant("magnet_making", "japan", 200.0, 0.98)])
"""Japan makes all, with little to spare, so that what idles is not made."""

COULD = 200.0 / 0.98
TIMES = {
    "behaviour.mothball_after": "180 days",
    "behaviour.restart_time": "90 days",
    "behaviour.closure_after": "1000 years",
    "behaviour.incumbent_cost_spread": 0.25,
    "behaviour.incumbent_least_margin": 0.03,
    "behaviour.share_time": "1 years",
}
PLANT = plant(public_share=0.0, opex="0.1 USD/kg")
CUT = {"name": "dumping", "controller": "china", "product": "part"}
PILE = {
    "name": "pile",
    "product": "part",
    "place": "japan",
    "owner": "japan",
    "target": "30 t",
    "buy_from": "anyone",
    "release": {"trigger": "never"},
}


def floor(**more: Any) -> dict[str, Any]:
    own = {"name": "floor", "product": "part", "regions": ["japan"], "incumbents": True}
    return {"floor": own | {"strike": "60 USD/kg"} | more}


def ready(
    *instruments: dict[str, Any], small: Small = ALONE, days: float = 1092.0, **more: Any
) -> Prepared:
    strategies = {"held": {"instruments": list(instruments)}, "none": {}}
    built = any("project" in part for part in instruments)
    overrides = CALM | TIMES | (sure() if built else {}) | more.pop("over", {})
    own = {"strategies": strategies, "discount_rate": "0 per year", "incumbents_idle": True}
    return prepared(small, days, overrides=overrides, **(own | more))


def of_floor(result: Trajectories, table: str) -> np.ndarray:
    return np.asarray(getattr(result, table)[:, result.layout.instruments.index(("held", "floor"))])


def low_from(first_d: float, low: float, last_d: float = 1e9) -> prices.Path:
    return lambda day: low if first_d <= day < last_d else 1.0


def works(result: Trajectories) -> np.ndarray:
    """Return output over capacity, by review of seven days."""
    return made(result) / (COULD * 7.0 / YEAR_D)


def test_plants_see_the_strike_in_place_of_a_price_below_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At 40 half of them pay; a strike of 45 pays for 3/4, one of 51 for all."""
    prices.given(monkeypatch, low_from(364.0, 2.0 / 3.0))
    for strike, part in ((40.0, 0.5), (45.0, 0.75)):
        result = run(ready(floor(strike=f"{strike} USD/kg")), "held")
        after_d = 7.0 * 156.0 - 364.0
        expected = part + (1.0 - part) * exp(-after_d / 180.0)
        assert works(result)[155] == pytest.approx(expected, rel=1e-9)
    result = run(ready(floor(strike="51 USD/kg")), "held")
    assert works(result)[:156] == pytest.approx(0.98, rel=1e-6)


def test_without_a_floor_they_close_for_good_and_with_one_they_are_there_when_the_price_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Four years at 30 USD/kg pay for none: exp(-1456/180) is left, and most of the rest is lost.

    A strike of 50 keeps all. It pays 20 on each kg of 200 t a year, and nothing afterwards.
    """
    prices.given(monkeypatch, low_from(364.0, 0.5, 1820.0))
    world = ready(
        floor(strike="50 USD/kg"), days=3640.0, over={"behaviour.closure_after": "1 year"}
    )
    closed, saved = run(world, "none"), run(world, "held")
    assert made(closed)[259] / (COULD * 7.0 / YEAR_D) == pytest.approx(exp(-1456.0 / 180.0))
    assert made(closed)[-2] < 0.1 * made(closed)[0]
    assert made(saved)[:520] == pytest.approx(200.0 * 7.0 / YEAR_D, rel=1e-9)
    paid = of_floor(saved, "spent_usd")
    assert paid.sum() == pytest.approx(200e3 * 1456.0 / YEAR_D * 20.0, rel=1e-9)
    assert paid[:52].sum() == paid[260:].sum() == of_floor(saved, "recovered_usd").sum() == 0.0


def test_a_price_cut_by_a_supplier_closes_them_or_a_floor_carries_them_through(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """China sells at 40 % below for four years; then its exports are banned for one."""
    cut = CUT | {"depth": 0.4, "start": START + timedelta(days=365), "duration": "4 years"}
    world = ready(
        floor(strike="50 USD/kg"),
        small=WORLD,
        days=2922.0,
        over={"behaviour.closure_after": "1 year"},
        disruptions={"suppression": [cut], "scheduled": [part_ban(1900.0, 365.0)]},
    )
    bare, held = run(world, "none"), run(world, "held")
    mine = [u for u, use in enumerate(held.layout.uses) if use[1] == "japan"]
    short = [float(result.shortfall_t[:, mine].sum()) for result in (bare, held)]
    left = [float(made(result)[260] / made(result)[0]) for result in (bare, held)]
    paid = of_floor(held, "spent_usd").sum()
    with capsys.disabled():
        print(  # noqa: T201
            f"\nJapan's plants before the ban: {left[0]:.0%} of their output without a floor, "
            f"{left[1]:.0%} with one; short {short[0]:.1f} t and {short[1]:.1f} t; the floor paid "
            f"{paid / 1e6:.2f} million USD"
        )
    assert left[0] < 0.5
    assert left[1] > 1.0
    assert short[1] < short[0] - 10.0
    assert 0.0 < paid < made(held).sum() * 1000.0 * (50.0 - 36.0)


def test_the_cap_is_shared_and_counted_on_in_proportion(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 40 a cap of 1/4 of capacity lifts what they see by 1/4 of 20: then 3/4 pay.

    What is sold is more than the cap, so that just the cap is paid for. What is lost in 1,000
    years of patience leaves the rest a little more of the cap.
    """
    prices.given(monkeypatch, low_from(0.0, 2.0 / 3.0))
    result = run(ready(floor(cap=f"{COULD / 4.0} t/yr")), "held")
    expected = 0.75 + 0.25 * exp(-1092.0 / 180.0)
    assert works(result)[155] == pytest.approx(expected, rel=3e-4)
    week = COULD / 4.0 * 1000.0 * 7.0 / YEAR_D * 20.0
    assert of_floor(result, "spent_usd")[:156] == pytest.approx(np.full(156, week), rel=1e-9)


def test_a_project_beside_them_shares_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A project of 50 t beside 204 t: at a cap of a quarter of both, each counts on a quarter.

    At 40 a project that costs 44 gets 45 on average and works on; one that costs 46 stops.
    """
    prices.given(monkeypatch, low_from(364.0, 2.0 / 3.0))
    cap = floor(cap=f"{(COULD + 50.0) / 4.0} t/yr")
    for opex, stops in ((44.0, False), (46.0, True)):
        result = run(ready({"project": PLANT | {"opex": f"{opex} USD/kg"}}, cap), "held")
        assert ("project-mothballed" in [event.kind for event in result.events]) == stops
        paid = of_floor(result, "spent_usd")[60:150]
        week = (COULD + 50.0) / 4.0 * 1000.0 * 7.0 / YEAR_D * 20.0
        assert paid == pytest.approx(np.full(90, week), rel=1e-9)


def test_they_pay_back_a_part_of_what_the_price_exceeds_the_strike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At 72 over a strike of 60 a quarter of 12 comes back on every kg."""
    prices.given(monkeypatch, low_from(0.0, 1.2))
    result = run(ready(floor(upside_share="25 %")), "held")
    assert of_floor(result, "recovered_usd") == pytest.approx(made(result) * 3000.0, rel=1e-12)
    assert of_floor(result, "spent_usd").sum() == 0.0


def test_what_they_pay_back_is_missing_when_they_count_costs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At 45 over a strike of 35 half of 10 leaves 40, and half of them stop."""
    prices.given(monkeypatch, low_from(0.0, 0.75))
    result = run(ready(floor(strike="35 USD/kg", upside_share="50 %"), days=2548.0), "held")
    assert works(result)[-2] == pytest.approx(0.5, rel=1e-4)


def test_payments_end_with_the_money_and_then_they_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """4 million USD a year for 200 t at 20 USD/kg: 2 million last for half a year."""
    prices.given(monkeypatch, low_from(364.0, 2.0 / 3.0))
    result = run(ready(floor(budget="2 million USD"), days=1820.0), "held")
    paid = of_floor(result, "spent_usd")
    assert paid.sum() == pytest.approx(2e6, rel=1e-12)
    last = int(np.flatnonzero(paid)[-1])
    assert 7.0 * (last - 52) < 0.5 * YEAR_D < 7.0 * (last - 51)
    after_d = 7.0 * (259 - last)
    assert works(result)[259] == pytest.approx(0.5 + 0.5 * exp(-after_d / 180.0), rel=1e-6)


def test_a_quiet_world_with_one_is_still_though_it_pays() -> None:
    """At 60 under a strike of 70 it pays 10 on every kg that Japan sells, and nothing moves."""
    for terms in ({"strike": "70 USD/kg"}, {"upside_share": 1.0}):
        assert_nothing_moves(ready(floor(**terms), small=WORLD))
    result = run(ready(floor(strike="70 USD/kg"), small=WORLD), "held")
    assert of_floor(result, "spent_usd") == pytest.approx(made(result) * 10_000.0, rel=1e-12)


def test_what_it_does_not_touch_does_not_move() -> None:
    """A strike under every price, and the strategies of others, to the last bit."""
    cut = CUT | {"depth": 0.4, "start": START + timedelta(days=100), "duration": "400 days"}
    more: dict[str, Any] = {"small": WORLD, "over": LIVELY, "disruptions": {"suppression": [cut]}}
    low = ready(floor(strike="1 USD/kg"), **more)
    high = ready(floor(), **more)
    bare = ready(**more)
    for table in ("made_t", "shipped_t", "price", "stock_t", "shortfall_t"):
        for one, two in ((run(low, "held"), run(bare, "held")), (run(high), run(bare))):
            assert np.array_equal(getattr(one, table), getattr(two, table)), table
        assert not np.array_equal(run(high, "held").made_t, run(bare, "held").made_t)
    assert np.array_equal(made(run(low, "held")), made(run(bare)))


def test_what_goes_into_strategic_stock_counts_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    prices.given(monkeypatch, lambda day: 0.9)
    for counts in (True, False):
        terms = floor(stockpiled=counts)
        result = run(ready(terms, {"stockpile": PILE}, small=WORLD), "held")
        routes = result.layout.routes
        mine = [x for x, r in enumerate(routes) if r[0] == "japan"]
        users = [x for x in mine if routes[x][4] != "strategic"]
        sold = result.shipped_t[:, mine if counts else users].sum(axis=1)
        assert of_floor(result, "spent_usd") == pytest.approx(sold * 6000.0, rel=1e-9)
        assert result.shipped_t[:, mine].sum() > result.shipped_t[:, users].sum() + 1.0


def test_every_payment_equals_the_plain_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """A capped floor over plants of today and a project, in a market that a supplier presses."""
    cut = CUT | {"depth": 0.5, "start": START + timedelta(days=100), "duration": "500 days"}
    terms = {"cap": "40 t/yr", "upside_share": 0.5, "strike": "57 USD/kg", "stockpiled": False}
    world = ready(
        {"project": PLANT | {"capacity": "10 t/yr", "ramp": "90 days"}},
        {"stockpile": PILE},
        floor(**terms),
        floor(name="over-there", regions=["china"], strike="45 USD/kg", reference="japan"),
        small=WORLD,
        over=LIVELY | {"behaviour.closure_after": "1 year"},
        disruptions={"suppression": [cut]},
        discount_rate="0.03 per year",
    )
    watch = watched(monkeypatch)
    result = run(world, "held")
    assert watch.reviews == 156
    assert watch.most["makers.lost"] > 0.01
    assert of_floor(result, "spent_usd").sum() > 0.0
    assert of_floor(result, "recovered_usd").sum() > 0.0


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"regions": ["united_states"]}, "no plant of today makes part there"),
        ({"regions": ["asia"]}, "another floor covers the plants of today in japan too"),
    ],
)
def test_a_floor_that_can_save_no_one_is_refused(terms: dict[str, Any], message: str) -> None:
    use = {**WORLD.use, "united_states": {"cars": 1.0}}
    groups = {"asia": ["japan", "china"]}
    with pytest.raises(ScenarioError, match=f"instruments.1.floor.incumbents: {message}"):
        ready(floor(name="first"), floor(**terms), small=replace(WORLD, use=use), groups=groups)


def test_one_over_by_products_alone_is_refused() -> None:
    small = replace(WORLD, hosts={"magnet_making": "aluminium"})
    message = "incumbents: part is a by-product there; none of its plants stops for its price"
    with pytest.raises(ScenarioError, match=message):
        ready(floor(), small=small)
