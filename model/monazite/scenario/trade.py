"""Trade between regions: what stands in its way at a border, as a file gives it."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from monazite.scenario.fields import Day, FixedDuration, FixedMoney, FixedNumber, FixedShare
from monazite.scenario.part import Known, Part, Several, Slug
from monazite.scenario.quantity import Quantity

_NOTHING = Quantity.fixed(0.0, "share")


class Tariff(Part):
    """A duty on what comes from some regions into others, on top of its price."""

    name: Slug
    """Name of the tariff; one name for each instrument of a strategy, or of `trade`."""
    origins: Annotated[Several[Known], Field(alias="from", min_length=1)]
    """Regions, groups or blocs whose goods pay it; `all` is everyone but those in `to`."""
    to: Annotated[Several[Known], Field(min_length=1)]
    """Regions, groups or blocs that levy it; what they make themselves pays nothing."""
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


class Membership(Part):
    """A region in a bloc, from one day to another."""

    region: Known
    """The member."""
    first: Annotated[Day | None, Field(alias="from")] = None
    """First day as a member; nothing means the start of the run."""
    until: Day | None = None
    """First day as a member no more; nothing means that it stays."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the membership."""
        if self.first is not None and self.until is not None and self.until <= self.first:
            yield "until", f"{self.until} is not after {self.first}"


class Bloc(Part):
    """Regions that favour each other in trade and in need."""

    name: Slug
    """Name of the bloc; tariffs and owners of stockpiles may name it in place of its members."""
    members: Annotated[Several[Membership], Field(min_length=1)]
    """Who belongs to it, and when."""
    preference: FixedShare = _NOTHING
    """Part of every tariff that goods from one member to another do not pay."""
    supply_priority: FixedShare = _NOTHING
    """How far short makers of members serve all members before others: 0 all alike, 1 members
    in full."""
    cost: FixedMoney | None = None
    """Public money that it costs, spent evenly from its first day to the end of the run; only for a
    bloc that is an instrument."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the bloc."""
        names = [member.region for member in self.members]
        if len(names) == 1:
            yield "members", "a bloc of one favours nobody; name another member"
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield "members", f"'{name}' is named twice"


class Procurement(Part):
    """A part of what some regions buy that must not come from some origins, by a date."""

    name: Slug
    """Name of the rule; one name for each instrument of a strategy, or of `trade`."""
    regions: Annotated[Several[Known], Field(min_length=1)]
    """Regions or groups that keep to it, each for all users and makers that buy there; tier 1
    with a stock of its own and strategic stockpiles keep to rules of their own."""
    products: Annotated[Several[Known], Field(min_length=1)]
    """Products that it holds for, each for itself."""
    origins: Several[Known] = ()
    """Regions or groups whose makers count as controlled; `all` is everyone but `regions`. Nothing
    means every controller that `disruptions` names."""
    least_share: FixedShare
    """Part of the reference use of each buyer that must come from elsewhere in the end; what
    buyers make themselves or sell each other counts as elsewhere."""
    start: Day | None = None
    """First day; nothing means the start of the run."""
    phase_in: FixedDuration | None = None
    """Time over which it rises from what each buyer takes from elsewhere at the start of the run to
    `least_share`, in even steps no more than a year apart; nothing asks for all of it at once."""
    until: Day | None = None
    """First day without it; nothing means that it stays."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the rule."""
        if self.least_share.central == 0:
            yield "least_share", "a rule that asks for nothing does nothing; give a share above 0"
        if self.phase_in is not None and self.phase_in.central == 0:
            yield "phase_in", "a phase-in of no time does nothing; remove it"
        if self.start is not None and self.until is not None and self.until <= self.start:
            yield "until", f"{self.until} is not after start {self.start}"
        if "all" in self.origins and len(self.origins) > 1:
            yield "origins", "'all' already names everyone; remove the others"
        for word in sorted({*self.origins} & {*self.regions}):
            yield "origins", f"'{word}' also keeps to it; what a region makes itself is free"
        for key in ("regions", "products", "origins"):
            words = getattr(self, key)
            for word in sorted({word for word in words if words.count(word) > 1}):
                yield key, f"'{word}' is named twice"


class Trade(Part):
    """Rules of trade that hold whatever is done."""

    blocs: Several[Bloc] = ()
    """Blocs that stand or come whatever is done."""

    procurement: Several[Procurement] = ()
    """Procurement rules that all strategies meet."""

    tariffs: Several[Tariff] = ()
    """Tariffs that all strategies meet."""
