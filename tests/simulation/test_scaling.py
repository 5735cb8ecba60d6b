"""A strategy scaled to its budget: one factor for all sizes, worked out on paper."""

from typing import Any

import pytest

from entrants import plant as entrant
from entrants import sure
from monazite.errors import ScenarioError
from monazite.world.paper import Paper
from monazite.world.prepare import Prepared
from networks import CALM, Kind, Plant, Small, prepared, run

WORLD = Small(
    products={"part": (45.0, 100.0)},
    processes={"magnet_making": ("part", {})},
    plants=[
        Plant("magnet_making", "china", 120.0, 0.6),
        Plant("magnet_making", "australia", 80.0, 0.6),
    ],
    sectors={"cars": Kind()},
    use={"china": {"cars": 60.0}, "japan": {"cars": 80.0}, "australia": {"cars": 60.0}},
)
SUMS = sure() | {"phases.magnet_plant.overrun": 1, "phases.magnet_plant.development_share": 0.1}
YEAR = "365.25 days"
DAYS = 1461.0
FREE = "0 per year"


def plant(**more: Any) -> dict[str, Any]:
    """Return a plant of 2 million USD, half of it public: a year to permit and one to build."""
    own = {
        "name": "works",
        "public_share": 0.5,
        "capex": "40000 USD per t/yr",
        "opex": "10 USD/kg",
        "permitting": YEAR,
        "construction": YEAR,
    }
    return {"project": entrant(**own | more)}


def pile(**more: Any) -> dict[str, Any]:
    """Return a stockpile of 10 t at 100 USD/kg, bought in a year: 1 million USD."""
    own = {
        "name": "stock",
        "product": "part",
        "place": "japan",
        "owner": "japan",
        "target": "10 t",
        "pace": "10 t/yr",
        "accessible_share": 1.0,
        "buy_from": "anyone",
        "holding": FREE,
        "release": {"trigger": "never"},
    }
    return {"stockpile": own | more}


def ready(*parts: dict[str, Any], scale: Any = 1.0, **more: Any) -> Prepared:
    """Return a strategy scaled to 3 million USD, unless told otherwise."""
    built = any("project" in part for part in parts) or "under_way" in more
    certain = CALM | (SUMS if built else {})
    given = {"discount_rate": FREE, "overrides": certain, "budget": "3 million USD"} | more
    held = {"instruments": list(parts)} | ({} if scale is None else {"scale_to": scale})
    return prepared(WORLD, DAYS, strategies={"none": {}, "held": held}, **given)


def factor(found: Prepared) -> float:
    (row,) = [row for row in found.parameters() if row["name"] == "strategies.held.scale_to"]
    return float(str(row["value"]))


def test_all_sizes_are_multiplied_by_one_factor() -> None:
    """1 million of stock and 1 of public capital come to 3 with everything half as large again."""
    deal = {"name": "deal", "product": "part", "plants": ["works"], "price": "90 USD/kg"}
    parts = [plant(), pile(), {"offtake": deal | {"volume": "20 t/yr"}}]
    found = ready(*parts)
    assert factor(found) == pytest.approx(1.5, rel=1e-12)
    works, stock, taken = found.scenario.strategies["held"].instruments
    assert works.capacity.central == pytest.approx(75.0)  # type: ignore[union-attr]
    assert stock.target.central == pytest.approx(15.0)  # type: ignore[union-attr]
    assert stock.pace.central == pytest.approx(15.0)  # type: ignore[union-attr]
    assert taken.volume.central == pytest.approx(30.0)  # type: ignore[union-attr]
    assert Paper(found).cost_usd("held") == pytest.approx(
        {"works": 1.5e6, "stock": 1.5e6, "deal": 0.0}
    )


def test_the_factor_is_told_with_what_it_comes_from() -> None:
    rows = ready(plant(), pile(), scale=0.5).parameters()
    told = {row["name"]: row["because"] for row in rows if row["kind"] == "settled"}
    assert told == {
        "strategies.held.scale_to": "all sizes times 0.75: on paper 2 million USD as written, "
        "1.5 million USD as scaled"
    }


@pytest.mark.parametrize("rate", [FREE, "7 % per year"])
def test_in_a_run_as_planned_all_of_the_budget_is_spent(rate: str) -> None:
    """The last phase costs what is left to the dollar, and is begun."""
    found = ready(plant(), discount_rate=rate)
    result = run(found, "held")
    assert result.spent_pv_usd.sum() == pytest.approx(3e6, rel=1e-6)
    assert not [event for event in result.events if event.kind == "project-not-funded"]


@pytest.mark.parametrize("rate", [FREE, "7 % per year"])
def test_a_stock_and_a_plant_spend_what_they_were_scaled_to(rate: str) -> None:
    """A hundredth is kept, since an office binds the money of a week's purchases."""
    found = ready(plant(), pile(), scale=0.99, discount_rate=rate)
    assert run(found, "held").spent_pv_usd.sum() == pytest.approx(0.99 * 3e6, rel=1e-3)


def test_without_it_the_sizes_stay_and_money_is_left() -> None:
    found = ready(plant(), pile(), scale=None)
    assert not found.settlements
    assert run(found, "held").spent_usd.sum() == pytest.approx(2e6, rel=1e-3)


def test_days_of_use_and_holding_are_scaled_as_tonnes_are() -> None:
    """80 t/yr of use: 45.65625 days are 10 t; bought in a year, held for 3.5 years of four."""
    days = f"{10 / 80 * 365.25} days of use"
    found = ready(pile(target=days, holding="10 % per year"))
    years = DAYS / 365.25
    alone = 1e6 * (1.0 + 0.1 * (years - 0.5))
    assert factor(found) == pytest.approx(3e6 / alone, rel=1e-5)


def test_a_pace_that_the_market_bounds_does_not_grow_with_the_rest() -> None:
    """Of 140 t/yr between regions 7 are reached, in four years 28 t: 27 can be had, 30 not."""
    found = ready(pile(accessible_share=0.05), scale=0.9)
    reached = float(Paper(found).model.stockpiles[0]["accessible_per_d"]) * 365.25
    assert reached == pytest.approx(7.0)
    assert factor(found) == pytest.approx(2.7, rel=1e-9)
    with pytest.raises(ScenarioError, match=r"cost 2\.8 million USD on paper, of 3 million USD"):
        ready(pile(accessible_share=0.05))


def test_a_stock_that_the_market_does_not_give_is_refused() -> None:
    words = r"held\.scale_to: however large, its instruments cost [\d.]+ million USD on paper, of "
    with pytest.raises(ScenarioError, match=words + "100 million USD: stockpiles can buy no more"):
        ready(pile(), budget="100 million USD")


def test_what_costs_nothing_on_paper_cannot_be_scaled() -> None:
    with pytest.raises(ScenarioError, match=r"however large, its instruments cost 0 USD"):
        ready(plant(public_share=0))


def test_a_floor_over_a_plant_under_way_needs_a_cap() -> None:
    """The plant under way stays as large as it is, and so does what it is paid."""
    way = plant(name="yard", public_share=0, permitting="0 days", construction="0 days")["project"]
    floor = {"name": "floor", "product": "part", "plants": ["yard"], "strike": "105 USD/kg"}
    with pytest.raises(ScenarioError, match=r"do not follow the sizes; give floors .* a 'cap'"):
        ready(plant(), {"floor": floor}, under_way=[way])
    capped = {"floor": floor | {"cap": "10 t/yr"}}
    found = ready(capped, under_way=[way], budget="300000 USD")
    assert factor(found) == pytest.approx(3e5 / (10.0 * 5.0e3 * DAYS / 365.25), rel=2e-3)


def test_plants_of_today_are_paid_on_paper_for_what_they_make() -> None:
    """80 t/yr in Australia, at 5 USD/kg below the strike, for four years of 365.25 days."""
    floor = {"name": "floor", "product": "part", "regions": ["australia"], "incumbents": True}
    strike = {"floor": floor | {"strike": "105 USD/kg"}}
    found = ready(strike, scale=None, incumbents_idle=True)
    assert Paper(found).cost_usd("held")["floor"] == pytest.approx(80.0 * 5.0e3 * 4.0)
