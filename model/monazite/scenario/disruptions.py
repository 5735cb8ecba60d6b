"""What may happen to a chain: export controls that stand, are dated or come by chance."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from monazite.scenario.answers import Escalation, Responses
from monazite.scenario.fields import (
    Day,
    DayOrLead,
    Duration,
    FixedDuration,
    FixedFactor,
    FixedShare,
    Number,
    Rate,
    Share,
    TonnesPerYear,
)
from monazite.scenario.instruments import Tier
from monazite.scenario.licences import Licence
from monazite.scenario.part import Known, Part, Several, Slug
from monazite.scenario.quantity import Quantity
from monazite.scenario.shocks import (
    Closure,
    Curb,
    HostPath,
    ProductionQuota,
    Shock,
    Surge,
    TechnologyBan,
)

Form = Literal["ban", "quota", "licensing"]
Milestone = Literal["permitting", "financing", "construction", "commissioning", "first-output"]
_CERTAIN = Quantity.fixed(1.0, "share")


class Easing(Part):
    """What an acute control turns into: the standing regime that follows it."""

    day: Annotated[Day | None, Field(alias="from")] = None
    """Day on which it takes the place of the acute control."""
    after: Duration | None = None
    """The same as a time after the control came into force."""
    form: Form
    """As of a control; a ban eases nothing."""
    allowed: Share | None = None
    """For a quota: part of the reference flow that may go from then on."""
    allowed_t_per_yr: TonnesPerYear | None = None
    """For a quota: tonnes a year that may go, over all targets together."""
    licence: Licence | None = None
    """For licensing: how licences are granted from then on."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the easing."""
        yield from _form_disagreements(self, self.allowed_t_per_yr is not None)
        if self.form == "ban":
            yield "form", "a ban eases nothing; write quota or licensing"
        if self.day is None and self.after is None:
            yield "", "needs 'from', a date, or 'after', a time in force"
        if self.day is not None and self.after is not None:
            yield "after", "give this or 'from', not both"


class Suspension(Part):
    """A spell in which a control does not bind; at its end it is back in force."""

    day: Annotated[Day, Field(alias="from")]
    """First day on which it does not bind."""
    until: Day
    """Day on which it is back in force."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the suspension."""
        if self.until <= self.day:
            yield "until", f"{self.until} is not after {self.day}"


class Leakage(Part):
    """What comes round a ban or a quota by way of third countries."""

    share: Share | None = None
    """Part of the flow that is lost that comes back; nothing takes the record of hazards: one for
    named targets, one for `all`."""
    delay: Duration
    """Time after the control came into force until the ways round it are found."""
    premium: Number | None = None
    """What such goods cost above the others, as a part of their cost; nothing means no more."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the leakage."""
        if self.share is not None and self.share.high <= 0.0:
            yield "share", "nothing comes round; remove 'leakage'"


class Control(Part):
    """An export control: what a controller lets no longer pass freely, and to whom."""

    name: Slug
    """Name of the control, unlike every other in the scenario."""
    title: str = ""
    """A few words for the log."""
    controller: Known
    """Region that controls its exports."""
    products: Annotated[Several[Known], Field(min_length=1)]
    """Products that are controlled."""
    targets: Annotated[Several[Known], Field(min_length=1)]
    """Regions or groups that are hit; `all` is everyone but the controller."""
    form: Form
    """`ban` lets nothing pass, `quota` a part, `licensing` what is approved, after a wait."""
    tiers: Several[Tier] = ()
    """Users that a ban hits, by tier: an end-use ban, such as on military users. Goods may then
    go, but what is made here or made of it may not be used by them. Nothing means all; of tiers
    only [1] can be told apart, since it alone keeps stocks of its own."""
    allowed: Share | None = None
    """For a quota: part of the reference flow that may still go."""
    allowed_t_per_yr: TonnesPerYear | None = None
    """For a quota: tonnes a year that may still go, over all targets together."""
    start: Day | None = None
    """Day on which it comes into force; for a standing one nothing, or a day before the run."""
    after: Slug | None = None
    """Another scheduled control that this one follows, in place of `start`: where that one does
    not come, this one does not."""
    delay: Duration | None = None
    """Time that it comes into force after `start`, or after the one that it follows has."""
    announced: DayOrLead | None = None
    """Day on which it is announced, or how long before it comes into force; nothing means that
    it comes without warning."""
    eases: Easing | None = None
    """What it turns into once its acute phase is over."""
    suspended: Several[Suspension] = ()
    """Spells in which it does not bind."""
    leakage: Leakage | None = None
    """What comes round it; nothing means that nothing does."""
    duration: Duration | None = None
    """How long it lasts, whatever it turns into; nothing means for good."""
    chance: Share = _CERTAIN
    """Probability that it happens at all; of one that follows another, once that one has come."""
    licence: Licence | None = None
    """For licensing: how licences are granted."""
    exempt: Several[Slug] = ()
    """Names of other controls that this one lifts while it is in force."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the control."""
        yield from _form_disagreements(self, self.allowed_t_per_yr is not None)
        yield from _tiers_disagreements(self)
        yield from _no_time(self)
        yield from _targets_disagreements(self.controller, self.targets)
        yield from _repeated("products", self.products)
        if self.name in self.exempt:
            yield "exempt", f"'{self.name}' lifts itself"


class StandingControl(Control):
    """A control that is in force when the run starts."""

    in_force_at_start: bool = True
    """Whether queues and pipelines at the start are those of a control long in force; without,
    it bites from the first day on."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the control."""
        yield from super().disagreements()
        if self.announced is not None:
            yield "announced", "it is in force already when the run starts; remove this"
        if self.after is not None:
            yield "after", "it is in force already when the run starts; put it under 'scheduled'"


class Scope(Part):
    """What a random control may hit."""

    products: Annotated[Several[Known], Field(min_length=1)]
    """Products that are hit together."""
    targets: Annotated[Several[Known], Field(min_length=1)]
    """Regions or groups that are hit; `all` is everyone but the controller."""
    weight: Annotated[float, Field(ge=0)] = 1.0
    """How likely this scope is, against the others."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the scope."""
        yield from _targets_disagreements("", self.targets)
        yield from _repeated("products", self.products)


class RandomControls(Part):
    """Controls that come by chance, rarely in calm times and often in tense ones."""

    name: Slug
    """Name of this source of controls, unlike every other in the scenario."""
    controller: Known
    """Region that controls its exports."""
    calm_rate: Rate | None = None
    """Packages of controls a year in calm times; nothing takes the hazard record, so below."""
    tense_rate: Rate | None = None
    """Packages of controls a year in tense times."""
    to_tense: Rate | None = None
    """How often a year calm times turn tense."""
    to_calm: Rate | None = None
    """How often a year tense times turn calm."""
    starts: Literal["calm", "tense"] = "tense"
    """The times in which the run starts."""
    hits: Share | None = None
    """Probability that a package touches what a scope names, all of it together."""
    hits_each: Annotated[dict[Slug, Share], Field(default_factory=dict)]
    """In place of `hits`, by chain: the probability that a package touches it, each chain for
    itself. One package then hits several, one or none of the chains that its scope names."""
    form: Form
    """`ban` lets nothing pass, `quota` a part, `licensing` what is approved, after a wait."""
    tiers: Several[Tier] = ()
    """Users that a ban hits, by tier: an end-use ban, such as on military users. Goods may then
    go, but what is made here or made of it may not be used by them. Nothing means all; of tiers
    only [1] can be told apart, since it alone keeps stocks of its own."""
    allowed: Share | None = None
    """For a quota: part of the reference flow that may still go."""
    announced: Duration | None = None
    """How long before it comes into force each control is announced; nothing means that they come
    without warning."""
    eases: Easing | None = None
    """What each turns into once its acute phase is over, a time after it came into force."""
    duration: Duration
    """How long each control lasts, whatever it turns into."""
    leakage: Leakage | None = None
    """What comes round each control; nothing means that nothing does."""
    licence: Licence | None = None
    """For licensing: how licences are granted."""
    scopes: Annotated[Several[Scope], Field(min_length=1)]
    """What a package may hit, one of these at a time."""
    escalation: Several[Escalation] = ()
    """Controls that make packages of this source likelier; nothing means that none does."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in these controls."""
        yield from _form_disagreements(self, False)
        if self.hits is None and not self.hits_each:
            yield "", "needs 'hits', or 'hits_each' with a chance for each chain"
        if self.hits is not None and self.hits_each:
            yield "hits_each", "give this or 'hits', not both"
        if self.eases is not None and self.eases.day is not None:
            yield "eases.from", "what comes by chance has no date; write 'after', a time in force"
        yield from _tiers_disagreements(self)
        yield from _no_time(self)
        if all(scope.weight == 0 for scope in self.scopes):
            yield "scopes", "every weight is 0, so nothing can be hit; give one a weight above 0"
        for i, scope in enumerate(self.scopes):
            for key, text in _targets_disagreements(self.controller, scope.targets, outer=True):
                yield f"scopes.{i}.{key}", text


class Trigger(Part):
    """What a supplier waits for before it sells below the price."""

    rivals: FixedShare | None = None
    """Part of all capacity for the product that stands outside the controller, from which on."""
    project: Slug | None = None
    """A project of a strategy, or under way, whose milestone it is."""
    milestone: Milestone = "first-output"
    """What the project must reach: the beginning of a phase, or first output."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the trigger."""
        if (self.rivals is None) == (self.project is None):
            yield "", "needs one of 'rivals', a share of capacity, and 'project', the name of one"
        if self.rivals is not None and not 0.0 < self.rivals.central < 1.0:
            yield "rivals", "must lie between 0 and 1, both left out"
        if self.project is None and "milestone" in self.model_fields_set:
            yield "milestone", "belongs to a project; name one under 'project'"


class Suppression(Part):
    """A spell in which a supplier sells a product below what its price would be."""

    name: Slug
    """Name of the suppression, unlike every other."""
    controller: Known
    """Region whose makers do it."""
    product: Known
    """Product that is sold below its price."""
    start: Day | None = None
    """First day; with `when`, the day from which on that can set it off."""
    when: Trigger | None = None
    """What sets it off, once; nothing means its date alone."""
    duration: FixedDuration
    """How long it lasts."""
    depth: FixedShare
    """Part by which the price that the market tends to is lower, everywhere."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the suppression."""
        if self.start is None and self.when is None:
            yield "", "needs 'start', a date, or 'when', what sets it off"
        if not 0.0 < self.depth.central < 1.0:
            yield "depth", "must lie between 0 and 1, both left out"
        if self.duration.central == 0:
            yield "duration", "a suppression of no time does nothing; give a duration above 0"


class Disruptions(Part):
    """What may happen to the chain."""

    standing: Several[StandingControl] = ()
    """Controls in force when the run starts."""
    scheduled: Several[Control] = ()
    """Controls with a date."""
    random: Several[RandomControls] = ()
    """Controls that come by chance."""
    suppression: Several[Suppression] = ()
    """Spells of sales below the price of others."""
    behaviour: Responses = Responses()
    """What random controls answer to; nothing means that they come as they come."""
    closures: Several[Closure] = ()
    """Ways closed, or longer, by conflict or accident."""
    curbs: Several[Curb] = ()
    """Plants that run at a part of their capacity, or stand."""
    production_quotas: Several[ProductionQuota] = ()
    """What countries let their makers make."""
    host_activity: dict[Known, HostPath] = Field(default={})
    """What the plants of a host metal work at on 1 January of some years, as a multiple of the
    path that they have else. Capacity of its by-products is that multiple, in all regions. It goes
    from 1 at the start in straight lines, and stays after the last."""
    surges: Several[Surge] = ()
    """Demand above, or below, what it would be."""
    technology_bans: Several[TechnologyBan] = ()
    """Equipment and knowledge withheld from those who build."""
    outages: bool = True
    """Whether plants fail by chance, and are mended."""
    outage_factors: dict[Known, FixedFactor] = Field(default={})
    """How many times as often as on record the plants of a process fail, by its name."""
    procurement: bool = True
    """Whether tier 1 keeps to the procurement rules on origin."""

    def shocks(self) -> Iterator[tuple[str, Shock]]:
        """Yield all that is not an export control, with its path below `disruptions`."""
        for key in ("closures", "curbs", "production_quotas", "surges", "technology_bans"):
            for i, part in enumerate(getattr(self, key)):
                yield f"{key}.{i}", part

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in what may happen."""
        if self.outage_factors and not self.outages:
            yield "outage_factors", "nothing fails while 'outages' is false; remove one of the two"


def _form_disagreements(
    part: Control | Easing | RandomControls, in_tonnes: bool
) -> Iterator[tuple[str, str]]:
    """Yield what does not fit the form of a control."""
    form, allowed = part.form, part.allowed is not None
    if form == "licensing" and part.licence is None:
        yield "", "the form 'licensing' needs 'licence' with wait and approval"
    if form != "licensing" and part.licence is not None:
        yield "licence", f"does not belong to the form '{form}'; remove it, or write licensing"
    if form == "licensing" and getattr(part, "leakage", None) is not None:
        yield "leakage", "a ban or a quota leaks; say what licensing lets pass in licence.approval"
    if form == "quota" and not allowed and not in_tonnes:
        also = " or 'allowed_t_per_yr'" if not isinstance(part, RandomControls) else ""
        yield "", f"the form 'quota' needs 'allowed'{also}"
    if form == "quota" and allowed and in_tonnes:
        yield "allowed_t_per_yr", "give this or 'allowed', not both"
    if form == "ban" and part.allowed is not None and part.allowed.high > 0:
        yield "allowed", "a ban lets nothing pass; write 'form: quota' to let a part pass"
    if form == "licensing" and allowed:
        yield "allowed", "licensing lets pass what is approved; say how much in licence.approval"
    if form != "quota" and in_tonnes:
        yield "allowed_t_per_yr", f"does not belong to the form '{form}'; write 'form: quota'"


def _tiers_disagreements(part: Control | RandomControls) -> Iterator[tuple[str, str]]:
    """Yield what does not fit an end-use ban."""
    if not part.tiers:
        return
    if part.form != "ban":
        text = f"a {part.form} cannot tell users apart"
        yield "tiers", f"{text}; write 'form: ban', or remove 'tiers'"
    if part.tiers != (1,):
        text = "only tier 1 keeps stocks apart by origin, so that a ban can hit it alone"
        yield "tiers", f"{text}; write [1]"
    if part.leakage is not None:
        yield "leakage", "nothing comes round an end-use ban here; remove this"
    if getattr(part, "eases", None) is not None:
        yield "eases", "an end-use ban stands or is lifted; remove this"


def _no_time(part: Control | RandomControls) -> Iterator[tuple[str, str]]:
    if part.duration is not None and part.duration.high == 0:
        yield "duration", "lasts no time and does nothing; give a duration above 0"


def _targets_disagreements(
    controller: str, targets: tuple[str, ...], outer: bool = False
) -> Iterator[tuple[str, str]]:
    if controller in targets:
        yield "targets", f"'{controller}' cannot be a target of its own control"
    if outer:
        return
    if "all" in targets and len(targets) > 1:
        yield "targets", "'all' already names everyone; remove the others"
    yield from _repeated("targets", targets)


def _repeated(key: str, words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for word in sorted({word for word in words if words.count(word) > 1}):
        yield key, f"'{word}' is named twice"
