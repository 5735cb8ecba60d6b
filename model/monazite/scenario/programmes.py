"""Programmes: recycling and thrift, as a file gives them."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from monazite.scenario.fields import (
    Day,
    FixedDuration,
    FixedFactor,
    FixedMoney,
    FixedPrice,
    FixedShare,
    MoneyOrShare,
)
from monazite.scenario.part import Known, Part, Several, Slug
from monazite.scenario.quantity import Quantity

_NOTHING = Quantity.fixed(0.0, "share")
_FREE = Quantity.fixed(0.0, "USD/kg")


class Recycling(Part):
    """Has more of what wears out collected, and pays plants that recycle it.

    The plants are projects of their own.
    """

    name: Slug
    """Name of the programme; one name for each instrument of a strategy."""
    product: Known
    """What recyclers make."""
    regions: Annotated[Several[Known], Field(min_length=1)]
    """Regions or groups where more is collected."""
    collection: FixedShare
    """Part of worn-out goods that is collected in the end."""
    start: Day | None = None
    """First day; nothing means the start of the run."""
    rise: FixedDuration
    """Time from the first day until that part is reached, in a straight line."""
    cost: FixedPrice = _FREE
    """Public cost of a kg of worn-out goods that is collected beside what was before."""
    credit: FixedPrice = _FREE
    """Paid on each kg that projects recycle there; it keeps them running at lower prices."""
    budget: MoneyOrShare | None = None
    """Money for this programme, or its share of the strategy's budget."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the programme."""
        yield from _twice("regions", self.regions)


class Thrift(Part):
    """Pays users to need less of a product: higher ceilings of substitution, reached sooner."""

    name: Slug
    """Name of the programme; one name for each instrument of a strategy."""
    product: Known
    """What is to be saved."""
    regions: Annotated[Several[Known], Field(min_length=1)]
    """Regions or groups whose users take part."""
    sectors: Several[Known] = ()
    """Sectors that take part; nothing means all that use the product."""
    ceiling: FixedShare = _NOTHING
    """Part of use by which the most that can be substituted is raised, while it runs."""
    lag: FixedDuration | None = None
    """Time constant of substitution while it runs, where it is shorter than the sector's own."""
    trigger: FixedFactor | None = None
    """Price multiple above which users answer; nothing means at any price, since they are paid."""
    start: Day | None = None
    """First day; nothing means the start of the run."""
    term: FixedDuration
    """How long it runs; afterwards use comes back slowly, as after a high price."""
    cost: FixedMoney
    """What it costs in all, spent evenly over the term; without money it stops."""
    budget: MoneyOrShare | None = None
    """Money for this programme, or its share of the strategy's budget."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the programme."""
        yield from _twice("regions", self.regions)
        yield from _twice("sectors", self.sectors)
        if self.term.central == 0:
            yield "term", "a programme for no time does nothing; give a term above 0"
        if self.lag is not None and self.lag.central == 0:
            yield "lag", "found 0; nobody switches at once, give a time above 0"
        if self.ceiling.central == 0 and self.lag is None and self.trigger is not None:
            yield "", "changes nothing; give a ceiling or a lag"


def _twice(key: str, words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for word in sorted({word for word in words if words.count(word) > 1}):
        yield key, f"'{word}' is named twice"
