"""Contracts on prices, joined with the plants that they cover."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from monazite.rules import records
from monazite.rules.records import Model
from monazite.scenario.contracts import Floor
from monazite.scenario.parts import Scenario
from monazite.world.inputs import NONE
from monazite.world.plan import DAYS_PER_YEAR, ProjectPlan
from monazite.world.tables import KG_PER_T

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared


@dataclass(frozen=True)
class FloorPlan:
    """A floor of one strategy, and the numbers of the projects that it covers."""

    strategy: str
    part: Floor
    projects: tuple[int, ...]


def floor_plans(scenario: Scenario, projects: Sequence[ProjectPlan]) -> Iterator[FloorPlan]:
    """Yield the floors of every strategy with the projects that they cover."""
    for strategy, held in scenario.strategies.items():
        for part in held.instruments:
            if isinstance(part, Floor):
                covered = covered_by(scenario, strategy, part, projects)
                yield FloorPlan(strategy, part, tuple(covered))


def covered_by(
    scenario: Scenario, strategy: str, part: Floor, projects: Sequence[ProjectPlan]
) -> Iterator[int]:
    """Yield the numbers of the projects that a floor covers.

    They are of its strategy or under way; by name, or by region where they make its product.
    """
    places = {r for name in part.regions for r in scenario.groups.get(name, (name,))}
    for i, project in enumerate(projects):
        if project.strategy in ("", strategy):
            there = project.part.region in places and project.product == part.product
            if project.part.name in part.plants or there:
                yield i


def fill_floors(model: Model, prepared: "Prepared") -> Model:
    """Return the model with a row for each floor, all switched off."""
    model = model._replace(floors=np.zeros(len(prepared.floors), records.FLOOR))
    model.projects["floor"] = NONE
    network, start = prepared.network, prepared.start
    for row, plan in zip(model.floors, prepared.floors, strict=True):
        part = plan.part
        row["instrument"] = prepared.layout.instruments.index((plan.strategy, part.name))
        row["product"] = network.products.index(part.product)
        own = part.reference is None
        row["reference"] = NONE if own else network.regions.index(part.reference)
        row["strike_usd_per_t"] = part.strike.central * KG_PER_T
        row["cap_per_d"] = np.inf if part.cap is None else part.cap.central / DAYS_PER_YEAR
        row["upside"] = part.upside_share.central
        row["first_d"] = 0.0 if part.start is None else (part.start - start).days
        length_d = np.inf if part.term is None else part.term.central
        row["until_d"] = row["first_d"] + length_d
    return model


def sign(model: Model, prepared: "Prepared", strategy: str) -> None:
    """Switch on the floors of a strategy, and let its plants know theirs."""
    for f, plan in enumerate(prepared.floors):
        if plan.strategy == strategy:
            model.floors[f]["active"] = 1
            model.projects["floor"][list(plan.projects)] = f
