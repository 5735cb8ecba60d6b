"""What a floor pays, takes, saves and stops at, against paper arithmetic."""

from datetime import timedelta
from math import erf, exp, log, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

import prices
from entrants import LIVELY, MARKET, made, plant, sure
from monazite.errors import ScenarioError
from monazite.trajectories import Trajectories
from networks import CALM, START, YEAR_D, part_ban, prepared, run
from reference.compare import watched

TIMES = sure() | {
    "behaviour.mothball_after": "180 days",
    "behaviour.share_time": "1 years",
}


def cheap(name: str = "plant", **more: Any) -> dict[str, Any]:
    """Return a plant that costs nothing to build."""
    return {"project": plant(name=name, **{"public_share": 0.0, "opex": "0.1 USD/kg"} | more)}


def floor(**more: Any) -> dict[str, Any]:
    own = {"name": "floor", "product": "part", "plants": ["plant"], "strike": "60 USD/kg"}
    return {"floor": own | more}


def ready(*instruments: dict[str, Any], days: float = 1461.0, **more: Any) -> Any:
    strategies = {
        "none": {},
        "built": {"instruments": [cheap()]},
        "held": {"instruments": [cheap(), *instruments]},
    }
    overrides = CALM | TIMES | more.pop("over", {})
    return prepared(
        MARKET, days, **({"strategies": strategies, "discount_rate": "0 per year"} | more),
        overrides=overrides,
    )  # fmt: skip


def of(result: Trajectories, strategy: str, name: str, table: str) -> np.ndarray:
    return np.asarray(getattr(result, table)[:, result.layout.instruments.index((strategy, name))])


def normal(x: float) -> float:
    return 0.5 * (1.0 + erf(x / sqrt(2.0)))


def put_and_call(mean: float, strike: float, sigma: float) -> tuple[float, float]:
    """Return E[max(K - P, 0)] and E[max(P - K, 0)] of a lognormal price with this mean."""
    d1 = log(mean / strike) / sigma + 0.5 * sigma
    put = strike * normal(sigma - d1) - mean * normal(-d1)
    return put, put + mean - strike


@pytest.mark.parametrize(("strike", "sigma"), [(60.0, 0.3), (45.0, 0.5), (80.0, 0.2)])
def test_the_mean_payment_is_that_of_a_put_on_a_lognormal_price(
    monkeypatch: pytest.MonkeyPatch, strike: float, sigma: float
) -> None:
    """Prices at the middles of 1,000 equal chances, shuffled; 5 t a year under the floor.

    The closed form of the expected difference is Black's, without discounting.
    """
    count, mean = 1000, 60.0
    chances = (np.arange(count) + 0.5) / count
    np.random.Generator(np.random.Philox(1)).shuffle(chances)
    draws = [exp(sigma * NormalDist().inv_cdf(q) - 0.5 * sigma**2) for q in chances]
    warm = 20  # reviews until the plant sells more than the cap
    prices.given(monkeypatch, lambda day: draws[(int(day / 7.0) - warm) % count])
    terms = {
        "strike": f"{strike} USD/kg",
        "cap": "5 t/yr",
        "upside_share": 0.3,
        "start": START + timedelta(days=7 * warm),
        "term": f"{7 * count} days",
    }
    result = run(ready(floor(**terms), days=7.0 * (warm + count)), "held")
    covered_kg = 5000.0 * 7.0 * count / YEAR_D
    put, call = put_and_call(mean, strike, sigma)
    paid = of(result, "held", "floor", "spent_usd").sum()
    taken = of(result, "held", "floor", "recovered_usd").sum()
    assert paid / covered_kg == pytest.approx(put, rel=5e-3)
    assert taken / covered_kg == pytest.approx(0.3 * call, rel=5e-3)


def test_cap_and_term_bound_what_is_paid(monkeypatch: pytest.MonkeyPatch) -> None:
    """At half of 60 USD/kg it lacks 30: on 5 t a year, for exactly two years of 104 reviews."""
    prices.given(monkeypatch, lambda day: 0.5)
    terms = {"cap": "5 t/yr", "start": START + timedelta(days=364), "term": "728 days"}
    result = run(ready(floor(**terms)), "held")
    paid = of(result, "held", "floor", "spent_usd")
    week = 5000.0 * 7.0 / YEAR_D * 30.0
    assert paid[52:156] == pytest.approx(np.full(104, week), rel=1e-12)
    assert paid[:52].sum() == paid[156:].sum() == 0.0


def test_without_a_cap_all_that_is_sold_is_paid_for(monkeypatch: pytest.MonkeyPatch) -> None:
    prices.given(monkeypatch, lambda day: 0.5)
    result = run(ready(floor()), "held")
    paid = of(result, "held", "floor", "spent_usd")
    assert paid == pytest.approx(made(result) * 30_000.0, rel=1e-12)


def test_with_the_whole_upside_a_capped_floor_is_a_fixed_price_for_a_volume(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is paid, less what is taken, makes 45 USD/kg of any price, on 5 t a year."""
    prices.given(monkeypatch, lambda day: 0.6 + 0.8 * (int(day / 7.0) % 5) / 4.0)
    terms = {"cap": "5 t/yr", "upside_share": 1.0, "strike": "45 USD/kg"}
    result = run(ready(floor(**terms), days=1092.0), "held")
    got = of(result, "held", "floor", "spent_usd") - of(result, "held", "floor", "recovered_usd")
    week_kg = 5000.0 * 7.0 / YEAR_D
    price = np.array([60.0 * (0.6 + 0.8 * (now % 5) / 4.0) for now in range(156)])
    assert got[52:] + price[52:] * week_kg == pytest.approx(np.full(104, 45.0 * week_kg), rel=1e-9)


def test_a_strike_above_cost_saves_a_plant_and_one_below_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It costs 40 and gets 30; a strike of 40 saves it, one of 39 is paid until it stops."""
    prices.given(monkeypatch, lambda day: 1.0 if day < 364.0 else 0.5)
    for strike, stops in ((40.0, False), (39.0, True)):
        strategies = {
            "held": {
                "instruments": [
                    cheap(opex="40 USD/kg"),
                    floor(strike=f"{strike} USD/kg"),
                ]
            }
        }
        result = run(ready(strategies=strategies, days=1092.0), "held")
        kinds = [event.kind for event in result.events]
        assert ("project-mothballed" in kinds) == stops
        assert (made(result)[-1] == 0.0) == stops


def test_a_plant_that_the_cap_covers_in_part_counts_on_that_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Half of 50 t a year gets 60 and half gets 30: 45 on average covers 44 but not 46."""
    prices.given(monkeypatch, lambda day: 1.0 if day < 364.0 else 0.5)
    for opex, stops in ((44.0, False), (46.0, True)):
        parts = [cheap(opex=f"{opex} USD/kg"), floor(cap="25 t/yr")]
        result = run(ready(strategies={"held": {"instruments": parts}}, days=1092.0), "held")
        assert ("project-mothballed" in [event.kind for event in result.events]) == stops


def test_payments_end_with_the_money_and_the_plant_after_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prices.given(monkeypatch, lambda day: 1.0 if day < 364.0 else 0.5)
    parts = [cheap(opex="50 USD/kg"), floor(budget="300000 USD")]
    result = run(ready(strategies={"held": {"instruments": parts}}), "held")
    paid = of(result, "held", "floor", "spent_usd")
    assert paid.sum() == pytest.approx(300_000.0, rel=1e-12)
    last = int(np.flatnonzero(paid)[-1])
    stopped = next(e.day for e in result.events if e.kind == "project-mothballed")
    assert stopped == 7.0 * (last + 1) + 182.0


def test_the_price_of_another_region_can_be_the_reference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only China's price falls; a floor on it pays, one on the plant's own price does not."""

    def halve_china(model: Any, multiple: float) -> None:
        prices_of = model.log_price
        prices_of[:] = 0.0
        prices_of[:, 0] = log(multiple)
        model.multiple[:] = np.exp(prices_of)

    monkeypatch.setattr(prices, "set_prices", halve_china)
    prices.given(monkeypatch, lambda day: 0.5)
    for reference, pays in (("china", True), ("japan", False)):
        world = ready(floor(reference=reference), days=364.0)
        assert world.network.regions[0] == "china"
        paid = of(run(world, "held"), "held", "floor", "spent_usd").sum()
        assert (paid > 0.0) == pays


def test_it_covers_plants_under_way_and_all_plants_of_a_group() -> None:
    """Under a fixed price of 60 a strike of 70 pays 10 for every kg of both plants."""
    for terms in ({"plants": ["plant", "coming"]}, {"plants": [], "regions": ["asia"]}):
        world = ready(
            floor(strike="70 USD/kg", **terms),
            under_way=[cheap("coming")["project"]],
            groups={"asia": ["japan"]},
        )
        result = run(world, "held")
        paid = of(result, "held", "floor", "spent_usd")
        assert paid == pytest.approx(made(result) * 10_000.0, rel=1e-12)


def test_what_a_floor_does_not_touch_does_not_move() -> None:
    """A strike that no price falls under changes nothing; nor does a floor of others."""
    with_floor = ready(floor(strike="1 USD/kg"), over=LIVELY)
    without = ready(over=LIVELY)
    for name in ("none", "built", "held"):
        one, other = run(with_floor, name), run(without, name)
        for table in ("made_t", "shipped_t", "price", "stock_t", "shortfall_t", "salvage_pv_usd"):
            mine, theirs = getattr(one, table), getattr(other, table)
            assert np.array_equal(mine.ravel()[: theirs.size], theirs.ravel()), table
        assert one.events == other.events
        assert of(one, "held", "floor", "spent_usd").sum() == 0.0


def test_every_payment_equals_the_plain_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two floors over three plants, one capped, one with little money, in a market that moves."""
    short = LIVELY | {
        "behaviour.mothball_after": "28 days",
    }
    parts = [
        cheap(opex="45 USD/kg", ramp="90 days", qualification="60 days"),
        cheap("second", region="china", capacity="30 t/yr", opex="58 USD/kg"),
        cheap("third", capacity="20 t/yr", opex="62 USD/kg"),
        floor(plants=["plant", "second"], cap="25 t/yr", upside_share=0.5, strike="57 USD/kg"),
        floor(name="small", plants=["third"], budget="10000 USD", reference="china"),
    ]
    world = ready(
        strategies={"held": {"instruments": parts}},
        over=short,
        disruptions={"scheduled": [part_ban(273.0, 150.0)]},
        discount_rate="0.03 per year",
    )
    watch = watched(monkeypatch)
    result = run(world, "held")
    assert watch.reviews > 200
    assert of(result, "held", "small", "spent_pv_usd").sum() == pytest.approx(10_000.0, rel=1e-9)
    for table in ("spent_usd", "recovered_usd"):
        assert of(result, "held", "floor", table).sum() > 0.0


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"product": "parts"}, "unknown product 'parts'; did you mean 'part'"),
        ({"plants": [], "regions": ["china"]}, "covers nothing: no project makes part there"),
        ({"reference": "jpan"}, "unknown region 'jpan'; did you mean 'japan'"),
        ({"plants": [], "regions": ["asia"]}, "unknown region or group 'asia'"),
    ],
)
def test_a_floor_over_nothing_is_refused(terms: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        ready(floor(**terms))


def test_a_floor_held_at_the_border_lifts_imports_and_the_price_to_the_strike() -> None:
    """Japan buys 100 t at 60 USD/kg and has a floor of 90: 3 million USD a year at its border."""
    terms = {"plants": [], "regions": ["japan"], "strike": "90 USD/kg", "border_adjustment": True}
    strategies = {"held": {"instruments": [floor(**terms)]}}
    world = prepared(MARKET, 3654.0, strategies=strategies, overrides=CALM)
    result = run(world, "held")
    regions = result.layout.regions
    price = result.price[:, 0]
    assert price[-1, regions.index("japan")] == pytest.approx(1.5, rel=1e-6)
    assert np.all(price[:, regions.index("china")] == 1.0)
    taken = of(result, "held", "floor", "recovered_usd")
    assert taken == pytest.approx(np.full(taken.size, taken[0]), rel=1e-9)
    assert taken[:-1].sum() == pytest.approx(3.0e6 * (taken.size - 1) * 7.0 / YEAR_D, rel=1e-9)
    assert of(result, "held", "floor", "spent_usd").sum() == 0.0


def test_with_a_border_the_market_pays_what_the_budget_pays_without() -> None:
    """A plant with a strike of 90: paid from the budget for good, or until its price is 90."""
    terms = {"plants": [], "regions": ["japan"], "strike": "90 USD/kg"}
    paid = {}
    for held in (False, True):
        result = run(ready(floor(border_adjustment=held, **terms), days=3654.0), "held")
        paid[held] = of(result, "held", "floor", "spent_usd")
    assert paid[False][-2] == pytest.approx(made(result)[-2] * 30_000.0, rel=0.5)
    assert paid[False][-2] > 0.0
    assert paid[True][-2] < 1e-3 * paid[False][-2]


def test_what_goes_into_strategic_stock_counts_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 30 under a strike of 60 the floor pays 30 on what is sold, to users alone or to all."""
    prices.given(monkeypatch, lambda day: 0.5)
    pile = {
        "name": "pile",
        "product": "part",
        "place": "japan",
        "owner": "japan",
        "target": "100 t",
        "buy_from": "anyone",
        "release": {"trigger": "never"},
    }
    for counts in (True, False):
        result = run(ready(floor(stockpiled=counts), {"stockpile": pile}), "held")
        routes = result.layout.routes
        mine = [x for x, r in enumerate(routes) if r[0] == "japan"]
        users = [x for x in mine if routes[x][4] != "strategic"]
        sold = result.shipped_t[:, mine if counts else users].sum(axis=1)
        assert of(result, "held", "floor", "spent_usd") == pytest.approx(sold * 30_000.0, rel=1e-9)
        assert result.shipped_t[:, mine].sum() > result.shipped_t[:, users].sum() + 1.0


def test_a_border_in_a_market_that_moves_equals_the_plain_reference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terms = {"plants": [], "regions": ["japan"], "strike": "75 USD/kg", "border_adjustment": True}
    quota = part_ban(273.0, 150.0, form="quota", allowed=0.8)
    world = ready(
        floor(stockpiled=False, **terms),
        over=LIVELY,
        disruptions={"scheduled": [quota]},
        days=728.0,
    )
    watch = watched(monkeypatch)
    result = run(world, "held")
    assert watch.reviews == 104
    assert of(result, "held", "floor", "recovered_usd").sum() > 0.0
