"""The shape of a chain: who makes, needs, sells, holds and uses what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from monazite.evidence.chain import Chain, Maker
from monazite.naming import bare, chain_of
from monazite.rules.balance import Chain as Shape
from monazite.rules.records import OPEN, STRATEGIC, TIER1
from monazite.world.inputs import NONE, Inputs, Ints


@dataclass(frozen=True)
class Purchase:
    """A strategic stock that needs a place in the network.

    Attributes:
        product: what is held.
        place: where.
        barred: regions it never buys from.
    """

    product: str
    place: str
    barred: frozenset[str]


@dataclass(frozen=True)
class Network:
    """Names and index arrays of a chain; columns point into `Inputs`.

    Attributes:
        products: ids, inputs before what is made of them.
        regions: ids.
        shape: who needs and sells what, as arrays for the rules.
        pools: (product, region, kind) of each stock; kind is OPEN, TIER1 or STRATEGIC.
        makers: (process, region) of each maker.
        uses: (sector, region) of each final use.
        pool_stockpile: number of the strategic stock of a pool, or -1.
        route_barred: 1 where a purchasing office excludes the origin, shape (X,).
        maker_columns: output, utilisation and reported capacity, shape (M, 3).
        balances: 1 where a maker takes what does not close, shape (M,).
        need_column: tonnes of input per tonne, shape (N,).
        cover_column: cover of each pool, shape (H,).
        route_columns: prior share and lead time, shape (X, 2).
        price_column: reference price, shape (P,).
        use_columns: total, share (or -1 for the remainder), shape (U, 2).
    """

    products: tuple[str, ...]
    regions: tuple[str, ...]
    shape: Shape
    pools: tuple[tuple[str, str, int], ...]
    makers: tuple[tuple[str, str], ...]
    uses: tuple[tuple[str, str], ...]
    pool_stockpile: Ints
    route_barred: Ints
    maker_columns: Ints
    balances: Ints
    need_column: Ints
    cover_column: Ints
    route_columns: Ints
    price_column: Ints
    use_columns: Ints

    @cached_property
    def whole_of_use(self) -> Ints:
        """Number of the total that each use is a share of, shape (U,)."""
        return ints(np.unique(self.use_columns[:, 0], return_inverse=True)[1])

    @cached_property
    def origin(self) -> Ints:
        """Number of the pair of buying pool and region of origin of each route, shape (X,)."""
        sellers = np.array([self.regions.index(region) for _, region in self.makers])
        return ints(self.shape.route_pool * len(self.regions) + sellers[self.shape.route_maker])

    def pool(self, product: str, region: str, kind: int = OPEN) -> int:
        """Return the number of a pool, or -1 if there is none."""
        key = (product, region, kind)
        return self.pools.index(key) if key in self.pools else NONE

    def maker(self, process: str, region: str) -> int:
        """Return the number of a maker, or -1 if there is none."""
        key = (process, region)
        return self.makers.index(key) if key in self.makers else NONE


def in_order(chain: Chain) -> tuple[str, ...]:
    """Return the products of a chain, every input before what is made of it."""
    feeds: dict[str, set[str]] = {product: set() for product in chain.products}
    for process in chain.processes.values():
        feeds[process.makes].update(process.needs)
    done: list[str] = []
    while len(done) < len(feeds):
        done += [p for p in feeds if p not in done and feeds[p] <= set(done)]
    return tuple(done)


class Builder:
    """Lays out a network: makers, pools and routes in the order of the products."""

    def __init__(
        self,
        chain: Chain,
        inputs: Inputs,
        plants: Iterable[tuple[str, str]],
        purchases: Iterable[Purchase],
    ) -> None:
        self.chain = chain
        self.inputs = inputs
        self.products = in_order(chain)
        self.purchases = tuple(purchases)
        self.known: dict[tuple[str, str], Maker] = {(m.process, m.region): m for m in chain.makers}
        added = [plant for plant in dict.fromkeys(plants) if plant not in self.known]
        pairs = [*self.known, *added]
        self.makers = tuple(
            pair
            for product in self.products
            for pair in pairs
            if chain.processes[pair[0]].makes == product
        )
        places = [p.place for p in self.purchases]
        self.regions = tuple(dict.fromkeys([*chain.regions(), *places]))
        self.pools = tuple(p for product in self.products for p in self._pools_of(product))

    def _pools_of(self, product: str) -> list[tuple[str, str, int]]:
        """Return the pools of a product: open ones, tier 1's own, strategic ones."""
        chain = self.chain
        users = [r for p, r in self.makers if product in chain.processes[p].needs]
        tiers: dict[int, list[str]] = {OPEN: list(users), TIER1: []}
        for place, use in chain.use.items():
            region = bare(place)
            for name in (*use.split, use.remainder):
                sector = chain.sectors[name]
                if sector.product == product:
                    tiers[OPEN].append(region)
                    if sector.cover is not None:
                        tiers[TIER1].append(region)
        ordered = [(product, r, k) for k in (OPEN, TIER1) for r in self.regions if r in tiers[k]]
        offices = [(product, p.place, STRATEGIC) for p in self.purchases if p.product == product]
        return ordered + offices

    def build(self) -> Network:
        """Return the network."""
        maker_product = [self.chain.processes[p].makes for p, _ in self.makers]
        needs = [(m, q) for m, (p, _) in enumerate(self.makers) for q in self._needs(p)]
        routes = self._routes()
        shape = Shape(
            pool_start=starts([p for p, _, _ in self.pools], self.products),
            maker_start=starts(maker_product, self.products),
            route_start=starts([self.pools[h][0] for _, h, _, _ in routes], self.products),
            route_maker=ints([m for m, _, _, _ in routes]),
            route_pool=ints([h for _, h, _, _ in routes]),
            need_start=ints(
                [sum(1 for n, _ in needs if n < m) for m in range(len(self.makers) + 1)]
            ),
            need_pool=ints([self._pool(q, self.makers[m][1]) for m, q in needs]),
        )
        processes, inputs = self.chain.processes, self.inputs
        prices = [self.chain.products[p].price for p in self.products]
        return Network(
            products=self.products,
            regions=self.regions,
            shape=shape,
            pools=self.pools,
            makers=self.makers,
            uses=tuple(self._uses()),
            pool_stockpile=self._stockpiles(),
            route_barred=ints([self._is_barred(m, h) for m, h, _, _ in routes]),
            maker_columns=ints([self._maker_columns(pair) for pair in self.makers]),
            balances=ints([int(p in self.known and self.known[p].balances) for p in self.makers]),
            need_column=ints([inputs.of(processes[self.makers[m][0]].needs[q]) for m, q in needs]),
            cover_column=ints([self._cover_column(pool) for pool in self.pools]),
            route_columns=ints([(share, lead) for _, _, share, lead in routes]).reshape(-1, 2),
            price_column=ints([inputs.of(price) for price in prices]),
            use_columns=ints([self._use_columns(*use) for use in self._uses()]).reshape(-1, 2),
        )

    def _needs(self, process: str) -> Mapping[str, object]:
        return self.chain.processes[process].needs

    def _pool(self, product: str, region: str) -> int:
        return self.pools.index((product, region, OPEN))

    def _stockpiles(self) -> Ints:
        """Return the number of the purchase behind each strategic pool."""
        numbers = np.full(len(self.pools), NONE, np.int64)
        for product in self.products:
            pools = [h for h, p in enumerate(self.pools) if p[0] == product and p[2] == STRATEGIC]
            offices = [s for s, p in enumerate(self.purchases) if p.product == product]
            numbers[pools] = offices
        return numbers

    def _is_barred(self, m: int, h: int) -> int:
        office = int(self._stockpiles()[h])
        return int(office >= 0 and self.makers[m][1] in self.purchases[office].barred)

    def _maker_columns(self, pair: tuple[str, str]) -> tuple[int, int, int]:
        maker = self.known.get(pair)
        if maker is None:
            return NONE, NONE, NONE
        capacity = NONE if maker.capacity is None else self.inputs.of(maker.capacity)
        return self.inputs.of(maker.output), self.inputs.of(maker.utilisation), capacity

    def _cover_column(self, pool: tuple[str, str, int]) -> int:
        product, region, kind = pool
        if kind == STRATEGIC:
            return NONE
        if kind == TIER1:
            uses = [s for s, r in self._uses() if r == region and chain_of(s) == chain_of(product)]
            covers = [self.chain.sectors[s].cover for s in uses]
            own = [c for c in covers if c is not None]
            return self.inputs.of(own[0])
        return self.inputs.of(self.chain.products[product].cover_of(region))

    def _uses(self) -> list[tuple[str, str]]:
        return [
            (sector, bare(place))
            for place, use in self.chain.use.items()
            for sector in (*use.split, use.remainder)
        ]

    def _use_columns(self, sector: str, region: str) -> tuple[int, int]:
        use = self.chain.use_of(sector, region)
        total = self.inputs.of(use.total)
        return total, NONE if sector == use.remainder else self.inputs.of(use.split[sector])

    def _routes(self) -> list[tuple[int, int, int, int]]:
        """Return (maker, pool, share column, lead column) of each route, sorted by pool."""
        rows = []
        for h, (product, region, kind) in enumerate(self.pools):
            for m, (process, seller) in enumerate(self.makers):
                if self.chain.processes[process].makes != product:
                    continue
                lead, share = self._link(product, seller, region, kind)
                if lead != NONE:
                    rows.append((m, h, share, lead))
        return rows

    def _link(self, product: str, seller: str, buyer: str, kind: int) -> tuple[int, int]:
        """Return lead and share column of a pair, or NONE where nothing can move.

        Recorded shares are those of the open market; a purchasing office finds a way of
        its own where the chain has none.
        """
        leads, chain = self.chain.leads, chain_of(product)
        routes = [route for route in self.chain.routes if chain_of(route.product) == chain]
        for route in routes:
            if (route.product, route.seller, route.buyer) == (product, seller, buyer):
                known = route.share if kind == OPEN else None
                share = NONE if known is None else self.inputs.of(known)
                return self.inputs.of(leads[route.lead]), share
        if kind != STRATEGIC:
            return NONE, NONE
        for route in routes:
            if (route.seller, route.buyer) == (seller, buyer):
                return self.inputs.of(leads[route.lead]), NONE
        own = [name for name in leads if chain_of(name) == chain]
        longest = max(own, key=lambda name: leads[name].central)
        return self.inputs.of(leads[longest]), NONE


def starts(names: list[str], products: tuple[str, ...]) -> Ints:
    """Return where the rows of each product begin, and the end."""
    return ints([0, *np.cumsum([names.count(product) for product in products])])


def ints(values: object) -> Ints:
    """Return whole numbers as an array."""
    return np.asarray(values, dtype=np.int64)
