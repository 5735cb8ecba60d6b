"""Programmes of recycling and thrift, joined with the yards and users that they reach."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from monazite.evidence.chain import Chain
from monazite.naming import bare
from monazite.rules import records
from monazite.rules.records import Model
from monazite.scenario.held import held
from monazite.scenario.parts import Scenario
from monazite.scenario.programmes import Recycling, Thrift
from monazite.world.inputs import NONE
from monazite.world.network import Network
from monazite.world.scrap import ScrapPlan
from monazite.world.tables import KG_PER_T, closed_in

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared


@dataclass(frozen=True)
class RecyclingPlan:
    """A recycling programme of one strategy, and the numbers of the yards that it feeds."""

    strategy: str
    part: Recycling
    yards: tuple[int, ...]


@dataclass(frozen=True)
class ThriftPlan:
    """A programme of thrift of one strategy, and the numbers of the uses that take part."""

    strategy: str
    part: Thrift
    uses: tuple[int, ...]


def recycling_plans(
    scenario: Scenario, chain: Chain, network: Network, scrap: ScrapPlan
) -> Iterator[RecyclingPlan]:
    """Yield the recycling programmes of every strategy with the yards of their regions."""
    for _, strategy, part in held(scenario, Recycling):
        places = scenario.regions_of(*part.regions)
        yards = [
            s
            for s, yard in enumerate(scrap.yards)
            if network.makers[yard.maker][1] in places
            and chain.processes[network.makers[yard.maker][0]].makes == part.product
        ]
        yield RecyclingPlan(strategy, part, tuple(yards))


def thrift_plans(scenario: Scenario, chain: Chain, network: Network) -> Iterator[ThriftPlan]:
    """Yield the programmes of thrift of every strategy with the uses that take part."""
    for _, strategy, part in held(scenario, Thrift):
        places = scenario.regions_of(*part.regions)
        uses = [
            u
            for u, (sector, region) in enumerate(network.uses)
            if region in places
            and chain.sectors[sector].product == part.product
            and (not part.sectors or {sector, bare(sector)} & set(part.sectors))
        ]
        yield ThriftPlan(strategy, part, tuple(uses))


def with_thrifts(model: Model, prepared: "Prepared") -> Model:
    """Return the model with a row for each programme of thrift, all switched off."""
    model.uses["thrift"] = NONE
    model = replace(model, thrifts=np.zeros(len(prepared.thrifts), records.THRIFT))
    for row, plan in zip(model.thrifts, prepared.thrifts, strict=True):
        part = plan.part
        row["instrument"] = prepared.layout.instrument(plan.strategy, part.name)
        row["first_d"] = prepared.day(part.start, 0.0)
        row["until_d"] = row["first_d"] + part.term.central
        row["cost_usd_per_d"] = part.cost.central / part.term.central
        row["more"] = part.ceiling.central
        row["log_trigger"] = -np.inf if part.trigger is None else np.log(part.trigger.central)
    return model


def begin_programmes(model: Model, prepared: "Prepared", strategy: str) -> None:
    """Let the users and the yards of a strategy's programmes know them."""
    step_d = float(model.settings[0]["step_d"])
    for t, thrift in enumerate(prepared.thrifts):
        if thrift.strategy == strategy:
            uses = list(thrift.uses)
            model.thrifts[t]["active"] = 1
            model.uses["thrift"][uses] = t
            if thrift.part.lag is not None:
                model.uses["quick"][uses] = closed_in(step_d, thrift.part.lag.central)
    for plan in prepared.recycling:
        if plan.strategy == strategy:
            _feed(model, prepared, plan)


def _feed(model: Model, prepared: "Prepared", plan: RecyclingPlan) -> None:
    part = plan.part
    for s in plan.yards:
        row = model.yards[s]
        row["programme"] = prepared.layout.instrument(plan.strategy, part.name)
        row["goal"] = part.collection.central
        row["first_d"] = prepared.day(part.start, 0.0)
        row["rise_d"] = part.rise.central
        row["credit_usd_per_t"] = part.credit.central * KG_PER_T
        goods = model.worn[row["first_worn"] : row["end_worn"]]
        if goods.size:
            row["cost_usd_per_t"] = part.cost.central * KG_PER_T / goods[0]["recovered"]
