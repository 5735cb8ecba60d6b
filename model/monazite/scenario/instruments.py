"""What a strategy can do: the instruments, each with every choice it offers."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from monazite.scenario.backing import Backstop
from monazite.scenario.contracts import Floor, Offtake
from monazite.scenario.fields import (
    Day,
    Duration,
    FixedDuration,
    FixedFactor,
    FixedPrice,
    FixedShare,
    FixedTonnesPerYear,
    MoneyOrShare,
    Price,
    Rate,
    Share,
    TonnesOrUse,
    UsdPerTonneYear,
)
from monazite.scenario.funding import NOTHING, Funding
from monazite.scenario.one_key import OneKey
from monazite.scenario.part import Known, Part, Several, Slug
from monazite.scenario.programmes import Recycling, Thrift
from monazite.scenario.reserves import Declaration, Member, Obligation, StockLoan, Swap, undeclared
from monazite.scenario.trade import Bloc, Procurement, Tariff

Tier = Literal[1, 2, 3]
_NEED_LEVEL = ("cover", "price")


class Release(Part):
    """When a stockpile gives out what it holds, how fast, and to whom."""

    trigger: Literal["shortfall", "cover", "price", "control", "declared", "never"]
    """What opens it: a sector goes short, commercial cover or price passes `level`, a control is
    in force, or an emergency is declared. Opened by anything but a shortfall it also sells to its
    owners' market, up to what the price keeps entitled users from using."""
    level: FixedFactor | None = None
    """For `cover`, the part of normal cover below which it opens; for `price`, the multiple of the
    reference price above which it opens."""
    declared: Several[Declaration] = ()
    """For `declared`, the spells in which an emergency is declared."""
    rate: FixedTonnesPerYear | None = None
    """The most that can leave in a year; nothing means as much as is lacking."""
    tiers: Several[Tier] = ()
    """The tiers that may draw: 1 defence, 2 essential civilian, 3 other. A reserve of the
    government alone has [1]."""
    allocation: Literal["need", "fees", "rank"] = "need"
    """How owners share what does not reach for all: in proportion to what they lack, in
    proportion to what they pay as members, or in the order of `order`."""
    order: Several[Known] = ()
    """For `rank`, the regions in the order in which they are served; those not named come last."""
    loan: StockLoan | None = None
    """Whether what is drawn is lent; nothing sells it at the market price."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the release rule."""
        if self.trigger in _NEED_LEVEL and self.level is None:
            yield "", f"the trigger '{self.trigger}' needs 'level'"
        if self.trigger not in _NEED_LEVEL and self.level is not None:
            yield "level", f"the trigger '{self.trigger}' takes no level; remove it"
        yield from undeclared("trigger", self.trigger, self.declared)
        if self.trigger != "never" and not self.tiers:
            yield "tiers", "name the tiers that may draw, such as [1, 2]"
        if len(set(self.tiers)) < len(self.tiers):
            yield "tiers", "a tier is named twice"
        if (self.allocation == "rank") != bool(self.order):
            yield "order", "goes with 'allocation: rank'; give both or neither"
        if len(set(self.order)) < len(self.order):
            yield "order", "a region is named twice"


class Stockpile(Part):
    """Buys a product, holds it in one place, and releases it by rule."""

    name: Slug
    """Name of the stockpile; one name for each instrument of a strategy."""
    product: Known
    """What is held; only the form that a region can work on helps it."""
    place: Known
    """Region where it lies."""
    owner: Known
    """Region or group that may draw from it."""
    target: TonnesOrUse
    """How much to hold: tonnes, or days of the owner's reference use."""
    pace: FixedTonnesPerYear | None = None
    """The most bought in a year; nothing leaves the market and the budget as the only bounds."""
    accessible_share: Share | None = None
    """Part of the yearly trade outside the controllers that buying can reach; nothing takes the
    product's record."""
    buy_from: Literal["outside", "anyone"] = "outside"
    """`outside` never buys from a controller named in the disruptions."""
    price_ceiling: FixedFactor | None = None
    """Multiple of the reference price above which nothing is bought."""
    budget: MoneyOrShare | None = None
    """Money for this stockpile, or its share of the strategy's budget."""
    start: Day | None = None
    """First day of buying; nothing means the start of the run."""
    until: Day | None = None
    """Last day of buying; nothing means the end of the run."""
    holding: Rate | None = None
    """Yearly cost of holding, as a part of the value held; nothing takes the record."""
    usable_share: Share | None = None
    """Part of what is held that fits a sector's need; nothing takes the product's record."""
    priority: Annotated[int, Field(ge=1)] | None = None
    """Which stockpile of the strategy gets money first, 1 before 2; nothing comes last."""
    refill: bool = True
    """Whether what was released is bought again."""
    shelf_life: FixedDuration | None = None
    """How long the material keeps: of the stock, this part is changed for fresh each year, as far
    as the market of the place takes it and money reaches; the rest of it spoils and is lost."""
    rotation_cost: FixedShare | None = None
    """What changing old for fresh costs, as a part of the price; nothing means that it is free."""
    members: Several[Member] = ()
    """Who may draw, on what terms; nothing lets every owner draw what it lacks, at the price."""
    defection: Share | None = None
    """Chance that the place keeps what lies there from the other owners, drawn each time it goes
    short itself, until it has lacked nothing for a while; nothing means that it never does."""
    release: Release
    """When it gives out what it holds."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the stockpile."""
        if self.defection is not None and self.release.trigger == "never":
            yield "defection", "nothing is ever released, so there is nothing to keep; remove it"
        if self.start is not None and self.until is not None and self.until <= self.start:
            yield "until", f"{self.until} is not after start {self.start}"
        if self.shelf_life is not None and self.shelf_life.central == 0:
            yield "shelf_life", "what does not keep at all cannot be held; give a time above 0"
        if self.rotation_cost is not None and self.shelf_life is None:
            yield "rotation_cost", "goes with 'shelf_life'; without one nothing is changed"
        yield from self._membership()
        if self.usable_share is not None and self.usable_share.high == 0:
            yield "usable_share", "nobody could use any of it; give a share above 0"
        if self.target.central == 0:
            yield "target", "a stockpile of nothing does nothing; give a target above 0"

    def _membership(self) -> Iterator[tuple[str, str]]:
        regions = [member.region for member in self.members]
        if len(set(regions)) < len(regions):
            yield "members", "a region is named twice"
        if self.members and self.release.loan is not None:
            yield "release.loan", "members give back what they draw; remove one of the two"
        unpaid = [member.region for member in self.members if member.fee.central == 0]
        if self.release.allocation == "fees" and (unpaid or not self.members):
            yield "release.allocation", "by fees every owner must be a member that pays one"


class Support(Part):
    """Public support of what a plant makes."""

    per_kg: FixedPrice
    """The most that is paid for each kg made."""
    years: FixedDuration
    """How long it is paid, from the first output on."""


class Project(Part):
    """Builds a plant, with public money for a part of it."""

    name: Slug
    """Name of the project; one name for each instrument of a strategy."""
    kind: Known
    """Reference class of the plant, such as `magnet_plant`; sets phases, odds and costs."""
    region: Known
    """Region where it is built."""
    capacity: FixedTonnesPerYear
    """Nameplate output."""
    start: Day
    """Day on which the project begins."""
    public_share: FixedShare | None = None
    """Part of the capital cost that the budget gives, as a grant."""
    funding: Funding | None = None
    """In place of `public_share`: what is given, lent, or paid in as equity."""
    overrun_borne: Literal["shared", "public", "private"] = "shared"
    """Who pays what the plant costs beyond its plan: both in their shares, or one of them."""
    experienced: bool = False
    """Whether the builder has built such a plant before."""
    support: Support | None = None
    """Support of its output, paid by the budget."""
    permitting: Duration | None = None
    """Time to permit, in place of the reference class; so for the other phases."""
    financing: Duration | None = None
    """Time to close the financing."""
    construction: Duration | None = None
    """Time to build."""
    commissioning: Duration | None = None
    """Time from built to first output."""
    ramp: Duration | None = None
    """Time from first output to full output."""
    qualification: Duration | None = None
    """Time until buyers accept the output."""
    capex: UsdPerTonneYear | None = None
    """Capital cost, in place of the reference class."""
    opex: Price | None = None
    """Cost of working a kg, without its inputs, in place of the reference class."""

    @property
    def funded(self) -> Funding:
        """The public money in it, with a bare `public_share` as a grant."""
        if self.funding is not None:
            return self.funding
        grant = self.public_share or NOTHING
        return Funding.model_construct(grant=grant, loan=None, equity=NOTHING)  # copies no default

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the project."""
        if self.public_share is None and self.funding is None:
            yield "public_share", "required, but missing; or give 'funding' in its place"
        if self.public_share is not None and self.funding is not None:
            yield "funding", "give this or 'public_share', not both"
        if self.capacity.central == 0:
            yield "capacity", "a plant of no capacity does nothing; give a capacity above 0"


class Programme(Part):
    """Builds the best of several plants until its money is gone.

    Which they are is chosen once, before the run, by what each costs and earns on paper: at central
    values and the prices of the start. From then on they are projects like any other.
    """

    name: Slug
    """Name of the programme; one name for each instrument of a strategy."""
    by: Literal["cost_per_t", "margin", "outside"]
    """Which is the better plant: the one with the least public capital for a tonne a year of
    nameplate, with the largest margin on a tonne, or with the most nameplate outside the regions
    that may control its product. Of two alike the first by name."""
    budget: MoneyOrShare | None = None
    """Money for the plants that are chosen, or its share of the strategy's budget, held against
    what they cost on paper; nothing means what the other instruments leave of the strategy's."""
    candidates: Several[Project]
    """Plants to choose from, as a project has them; one that the money left does not reach is
    passed over for the next that it does."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the programme."""
        if not self.candidates:
            yield "candidates", "nothing to choose from; list plants as projects have them"


KINDS: dict[str, type[Part]] = {
    "stockpile": Stockpile,
    "project": Project,
    "programme": Programme,
    "floor": Floor,
    "offtake": Offtake,
    "tariff": Tariff,
    "bloc": Bloc,
    "procurement": Procurement,
    "obligation": Obligation,
    "swap": Swap,
    "backstop": Backstop,
    "recycling": Recycling,
    "thrift": Thrift,
}
"""The instruments by the key that a file gives them."""

Instrument = Annotated[
    Stockpile
    | Project
    | Programme
    | Floor
    | Offtake
    | Tariff
    | Bloc
    | Procurement
    | Obligation
    | Swap
    | Backstop
    | Recycling
    | Thrift,
    OneKey(KINDS),
]


def kind_of(instrument: Any) -> str:
    """Return the key under which a file gives an instrument."""
    return next(kind for kind, part in KINDS.items() if type(instrument) is part)
