"""What an offtake pays, gains, stocks and keeps running, against paper arithmetic."""

from datetime import timedelta
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
WEEK_KG = 1000.0 * 7.0 / YEAR_D
"""What a tonne a year is in a week [kg]."""


def cheap(name: str = "plant", **more: Any) -> dict[str, Any]:
    """Return a plant that costs nothing to build."""
    return {"project": plant(name=name, **{"public_share": 0.0, "opex": "0.1 USD/kg"} | more)}


def offtake(**more: Any) -> dict[str, Any]:
    own = {
        "name": "offtake",
        "product": "part",
        "plants": ["plant"],
        "volume": "20 t/yr",
        "price": "60 USD/kg",
    }
    return {"offtake": own | more}


def pile(**more: Any) -> dict[str, Any]:
    """Return a stockpile that buys nothing by itself and costs nothing to hold."""
    own = {
        "name": "pile",
        "product": "part",
        "place": "japan",
        "owner": "japan",
        "target": "1 t",
        "buy_from": "anyone",
        "price_ceiling": 0.001,
        "holding": "0 per year",
        "release": {"trigger": "never"},
    }
    return {"stockpile": own | more}


def ready(*instruments: dict[str, Any], days: float = 1092.0, **more: Any) -> Any:
    strategies = {"built": {"instruments": [cheap()]}, "held": {"instruments": [*instruments]}}
    over = CALM | TIMES | more.pop("over", {})
    asked = {"strategies": strategies, "discount_rate": "0 per year"} | more
    return prepared(MARKET, days, **asked, overrides=over)


def of(result: Trajectories, name: str, table: str) -> np.ndarray:
    return np.asarray(getattr(result, table)[:, result.layout.instruments.index(("held", name))])


@pytest.mark.parametrize(("multiple", "table"), [(0.5, "spent_usd"), (1.5, "recovered_usd")])
def test_the_loss_or_gain_on_the_volume_is_the_buyers(
    monkeypatch: pytest.MonkeyPatch, multiple: float, table: str
) -> None:
    """At 60 and a market of 30 or 90 USD/kg the buyer loses or gains 30 on 10 t a year."""
    prices.given(monkeypatch, lambda day: multiple)
    result = run(ready(cheap(), offtake(volume="10 t/yr")), "held")
    money = of(result, "offtake", table)[52:]
    assert money == pytest.approx(np.full(money.size, 10.0 * WEEK_KG * 30.0), rel=1e-12)
    other = "recovered_usd" if table == "spent_usd" else "spent_usd"
    assert of(result, "offtake", other).sum() == 0.0


def test_a_plant_under_an_offtake_runs_on_at_a_market_below_its_cost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It costs 50 and the market pays 30: at 55 for all of it it runs, at 45 it stops."""
    prices.given(monkeypatch, lambda day: 1.0 if day < 364.0 else 0.5)
    for price, stops in ((55.0, False), (45.0, True)):
        deal = offtake(volume="50 t/yr", price=f"{price} USD/kg")
        result = run(ready(cheap(opex="50 USD/kg"), deal), "held")
        assert ("project-mothballed" in [event.kind for event in result.events]) == stops


def test_what_the_market_leaves_of_the_volume_goes_into_the_stockpile() -> None:
    """The plant makes its 50 t a year: what is not sold is stocked and paid at 55 USD/kg."""
    deal = offtake(volume="50 t/yr", price="55 USD/kg", stockpile="pile")
    result = run(ready(cheap(), deal, pile()), "held")
    stocked = result.bought_t[:, 0]
    assert made(result)[1:] == pytest.approx(np.full(155, 0.05 * WEEK_KG), rel=1e-9)
    routes = result.layout.routes
    sold_at = [x for x, r in enumerate(routes) if r[0] == "japan" and r[4] != "strategic"]
    sold = result.shipped_t[:, sold_at].sum(axis=1)
    assert sold.min() >= 0.0
    assert stocked.sum() > 1.0
    assert made(result) == pytest.approx(sold + stocked, rel=1e-9, abs=1e-12)
    assert of(result, "offtake", "spent_usd") == pytest.approx(stocked * 55_000.0, rel=1e-9)
    assert of(result, "offtake", "recovered_usd") == pytest.approx(sold * 5_000.0, rel=1e-9)
    assert of(result, "pile", "spent_usd").sum() == 0.0
    worth = result.salvage_pv_usd[result.layout.instruments.index(("held", "pile"))]
    assert 0.0 < worth <= stocked.sum() * 55_000.0


def test_a_stockpile_that_buys_by_itself_does_not_turn_to_its_plants_first() -> None:
    """The plant makes as much; a tonne of it that the stock bids for is 60 from its own money.

    The offtake pays 70 for what goes into stock under it, and 10 for what is sold at 60.
    """
    deal = offtake(volume="50 t/yr", price="70 USD/kg", stockpile="pile")
    alone = run(ready(cheap(), deal, pile()), "held")
    both = run(ready(cheap(), deal, pile(target="30 t", price_ceiling=9.0)), "held")
    assert made(both) == pytest.approx(made(alone), rel=1e-12)
    routes = both.layout.routes
    abroad = [x for x, r in enumerate(routes) if r[0] == "china" and r[4] == "strategic"]
    bought_usd = both.shipped_t[:, abroad].sum() * 60_000.0
    own_usd = of(both, "pile", "spent_usd").sum()
    less_usd = of(alone, "offtake", "spent_usd").sum() - of(both, "offtake", "spent_usd").sum()
    assert less_usd > 0.0
    assert own_usd == pytest.approx(bought_usd + less_usd, rel=1e-9)


def test_take_or_pay_pays_for_what_is_not_taken() -> None:
    """Of 50 t a year 80 % are paid for: 40 less what the market takes, at 60 USD/kg."""
    result = run(ready(cheap(), offtake(volume="50 t/yr", take_or_pay=0.8)), "held")
    sold = made(result)
    lacking = np.maximum(0.0, 0.04 * WEEK_KG - sold)
    assert lacking.sum() > 0.0
    assert of(result, "offtake", "spent_usd")[1:] == pytest.approx(lacking[1:] * 60_000.0, rel=1e-9)


def test_plants_under_an_offtake_run_before_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two plants of 50 t the one under the offtake sells first: all that Japan makes, to 50."""
    prices.given(monkeypatch, lambda day: 0.5)
    deal = offtake(volume="1000 t/yr")
    result = run(ready(cheap(), cheap("second"), deal), "held")
    first = np.minimum(made(result), 0.05 * WEEK_KG)
    assert made(result)[52] < 0.1 * WEEK_KG
    assert of(result, "offtake", "spent_usd") == pytest.approx(first * 30_000.0, rel=1e-9)


def test_term_and_money_end_it() -> None:
    terms = {"start": START + timedelta(days=364), "term": "364 days"}
    deal = offtake(volume="50 t/yr", stockpile="pile", **terms)
    result = run(ready(cheap(), deal, pile()), "held")
    stocked = result.bought_t[:, 0]
    assert np.all(stocked[52:104] > 0.0)
    assert stocked[:52].sum() == stocked[104:].sum() == 0.0
    poor = offtake(volume="50 t/yr", stockpile="pile", budget="300000 USD")
    result = run(ready(cheap(), poor, pile(holding="5 % per year")), "held")
    assert of(result, "offtake", "spent_usd").sum() == pytest.approx(3e5, rel=1e-9)
    assert result.bought_t.sum() == pytest.approx(5.0, rel=1e-9)


def test_an_offtake_at_the_markets_price_moves_nothing() -> None:
    world = ready(cheap(), offtake())
    one, other = run(world, "held"), run(world, "built")
    for table in ("made_t", "shipped_t", "price", "shortfall_t"):
        assert np.array_equal(getattr(one, table), getattr(other, table)), table
    assert one.spent_usd.sum() == one.recovered_usd.sum() == 0.0


def test_a_contract_in_a_market_that_moves_equals_the_plain_reference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deal = offtake(
        volume="70 t/yr", stockpile="pile", take_or_pay=0.9, regions=["japan"], plants=[]
    )
    stock = pile(release={"trigger": "shortfall", "tiers": [3]}, holding="5 % per year")
    parts = [cheap(opex="45 USD/kg"), cheap("second", capacity="40 t/yr"), deal, stock]
    world = ready(
        *parts,
        over=LIVELY,
        disruptions={"scheduled": [part_ban(300.0, 600.0)]},
        discount_rate="3 % per year",
    )
    watch = watched(monkeypatch)
    result = run(world, "held")
    assert watch.reviews == 156
    assert watch.most["projects.contract_t"] > 0.0
    assert of(result, "offtake", "recovered_usd").sum() > 0.0
    assert result.drawn_t.sum() > 0.0


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"product": "parts"}, "unknown product 'parts'; did you mean 'part'"),
        ({"plants": [], "regions": ["china"]}, "covers nothing: no project makes part there"),
        ({"plants": [], "regions": ["asia"]}, "unknown region or group 'asia'"),
    ],
)
def test_an_offtake_of_nothing_is_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        ready(cheap(), offtake(**more))


def test_a_stockpile_that_never_buys_there_is_refused() -> None:
    ban = part_ban(300.0, controller="japan")
    abroad = pile(buy_from="outside", place="china", owner="china")
    with pytest.raises(ScenarioError, match="'pile' never buys from the region of 'plant'"):
        ready(cheap(), offtake(stockpile="pile"), abroad, disruptions={"scheduled": [ban]})
