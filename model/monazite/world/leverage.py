"""What random controls answer to: who depends on whom, and what a stop would cost each side."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from monazite.rules.records import STRATEGIC, Model
from monazite.world.controls import Source
from monazite.world.inputs import Floats, Ints
from monazite.world.instruments import regions_of
from monazite.world.network import ints

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared


@dataclass(frozen=True)
class Members:
    """Rows of one table that count for some of the pairs.

    Attributes:
        row: number of the row, shape (n,).
        pair: number of the pair that it counts for, shape (n,).
    """

    row: Ints
    pair: Ints

    def added(self, amounts: Floats, pairs: int) -> Floats:
        """Return the amounts of the rows, shape (n,), added up by pair."""
        return np.bincount(self.pair, amounts, pairs).astype(np.float64)


@dataclass(frozen=True)
class Stance:
    """What the targets of random controls have at one time.

    Attributes:
        use_per_d: reference use of each pool, shape (H,).
        capacity_per_d: of each maker, shape (M,).
        made_per_d: what each maker makes, shape (M,).
    """

    use_per_d: Floats
    capacity_per_d: Floats
    made_per_d: Floats


@dataclass(frozen=True)
class Exposure:
    """The pairs of a scope and one of its products, over all sources, and who counts for each.

    Attributes:
        pools: commercial pools of the targets.
        routes: routes from the controller to these.
        bought_in: pool of each of these routes.
        makers: makers of the targets, and of regions that share a bloc with one.
        stocks: stockpiles that a target may draw on.
        scope_of: number of the scope of each pair, counted over all sources, shape (Z,).
        product_of: product of each pair, shape (Z,).
        source_of: number of the source of each scope, shape (J,).
        weight: how likely each scope is in its source, shape (J,).
    """

    pools: Members
    routes: Members
    bought_in: Ints
    makers: Members
    stocks: Members
    scope_of: Ints
    product_of: Ints
    source_of: Ints
    weight: Floats

    def dependence(self, model: Model, stance: Stance, horizon_d: float) -> Floats:
        """Return the dependence of each pair, 0 to 1, shape (Z,).

        The controller's part of the targets' habitual supply, less the part that stock above
        normal could serve over the horizon, less what idle plants of theirs could make.
        """
        pools, count = model.pools, self.scope_of.size
        use = stance.use_per_d
        whole = self.pools.added(use[self.pools.row], count)
        bought = model.routes["share"][self.routes.row] * use[self.bought_in]
        spare_t = np.maximum(0.0, pools["stock_t"] - pools["cover_d"] * use)[self.pools.row]
        offices = model.stockpiles[self.stocks.row]
        held_t = pools["stock_t"][offices["pool"]] * (offices["active"] == 1)
        idle = np.maximum(0.0, stance.capacity_per_d - stance.made_per_d)[self.makers.row]
        net = self.routes.added(bought, count) - self.makers.added(idle, count)
        net -= (self.pools.added(spare_t, count) + self.stocks.added(held_t, count)) / horizon_d
        part = np.divide(net, whole, out=np.zeros(count), where=whole > 0.0)
        return np.asarray(np.minimum(1.0, np.maximum(0.0, part)))

    def by_scope(self, pairs: Floats) -> Floats:
        """Return the mean over the products of each scope, shape (J,)."""
        scopes = self.source_of.size
        return np.asarray(np.bincount(self.scope_of, pairs, scopes) / np.bincount(self.scope_of))

    def by_source(self, scopes: Floats) -> Floats:
        """Return the mean over the scopes of each source, as likely as they are, shape (I,)."""
        whole = np.bincount(self.source_of, self.weight)
        return np.asarray(np.bincount(self.source_of, self.weight * scopes) / whole)

    def borne(self, model: Model, value_added: Floats) -> Floats:
        """Return the part of what a stop destroys that the targets bear, shape (Z,).

        They lose the value added of the uses that take the product or what is made of it; the
        controller loses what it sells them of it. Both at the start.
        """
        count, uses = self.scope_of.size, model.uses
        rows, products = self.routes.row, self.product_of
        sold = self.routes.added(model.flow_year[0][rows], count) * model.price_usd_per_t[products]
        hit = np.zeros((count, model.log_price.shape[1]))
        hit[self.pools.pair, model.pools["region"][self.pools.row]] = 1.0
        takes = model.made_from + np.eye(model.made_from.shape[0])
        counts = takes[uses["product"]][:, products] * hit[:, uses["region"]].T
        lost = (value_added * model.demand_year[0]) @ counts
        both = lost + sold
        return np.asarray(np.divide(lost, both, out=np.zeros(count), where=both > 0.0))


def exposure_of(prepared: "Prepared") -> Exposure:
    """Return who counts for the dependence on each source of random controls."""
    sources = prepared.controls.sources
    scopes = [(i, scope) for i, source in enumerate(sources) for scope in source.scopes]
    pairs = [(j, p, k) for j, (_, one) in enumerate(scopes) for k, p in enumerate(one.products)]
    found: dict[str, list[tuple[int, int]]] = {
        "pools": [],
        "routes": [],
        "makers": [],
        "stocks": [],
    }
    for z, (j, p, k) in enumerate(pairs):
        i, scope = scopes[j]
        rows = _rows(prepared, sources[i], scope.targets, p)
        kept = set(rows["pools"])
        pool_of = prepared.network.shape.route_pool
        rows["routes"] = [int(x) for x in scope.routes[k] if int(pool_of[x]) in kept]
        for name, numbers in rows.items():
            found[name] += [(number, z) for number in numbers]
    members = {name: Members(*ints(both).reshape(-1, 2).T) for name, both in found.items()}
    return Exposure(
        **members,
        bought_in=prepared.network.shape.route_pool[members["routes"].row],
        scope_of=ints([j for j, _, _ in pairs]),
        product_of=ints([p for _, p, _ in pairs]),
        source_of=ints([i for i, _ in scopes]),
        weight=np.array([scope.weight for _, scope in scopes], np.float64),
    )


def _rows(prepared: "Prepared", source: Source, targets: Ints, p: int) -> dict[str, list[int]]:
    """Return who counts for one product: pools, makers and stockpiles by number."""
    network, regions = prepared.network, prepared.network.regions
    product, hit = network.products[p], targets == 1
    near = hit | (prepared.ends.friends[hit].sum(axis=0) > 0)
    near[regions.index(source.part.controller)] = False
    makes = prepared.chain.processes
    owners = [regions_of(prepared, s.part.owner) for s in prepared.stockpiles]
    return {
        "pools": [
            h
            for h, (what, region, kind) in enumerate(network.pools)
            if what == product and kind != STRATEGIC and hit[regions.index(region)]
        ],
        "makers": [
            m
            for m, (process, region) in enumerate(network.makers)
            if makes[process].makes == product and near[regions.index(region)]
        ],
        "stocks": [
            s
            for s, plan in enumerate(prepared.stockpiles)
            if plan.part.product == product and any(hit[regions.index(r)] for r in owners[s])
        ],
    }
