"""What the plants of today cost to work: the spread of their costs, under what they earn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from monazite.evidence.behaviour import Behaviour
from monazite.evidence.chain import Chain
from monazite.rules.records import Model
from monazite.world.inputs import NONE, Floats, Inputs, Ints, pick
from monazite.world.network import Network, ints
from monazite.world.tables import KG_PER_T, closed_in

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared


@dataclass(frozen=True)
class IncumbentPlan:
    """Columns of what the plants of today cost.

    Attributes:
        opex: of each maker, NONE where none of it was there at the start or it follows a
            host, shape (M,).
        spread: of half the width of their costs, over the mean.
        margin: of what the dearest of them earns at the start, over the price.
    """

    opex: Ints
    spread: int
    margin: int


def incumbent_plan(
    chain: Chain, network: Network, behaviour: Behaviour, inputs: Inputs
) -> IncumbentPlan:
    """Return the columns of the costs of incumbents.

    A by-product goes where its host goes, so that its plants do not answer to its price.
    """
    columns = []
    for number, (process, region) in enumerate(network.makers):
        part = chain.processes[process]
        free = part.by_product_of is None and network.maker_columns[number, 0] >= 0
        columns.append(inputs.of(part.opex_in(region)) if free else NONE)
    return IncumbentPlan(
        ints(columns),
        inputs.of(behaviour.incumbent_cost_spread),
        inputs.of(behaviour.incumbent_least_margin),
    )


def fill_incumbents(
    model: Model, prepared: "Prepared", values: Floats, b: Mapping[str, float]
) -> None:
    """Spread the costs of incumbents so that at the start even the dearest earns its margin.

    Where the recorded opex does not leave that, the spread moves down as a whole: plants
    that work at the price of the start can live with it.
    """
    plan = prepared.incumbents
    if plan is None:
        return
    settings, makers, step_d = model.settings[0], model.makers, model.settings[0]["step_d"]
    settings["idling"] = 1
    settings["idle_step"] = closed_in(step_d, b["mothball_after"])
    settings["back_step"] = closed_in(step_d, b["restart_time"])
    settings["lost_step"] = closed_in(step_d, b["closure_after"])
    price = model.price_usd_per_t[makers["product"]]
    needs = model.needs
    bought = needs["input_per_t"] * model.price_usd_per_t[model.pools["product"][needs["pool"]]]
    left = price - np.bincount(needs["maker"], bought, makers.size)
    opex = pick(values, plan.opex, 0.0) * KG_PER_T
    half = opex * values[plan.spread]
    dearest = np.minimum(opex + half, left - values[plan.margin] * price)
    makers["spread_usd_per_t"] = np.where(plan.opex == NONE, 0.0, 2.0 * half)
    makers["cheapest_usd_per_t"] = dearest - 2.0 * half
