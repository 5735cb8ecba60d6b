"""Who draws on which pool, and which origins are barred from whom at the start."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from monazite.evidence.chain import Chain
from monazite.evidence.regions import ProcurementRule, blocs
from monazite.naming import chain_of
from monazite.rules.records import OPEN, TIER1
from monazite.world.inputs import Ints
from monazite.world.network import Network
from monazite.world.tables import Ends, made_from

DEPTHS = {"product": 1, "chain": 2}


@dataclass(frozen=True, eq=False)
class EndUse:
    """What an end-use ban on tier 1 does while it is in force.

    Attributes:
        controlled: 1 for the makers whose output tier 1 may not use, shape (M,).
        depth: how deep origin counts, 0, 1 or 2, shape (H,).
        barred: 1 for routes from these makers to pools of tier 1, shape (X,).
    """

    controlled: Ints
    depth: Ints
    barred: Ints


def end_use(network: Network, controller: str, products: tuple[int, ...], targets: Ints) -> EndUse:
    """Return what a ban on products of a controller does to tier 1 of its targets.

    Origin counts at every step where something is banned that the users' product is made
    of, and at the last step where that product alone is.
    """
    shape = network.shape
    maker_product = np.repeat(np.arange(len(network.products)), np.diff(shape.maker_start))
    ours = np.array([region == controller for _, region in network.makers])
    controlled = (ours & np.isin(maker_product, products)).astype(np.int64)
    upstream = made_from(shape)[:, list(products)].max(axis=1)
    depth = np.zeros(len(network.pools), np.int64)
    for h, (product, region, kind) in enumerate(network.pools):
        p = network.products.index(product)
        if kind == TIER1 and targets[network.regions.index(region)] == 1:
            depth[h] = 2 if upstream[p] else int(p in products)
    barred = controlled[shape.route_maker] & (depth[shape.route_pool] > 0)
    return EndUse(controlled, depth, barred.astype(np.int64))


def holds_on(rule: ProcurementRule, day: date) -> bool:
    """Return whether a procurement rule is in force on a day."""
    begun = rule.start is None or rule.start <= day
    return begun and (rule.end is None or day <= rule.end)


def depth_in(region: str, rules: Iterable[ProcurementRule], day: date) -> int:
    """Return how deep origin counts for tier 1 of a region on a day: 0, 1 or 2."""
    found = [DEPTHS[r.depth] for r in rules if r.region == region and holds_on(r, day)]
    return max(found, default=0)


def barred_from(region: str, rules: Iterable[ProcurementRule], day: date) -> frozenset[str]:
    """Return the origins that are barred from tier 1 of a region on a day."""
    found = [r.barred for r in rules if r.region == region and holds_on(r, day)]
    return frozenset(origin for barred in found for origin in barred)


def ends_of(network: Network, chain: Chain, rules: tuple[ProcurementRule, ...], day: date) -> Ends:
    """Return the pools of the uses and the rules on origin that hold at the start."""
    use_pool, open_pool, tier = [], [], []
    for sector, region in network.uses:
        product = chain.sectors[sector].product
        common = network.pool(product, region, OPEN)
        own = chain.sectors[sector].cover is not None
        use_pool.append(network.pool(product, region, TIER1) if own else common)
        open_pool.append(common)
        tier.append(chain.sectors[sector].tier)
    return Ends(
        use_pool=np.array(use_pool, np.int64),
        open_pool=np.array(open_pool, np.int64),
        tier=np.array(tier, np.int64),
        depth=np.array(
            [depth_in(r, _of(p, rules), day) if k == TIER1 else 0 for p, r, k in network.pools],
            np.int64,
        ),
        barred=barred_routes(network, rules, day),
        controlled=np.array([_barred_by(chain, p, r, rules) for p, r in network.makers], np.int64),
        friends=_friends(network.regions),
    )


def _of(name: str, rules: Iterable[ProcurementRule]) -> tuple[ProcurementRule, ...]:
    """Return the rules that speak of the chain of a product; all where there is one chain."""
    chain = chain_of(name)
    return tuple(rule for rule in rules if not chain or chain in rule.chains)


def _barred_by(chain: Chain, process: str, region: str, rules: Iterable[ProcurementRule]) -> int:
    """Return 1 where some tier of its chain is barred from what a region makes."""
    bound = chain.owner_of(process).regions()
    return int(any(region in r.barred for r in _of(process, rules) if r.region in bound))


def changes(rules: tuple[ProcurementRule, ...]) -> list[date]:
    """Return the days on which procurement rules begin or end."""
    days = {rule.start for rule in rules if rule.start is not None}
    days |= {rule.end + timedelta(days=1) for rule in rules if rule.end is not None}
    return sorted(days)


def barred_routes(network: Network, rules: tuple[ProcurementRule, ...], day: date) -> Ints:
    """Return 1 for each route whose origin is barred from its tier-1 pool on a day."""
    out = [
        barred_from(r, _of(p, rules), day) if kind == TIER1 else frozenset[str]()
        for p, r, kind in network.pools
    ]
    shape = network.shape
    pairs = zip(shape.route_maker, shape.route_pool, strict=True)
    return np.array([int(network.makers[m][1] in out[h]) for m, h in pairs], np.int64)


def _friends(regions: tuple[str, ...]) -> Ints:
    """Return 1 where two regions share a bloc."""
    members = [frozenset(bloc.members) for bloc in blocs().values()]
    rows = [[int(any(a in m and b in m for m in members)) for b in regions] for a in regions]
    return np.array(rows, np.int64)
