"""What stands behind building: public guarantees, and how many plants can be built at a time."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from monazite.naming import bare
from monazite.scenario.fields import Day, FixedShare, MoneyOrShare
from monazite.scenario.part import Known, Part, Several, Slug
from monazite.scenario.quantity import Quantity

if TYPE_CHECKING:
    from monazite.scenario.instruments import Project
    from monazite.scenario.parts import Scenario

_WHOLE = Quantity.fixed(1.0, "share")
_FREE = Quantity.fixed(0.0, "share")


class Backstop(Part):
    """Blended finance and political backing for the strategy's plants in some regions."""

    name: Slug
    """Name of the backstop; one name for each instrument of a strategy."""
    regions: Annotated[Several[Known], Field(min_length=1)]
    """Regions and groups in which plants are covered."""
    kinds: Several[Known] = ()
    """Reference classes that are covered; nothing means all."""
    stall_factor: FixedShare = _WHOLE
    """By what the chance to stall is multiplied, where finance or a permit would be the reason."""
    cancel_factor: FixedShare = _WHOLE
    """By what the chance to end for good is multiplied, for the same reasons."""
    financing_factor: FixedShare = _WHOLE
    """By what the time to close the financing is multiplied."""
    cost: FixedShare = _FREE
    """What it costs, as a part of the capital cost of each plant, paid from the budget on the day
    on which its construction begins."""
    start: Day | None = None
    """First day: projects that start earlier are not covered; nothing covers all."""
    budget: MoneyOrShare | None = None
    """Money for this backstop, or its share of the strategy's budget."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the backstop."""
        factors = (self.stall_factor, self.cancel_factor, self.financing_factor)
        if all(factor.central == 1 for factor in factors):
            yield "", "does nothing; give a stall, cancel or financing factor below 1"


class Limit(Part):
    """How many plants can be under construction at a time, for want of crews and contractors."""

    regions: Annotated[Several[Known], Field(min_length=1)]
    """Regions and groups in which plants are counted, all together."""
    kinds: Several[Known] = ()
    """Reference classes that are counted; nothing means all."""
    at_once: Annotated[int, Field(ge=1)]
    """The most under construction at a time; the others wait, and the one with the earliest
    start goes first."""


def fits(part: Backstop | Limit, project: "Project", scenario: "Scenario") -> bool:
    """Return whether a backstop or a limit is on a project."""
    there = project.region in scenario.regions_of(*part.regions)
    alike = not part.kinds or project.kind in part.kinds or bare(project.kind) in part.kinds
    late = isinstance(part, Backstop) and part.start is not None and project.start < part.start
    return there and alike and not late
