"""What is settled on paper before a run: what a programme builds, how large a strategy is.

It is settled once, at central values, and holds in every world: who chooses knows no more,
and worlds stay comparable plant by plant. What is chosen runs as ordinary projects, so that
nothing after this knows of programmes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from monazite.errors import Problem, ScenarioError
from monazite.scenario.held import held
from monazite.scenario.instruments import Programme, Project
from monazite.scenario.parts import Scenario
from monazite.world.paper import Paper
from monazite.world.scaling import Settlement, in_words, scale, with_sizes
from monazite.world.tables import KG_PER_T

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared

Programmes = Mapping[tuple[str, str], Sequence[Project]]
"""The plants of programmes, by strategy and name."""

UNITS = {"cost_per_t": "USD per t/yr", "margin": "USD/kg", "outside": "t/yr outside"}
"""What a rule of merit counts in."""


def with_candidates(scenario: Scenario) -> Scenario:
    """Return the scenario with all candidates of its programmes as projects."""
    programmes = held(scenario, Programme)
    return _with_plants(
        scenario, {(name, part.name): part.candidates for _, name, part in programmes}
    )


def settle(scenario: Scenario, offered: "Prepared") -> tuple[Scenario, tuple[Settlement, ...]]:
    """Return the scenario with what programmes build and scaled sizes, and how that was settled.

    Args:
        scenario: as written, names in full.
        offered: the same with every candidate as a project.

    Raises:
        ScenarioError: for each programme whose money reaches for none of its candidates, and each
            strategy that no factor brings to its budget.
    """
    paper, settlements, problems = Paper(offered), [], []
    plants: dict[tuple[str, str], Sequence[Project]] = {}
    factors: dict[str, float] = {}
    for path, name, part in held(scenario, Programme):
        plants[name, part.name], told = _choice(paper, scenario, name, part)
        settlements.append(told)
        if not plants[name, part.name]:
            problems.append(Problem(path, told.because, scenario.where(path), "touches-no-flow"))
    for name, strategy in scenario.strategies.items():
        if strategy.scale_to is not None:
            told = scale(paper, scenario, name)
            factors[name] = told.value
            settlements.append(told)
            if not 0.0 < told.value < np.inf:
                path = f"strategies.{name}.scale_to"
                problems.append(Problem(path, told.because, scenario.where(path), "scale"))
    if problems:
        raise ScenarioError(problems)
    return with_sizes(_with_plants(scenario, plants), factors), tuple(settlements)


def _with_plants(scenario: Scenario, plants: Programmes) -> Scenario:
    """Return the scenario with each programme replaced by some of its plants.

    The first stands in its place and the others at the end, so that every other instrument
    keeps the place that it has in the file.
    """
    if not plants:
        return scenario
    strategies = {}
    for name, strategy in scenario.strategies.items():
        parts: list[Any] = []
        more: list[Project] = []
        for part in strategy.instruments:
            built = plants.get((name, part.name), ())
            parts.append(built[0] if built else part)
            more += built[1:]
        strategies[name] = strategy.model_copy(update={"instruments": (*parts, *more)})
    return scenario.model_copy(update={"strategies": strategies})


def _choice(
    paper: Paper, scenario: Scenario, strategy: str, part: Programme
) -> tuple[Sequence[Project], Settlement]:
    """Return the plants that a programme builds, the best first, and how they were chosen."""
    costs = paper.cost_usd(strategy)
    merits = {plant.name: _merit(paper, strategy, plant, part.by) for plant in part.candidates}
    sign = 1.0 if part.by == "cost_per_t" else -1.0
    ranked = sorted(part.candidates, key=lambda plant: (sign * merits[plant.name], plant.name))
    money = _money(costs, scenario, strategy, part)
    built, spent = [], 0.0
    for plant in ranked:
        if spent + costs[plant.name] <= money:
            built.append(plant)
            spent += costs[plant.name]
    words = (
        f"{plant.name} {merits[plant.name]:,.10g}{' is built' if plant in built else ' is not'}"
        for plant in ranked
    )
    because = f"by {part.by} [{UNITS[part.by]}]: {', '.join(words)}; on paper "
    because += f"{in_words(spent)} of {in_words(money)}"
    if not built:
        least = min(ranked, key=lambda plant: (costs[plant.name], plant.name))
        because = f"builds nothing: on paper {in_words(money)} are left, and '{least.name}', "
        because += f"the cheapest candidate, takes {in_words(costs[least.name])}"
    return built, Settlement(f"strategies.{strategy}.{part.name}", len(built), because)


def _merit(paper: Paper, strategy: str, plant: Project, by: str) -> float:
    """Return what a plant is ranked by."""
    number = paper.project(strategy, plant.name)
    if by == "cost_per_t":
        return paper.capital_usd(number) / plant.capacity.central
    if by == "margin":
        return paper.margin_usd_per_t(number) / KG_PER_T
    product = paper.prepared.projects[number].product
    controllers: Iterable[str] = paper.prepared.controllers.get(product, ())
    return 0.0 if plant.region in controllers else plant.capacity.central


def _money(costs: Mapping[str, float], scenario: Scenario, strategy: str, part: Programme) -> float:
    """Return what a programme may spend on paper: its budget, or what others leave."""
    whole = scenario.budget_of(strategy)
    assert whole is not None, "a strategy with instruments has a budget"
    if part.budget is not None:
        return part.budget.central * (whole.central if part.budget.unit == "share" else 1.0)
    left = whole.central
    for other in scenario.strategies[strategy].instruments:
        if isinstance(other, Programme):
            left -= 0.0 if other is part else _money(costs, scenario, strategy, other)
        else:
            left -= costs[other.name]
    return max(0.0, left)
