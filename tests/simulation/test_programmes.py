"""A programme builds the best plants that its money reaches on paper, the same in every world."""

from math import expm1, log1p
from typing import Any

import numpy as np
import pytest

from entrants import plant as entrant
from entrants import sure
from monazite.errors import ScenarioError
from monazite.trajectories import Trajectories
from monazite.world.paper import Paper
from monazite.world.prepare import Prepared
from networks import CALM, Kind, Plant, Small, prepared, run

WORLD = Small(
    products={"ore": (45.0, 20.0), "part": (45.0, 100.0)},
    processes={"light_mining": ("ore", {}), "magnet_making": ("part", {"ore": 1.5})},
    plants=[
        Plant("light_mining", "china", 500.0, 0.6),
        Plant("magnet_making", "china", 200.0, 0.6),
    ],
    sectors={"cars": Kind()},
    use={"china": {"cars": 100.0}, "japan": {"cars": 100.0}, "australia": {"cars": 1.0}},
)
SUMS = sure() | {"phases.magnet_plant.overrun": 1, "phases.magnet_plant.development_share": 0.1}
YEAR = "365.25 days"
DAYS = 1461.0


def plant(name: str, capex: int, capacity: int = 50, **more: Any) -> dict[str, Any]:
    """Return a candidate with half its capital public: a year to permit and one to build."""
    own = {
        "name": name,
        "capacity": f"{capacity} t/yr",
        "public_share": 0.5,
        "capex": f"{capex} USD per t/yr",
        "opex": "10 USD/kg",
        "permitting": YEAR,
        "construction": YEAR,
    }
    return entrant(**own | more)


FOUR = [plant("d", 10000), plant("c", 40000), plant("a", 20000), plant("b", 20000)]
"""Public capital of 0.25, 1, 0.5 and 0.5 million USD."""


def ready(
    candidates: list[dict[str, Any]],
    by: str = "cost_per_t",
    beside: tuple[dict[str, Any], ...] = (),
    **more: Any,
) -> Prepared:
    """Return a strategy with a programme, and what stands beside it, without discounting."""
    budget = {"budget": more.pop("money")} if "money" in more else {}
    programme = {"programme": {"name": "best", "by": by, "candidates": candidates} | budget}
    given = {"discount_rate": "0 per year", "overrides": CALM | SUMS} | more
    strategies = {"none": {}, "built": {"instruments": [programme, *beside]}}
    return prepared(WORLD, DAYS, strategies=strategies, **given)


def built(found: Prepared) -> list[str]:
    return [plan.part.name for plan in found.projects if plan.strategy == "built"]


def told(found: Prepared) -> str:
    (row,) = [row for row in found.parameters() if row["name"] == "strategies.built.best"]
    assert row["value"] == sum(name != "own" for name in built(found))
    return str(row["because"])


def test_the_best_are_built_until_the_money_is_gone_and_what_does_not_fit_is_passed_over() -> None:
    """0.25 for d, 0.5 each for a and b: of 1.2 million b finds 0.45 left, and c needs 1."""
    assert built(ready(FOUR, money="1.3 million USD")) == ["d", "a", "b"]
    assert built(ready(FOUR, money="1.2 million USD")) == ["d", "a"]
    assert built(ready(FOUR, money="0.7 million USD")) == ["d"]
    small = [*FOUR, plant("e", 50000, capacity=4)]
    assert built(ready(small, money="0.9 million USD")) == ["d", "a", "e"]


def test_what_is_built_is_told_among_the_numbers_used() -> None:
    assert told(ready(FOUR, money="1.2 million USD")) == (
        "by cost_per_t [USD per t/yr]: d 5,000 is built, a 10,000 is built, b 10,000 is not, "
        "c 20,000 is not; on paper 0.75 million USD of 1.2 million USD"
    )


def test_money_that_reaches_exactly_builds_and_is_spent_to_the_last_dollar() -> None:
    found = ready(FOUR, money="1.25 million USD", budget="1.25 million USD")
    assert built(found) == ["d", "a", "b"]
    assert run(found, "built").spent_usd.sum() == pytest.approx(1.25e6, rel=1e-12)


def test_a_budget_may_be_a_share_of_that_of_the_strategy() -> None:
    assert built(ready(FOUR, money="25 %", budget="5 million USD")) == ["d", "a", "b"]


@pytest.mark.parametrize("listed", [FOUR, FOUR[::-1], FOUR[2:] + FOUR[:2]])
def test_the_order_of_the_list_says_nothing(listed: list[dict[str, Any]]) -> None:
    """Between a and b, alike on paper, the name decides; what follows is the same to the bit."""
    found, first = ready(listed, money="0.8 million USD"), ready(FOUR, money="0.8 million USD")
    assert built(found) == built(first) == ["d", "a"]
    one, two = run(found, "built"), run(first, "built")
    assert np.array_equal(one.spent_usd, two.spent_usd)
    assert np.array_equal(one.delivered_t, two.delivered_t)


def test_by_margin_it_goes_by_price_less_opex_and_inputs() -> None:
    """100 USD/kg less 1.5 kg of ore at 20 leaves 70 before opex: 60, 55 and 50 USD/kg."""
    dear, dearer = plant("x", 1000, opex="15 USD/kg"), plant("y", 1000, opex="20 USD/kg")
    found = ready([dearer, plant("z", 40000), dear], "margin", money="1.03 million USD")
    assert built(found) == ["z", "x"]
    assert told(found).startswith("by margin [USD/kg]: z 60 is built, x 55 is built, y 50 is not")


def test_by_capacity_outside_what_a_controller_holds_counts_for_nothing() -> None:
    control = {
        "name": "ban",
        "controller": "china",
        "products": ["part"],
        "targets": ["japan"],
        "form": "ban",
        "start": "2027-01-01",
    }
    offered = [plant("in", 10000, 90, region="china"), plant("out", 10000, 20), FOUR[0]]
    found = ready(offered, "outside", money="0.4 million USD", disruptions={"scheduled": [control]})
    assert built(found) == ["d", "out"]
    assert "d 50 is built, out 20 is built, in 0 is not" in told(found)


def test_without_a_budget_it_takes_what_the_others_leave_on_paper() -> None:
    """Of 2 million a plant takes 0.5, and a thrift programme 0.4: 1.1 are left."""
    other = {"project": plant("own", 20000)}
    thrift = {
        "name": "less",
        "product": "part",
        "regions": ["japan"],
        "ceiling": 0.1,
        "term": "2 years",
        "cost": "0.4 million USD",
    }
    found = ready(FOUR, beside=(other, {"thrift": thrift}), budget="2 million USD")
    assert sorted(built(found)) == ["a", "d", "own"]
    assert told(found).endswith("on paper 0.75 million USD of 1.1 million USD")


def test_support_is_part_of_what_a_plant_costs_but_not_of_its_merit() -> None:
    """A plant that loses 10 USD/kg on 50 t a year needs 0.5 million a year for the two years."""
    losing = plant(
        "lame", 1000, opex="80 USD/kg", support={"per_kg": "30 USD/kg", "years": "1 year"}
    )
    found = ready([losing, plant("d", 10000)], money="0.6 million USD")
    assert told(found).startswith("by cost_per_t [USD per t/yr]: lame 500 is built, d 5,000 is not")
    cost = Paper(found).cost_usd("built")["lame"]
    assert cost == pytest.approx(25e3 + 0.5e6 * 365 / 365.25, rel=3e-3)


def test_on_paper_capital_is_discounted_as_the_ledger_does() -> None:
    """A tenth in the first year, the rest in the second, each evenly: closed form."""
    found = ready(FOUR, money="1 million USD", discount_rate="7 % per year")
    r = log1p(0.07)
    a_year = -expm1(-r) / r
    by_hand = 0.5e6 * (0.1 * a_year + 0.9 * a_year / 1.07)
    paper = Paper(found).cost_usd("built")["a"]
    assert paper == pytest.approx(by_hand, rel=1e-12)
    names = [name for _, name in found.layout.instruments]
    booked = run(found, "built").spent_pv_usd[:, names.index("a")].sum()
    assert booked == pytest.approx(by_hand, rel=1e-6)


def spending(result: Trajectories) -> float:
    return float(result.spent_usd.sum())


def test_what_is_built_does_not_hang_on_the_draw_and_runs_as_projects_do() -> None:
    """In each of a few worlds it is the same to the bit as the chosen plants, written out."""
    drawn = {"overrides": CALM | {"phases.magnet_plant.stall_chance": 0.5}, "uncertain": True}
    found = ready(FOUR, money="1.2 million USD", **drawn)
    names = built(found)
    parts = [{"project": one} for name in names for one in FOUR if one["name"] == name]
    strategies = {"none": {}, "built": {"instruments": parts}}
    by_hand = prepared(WORLD, DAYS, strategies=strategies, discount_rate="0 per year", **drawn)
    seen = set()
    for world in range(3):
        one, two = run(found, "built", world), run(by_hand, "built", world)
        assert np.array_equal(one.spent_usd, two.spent_usd)
        assert np.array_equal(one.delivered_t, two.delivered_t)
        seen.add(spending(one))
    assert len(seen) > 1


def test_a_programme_that_can_build_nothing_is_refused() -> None:
    words = r"builds nothing: on paper 0\.2 million USD are left, and 'd', the cheapest candidate, "
    with pytest.raises(ScenarioError, match=words + r"takes 0\.25 million USD"):
        ready(FOUR, money="0.2 million USD")
    words = r"on paper 1 USD are left, and 'd', the cheapest candidate, takes 0\.25 million USD"
    with pytest.raises(ScenarioError, match=words):
        ready(FOUR, money="1 USD")


def test_a_candidate_that_fits_no_chain_is_told_at_its_place() -> None:
    with pytest.raises(ScenarioError, match=r"0\.programme\.candidates\.1\.region: unknown region"):
        ready([FOUR[0], plant("x", 1000, region="japann")])
