"""What may happen beside controls, with what each touches, and its numbers."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from monazite.evidence.chain import Chain
from monazite.naming import bare
from monazite.scenario.parts import Scenario
from monazite.scenario.shocks import (
    Closure,
    Curb,
    ProductionQuota,
    Shock,
    Surge,
    TechnologyBan,
)
from monazite.world.controls import ScopePlan
from monazite.world.inputs import Inputs, Ints
from monazite.world.network import Network
from monazite.world.plan import ProjectPlan
from monazite.world.wording import called
from monazite.world.words import members

TERMS: dict[type[Shock], tuple[str, ...]] = {
    Closure: ("part", "delay"),
    Curb: ("part",),
    ProductionQuota: ("allowed", "allowed_t_per_yr"),
    Surge: ("factor", "ramp"),
    TechnologyBan: ("stretch",),
}
"""The numbers that say how hard each kind hits; new words go to the end, for the streams."""


@dataclass(frozen=True)
class ShockPlan:
    """A shock, with the rows that it hits.

    Attributes:
        path: place in the scenario.
        part: as written.
        columns: of its numbers, where it has a date.
        hits: routes of a closure, makers of a curb or a quota, uses of a surge, projects of a
            ban on technology.
        scope: products, targets and routes of a closure, as a control has them.
    """

    path: str
    part: Shock
    columns: dict[str, int]
    hits: Ints
    scope: ScopePlan | None = None


def plan_shocks(
    scenario: Scenario,
    chain: Chain,
    network: Network,
    projects: Iterable[ProjectPlan],
    inputs: Inputs,
) -> tuple[ShockPlan, ...]:
    """Return every shock of a scenario with what it hits."""
    plants = tuple(projects)
    return tuple(
        _plan(f"disruptions.{path}", part, (scenario, chain, network, plants), inputs)
        for path, part in scenario.disruptions.shocks()
    )


_Where = tuple[Scenario, Chain, Network, tuple[ProjectPlan, ...]]


def _plan(path: str, part: Shock, where: _Where, inputs: Inputs) -> ShockPlan:
    scenario, chain, network, projects = where
    columns = {}
    for name in (*TERMS[type(part)], "duration", "chance"):
        own = getattr(part, name)
        if own is not None and part.start is not None:
            columns[name] = inputs.given(f"shocks.{part.name}.{name}", own)
    scope = None
    if isinstance(part, Closure):
        scope = _ways(part, scenario, network)
        hits = np.concatenate([np.zeros(0, np.int64), *scope.routes])
    elif isinstance(part, Surge):
        hits = _surging(part, scenario, chain, network)
    elif isinstance(part, TechnologyBan):
        hits = _slowed(part, scenario, network, projects)
    else:
        hits = _bound(part, scenario, chain, network)
    return ShockPlan(path, part, columns, hits, scope)


def _ways(part: Closure, scenario: Scenario, network: Network) -> ScopePlan:
    """Return the routes between the regions of a closure, by product."""
    shape = network.shape
    origins = members(scenario, part.origins, "", network)
    targets = members(scenario, part.to, "", network)
    seller = np.array([network.regions.index(region) for _, region in network.makers])
    buyer = np.array([network.regions.index(region) for _, region, _ in network.pools])
    away, home = seller[shape.route_maker], buyer[shape.route_pool]
    touched = (origins[away] == 1) & (targets[home] == 1) & (away != home)
    names = part.products or network.products
    numbers = [network.products.index(name) for name in names]
    routes = []
    for p in numbers:
        rows = np.arange(shape.route_start[p], shape.route_start[p + 1])
        routes.append(rows[touched[rows]])
    kept = [i for i, rows in enumerate(routes) if rows.size or part.products]
    return ScopePlan(
        tuple(numbers[i] for i in kept), targets, tuple(routes[i] for i in kept), weight=1.0
    )


def _bound(part: Shock, scenario: Scenario, chain: Chain, network: Network) -> Ints:
    """Return the makers that a curb or a quota binds."""
    if isinstance(part, Curb):
        inside = members(scenario, part.regions, "", network)
        processes = {*part.processes, *by_products(chain, part.hosts)}
    else:
        assert isinstance(part, ProductionQuota), "the only other shock of makers"
        inside = members(scenario, (part.controller,), "", network)
        processes = {name for name, p in chain.processes.items() if p.makes == part.product}
    mine = [
        called(process, processes) and inside[network.regions.index(region)] == 1
        for process, region in network.makers
    ]
    return np.flatnonzero(mine)


def by_products(chain: Chain, hosts: Collection[str]) -> set[str]:
    """Return the processes that yield a by-product of one of these hosts."""
    return {name for name, one in chain.processes.items() if one.by_product_of in hosts}


def followers(chain: Chain, network: Network, host: str) -> Ints:
    """Return the makers of by-products of a host, in all regions."""
    processes = by_products(chain, (host,))
    return np.flatnonzero([process in processes for process, _ in network.makers])


def _surging(part: Surge, scenario: Scenario, chain: Chain, network: Network) -> Ints:
    inside = members(scenario, part.regions, "", network)
    mine = [
        (called(sector, part.sectors) or chain.sectors[sector].tier in part.tiers)
        and inside[network.regions.index(region)] == 1
        for sector, region in network.uses
    ]
    return np.flatnonzero(mine)


def _slowed(
    part: TechnologyBan, scenario: Scenario, network: Network, projects: tuple[ProjectPlan, ...]
) -> Ints:
    """Return the projects that a ban on technology slows, of all strategies."""
    hit = members(scenario, part.targets, part.controller, network)
    hit &= 1 - members(scenario, part.own_technology, "", network)
    mine = [
        hit[network.regions.index(plan.part.region)] == 1
        and (not part.kinds or called(plan.part.kind, map(bare, part.kinds)))
        for plan in projects
    ]
    return np.flatnonzero(mine)


def idle(plan: ShockPlan, chain: Chain, network: Network, flow: np.ndarray) -> Iterator[str]:
    """Yield why a shock would touch nothing, if so.

    Args:
        plan: the shock.
        chain: the evidence.
        network: the shape.
        flow: reference flow of each route at the start.
    """
    part = plan.part
    if isinstance(part, Closure):
        assert plan.scope is not None, "a closure has ways"
        ways = zip(plan.scope.products, plan.scope.routes, strict=True)
        still = [network.products[p] for p, routes in ways if flow[routes].sum() <= 0.0]
        if part.products:
            yield from (f"touches no flow: no {product} goes this way" for product in still)
        elif len(still) == len(plan.scope.products):
            yield "touches no flow: nothing goes this way"
    elif isinstance(part, Curb):
        for process in part.processes:
            if not any(called(network.makers[m][0], [process]) for m in plan.hits):
                yield f"touches no flow: there is no {process} there"
        for host in part.hosts:
            if not np.isin(followers(chain, network, host), plan.hits).any():
                yield f"touches no flow: no by-product of {host} is made there"
    elif isinstance(part, ProductionQuota) and not plan.hits.size:
        yield f"touches no flow: {part.controller} makes no {part.product}"
    elif isinstance(part, Surge) and not plan.hits.size:
        yield "touches no flow: none of these sectors is in these regions"
    elif isinstance(part, TechnologyBan):
        makes = {process for process, region in network.makers if region == part.controller}
        if not makes:
            yield f"{part.controller} makes nothing in this chain, so it has nothing to withhold"
        elif not plan.hits.size:
            yield "touches no flow: no project of these kinds is built by its targets"
