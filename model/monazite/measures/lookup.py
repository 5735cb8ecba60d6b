"""Which uses and flows belong to which group: looked up once, used for every run."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypedDict

import numpy as np

from monazite.measures.items import (
    COSTS,
    HEADLINE,
    MARKETS,
    PRICES,
    TIERS,
    TOTALS,
    WORLD,
    YEARLY,
)
from monazite.naming import chain_of
from monazite.trajectories import Floats, Ints, Layout


@dataclass(frozen=True, slots=True)
class Source:
    """Where a product comes from, for one group.

    Attributes:
        group: the group that is supplied.
        product: what is supplied.
        kind: `own_production`, `recycling`, `import`, `leaked`, `commercial_stock_change`,
            `strategic_release` or `strategic_purchase`.
        origin: the region that an import, or what leaked, comes from, else empty.
    """

    group: str
    product: str
    kind: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Members:
    """Columns that belong to each sum; every sum starts with the empty column -1."""

    columns: Ints
    starts: Ints


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is looked up once and used for every run.

    Attributes:
        layout: the names behind the axes.
        groups: the groups that are reported, in order.
        years: the calendar years of the run.
        year_start_d: first day of each year, in days since the start.
        uses: the uses of each group and tier.
        used: the product of each use.
        sources: the sources of supply that the layout has for the groups.
        flows: the columns of each source.
        markets: the regions of each product and market, as columns of the prices.
        sales: the routes of each product and market.
        sold_at: the column of prices that holds for what is shipped on each route.
    """

    layout: Layout
    groups: tuple[str, ...]
    years: tuple[int, ...]
    year_start_d: Floats
    uses: Members
    used: Ints
    sources: tuple[Source, ...]
    flows: Members
    markets: Members
    sales: Members
    sold_at: Ints

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each part of `Measures`, in the order of `flat`."""
        years, by = len(self.years), (len(self.groups), len(TIERS))
        instruments = len(self.layout.instruments)
        return {
            "yearly": (len(YEARLY), years, *by),
            "headline": (len(HEADLINE), *by),
            "supply": (years, len(self.sources)),
            "prices": (len(PRICES), years, len(self.layout.products), len(MARKETS)),
            "costs": (len(COSTS), years, instruments),
            "salvage": (instruments,),
            "forgone": (years, len(self.layout.suppressions)),
            "totals": (len(TOTALS),),
            "world": (len(WORLD),),
        }

    def part(self, name: str) -> slice:
        """Return where one part lies in the flat form."""
        first = 0
        for part, shape in self.shapes.items():
            size = int(np.prod(shape))
            if part == name:
                return slice(first, first + size)
            first += size
        raise KeyError(name)

    @property
    def size(self) -> int:
        """How many numbers one run comes down to."""
        return sum(int(np.prod(shape)) for shape in self.shapes.values())


def plan(
    layout: Layout,
    groups: Mapping[str, Sequence[str]],
    start: date,
    end_d: float,
    controllers: Mapping[str, Collection[str]],
) -> Plan:
    """Look up which uses and flows belong to which group.

    Args:
        layout: the names behind the axes of the trajectories.
        groups: the regions of each group; a plain region maps to itself.
        start: the first day of the run.
        end_d: length of the run in days.
        controllers: the regions that may control a product, by product.
    """
    last = start + timedelta(days=max(0.0, end_d - 1e-6))
    years = tuple(range(start.year, last.year + 1))
    uses = [
        [
            u
            for u, use in enumerate(layout.uses)
            if use[1] in regions and tier in (str(use[3]), "all") and belongs(use[2], group)
        ]
        for group, regions in groups.items()
        for tier in TIERS
    ]
    columns: dict[Source, list[int]] = {}
    for group, regions in groups.items():
        if chain_of(group):
            continue  # each product tells its chain itself
        for source, column in _flows(layout, group, frozenset(regions)):
            columns.setdefault(source, []).append(column)
    sources = sorted(columns, key=lambda source: _order(source, layout, tuple(groups)))
    return Plan(
        layout=layout,
        groups=tuple(groups),
        years=years,
        year_start_d=np.array([float((date(y, 1, 1) - start).days) for y in years]),
        uses=_members(uses),
        used=np.array([layout.products.index(use[2]) for use in layout.uses], np.int64),
        sources=tuple(sources),
        flows=_members([columns[source] for source in sources]),
        **_markets(layout, controllers),
    )


def belongs(product: str, group: str) -> bool:
    """Return whether a product counts for a group that is reported: of its chain, or of any."""
    return chain_of(group) in ("", chain_of(product))


class _Markets(TypedDict):
    markets: Members
    sales: Members
    sold_at: Ints


def _markets(layout: Layout, controllers: Mapping[str, Collection[str]]) -> _Markets:
    """Look up who buys each product at home, outside and in the world; only buyers count."""
    regions: list[list[int]] = []
    sales: list[list[int]] = []
    for p, product in enumerate(layout.products):
        homes = controllers.get(product, ())
        routes = [(x, route[3]) for x, route in enumerate(layout.routes) if route[2] == product]
        for among in (
            {buyer for _, buyer in routes if buyer in homes},
            {buyer for _, buyer in routes if buyer not in homes},
            {buyer for _, buyer in routes},
        ):
            places = sorted(layout.regions.index(region) for region in among)
            regions.append([p * len(layout.regions) + r for r in places])
            sales.append([x for x, buyer in routes if buyer in among])
    sold_at = [
        layout.products.index(product) * len(layout.regions) + layout.regions.index(buyer)
        for _, _, product, buyer, _ in layout.routes
    ]
    return {
        "markets": _members(regions),
        "sales": _members(sales),
        "sold_at": np.array(sold_at, np.int64),
    }


def _flows(layout: Layout, group: str, regions: frozenset[str]) -> Iterable[tuple[Source, int]]:
    for x, (maker, process, product, buyer, _) in enumerate(layout.routes):
        if buyer not in regions:
            continue
        if maker not in regions:
            yield Source(group, product, "import", maker), x
        else:
            recycles = process.endswith("recycling") or (process, maker, product) in layout.yards
            own = "recycling" if recycles else "own_production"
            yield Source(group, product, own), x
        if x in layout.leaky:
            leaked = len(layout.routes) + 2 * len(layout.stockpiles) + len(layout.pools)
            yield Source(group, product, "leaked", maker), leaked + layout.leaky.index(x)
    drawn = len(layout.routes)
    bought = drawn + len(layout.stockpiles)
    for s, (_, _, product, place) in enumerate(layout.stockpiles):
        if place in regions:
            yield Source(group, product, "strategic_release"), drawn + s
            yield Source(group, product, "strategic_purchase"), bought + s
    stock = bought + len(layout.stockpiles)
    for h in layout.commercial:
        product, region, _ = layout.pools[h]
        if region in regions:
            yield Source(group, product, "commercial_stock_change"), stock + h


_KINDS = (
    "own_production",
    "recycling",
    "import",
    "leaked",
    "commercial_stock_change",
    "strategic_release",
    "strategic_purchase",
)


def _order(source: Source, layout: Layout, groups: tuple[str, ...]) -> tuple[int, ...]:
    origin = layout.regions.index(source.origin) if source.origin else -1
    product = layout.products.index(source.product)
    return groups.index(source.group), product, _KINDS.index(source.kind), origin


def _members(lists: Sequence[Sequence[int]]) -> Members:
    columns = [column for members in lists for column in (-1, *members)]
    sizes = [len(members) + 1 for members in lists]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]) if sizes else np.zeros(0)
    return Members(np.array(columns, dtype=np.int64), starts.astype(np.int64))
