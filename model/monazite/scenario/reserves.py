"""What belongs to public and commercial reserves beside buying and holding."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from monazite.scenario.fields import (
    Day,
    FixedDuration,
    FixedFactor,
    FixedPrice,
    FixedRate,
    FixedShare,
    FixedTonnes,
    MoneyOrShare,
    Rate,
)
from monazite.scenario.part import Known, Part, Several, Slug
from monazite.scenario.quantity import Quantity

MOST_LEAD_D = 400.0
"""Longest time on the way that the model keeps track of."""

_FREE = Quantity.fixed(0.0, "per year")
_NOTHING = Quantity.fixed(0.0, "share")


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


class StockLoan(Part):
    """Material that is lent: what is drawn comes back as material, not as money."""

    back_after: FixedDuration
    """When the same tonnes come back; borrowers buy them on the market, at their cost."""
    fee: FixedRate = _FREE
    """What borrowers pay a year, as a part of what the lent material cost."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the loan."""
        if self.back_after.central == 0:
            yield "back_after", "a loan for no time lends nothing; give a time above 0"


class Member(Part):
    """Users of one region that pay for a part of a reserve, may draw it and must replenish it."""

    region: Known
    """The region whose users are the member."""
    draw: FixedShare
    """Part of what the reserve holds and is owed that the member may have drawn at any time."""
    fee: FixedRate = _FREE
    """What it pays a year, as a part of what its part of the reserve cost."""
    replenish: FixedDuration
    """Time within which it buys back what it drew, at its cost, in even parts."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the member."""
        if self.draw.central == 0:
            yield "draw", "a member that may draw nothing; give a share above 0"
        if self.replenish.central == 0:
            yield "replenish", "what is given back at once is not drawn; give a time above 0"


class Obligation(Part):
    """Has commercial holders keep a stock beyond their own; they pay for it."""

    name: Slug
    """Name of the obligation; one name for each instrument of a strategy."""
    product: Known
    """What must be held."""
    regions: Annotated[Several[Known], Field(min_length=1)]
    """Regions or groups whose users and makers must hold it."""
    days: FixedDuration
    """How much beyond their own stock, in days of reference use."""
    start: Day | None = None
    """First day; nothing means the start of the run."""
    phase_in: FixedDuration | None = None
    """Time over which the days rise from none to all; nothing means at once."""
    run_down: Literal["control", "declared", "never"] = "control"
    """When holders need not keep it: while a control is in force against them, while an emergency
    is declared, or never."""
    declared: Several[Declaration] = ()
    """For `declared`, the spells in which an emergency is declared."""
    holding: Rate | None = None
    """Yearly cost of holding, as a part of the value held; nothing takes the record."""
    public_share: FixedShare = _NOTHING
    """Part of the cost of holding that the budget pays."""
    budget: MoneyOrShare | None = None
    """Money for this obligation, or its share of the strategy's budget."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the obligation."""
        if self.days.central == 0:
            yield "days", "an obligation for no days changes nothing; give days above 0"
        yield from undeclared("run_down", self.run_down, self.declared)
        for word in sorted({word for word in self.regions if self.regions.count(word) > 1}):
            yield "regions", f"'{word}' is named twice"


class Swap(Part):
    """Moves a reserve elsewhere, or changes it for another product."""

    name: Slug
    """Name of the swap; one name for each instrument of a strategy."""
    gives: Slug
    """Stockpile of the strategy that the material comes out of."""
    takes: Slug
    """Stockpile that the same product goes to, or that gets another one for it."""
    tonnes: FixedTonnes
    """How much leaves the first stockpile, as soon as it is there and the market takes it."""
    start: Day
    """First day."""
    ratio: FixedFactor | None = None
    """Between two products: tonnes that come back for each that is given. Whoever takes the one
    buys the other on the market, at his cost."""
    lead: FixedDuration | None = None
    """Between two places: time on the way."""
    freight: FixedPrice | None = None
    """Between two places: cost of the way; nothing means that it is free."""
    budget: MoneyOrShare | None = None
    """Money for this swap, or its share of the strategy's budget."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the swap."""
        if self.gives == self.takes:
            yield "takes", f"'{self.gives}' is swapped for itself"
        if self.tonnes.central == 0:
            yield "tonnes", "a swap of nothing does nothing; give tonnes above 0"
        if self.lead is not None and self.lead.central > MOST_LEAD_D:
            yield "lead", f"longer than {MOST_LEAD_D:g} days"


def undeclared(
    key: str, trigger: str, declared: tuple[Declaration, ...]
) -> Iterator[tuple[str, str]]:
    """Yield where a rule waits for a declaration that is not given, or the other way round."""
    if trigger == "declared" and not declared:
        yield "declared", "give the spells, such as [{from: 2028-01-01, until: 2029-01-01}]"
    if trigger != "declared" and declared:
        yield "declared", f"the {key} '{trigger}' takes no declaration; remove it"
