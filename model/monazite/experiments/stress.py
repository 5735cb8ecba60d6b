"""A standard test of a chain: its largest supplier stops selling abroad for a year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from monazite.evidence import Behaviour, Chain, Phases, read_behaviour, read_phases
from monazite.measures.run import check_demand
from monazite.measures.stress import Stress, is_capped, loss, prices_of
from monazite.scenario.parts import Scenario
from monazite.simulation.run import World, draw_world, edges_by, simulate
from monazite.trajectories import Floats
from monazite.world.prepare import Prepared, prepare_from

START = date(2025, 1, 1)
AFTER = timedelta(days=3 * 365)
"""How long the run goes on when the ban is over, so that shortages can end."""
EVERYTHING = "everything"
"""Stands for the product where all that a supplier exports is banned."""
NOBODY = "rest_of_world"
"""Many countries taken together, which no government speaks for."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every chain.

    Attributes:
        days: how long the ban lasts.
        severity: the part of its exports that the controller stops.
        region: whose losses are counted; None for everyone but the controller.
        controller: who bans; None for the largest supplier of each product.
        product: what is banned; None for each traded product in turn.
        together: whether a supplier bans all that it exports at once.
    """

    days: int = 365
    severity: float = 1.0
    region: str | None = None
    controller: str | None = None
    product: str | None = None
    together: bool = False


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who sells a product abroad.

    Attributes:
        region: the seller.
        sold: what it sells abroad [t/d].
        output_share: its part of the world's output.
        outside_share: its part of what others use.
    """

    region: str
    sold: float
    output_share: float
    outside_share: float


@dataclass(frozen=True, slots=True)
class Ban:
    """What one supplier sells no more.

    Attributes:
        products: what is banned.
        supplier: who bans, with its parts of the market; where several products are banned,
            of the market where others depend on it most.
    """

    products: tuple[str, ...]
    supplier: Supplier


def stress(chain: Chain, question: Question) -> list[Stress]:
    """Ban what a chain trades, one run for each ban; return them worst first.

    At central values, without growth, outages and procurement rules, from a quiet start.

    Raises:
        ScenarioError: a chain that cannot be balanced.
    """
    evidence = (read_behaviour(), read_phases())
    bans = _bans(_prepared(chain, evidence, None, question), question)
    found = [_banned(chain, evidence, ban, question) for ban in bans]
    return worst_first(one for one in found if one.loss.use_t_per_yr > 0)


def _bans(still: Prepared, question: Question) -> list[Ban]:
    """Return the bans that are asked for."""
    single = [
        Ban((product,), supplier)
        for product in still.network.products
        for supplier in _chosen(suppliers(still, product), question)
        if question.product in (None, product)
    ]
    if not question.together:
        return single
    regions = dict.fromkeys(ban.supplier.region for ban in single)
    return [_everything(still, region) for region in regions]


def _everything(still: Prepared, region: str) -> Ban:
    """Return a ban on all that a region exports."""
    sold = {
        product: supplier
        for product in still.network.products
        for supplier in suppliers(still, product)
        if supplier.region == region
    }
    return Ban(tuple(sold), max(sold.values(), key=lambda one: one.outside_share))


def quiet(chain: Chain) -> Prepared:
    """Return a chain at its quiet start, with nothing to come."""
    return _prepared(chain, (read_behaviour(), read_phases()), None, Question())


def worst_first(found: Iterable[Stress]) -> list[Stress]:
    """Return bans by what they leave unserved, the largest part of a year's use first."""
    return sorted(
        found, key=lambda one: (-one.loss.not_served_share, -one.price_multiple, one.chain)
    )


def suppliers(still: Prepared, product: str) -> list[Supplier]:
    """Return who sells a product abroad at the start, most first."""
    start, network = still.balance(still.central()), still.network
    p = network.products.index(product)
    makers = slice(network.shape.maker_start[p], network.shape.maker_start[p + 1])
    pools = slice(network.shape.pool_start[p], network.shape.pool_start[p + 1])
    making = [region for _, region in network.makers[makers]]
    using = [region for _, region, _ in network.pools[pools]]
    made, used = _by_name(making, start.made[makers]), _by_name(using, start.used[pools])
    world, sold = sum(made.values()), _sold(still, p, start.flow)
    found = [
        Supplier(region, each, made[region] / world, each / (world - used.get(region, 0.0)))
        for region, each in sold.items()
    ]
    return sorted(found, key=lambda one: (-one.sold, one.region))


def _by_name(names: Sequence[str], amounts: Floats) -> dict[str, float]:
    found = dict.fromkeys(names, 0.0)
    for name, amount in zip(names, amounts, strict=True):
        found[name] += float(amount)
    return found


def _sold(still: Prepared, p: int, flow: Floats) -> dict[str, float]:
    """Return what each region sells of one product to others [t/d]."""
    network, found = still.network, dict[str, float]()
    for x in range(network.shape.route_start[p], network.shape.route_start[p + 1]):
        seller = network.makers[network.shape.route_maker[x]][1]
        buyer = network.pools[network.shape.route_pool[x]][1]
        if seller != buyer and flow[x] > 0:
            found[seller] = found.get(seller, 0.0) + float(flow[x])
    return found


def _chosen(sellers: Sequence[Supplier], question: Question) -> list[Supplier]:
    """Return the suppliers that ban: the one asked for, else the largest.

    The largest is who makes most among those who export, and who exports most where that
    is another.
    """
    able = [
        one
        for one in sellers
        if one.region not in (NOBODY, question.region) and question.controller in (None, one.region)
    ]
    return list(dict.fromkeys([max(able, key=_output_share), able[0]])) if able else []


def _output_share(supplier: Supplier) -> float:
    return supplier.output_share


def _prepared(
    chain: Chain,
    evidence: tuple[Behaviour, Phases],
    ban: Ban | None,
    question: Question,
) -> Prepared:
    """Return a chain ready to run, with a ban from the first day."""
    behaviour, phases = evidence
    length = timedelta(days=question.days)
    scenario = Scenario.model_validate(
        {
            "schema": 1,
            "name": "stress",
            "title": "A ban by the largest supplier",
            "chain": chain.chain,
            "start": START,
            "end": START + length + AFTER,
            "review": "1 day",
            "growth": False,
            "uncertain": False,
            "report": [chain.regions()[0]],
            "disruptions": {
                "outages": False,
                "procurement": False,
                "scheduled": [] if ban is None else [_control(ban, question)],
            },
            "strategies": {"none": {}},
        }
    )
    return prepare_from(scenario, chain, behaviour, phases, ())


def _control(ban: Ban, question: Question) -> Mapping[str, object]:
    whole = question.severity >= 1
    form = {"form": "ban"} if whole else {"form": "quota", "allowed": 1 - question.severity}
    return {
        "name": "ban",
        "controller": ban.supplier.region,
        "products": ban.products,
        "targets": ["all"],
        "start": START,
        "duration": f"{question.days} days",
        **form,
    }


def _banned(
    chain: Chain, evidence: tuple[Behaviour, Phases], ban: Ban, question: Question
) -> Stress:
    """Run one ban and say what it did."""
    ready, supplier = _prepared(chain, evidence, ban, question), ban.supplier
    world = draw_world(ready, 0)
    run = simulate(world, "none", edges_by(ready, "review"))
    check_demand(run)
    others = [region for region in ready.network.regions if region != supplier.region]
    counted = others if question.region is None else [question.region]
    reached = set[str]().union(*(made_of(chain, product) for product in ban.products))
    price = np.hstack([prices_of(run, product, counted) for product in ban.products])
    return Stress(
        chain=chain.chain,
        product=EVERYTHING if question.together else ban.products[0],
        controller=supplier.region,
        output_share=supplier.output_share,
        outside_share=supplier.outside_share,
        loss=loss(run, reached, counted),
        price_multiple=float(price.max(initial=1.0)),
        price_capped=is_capped(price, *_cap(world)),
    )


def made_of(chain: Chain, product: str) -> set[str]:
    """Return a product and everything that is made of it, at any step."""
    found = {product}
    while True:
        more = {part.makes for part in chain.processes.values() if found & set(part.needs)} - found
        if not more:
            return found
        found |= more


def _cap(world: World) -> tuple[float, float]:
    """Return the log of the highest price, and the part of its gap that a price closes."""
    product = world.model.products[0]  # those of a chain move alike
    return float(product["log_cap"]), float(product["price_step"])
