"""The parts of a chain: products, processes, makers, sectors, use, leads and routes."""

import copyreg
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from monazite.evidence.record import (
    Days,
    Factor,
    Number,
    PerTonne,
    Record,
    ShareOf,
    TonnesPerYear,
    UsdPerKg,
    UsdPerT,
    records_in,
)
from monazite.naming import bare, chain_of, named
from monazite.scenario.hints import did_you_mean
from monazite.scenario.part import Part, Several, Slug

Item = TypeVar("Item")


def frozen(mapping: Mapping[str, Item]) -> Mapping[str, Item]:
    """Return a mapping that nobody can change."""
    return MappingProxyType(dict(mapping))


def _as_given(mapping: Mapping[str, object]) -> tuple[object, tuple[dict[str, object]]]:
    return frozen, (dict(mapping),)  # not the type: pickle does not find it by its name


copyreg.pickle(MappingProxyType, _as_given)  # type: ignore[arg-type]  # workers are handed chains


ByName = Annotated[Mapping[str, Item], AfterValidator(frozen)]
"""Things by their name, which nobody can change once read."""


Stage = Literal[
    "ore",
    "brine",
    "concentrate",
    "intermediate",
    "chemical",
    "oxide",
    "metal",
    "alloy",
    "material",
    "magnet",
]
"""How far from the mine a product is; `material` is what a maker of cells, chips or alloys buys."""


class Product(Part):
    """Anything with a stock, a price and a trade flow."""

    title: str
    stage: Stage
    basis: str
    """What a tonne of it counts, such as contained element or finished parts."""
    price: UsdPerKg
    """Reference price, per kg of the basis."""
    cover: Days
    """Commercial stock of users and processors, in days of reference use."""
    cover_in: ByName[Days] = Field(default_factory=dict)
    """Cover in regions that hold more or less than elsewhere."""
    accessible: ShareOf
    """Part of a year's non-controlled trade that a new buyer can get."""
    usable_share: ShareOf
    """Part of a strategic stock that fits what its users lack."""

    def cover_of(self, region: str) -> Record:
        """Return the cover that holds in a region."""
        return self.cover_in.get(region, self.cover)


class Scrap(Part):
    """What a recycling process works up, and where it comes from."""

    end_of_life: ShareOf
    """Part of the feed in the reference year that comes from worn-out goods; the rest is what
    makers leave."""
    used_in: Several[str] = ()
    """Products that become scrap where their final users wear them out."""
    recovered: PerTonne | None = None
    """Output from a tonne of those that is collected."""
    made_in: Several[str] = ()
    """Products of which the making leaves scrap."""
    delay: Days | None = None
    """Time constant from there to the recycler."""
    regions: ByName[Several[str]] = Field(default_factory=dict)
    """Where the scrap of a recycler comes from, where it is not its own region alone."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself."""
        if bool(self.used_in) != (self.recovered is not None):
            yield "", "'used_in' and 'recovered' go together"
        if bool(self.made_in) != (self.delay is not None):
            yield "", "'made_in' and 'delay' go together"
        if not self.used_in and self.end_of_life.high > 0:
            yield "end_of_life", "name the products that wear out under 'used_in'"
        if not self.made_in and self.end_of_life.low < 1:
            yield "end_of_life", "name the products whose making leaves the rest under 'made_in'"

    def regions_of(self, region: str) -> tuple[str, ...]:
        """Return where the scrap of the recycler in a region comes from."""
        return tuple(self.regions.get(region, (region,)))


class Process(Part):
    """Turns inputs into one product with fixed coefficients."""

    title: str
    makes: str
    needs: ByName[PerTonne]
    """Tonnes of each input for a tonne of output."""
    opex: ByName[UsdPerKg]
    """Conversion cost by region, without the inputs; `elsewhere` for all not named."""
    scrap: Scrap | None = None
    """What it works up, where that is scrap of this chain."""
    by_product_of: str | None = None
    """The metal whose plants yield this one beside their own, so that output follows the host;
    None where the process runs for its own sake."""

    def opex_in(self, region: str) -> Record:
        """Return the conversion cost that holds in a region."""
        return self.opex.get(region, self.opex["elsewhere"])


class Maker(Part):
    """All plants of one process in one region, taken together."""

    process: str
    region: str
    output: TonnesPerYear
    """Output of the reference year."""
    utilisation: ShareOf
    """Output over capacity in the reference year."""
    capacity: TonnesPerYear | None = None
    """Reported capacity; where it is missing, output over utilisation."""
    plants: int = Field(ge=0)
    """How many plants there are; 0 where they are too many to model their outages."""
    balances: bool
    """Whether this maker takes what does not close."""


class Sector(Part):
    """A final use with its priority tier."""

    title: str
    tier: Literal[1, 2, 3]
    product: str
    elasticity: Number
    """How much use falls with price: use moves as price to the power of minus this."""
    ceiling: ShareOf
    """Largest share of use that can be substituted."""
    lag: Days
    """Time constant of substitution."""
    adjustment: Days
    """Time over which users smooth the price that they answer to."""
    value_added: UsdPerT
    """Value added lost with a tonne that is missing."""
    cover: Days | None = None
    """The tier's own stock, where it has one."""
    life: Days | None = None
    """Mean time that goods of the sector are in use, where they become scrap of this chain."""
    life_shape: Number | None = None
    """Shape of the Weibull distribution of that time; 1 dies at random, 10 at nearly one age."""
    growth: ByName[Factor]
    """Index of use by year, 1 in the reference year."""


class Use(Part):
    """What one region uses, and for what."""

    total: TonnesPerYear
    split: ByName[ShareOf]
    """Shares of sectors; the remainder has what these leave."""
    remainder: str


class Route(Part):
    """A pair of seller and buyer between whom a product can move."""

    product: str
    seller: str = Field(alias="from")
    buyer: str = Field(alias="to")
    lead: str
    share: ShareOf | None = None
    """Part of the buyer's need that comes this way; None: by seller output and buyer need."""


def _each_pair(raw: Any) -> Any:
    """Turn a route between lists of sellers and buyers into one route for each pair."""
    if not isinstance(raw, list | tuple):
        return raw
    found: list[Any] = []
    for route in raw:
        if not isinstance(route, Mapping) or "share" in route:
            found.append(route)
            continue
        ends = [route.get(key) for key in ("from", "to")]
        sellers, buyers = ([end] if not isinstance(end, list) else end for end in ends)
        found += [{**route, "from": one, "to": other} for one in sellers for other in buyers]
    return found


class SecondOpinion(Part):
    """What another source says of the output of a product, to be laid beside the chain's own."""

    product: str
    year: int
    source: Several[str]
    where: str
    """The table and its basis, and how it was brought to the basis of the product."""
    output: ByName[float]
    """Output by region [t/yr], in the basis of the product."""
    because: str
    """Why the two differ, or that they agree."""


class Market(Part):
    """How the market of a chain moves, where it is known to differ from the general record.

    A scenario that overrides the general record overrides these as well.
    """

    price_time: Days | None = None
    price_cover_elasticity: Number | None = None
    price_tightness_elasticity: Number | None = None
    price_floor_factor: Factor | None = None
    price_cap_factor: Factor | None = None
    supplier_price_elasticity: Number | None = None
    share_time: Days | None = None
    home_first: ShareOf | None = None


class Chain(Part):
    """A chain from ore to final use, as the evidence knows it."""

    chain: Slug
    title: str
    hazard_class: str
    reference_year: int
    products: ByName[Product]
    processes: ByName[Process]
    makers: Several[Maker]
    sectors: ByName[Sector]
    use: ByName[Use]
    leads: ByName[Days]
    routes: Annotated[Several[Route], BeforeValidator(_each_pair)]
    """Pairs of seller and buyer; a file may list several of each where no share is known."""
    second_opinions: Several[SecondOpinion] = ()
    """What other sources say; no rule uses them."""
    market: Market = Market()
    """Records of this chain that stand in place of those of `behaviour.yaml`."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield every place where parts of the chain contradict each other."""
        yield from _unknown_words(self)
        if cycle := _cycle(self):
            yield "processes", f"the chain runs in a circle: {' -> '.join(cycle)}"
        yield from _scrap(self)
        for region, use in self.use.items():
            if (top := sum(record.high for record in use.split.values())) > 1:
                yield f"use.{region}.split", f"the high ends add up to {top:.4g}, above 1"
        pairs = Counter((r.product, r.seller, r.buyer) for r in self.routes)
        for pair in (pair for pair, times in pairs.items() if times > 1):
            yield "routes", f"{' '.join(pair)} stands more than once"

    def records(self) -> dict[str, Record]:
        """Return every record of the chain by its name."""
        return records_in(self)

    def regions(self) -> list[str]:
        """Return every region that makes, uses or trades, in the order of first mention."""
        named = [m.region for m in self.makers] + [bare(region) for region in self.use]
        named += [end for r in self.routes for end in (r.seller, r.buyer)]
        return list(dict.fromkeys(named))

    def makers_of(self, product: str) -> list[Maker]:
        """Return the makers of a product."""
        return [m for m in self.makers if self.processes[m.process].makes == product]

    def use_of(self, sector: str, region: str) -> Use:
        """Return what a region uses of the chain of a sector."""
        chain = chain_of(sector)
        return self.use[named(chain, region) if chain else region]

    def owner_of(self, _name: str) -> "Chain":
        """Return the chain that a product, process or sector is of."""
        return self

    def owners(self) -> "tuple[Chain, ...]":
        """Return the chains that it is made of."""
        return (self,)

    def share_of(self, region: str, sector: str) -> float:
        """Return the central share of a sector in the use of a region."""
        use = self.use_of(sector, region)
        if sector == use.remainder:
            return 1 - sum(record.central for record in use.split.values())
        return use.split[sector].central if sector in use.split else 0.0


def _unknown_words(chain: Chain) -> Iterator[tuple[str, str]]:
    for where, word, known in _words(chain):
        if word not in known:
            yield where, f"unknown '{word}'{did_you_mean(word, known)}"
    for name, process in chain.processes.items():
        if "elsewhere" not in process.opex:
            yield f"processes.{name}.opex", "'elsewhere' is missing"


def _scrap(chain: Chain) -> Iterator[tuple[str, str]]:
    """Yield every scrap that nothing leaves: no user wears it out, no maker stands below."""
    for name, process in chain.processes.items():
        if process.scrap is None:
            continue
        if process.needs:
            yield f"processes.{name}.scrap", "a process that works up scrap needs no other input"
        for product in process.scrap.used_in:
            lives = [s.life for s in chain.sectors.values() if s.product == product]
            if not any(life is not None for life in lives):
                yield f"processes.{name}.scrap", f"no sector of {product} has a 'life'"
        for product in process.scrap.made_in:
            if product not in _made_from(chain, process.makes):
                text = f"{product} is not made from {process.makes}, at any step"
                yield f"processes.{name}.scrap", text
    for name, sector in chain.sectors.items():
        if (sector.life is None) != (sector.life_shape is None):
            yield f"sectors.{name}", "'life' and 'life_shape' go together"


def _made_from(chain: Chain, product: str) -> set[str]:
    """Return what a product goes into, at any step."""
    found: set[str] = set()
    fresh = {product}
    while fresh:
        fresh = {p.makes for p in chain.processes.values() if fresh & p.needs.keys()} - found
        found |= fresh
    return found


def _words(chain: Chain) -> Iterator[tuple[str, str, Collection[str]]]:
    """Yield every word that must name something, where it stands, and what it may be."""
    for name, process in chain.processes.items():
        for product in (process.makes, *process.needs):
            yield f"processes.{name}", product, chain.products
        if process.scrap is not None:
            for product in (*process.scrap.used_in, *process.scrap.made_in):
                yield f"processes.{name}.scrap", product, chain.products
            for region, sources in process.scrap.regions.items():
                for word in (region, *sources):
                    yield f"processes.{name}.scrap.regions", word, chain.regions()
    for maker in chain.makers:
        yield f"makers.{maker.process}.{maker.region}", maker.process, chain.processes
    for name, sector in chain.sectors.items():
        yield f"sectors.{name}", sector.product, chain.products
    for region, use in chain.use.items():
        for sector_name in (*use.split, use.remainder):
            yield f"use.{region}", sector_name, chain.sectors
    for i, opinion in enumerate(chain.second_opinions):
        yield f"second_opinions.{i}", opinion.product, chain.products
    for route in chain.routes:
        where = f"routes.{route.product}.{route.seller}.{route.buyer}"
        yield where, route.product, chain.products
        yield where, route.lead, chain.leads


def _cycle(chain: Chain) -> list[str]:
    """Return one circle of products, or nothing."""
    feeds: dict[str, set[str]] = {product: set() for product in chain.products}
    for process in chain.processes.values():
        feeds.setdefault(process.makes, set()).update(process.needs)
    done: set[str] = set()

    def walk(product: str, path: list[str]) -> list[str]:
        if product in path:
            return [*path[path.index(product) :], product]
        if product in done:
            return []
        for feed in sorted(feeds.get(product, ())):
            if found := walk(feed, [*path, product]):
                return found
        done.add(product)
        return []

    return next((found for product in feeds if (found := walk(product, []))), [])
