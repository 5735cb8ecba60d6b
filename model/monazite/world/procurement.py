"""Procurement rules joined with the routes that they cap, and how far they are on which day."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from monazite.rules.records import OPEN
from monazite.scenario.held import met
from monazite.scenario.parts import Scenario
from monazite.scenario.trade import Procurement
from monazite.world.controls import dated
from monazite.world.inputs import Floats, Ints
from monazite.world.network import Network
from monazite.world.plan import DAYS_PER_YEAR
from monazite.world.words import members

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared


@dataclass(frozen=True)
class Buyer:
    """Who must buy a part of a product elsewhere.

    Attributes:
        product: number of the product.
        region: number of the region.
        routes: those that bring it from the origins of the rule.
        every: all that bring it.
    """

    product: int
    region: int
    routes: Ints
    every: Ints

    def share(self, flow: Floats) -> float:
        """Return the part that comes from the origins, of these flows by route."""
        whole = float(flow[self.every].sum())
        return float(flow[self.routes].sum()) / whole if whole > 0.0 else 0.0


@dataclass(frozen=True)
class ProcurementPlan:
    """A procurement rule with its buyers; without a strategy it stands for all of them."""

    path: str
    strategy: str
    part: Procurement
    origins: tuple[str, ...]
    buyers: tuple[Buyer, ...]

    @property
    def most(self) -> float:
        """The part that may come from the origins in the end."""
        return 1.0 - self.part.least_share.central


@dataclass(frozen=True)
class Step:
    """A time in which a rule asks for the same; `done` is how far it has risen, 0 to 1."""

    first_d: float
    until_d: float
    done: float


def procurement_plans(scenario: Scenario, network: Network) -> Iterator[ProcurementPlan]:
    """Yield the rules that all strategies meet, then those of each."""
    for path, strategy, part in met(scenario, "procurement", Procurement):
        origins = part.origins or controllers(scenario)
        buyers = tuple(_buyers(scenario, network, part, origins))
        yield ProcurementPlan(path, strategy, part, origins, buyers)


def controllers(scenario: Scenario) -> tuple[str, ...]:
    """Return every region that controls anything in a scenario, or may by chance."""
    found = [part.controller for _, part in dated(scenario)]
    found += [source.controller for source in scenario.disruptions.random]
    return tuple(dict.fromkeys(found))


def _buyers(
    scenario: Scenario, network: Network, part: Procurement, origins: tuple[str, ...]
) -> Iterator[Buyer]:
    """Yield the open pools under a rule; what buyers sell each other is not counted against it."""
    inside = members(scenario, part.regions, "", network)
    capped = members(scenario, origins, "", network) * (1 - inside)
    seller = np.array([network.regions.index(region) for _, region in network.makers])
    shape = network.shape
    for h, (product, region, kind) in enumerate(network.pools):
        r = network.regions.index(region)
        if kind == OPEN and product in part.products and inside[r] == 1:
            every = np.flatnonzero(shape.route_pool == h)
            routes = every[capped[seller[shape.route_maker[every]]] == 1]
            yield Buyer(network.products.index(product), r, routes, every)


def steps_of(prepared: "Prepared", part: Procurement) -> list[Step]:
    """Return the steps in which a rule rises: even ones, no more than a year apart.

    During the phase-in the first step holds what was bought at the start.
    """
    first_d, until_d = prepared.day(part.start, 0.0), prepared.day(part.until)
    if part.phase_in is None:
        return [Step(first_d, until_d, 1.0)]
    count = ceil(part.phase_in.central / DAYS_PER_YEAR - 1e-9)
    days = [first_d + part.phase_in.central * k / count for k in range(count + 1)]
    ends = [*days[1:], until_d]
    return [Step(a, b, k / count) for k, (a, b) in enumerate(zip(days, ends, strict=True))]


def vain(plan: ProcurementPlan, network: Network, flow: Floats) -> Iterator[tuple[str, str, str]]:
    """Yield why a rule would touch nothing: key, message and code of each reason.

    Args:
        plan: the rule.
        network: the shape.
        flow: reference flow of each route at the start.
    """
    for product in plan.part.products:
        p = network.products.index(product)
        shares = {b.region: b.share(flow) for b in plan.buyers if b.product == p}
        if not plan.origins:
            yield "origins", "nobody in 'disruptions' controls anything; name origins", "missing"
            return
        if max(shares.values(), default=0.0) <= 0.0:
            who = ", ".join(plan.origins)
            text = f"touches no flow of {product}: {who} sells none of it to 'regions'"
            yield "products", text, "touches-no-flow"
        elif max(shares.values()) <= plan.most:
            most = max(shares, key=lambda r: shares[r])
            text = f"touches no flow of {product}: {network.regions[most]} buys"
            text += f" {1.0 - shares[most]:.1%} of it elsewhere already, and nobody less"
            yield "least_share", f"{text}; ask for more, or remove it", "touches-no-flow"
