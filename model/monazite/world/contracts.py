"""Contracts on prices, joined with the plants that they cover."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from monazite.rules import records
from monazite.rules.records import Model
from monazite.scenario.contracts import Floor, Offtake
from monazite.scenario.held import held
from monazite.scenario.parts import Scenario
from monazite.world.inputs import NONE
from monazite.world.plan import DAYS_PER_YEAR, ProjectPlan
from monazite.world.tables import KG_PER_T

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared


@dataclass(frozen=True)
class FloorPlan:
    """A floor or an offtake of one strategy, and the numbers of the projects that it covers."""

    strategy: str
    part: Floor | Offtake
    projects: tuple[int, ...]

    @property
    def has_border(self) -> bool:
        """Whether imports into its regions are lifted to the strike."""
        return isinstance(self.part, Floor) and self.part.border_adjustment

    @property
    def has_incumbents(self) -> bool:
        """Whether it covers plants of today in its regions."""
        return isinstance(self.part, Floor) and self.part.incumbents


def floor_plans(scenario: Scenario, projects: Sequence[ProjectPlan]) -> Iterator[FloorPlan]:
    """Yield the floors and offtakes of every strategy with the projects that they cover."""
    kinds: tuple[type[Floor | Offtake], ...] = (Floor, Offtake)
    for _, strategy, part in held(scenario, *kinds):
        covered = covered_by(scenario, strategy, part, projects)
        yield FloorPlan(strategy, part, tuple(covered))


def covered_by(
    scenario: Scenario, strategy: str, part: Floor | Offtake, projects: Sequence[ProjectPlan]
) -> Iterator[int]:
    """Yield the numbers of the projects that a floor or an offtake covers.

    They are of its strategy or under way; by name, or by region where they make its product.
    """
    places = scenario.regions_of(*part.regions)
    for i, project in enumerate(projects):
        if project.strategy in ("", strategy):
            there = project.part.region in places and project.product == part.product
            if project.part.name in part.plants or there:
                yield i


def unsaved(prepared: "Prepared") -> Iterator[tuple[FloorPlan, str, str]]:
    """Yield every floor that can save no plant of today, or covers one that another covers."""
    taken: set[tuple[str, int]] = set()
    network, costs = prepared.network, prepared.incumbents
    if costs is None:
        return
    for plan in (plan for plan in prepared.floors if plan.has_incumbents):
        places, product = prepared.scenario.regions_of(*plan.part.regions), plan.part.product
        mine = [
            j
            for j, (process, region) in enumerate(network.makers)
            if prepared.chain.processes[process].makes == product
            and region in places
            and network.maker_columns[j, 0] >= 0
        ]
        if not mine:
            yield plan, f"no plant of today makes {product} there", "touches-no-flow"
        elif all(costs.opex[j] == NONE for j in mine):
            text = f"{product} is a by-product there; none of its plants stops for its price"
            yield plan, text, "touches-no-flow"
        if shared := [j for j in mine if (plan.strategy, j) in taken]:
            region = network.makers[shared[0]][1]
            text = f"another floor covers the plants of today in {region} too"
            yield plan, text, "duplicate"
        taken.update((plan.strategy, j) for j in mine)


def excluded(prepared: "Prepared", plan: FloorPlan) -> Iterator[str]:
    """Yield the plants of an offtake whose region the office of its stockpile never buys from."""
    network = prepared.network
    s = stockpile_of(prepared, plan)
    for i in plan.projects if s != NONE else ():
        project = prepared.projects[i]
        office = network.pool_stockpile[network.shape.route_pool] == s
        maker = network.maker(project.process, project.part.region)
        mine = office & (network.shape.route_maker == maker)
        if network.route_barred[mine].any():
            yield project.part.name


def stockpile_of(prepared: "Prepared", plan: FloorPlan) -> int:
    """Return the number of the stockpile that takes what the market leaves, or NONE."""
    name = plan.part.stockpile if isinstance(plan.part, Offtake) else None
    found = [(s.strategy, s.part.name) for s in prepared.stockpiles]
    return NONE if name is None else found.index((plan.strategy, name))


def borders(prepared: "Prepared") -> list[int]:
    """Return the numbers of the floors that lift imports to the strike."""
    return [f for f, plan in enumerate(prepared.floors) if plan.has_border]


def with_floors(model: Model, prepared: "Prepared") -> Model:
    """Return the model with a row for each floor and offtake, all switched off."""
    network = prepared.network
    within = np.zeros((len(prepared.floors), len(network.regions)), np.int64)
    rows = np.zeros(len(prepared.floors), records.FLOOR)
    model = replace(model, floors=rows, within=within)
    model.projects["floor"] = NONE
    for f, (row, plan) in enumerate(zip(rows, prepared.floors, strict=True)):
        part = plan.part
        row["instrument"] = prepared.layout.instrument(plan.strategy, part.name)
        row["product"] = network.products.index(part.product)
        row["reference"] = row["stockpile"] = row["border"] = NONE
        row["stockpiled"] = 1
        if isinstance(part, Floor):
            _fill_floor(row, part, network.regions)
        else:
            _fill_offtake(row, part, stockpile_of(prepared, plan))
        first, term = part.start, part.term
        row["first_d"] = prepared.day(first, 0.0)
        row["until_d"] = row["first_d"] + (np.inf if term is None else term.central)
        for region in prepared.scenario.regions_of(*part.regions):
            within[f, network.regions.index(region)] = 1
    for number, f in enumerate(borders(prepared)):
        rows[f]["border"] = len(prepared.tariffs) + number
    return model


def _fill_floor(row: np.void, part: Floor, regions: tuple[str, ...]) -> None:
    if part.reference is not None:
        row["reference"] = regions.index(part.reference)
    row["strike_usd_per_t"] = part.strike.central * KG_PER_T
    row["cap_per_d"] = np.inf if part.cap is None else part.cap.central / DAYS_PER_YEAR
    row["upside"] = part.upside_share.central
    row["stockpiled"], row["incumbents"] = int(part.stockpiled), int(part.incumbents)


def _fill_offtake(row: np.void, part: Offtake, stockpile: int) -> None:
    """Fill an offtake: a floor at its price both ways on its volume, which it takes."""
    row["offtake"], row["stockpile"] = 1, stockpile
    row["strike_usd_per_t"] = part.price.central * KG_PER_T
    row["cap_per_d"] = part.volume.central / DAYS_PER_YEAR
    row["upside"] = 1.0
    row["take_or_pay"] = part.take_or_pay.central


def sign(model: Model, prepared: "Prepared", strategy: str) -> None:
    """Switch on the floors and offtakes of a strategy, and let its plants know theirs."""
    for f, plan in enumerate(prepared.floors):
        if plan.strategy == strategy:
            model.floors[f]["active"] = 1
            model.projects["floor"][list(plan.projects)] = f
