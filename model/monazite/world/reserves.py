"""Terms of reserves: what owners may draw and owe, and what commercial holders must keep."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from monazite.evidence.behaviour import Behaviour
from monazite.rules import records
from monazite.rules.records import OPEN, Model
from monazite.scenario.held import held
from monazite.scenario.parts import Scenario
from monazite.scenario.reserves import Obligation, Swap
from monazite.world.inputs import NONE, Floats, Inputs
from monazite.world.plan import DAYS_PER_YEAR
from monazite.world.tables import KG_PER_T, with_slots

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared

SHARED_BY = {"need": records.BY_NEED, "fees": records.BY_FEES, "rank": records.BY_RANK}
RUN_DOWN = {
    "control": records.CONTROL,
    "declared": records.DECLARED,
    "never": records.NEVER,
}


@dataclass(frozen=True)
class ObligationPlan:
    """An obligation of one strategy, its regions, and the column of its cost of holding."""

    strategy: str
    part: Obligation
    regions: tuple[str, ...]
    holding: int


def obligation_plans(
    scenario: Scenario, behaviour: Behaviour, inputs: Inputs
) -> Iterator[ObligationPlan]:
    """Yield the obligations of every strategy."""
    for _, strategy, part in held(scenario, Obligation):
        regions = scenario.regions_of(*part.regions)
        column = inputs.of(behaviour.holding_cost)
        if part.holding is not None:
            column = inputs.given(f"strategies.{strategy}.{part.name}.holding", part.holding)
        yield ObligationPlan(strategy, part, regions, column)


def fill_claims(model: Model, prepared: "Prepared", s: int) -> None:
    """Fill what owners may draw of a stockpile, in which order, and how they give it back."""
    part, row = prepared.stockpiles[s].part, model.stockpiles[s]
    regions, step_d = prepared.network.regions, prepared.clock.step_d
    release, loan = part.release, part.release.loan
    row["share_by"] = SHARED_BY[release.allocation]
    row["lends"] = int(bool(part.members) or loan is not None)
    row["claimed"] = int(row["lends"] or release.allocation != "need")
    claims = model.claims[s * len(regions) : (s + 1) * len(regions)]
    claims["right"] = 1.0
    claims["rank"] = len(release.order)
    for rank, region in enumerate(release.order):
        claims[regions.index(region)]["rank"] = rank
    if loan is not None:
        row["loan_fee_per_d"] = loan.fee.central / DAYS_PER_YEAR
        claims["at_end"] = 1
        claims["reviews"] = ceil(loan.back_after.central / step_d - 1e-9)
    if part.members:
        claims["right"] = 0.0
    for member in part.members:
        claim = claims[regions.index(member.region)]
        claim["right"] = member.draw.central
        claim["fee_per_d"] = member.fee.central / DAYS_PER_YEAR
        claim["paid"] = member.fee.central * member.draw.central
        claim["reviews"] = ceil(member.replenish.central / step_d - 1e-9)


def with_obligations(model: Model, prepared: "Prepared") -> Model:
    """Return the model with a row for each obligation and stock, all switched off."""
    rows = list(_obliged(prepared))
    model = replace(model, obligations=np.zeros(len(rows), records.OBLIGATION))
    for row, (plan, h) in zip(model.obligations, rows, strict=True):
        part = plan.part
        row["pool"] = h
        row["instrument"] = prepared.layout.instrument(plan.strategy, part.name)
        row["days"] = part.days.central
        row["first_d"] = prepared.day(part.start, 0.0)
        row["phase_d"] = 0.0 if part.phase_in is None else part.phase_in.central
        row["trigger"] = RUN_DOWN[part.run_down]
        row["public_share"] = part.public_share.central
    return model


def fill_obligations(model: Model, prepared: "Prepared", values: Floats) -> None:
    """Fill in what a draw changes: the cost of holding."""
    for row, (plan, _) in zip(model.obligations, _obliged(prepared), strict=True):
        row["holding_per_d"] = values[plan.holding] / DAYS_PER_YEAR


def _obliged(prepared: "Prepared") -> Iterator[tuple[ObligationPlan, int]]:
    """Yield every obligation with each pool that it is about."""
    for plan in prepared.obligations:
        for region in plan.regions:
            h = prepared.network.pool(plan.part.product, region, OPEN)
            if h != NONE:
                yield plan, h


def with_swaps(model: Model, prepared: "Prepared") -> Model:
    """Return the model with a row for each swap, all closed."""
    names = [(plan.strategy, plan.part.name) for plan in prepared.stockpiles]
    plans = swaps_of(prepared.scenario)
    if not plans:
        return model
    more_t = np.zeros((len(names), model.way_t.shape[1]))
    model = replace(model, swaps=np.zeros(len(plans), records.SWAP), way_more_t=more_t)
    for row, (strategy, part) in zip(model.swaps, plans, strict=True):
        row["instrument"] = prepared.layout.instrument(strategy, part.name)
        row["gives"] = names.index((strategy, part.gives))
        row["takes"] = names.index((strategy, part.takes))
        row["left_t"] = part.tonnes.central
        row["ratio"] = 1.0 if part.ratio is None else part.ratio.central
        if part.freight is not None:
            row["freight_usd_per_t"] = part.freight.central * KG_PER_T
        steps = 1.0 if part.lead is None else max(1.0, part.lead.central / prepared.clock.step_d)
        row["slot"] = floor(steps + 1e-9)
        row["late"] = max(0.0, steps - float(row["slot"]))
    return with_slots(model, (model.swaps["slot"] + model.swaps["late"]).max())


def swaps_of(scenario: Scenario) -> list[tuple[str, Swap]]:
    """Return the swaps of every strategy, with its name."""
    return [(strategy, part) for _, strategy, part in held(scenario, Swap)]
