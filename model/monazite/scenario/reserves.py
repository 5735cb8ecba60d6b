"""What belongs to public and commercial reserves beside buying and holding."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from monazite.scenario.fields import Day
from monazite.scenario.part import Part


class Declaration(Part):
    """A spell in which an emergency is declared."""

    day: Annotated[Day, Field(alias="from")]
    """First day on which it holds."""
    until: Day
    """Day on which it is over."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the declaration."""
        if self.until <= self.day:
            yield "until", f"{self.until} is not after {self.day}"
