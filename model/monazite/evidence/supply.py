"""How concentrated the supply of a product is, and how far a region lives on imports."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monazite.evidence.chain import Chain, Maker

REST = "rest_of_world"
"""Stands for many countries, so it is never the largest supplier."""


@dataclass(frozen=True, slots=True)
class Supply:
    """Who makes and who uses a product in the reference year, as recorded; in t/yr by region.

    Attributes:
        output: what is made.
        capacity: what could be made: as reported, else output over utilisation.
        use: what makers of other products and final users take.
    """

    output: Mapping[str, float]
    capacity: Mapping[str, float]
    use: Mapping[str, float]

    @property
    def largest(self) -> str:
        """The country that makes most; the rest of the world only where there is no other."""
        named = [region for region in self.output if region != REST] or [REST]
        return max(named, key=lambda region: self.output.get(region, 0.0))

    def share(self, region: str) -> float:
        """Return the part of all output that a region makes."""
        total = sum(self.output.values())
        return self.output.get(region, 0.0) / total if total else 0.0

    @property
    def hhi(self) -> tuple[float, float]:
        """Herfindahl-Hirschman index, 0 to 10,000: squares of the shares in per cent, added up.

        The first takes the rest of the world as many small makers, which add nothing, the
        second as one.
        """
        named = sum((100 * self.share(region)) ** 2 for region in self.output if region != REST)
        return named, named + (100 * self.share(REST)) ** 2

    @property
    def without_largest(self) -> float:
        """N-1 from shares alone: one less the share of the largest supplier."""
        return 1.0 - self.share(self.largest)

    @property
    def with_spare(self) -> float | None:
        """N-1 coverage of all use: capacity of all others over use everywhere."""
        return self._covered(self.use)

    @property
    def outside(self) -> float | None:
        """N-1 coverage outside: capacity of all others over use outside the largest supplier."""
        return self._covered(region for region in self.use if region != self.largest)

    def _covered(self, users: Iterable[str]) -> float | None:
        others = sum(t for region, t in self.capacity.items() if region != self.largest)
        used = sum(self.use[region] for region in users)
        return others / used if used else None

    def reliance(self, region: str) -> float | None:
        """Return net import reliance: use less own output, over use; below 0 for an exporter.

        The definition of the USGS, with no change of stocks in the reference year. None where
        a region uses nothing.
        """
        used = self.use.get(region, 0.0)
        return (used - self.output.get(region, 0.0)) / used if used else None


def supplies(chain: Chain) -> dict[str, Supply]:
    """Return the supply of every product of a chain, at central values.

    >>> from monazite.evidence import read_chain
    >>> magnets = supplies(read_chain("ndfeb"))["magnets"]
    >>> magnets.largest, round(magnets.share("china"), 2)
    ('china', 0.94)
    """
    return {product: _supply(chain, product) for product in chain.products}


def capacity_of(maker: Maker) -> float:
    """Return what a maker could make in a year [t]."""
    if maker.capacity is not None:
        return max(maker.capacity.central, maker.output.central)
    return maker.output.central / maker.utilisation.central


def _supply(chain: Chain, product: str) -> Supply:
    output: dict[str, float] = {}
    capacity: dict[str, float] = {}
    for maker in chain.makers_of(product):
        output[maker.region] = output.get(maker.region, 0.0) + maker.output.central
        capacity[maker.region] = capacity.get(maker.region, 0.0) + capacity_of(maker)
    return Supply(output, capacity, _use(chain, product))


def _use(chain: Chain, product: str) -> dict[str, float]:
    """Return what is used of a product, by region [t/yr]."""
    use: dict[str, float] = {}
    for maker in chain.makers:
        need = chain.processes[maker.process].needs.get(product)
        if need is not None:
            use[maker.region] = use.get(maker.region, 0.0) + need.central * maker.output.central
    for region, final in chain.use.items():
        shares = [
            chain.share_of(region, sector)
            for sector in (*final.split, final.remainder)
            if chain.sectors[sector].product == product
        ]
        if shares:
            use[region] = use.get(region, 0.0) + sum(shares) * final.total.central
    return use
