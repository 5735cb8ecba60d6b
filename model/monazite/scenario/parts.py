"""The parts of a scenario: what a user may say, each field explained."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, PrivateAttr
from pydantic.json_schema import WithJsonSchema

from monazite.errors import Place, Problem
from monazite.naming import named
from monazite.scenario.backing import Limit
from monazite.scenario.disruptions import Disruptions
from monazite.scenario.fields import (
    Day,
    FixedDuration,
    FixedMoney,
    FixedRate,
    FixedShare,
    RawValue,
)
from monazite.scenario.hints import found
from monazite.scenario.instruments import Instrument, Programme, Project, Tier
from monazite.scenario.part import FieldErrors, Known, Part, Several, Slug
from monazite.scenario.quantity import Quantity
from monazite.scenario.switches import Switch
from monazite.scenario.trade import Trade

_WEEK = Quantity.fixed(7.0, "d")


def _listed(raw: Any) -> Any:
    if not isinstance(raw, str | list | tuple):
        raise FieldErrors([("", f"found {found(raw)}; expected text, or a list of names")])
    return [raw] if isinstance(raw, str) else raw


def _as_written(names: tuple[str, ...]) -> str | list[str]:
    return names[0] if len(names) == 1 else list(names)


_NAME = {"type": "string", "minLength": 1, "maxLength": 80}
NameOrNames = Annotated[
    Several[Known],
    BeforeValidator(_listed),
    PlainSerializer(_as_written),
    WithJsonSchema({"anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1}]}),
    Field(min_length=1),
]
"""A name, or a list of them; a tuple once read."""


class Strategy(Part):
    """What is done with the budget: a list of instruments."""

    title: str = ""
    """A few words for tables and figures; nothing takes the name."""
    extends: Slug | None = None
    """Another strategy to build on: its instruments come first, and one of the same kind and name
    is changed by what is written here. Carried out on reading."""
    baseline: bool = False
    """Whether the others are compared with this one."""
    budget: FixedMoney | None = None
    """Discounted public money, in place of the common budget."""
    scale_to: FixedShare | None = None
    """What its instruments shall cost on paper, as a part of its budget: all their sizes are
    multiplied by the one factor that brings them there, at central values and the prices of the
    start. Nothing leaves them as they are."""
    buy_next: Literal["largest_gap", "cheapest_cover", "most_concentrated"] | None = None
    """Which stockpile gets money first, where the budget does not reach for all and no `priority`
    says it: the one that lacks the largest part of its target, the one with the cheapest day of
    cover, or that of the product made in the fewest regions. Nothing shares it by what each
    lacks where there is a `priority`, and by what each would buy now where there is none."""
    instruments: Several[Instrument] = ()
    """What the budget is spent on; none for a strategy that waits."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the strategy."""
        if self.scale_to is not None and self.scale_to.central == 0:
            yield "scale_to", "what is scaled to nothing does nothing; give a share above 0"
        if self.scale_to is not None and not self.instruments:
            yield "scale_to", "there are no instruments to scale; remove this"

    def plants(self) -> Iterator[tuple[str, Project]]:
        """Yield every plant that it builds or may build, with its path below the strategy."""
        for i, part in enumerate(self.instruments):
            if isinstance(part, Project):
                yield f"instruments.{i}.project", part
            elif isinstance(part, Programme):
                for k, candidate in enumerate(part.candidates):
                    yield f"instruments.{i}.programme.candidates.{k}", candidate


class Assertion(Part):
    """What must hold in the results; `check` fails when it does not."""

    measure: Known
    """Name of the measure, as in the results."""
    strategy: Slug
    """Strategy that is looked at."""
    region: Known
    """Region or group that is looked at."""
    tier: Tier | None = None
    """Tier that is looked at; nothing means all of them."""
    below: float | None = None
    """The measure must be less than this."""
    above: float | None = None
    """The measure must be more than this."""
    equals: float | None = None
    """The measure must be this, to within `tolerance`."""
    tolerance: Annotated[float, Field(ge=0)] = 1e-9
    """How far from `equals` it may lie."""
    better_than: Slug | None = None
    """Another strategy whose measure must be larger."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the assertion."""
        stated = (self.below, self.above, self.equals, self.better_than)
        if all(bound is None for bound in stated):
            yield "", "states nothing; give below, above, equals or better_than"
        if self.below is not None and self.above is not None and self.below <= self.above:
            yield "below", f"nothing lies below {self.below:g} and above {self.above:g}"
        if self.better_than == self.strategy:
            yield "better_than", f"'{self.strategy}' is compared with itself"


class Scenario(Part):
    """A question put to the model: chains, what may happen to them, and what may be done."""

    model_config = ConfigDict(title="monazite scenario, version 1")

    schema_: Annotated[Literal[1], Field(alias="schema")]
    """Version of the format of this file."""
    name: Slug
    """Short name; names the folder of the results."""
    title: str
    """One line for tables, figures and the report."""
    description: str = ""
    """What is asked, and what a reader should know."""
    extends: str | None = None
    """A file in this folder, or a shipped scenario, that this one builds on. Carried out on
    reading: blocks are merged key by key, lists and values with a range are replaced, and `null`
    deletes a key."""
    chains: Annotated[NameOrNames, Field(alias="chain")]
    """The supply chain, such as `ndfeb`, or a list of several. With a list a product is written
    with its chain, `gallium.wafers`; where only one of the chains has it, it may go without."""
    start: Day
    """First day."""
    end: Day
    """Day on which the run ends; the day before it is the last one."""
    review: FixedDuration = _WEEK
    """Time between two reviews of orders, stocks and prices, 1 to 31 days."""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    """Number that all chance is drawn from."""
    replications: Annotated[int, Field(ge=1, le=1_000_000)] = 200
    """How many random worlds every strategy is run in."""
    budget: FixedMoney | None = None
    """Discounted public money that each strategy may spend."""
    discount_rate: FixedRate | None = None
    """Yearly rate at which money is discounted; nothing takes the record."""
    growth: bool = True
    """Whether demand grows; without, it stays as it is at the start."""
    incumbents_idle: bool = False
    """Whether plants of today stop where the price does not pay for their cost; without, they work
    whatever they earn."""
    uncertain: bool = True
    """Whether inputs with a range are drawn; without, each has its central value."""
    overrides: Annotated[dict[str, RawValue], Field(default_factory=dict)]
    """New values for records of the evidence, by their dotted name."""
    groups: Annotated[dict[Slug, Several[Known]], Field(default_factory=dict)]
    """Groups of regions, such as allies, that results are summed over."""
    report: Annotated[Several[Known], Field(min_length=1)]
    """Regions and groups that results are written for."""
    disruptions: Disruptions = Disruptions()
    """Export controls and accidents that may happen."""
    trade: Trade = Trade()
    """What trade meets, such as blocs, tariffs and procurement rules, whatever strategy is
    chosen."""
    switches: Several[Switch] = ()
    """Where need goes that a sector substitutes, such as from cobalt to manganese."""
    under_way: Several[Project] = ()
    """Plants already committed, which come whatever strategy is chosen. What they cost is spent
    or promised before the choice and is not taken from any budget."""
    learning: bool = False
    """Whether each further plant of a kind in a region is built quicker and cheaper, by the records
    `learning_time` and `learning_cost`."""
    limits: Several[Limit] = ()
    """How many plants can be under construction at a time."""
    strategies: Annotated[dict[Slug, Strategy], Field(min_length=1)]
    """What may be done; every strategy meets the same worlds."""
    assertions: Annotated[Several[Assertion], Field(alias="assert")] = ()
    """What must hold in the results."""

    _places: dict[str, Place | None] = PrivateAttr(default_factory=dict)

    @property
    def reported(self) -> tuple[str, ...]:
        """What results are written for: each region and group, then each with every chain."""
        if len(self.chains) == 1:
            return self.report
        return (*self.report, *(named(one, name) for one in self.chains for name in self.report))

    def where(self, path: str) -> Place | None:
        """Return where a dotted path stands in the file, or the nearest part around it.

        None where there is no file: the value was given by `--set`, or the scenario in Python.
        """
        while path and path not in self._places:
            path = path.rpartition(".")[0]
        return self._places.get(path)

    def problem(self, path: str, message: str, code: str) -> Problem:
        """Return a problem with the value at a path, and where that stands."""
        return Problem(path, message, self.where(path), code)

    def regions_of(self, *names: str) -> tuple[str, ...]:
        """Return the regions behind names of regions and groups, each once."""
        found = (region for name in names for region in self.groups.get(name, (name,)))
        return tuple(dict.fromkeys(found))

    def budget_of(self, strategy: str) -> Quantity | None:
        """Return the budget of a strategy: its own, else the common one."""
        own = self.strategies[strategy].budget
        return own if own is not None else self.budget

    def __eq__(self, other: Any) -> bool:
        if not isinstance(other, Scenario):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in type(self).model_fields)

    __hash__ = None  # type: ignore[assignment]
