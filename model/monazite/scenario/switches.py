"""Switches of need from one product to another, as a file gives them."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from monazite.scenario.fields import FixedNumber
from monazite.scenario.part import Known, Part, Several, Slug


class Switch(Part):
    """Where the need goes that a sector substitutes: to a sector that uses something else.

    Without one, what is substituted is met outside the model. All that the first sector
    substitutes counts, also under a programme of thrift; what it gives up for the price, or lacks,
    does not. Several switches of one sector each count all of it.
    """

    name: Slug
    """Name of the switch; names must differ."""
    origin: Annotated[Known, Field(alias="from")]
    """Sector that substitutes; with its chain where several have one of that name."""
    to: Known
    """Sector that needs more for it, in the same region."""
    ratio: FixedNumber
    """Tonnes that the second needs for each tonne that the first substitutes."""
    regions: Several[Known] = ()
    """Regions or groups where it holds; nothing means all where the first sector uses anything."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the switch."""
        if self.origin == self.to:
            yield "to", f"'{self.to}' switches to itself; name another sector"
        if self.ratio.central == 0:
            yield "ratio", "a switch to nothing does nothing; give a ratio above 0"
        for word in sorted({word for word in self.regions if self.regions.count(word) > 1}):
            yield "regions", f"'{word}' is named twice"
