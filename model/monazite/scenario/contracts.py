"""Contracts on the price of what plants make, as a file gives them."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from monazite.scenario.fields import (
    Day,
    FixedDuration,
    FixedPrice,
    FixedShare,
    FixedTonnesPerYear,
    MoneyOrShare,
)
from monazite.scenario.part import Known, Part, Several, Slug
from monazite.scenario.quantity import Quantity

_NOTHING = Quantity.fixed(0.0, "share")


class Floor(Part):
    """Pays plants what the price lacks to a strike, and may take a part of what it exceeds."""

    name: Slug
    """Name of the floor; one name for each instrument of a strategy."""
    product: Known
    """What is sold under it."""
    plants: Several[Slug] = ()
    """Projects whose output it covers: of this strategy, or under way."""
    regions: Annotated[Several[Known], Field(default=())]
    """In place of `plants`: regions or groups; all projects there that make the product."""
    incumbents: bool = False
    """Whether it also covers what plants of today in `regions` make of the product, so that they
    do not stop for a price below the strike."""
    strike: FixedPrice
    """Price that the plants get at least."""
    reference: Known | None = None
    """Region whose price is held against the strike; nothing takes that of each plant."""
    cap: FixedTonnesPerYear | None = None
    """The most that is covered in a year, all plants together; nothing covers all they sell."""
    upside_share: FixedShare = _NOTHING
    """Part of what the price exceeds the strike that the plants pay back."""
    start: Day | None = None
    """First day of the term; nothing means the start of the run."""
    term: FixedDuration | None = None
    """How long it holds; nothing means to the end of the run."""
    stockpiled: bool = True
    """Whether what goes into a strategic stockpile counts as sold."""
    border_adjustment: bool = False
    """Whether imports into `regions` from outside pay what their price lacks to the strike, so that
    the price there does not settle below it."""
    budget: MoneyOrShare | None = None
    """Money for this floor, or its share of the strategy's budget."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the floor."""
        yield from _covered(self.plants, self.regions)
        if self.strike.central == 0:
            yield "strike", "a floor at nothing pays nothing; give a strike above 0"
        if self.cap is not None and self.cap.central == 0:
            yield "cap", "a floor for no tonnes pays nothing; give a cap above 0"
        if self.term is not None and self.term.central == 0:
            yield "term", "a floor for no time pays nothing; give a term above 0"
        if self.incumbents and not self.regions:
            yield "incumbents", "plants of today are those of regions; name them under 'regions'"
        if self.border_adjustment and not self.regions:
            yield "border_adjustment", "a border is that of regions; name them under 'regions'"


class Offtake(Part):
    """Takes a volume of what plants make at a price, to sell it on or to stock it."""

    name: Slug
    """Name of the offtake; one name for each instrument of a strategy."""
    product: Known
    """What is taken."""
    plants: Several[Slug] = ()
    """Projects whose output it takes: of this strategy, or under way."""
    regions: Annotated[Several[Known], Field(default=())]
    """In place of `plants`: regions or groups; all projects there that make the product."""
    volume: FixedTonnesPerYear
    """What is taken in a year, all plants together."""
    price: FixedPrice
    """Price that the plants get for it."""
    stockpile: Slug | None = None
    """Stockpile of this strategy that takes what the market leaves of the volume; nothing means
    that it is not made."""
    take_or_pay: FixedShare = _NOTHING
    """Part of the volume that is paid for also where it is not taken."""
    start: Day | None = None
    """First day of the term; nothing means the start of the run."""
    term: FixedDuration | None = None
    """How long it holds; nothing means to the end of the run."""
    budget: MoneyOrShare | None = None
    """Money for this offtake, or its share of the strategy's budget."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the offtake."""
        yield from _covered(self.plants, self.regions)
        if self.volume.central == 0:
            yield "volume", "an offtake of nothing does nothing; give a volume above 0"
        if self.price.central == 0:
            yield "price", "an offtake at nothing pays nothing; give a price above 0"
        if self.term is not None and self.term.central == 0:
            yield "term", "an offtake for no time takes nothing; give a term above 0"


def _covered(plants: tuple[str, ...], regions: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if not plants and not regions:
        yield "", "covers no plant; name projects under 'plants', or 'regions'"
    if plants and regions:
        yield "regions", "give this or 'plants', not both"
    for key, words in (("plants", plants), ("regions", regions)):
        for word in sorted({word for word in words if words.count(word) > 1}):
            yield key, f"'{word}' is named twice"
