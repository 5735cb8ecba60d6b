"""Trade between regions: what stands in its way at a border, as a file gives it."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from monazite.scenario.fields import Day, FixedNumber
from monazite.scenario.part import Known, Part, Several, Slug


class Tariff(Part):
    """A duty on what comes from some regions into others, on top of its price."""

    name: Slug
    """Name of the tariff; one name for each instrument of a strategy, or of `trade`."""
    origins: Annotated[Several[Known], Field(alias="from", min_length=1)]
    """Regions or groups whose goods pay it; `all` is everyone but those in `to`."""
    to: Annotated[Several[Known], Field(min_length=1)]
    """Regions or groups that levy it; what they make themselves pays nothing."""
    products: Annotated[Several[Known], Field(min_length=1)]
    """Products that pay it."""
    rate: FixedNumber
    """Duty as a part of the price; several on the same goods add up."""
    start: Day | None = None
    """First day; nothing means the start of the run. What is older is in the trade of the start."""
    until: Day | None = None
    """First day without it; nothing means that it stays."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the tariff."""
        if self.rate.central == 0:
            yield "rate", "a tariff of nothing does nothing; give a rate above 0"
        if self.start is not None and self.until is not None and self.until <= self.start:
            yield "until", f"{self.until} is not after start {self.start}"
        if "all" in self.origins and len(self.origins) > 1:
            yield "from", "'all' already names everyone; remove the others"
        for word in sorted({*self.origins} & {*self.to}):
            yield "from", f"'{word}' also levies it; what a region makes itself pays nothing"
        for key, words in (("from", self.origins), ("to", self.to), ("products", self.products)):
            for word in sorted({word for word in words if words.count(word) > 1}):
                yield key, f"'{word}' is named twice"


class Trade(Part):
    """Rules of trade that hold whatever is done."""

    tariffs: Several[Tariff] = ()
    """Tariffs that all strategies meet."""
