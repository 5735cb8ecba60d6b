"""What may happen beside export controls: to plants, to ways, to demand and to those who build."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from monazite.scenario.fields import Day, Duration, Factor, FixedFactor, Rate, Share, TonnesPerYear
from monazite.scenario.instruments import Tier
from monazite.scenario.part import Known, Part, Several, Slug
from monazite.scenario.quantity import Quantity

_CERTAIN = Quantity.fixed(1.0, "share")
LONGEST_DELAY_D = 180.0


HostPath = dict[Known, FixedFactor]
"""What a host works at on 1 January of each year, over what it would."""


class Shock(Part):
    """What all of these have in common: when they come, and how long they last."""

    name: Slug
    """Name of it, unlike every other under `disruptions`."""
    title: str = ""
    """A few words for the log."""
    start: Day | None = None
    """First day; one before the run has begun already, which stocks at the start do not know."""
    rate: Rate | None = None
    """In place of `start`, for one that comes by chance: how often a year, from the end of the
    last one on."""
    duration: Duration | None = None
    """How long it lasts; with `start`, nothing means for good."""
    chance: Share = _CERTAIN
    """With `start`: probability that it happens at all."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in when it comes."""
        if self.start is None and self.rate is None:
            yield "", "needs 'start', a date, or 'rate', how often a year it comes by chance"
        if self.start is not None and self.rate is not None:
            yield "rate", "give this or 'start', not both"
        if self.rate is not None and self.duration is None:
            yield "", "what comes by chance needs 'duration'"
        if self.rate is not None and self.rate.high == 0:
            yield "rate", "at this rate it never comes; give a rate above 0"
        if self.rate is not None and self.chance != _CERTAIN:
            yield "chance", "belongs to 'start'; lower 'rate' instead"
        if self.chance.high == 0:
            yield "chance", "it never comes; give a chance above 0"
        if self.duration is not None and self.duration.high == 0:
            yield "duration", "lasts no time and does nothing; give a duration above 0"


class Closure(Shock):
    """Ways that are closed or longer for a time: war, a strait, a port, the weather."""

    origins: Annotated[Several[Known], Field(alias="from", min_length=1)]
    """Regions or groups that goods come from; `all` is any."""
    to: Annotated[Several[Known], Field(min_length=1)]
    """Regions or groups that they go to; `all` is any. What stays in a region is not touched."""
    products: Several[Known] = ()
    """Products that take these ways; nothing means all."""
    part: Share | None = None
    """Part of the reference flow, of all these ways together, that still passes."""
    delay: Duration | None = None
    """How much longer what still passes takes. What is under way already arrives as it would."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the closure."""
        yield from super().disagreements()
        if self.part is None and self.delay is None:
            yield "", "needs 'part', what still passes, or 'delay', how much longer it takes"
        if self.part is not None and self.part.low >= 1.0:
            yield "part", "all passes, so nothing is closed; give a part below 1, or only 'delay'"
        if self.delay is not None and self.delay.high == 0:
            yield "delay", "takes no longer; remove this"
        if self.delay is not None and self.delay.high > LONGEST_DELAY_D:
            yield "delay", f"more than {LONGEST_DELAY_D:g} days; write 'part: 0' for a closed way"
        yield from _repeated(self, "origins", "to", "products")


class Curb(Shock):
    """Plants that run at a part of their capacity for a time, or stand: power, water, accidents."""

    processes: Several[Known] = ()
    """Processes that are curbed."""
    hosts: Several[Known] = ()
    """In place of `processes`: metals whose plants stand, such as aluminium for gallium; every
    process that yields a by-product of theirs is curbed."""
    regions: Annotated[Several[Known], Field(min_length=1)]
    """Regions or groups in which they are, plants added since the start included."""
    part: Share
    """Part of their capacity that still runs; 0 stops them."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the curb."""
        yield from super().disagreements()
        if not self.processes and not self.hosts:
            yield "", "needs 'processes' or 'hosts'"
        if self.processes and self.hosts:
            yield "hosts", "give this or 'processes', not both"
        if self.part.low >= 1.0:
            yield "part", "all capacity runs, so nothing is curbed; give a part below 1"
        yield from _repeated(self, "processes", "hosts", "regions")


class ProductionQuota(Shock):
    """The most that a country lets its makers make of a product."""

    controller: Known
    """Region whose makers are bound."""
    product: Known
    """Product that they make."""
    allowed: Share | None = None
    """Part of what they would make undisturbed that they may still make."""
    allowed_t_per_yr: TonnesPerYear | None = None
    """The same in tonnes a year."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the quota."""
        yield from super().disagreements()
        if self.allowed is None and self.allowed_t_per_yr is None:
            yield "", "needs 'allowed' or 'allowed_t_per_yr'"
        if self.allowed is not None and self.allowed_t_per_yr is not None:
            yield "allowed_t_per_yr", "give this or 'allowed', not both"


class Surge(Shock):
    """Demand that is a multiple of what it would be for a time, as in a war."""

    sectors: Several[Known] = ()
    """Sectors whose need is larger, or smaller."""
    tiers: Several[Tier] = ()
    """In place of `sectors`: all sectors of these tiers."""
    regions: Annotated[Several[Known], Field(min_length=1)]
    """Regions or groups in which it is; `all` is any."""
    factor: Factor
    """Their need over what it would be. It is part of reference demand; stocks that users hold,
    and what plants can make, stay as they would be."""
    ramp: Duration | None = None
    """Time from the first day until it is reached, in a straight line; nothing means at once."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the surge."""
        yield from super().disagreements()
        if not self.sectors and not self.tiers:
            yield "", "needs 'sectors' or 'tiers'"
        if self.sectors and self.tiers:
            yield "tiers", "give this or 'sectors', not both"
        if self.factor.low == self.factor.high == 1.0:
            yield "factor", "a factor of 1 changes nothing"
        yield from _repeated(self, "sectors", "tiers", "regions")


class TechnologyBan(Shock):
    """A ban on equipment and knowledge that others need to build plants."""

    controller: Known
    """Region that withholds it."""
    targets: Annotated[Several[Known], Field(min_length=1)]
    """Regions or groups that are hit; `all` is everyone but the controller."""
    own_technology: Several[Known] = ()
    """Of these, regions or groups that can do without."""
    kinds: Several[Known] = ()
    """Kinds of plant that need it, as under `kind` of a project; nothing means all."""
    stretch: Factor | None = None
    """How many times as long construction and commissioning take while it lasts."""
    stop: bool = False
    """In place of `stretch`: construction and commissioning stand still while it lasts."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the ban."""
        yield from super().disagreements()
        if self.stretch is None and not self.stop:
            yield "", "needs 'stretch', how many times as long building takes, or 'stop: true'"
        if self.stretch is not None and self.stop:
            yield "stop", "give this or 'stretch', not both"
        if self.stretch is not None and (self.stretch.low < 1.0 or self.stretch.high == 1.0):
            yield "stretch", "must make building longer; give a factor above 1"
        if self.controller in self.targets:
            yield "targets", f"'{self.controller}' cannot be a target of its own ban"
        yield from _repeated(self, "targets", "own_technology", "kinds")


def _repeated(part: Shock, *keys: str) -> Iterator[tuple[str, str]]:
    for key in keys:
        words = getattr(part, key)
        for word in sorted({word for word in words if words.count(word) > 1}):
            yield type(part).model_fields[key].alias or key, f"'{word}' is named twice"
