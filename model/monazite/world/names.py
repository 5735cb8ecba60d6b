"""The names behind the axes of the results."""

from collections.abc import Iterable

from monazite.evidence.chain import Chain
from monazite.rules.records import OPEN, STRATEGIC, TIER1
from monazite.scenario.parts import Scenario
from monazite.trajectories import Layout
from monazite.world.controls import ControlPlan
from monazite.world.network import Network
from monazite.world.plan import StockpilePlan

KINDS = {OPEN: "open", TIER1: "tier1", STRATEGIC: "strategic"}


def layout_of(
    network: Network,
    chain: Chain,
    scenario: Scenario,
    stockpiles: Iterable[StockpilePlan],
    controls: ControlPlan,
) -> Layout:
    """Return the names of uses, routes, makers, pools, stockpiles, instruments and so on."""
    processes = chain.processes
    routes = []
    for m, h in zip(network.shape.route_maker, network.shape.route_pool, strict=True):
        (process, seller), (product, buyer, kind) = network.makers[m], network.pools[h]
        routes.append((seller, process, product, buyer, KINDS[kind]))
    sectors = chain.sectors
    return Layout(
        uses=tuple((s, r, sectors[s].product, int(sectors[s].tier)) for s, r in network.uses),
        routes=tuple(routes),
        makers=tuple((process, r, processes[process].makes) for process, r in network.makers),
        pools=tuple((product, region, KINDS[kind]) for product, region, kind in network.pools),
        stockpiles=tuple(
            (s.strategy, s.part.name, s.part.product, s.part.place) for s in stockpiles
        ),
        instruments=tuple(
            (name, part.name)
            for name, strategy in scenario.strategies.items()
            for part in strategy.instruments
        ),
        yards=tuple(
            (process, region, processes[process].makes)
            for process, region in network.makers
            if processes[process].scrap is not None
        ),
        products=network.products,
        regions=network.regions,
        suppressions=tuple(part.name for part in scenario.disruptions.suppression),
        leaky=controls.leaky,
    )
