"""Procurement rules as caps on what each buyer takes from some origins, and what the log says."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from monazite.rules.records import Model
from monazite.simulation.lives import Happening
from monazite.trajectories import Event
from monazite.world.controls import ScopePlan
from monazite.world.procurement import Buyer, ProcurementPlan, Step, steps_of

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared


def buyers_caps(prepared: "Prepared", model: Model) -> Iterator[Happening]:
    """Yield procurement rules as spells of caps, one a product and step.

    Args:
        prepared: the scenario.
        model: one drawn world at its start, for the shares of origins.
    """
    flow = model.flow_year[0]
    for plan in prepared.procurement:
        bound = [buyer for buyer in plan.buyers if buyer.share(flow) > 0.0]
        for p in dict.fromkeys(buyer.product for buyer in bound):
            mine = [buyer for buyer in bound if buyer.product == p]
            for step in steps_of(prepared, plan.part):
                yield _cap(plan, step, _scope(prepared, plan, mine, step, flow))


def _scope(
    prepared: "Prepared", plan: ProcurementPlan, buyers: list[Buyer], step: Step, flow: np.ndarray
) -> ScopePlan:
    """Return the caps of buyers of one product, as parts of the flow that they cap.

    A market apart from the others are those who must change; who meets the rule is only kept
    from less.
    """
    targets = np.zeros(len(prepared.network.regions), np.int64)
    allowed = []
    for buyer in buyers:
        share = buyer.share(flow)
        rest = max(0.0, share - plan.most) * (1.0 - step.done)
        allowed.append((plan.most + rest) / share)
        targets[buyer.region] = int(share > plan.most)
    return ScopePlan(
        products=tuple(buyer.product for buyer in buyers),
        targets=targets,
        routes=tuple(buyer.routes for buyer in buyers),
        weight=1.0,
        allowed=tuple(allowed),
    )


def _cap(plan: ProcurementPlan, step: Step, scope: ScopePlan) -> Happening:
    return Happening(
        name=plan.part.name,
        onset_d=step.first_d,
        end_d=step.until_d,
        source=plan.part.name,
        scope=scope,
        form="procurement",
        allowed=1.0,
        allowed_t_per_yr=-1.0,
        terms=None,
        settled=False,
        lifts=(),
        path=plan.path,
        opens="procured",
        strategy=plan.strategy,
    )


def procurement_events(prepared: "Prepared", plans: Iterable[ProcurementPlan]) -> Iterator[Event]:
    """Yield when procurement rules begin, rise and end."""
    for plan in plans:
        part = plan.part
        whole = f"{part.least_share.central:.4g} of {', '.join(part.products)} not from"
        for i, step in enumerate(steps_of(prepared, part)):
            kind = "procurement-rises" if i else "procurement-in-force"
            detail = f"{step.done:.0%} of the way to {whole} {', '.join(plan.origins)}"
            if step.first_d < prepared.end_d:
                yield Event(step.first_d, kind, part.name, detail)
        if step.until_d < prepared.end_d:
            yield Event(step.until_d, "procurement-ends", part.name)
