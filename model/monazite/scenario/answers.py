"""What controllers answer: dependence on them, and controls that came before."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from monazite.scenario.fields import Duration, Factor, Number
from monazite.scenario.part import Part, Several, Slug
from monazite.scenario.quantity import Quantity

STRONGEST = 20.0
"""A hazard that dependence alone could raise by more than e to this power is a slip of the pen."""


class Leverage(Part):
    """How random controls answer dependence.

    It is the targets' dependence on the controller, net of what could stand in for it, weighted
    by what a stop would cost the controller itself.
    """

    response: Number | None = None
    """By how much the log of the hazard rises where dependence rises from none to whole; nothing
    takes the record."""
    depth: Number | None = None
    """The same for the log of the part of the flow that a control stops; nothing means that depth
    does not answer."""
    horizon: Duration | None = None
    """Time over which stock counts against dependence: a stock of so many days of use covers all of
    it; nothing takes the record."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what no hazard or depth can follow."""
        for key in ("response", "depth"):
            power: Quantity | None = getattr(self, key)
            if power is not None and power.high > STRONGEST:
                yield key, f"must be {STRONGEST:g} or less; found {power.high:g}"
        if self.horizon is not None and self.horizon.low <= 0.0:
            yield "horizon", "over no time any stock covers everything; give a time above 0"


class Responses(Part):
    """What controls answer to; nothing of it holds unless it is written."""

    leverage: Leverage | None = None
    """How all random controls answer dependence; `{}` takes the records, nothing means that they
    do not answer."""


class Escalation(Part):
    """By how much a control makes the next one likelier."""

    after: Annotated[Several[Slug], Field(min_length=1)]
    """Names of the controls, or sources of random controls, that do so; may be its own."""
    factor: Factor
    """By what the hazard is multiplied once one of them has come into force; a second one within
    that time does not multiply it again, it makes the time longer."""
    lasts: Duration
    """How long after that it is."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what raises nothing, or lasts no time."""
        if self.factor.high == self.factor.low == 1.0:
            yield "factor", "a factor of 1 changes nothing; give another, or remove the escalation"
        if self.lasts.high <= 0.0:
            yield "lasts", "an escalation of no time does nothing; give a time above 0"
