"""The record of real projects and of export controls, as facts to derive from."""

from functools import lru_cache
from typing import Literal

from pydantic import Field

from monazite.evidence.seedfiles import part_of, seed_data
from monazite.scenario.part import Part, Several, Slug

Reason = Literal["permit", "finance", "market", "technology", "feedstock"]


class Spell(Part):
    """One phase of a project, from a month to a month."""

    phase: Literal["permitting", "construction", "commissioning", "ramp", "qualification"]
    start: str = Field(alias="from")
    stop: str = Field(alias="to")
    end: Literal["event", "open", "plan", "never"]
    """How it ended: so, not yet, only planned, or without success."""
    at: str | None = None
    """What was built: a new plant, a part of a running plant, a magnet plant or a mine."""
    note: str | None = None

    @property
    def months(self) -> int:
        """Length in months."""
        return _month(self.stop) - _month(self.start)


class Budget(Part):
    """First and last cost figure, and whether they speak of the same scope."""

    first_musd: float | int | None = None
    last_musd: float | int | None = None
    scope: Literal["same", "partial", "unspent"]
    note: str | None = None


class Intensity(Part):
    """Cost and capacity on the basis of a reference class."""

    musd: float | int
    t_per_yr: float | int
    of: str
    kind: str
    because: str | None = None

    @property
    def usd_per_t_yr(self) -> float:
        """Cost for a tonne a year."""
        return self.musd * 1e6 / self.t_per_yr


class ProjectRecord(Part):
    """A real project and what became of it."""

    id: Slug
    name: str
    country: str
    region: str
    group: Literal["separation_or_metal", "magnet", "battery", "byproduct_smelter_mine", "other"]
    stage: str
    minerals: Several[str]
    site: Literal["new", "existing"]
    announced: str | None = None
    permit_granted: str | None = None
    fid: str | None = None
    construction_start: str | None = None
    planned_first_output: str | None = None
    first_output: str | None = None
    nameplate: float | int | None = None
    nameplate_unit: str
    budget: Budget | None = None
    intensity: Intensity | None = None
    outcome: str
    reason: Reason | None = None
    """What held it up by a year and a half or more, or ended it."""
    slip_months: float | int | None = None
    spells: Several[Spell] = ()
    recollected: Several[str] = ()
    worked_out: Several[str] = ()
    source: Several[str]
    note: str


class AcuteSpell(Part):
    """How long the flow stayed under about four fifths of normal."""

    months: float | int
    state: Literal["ended", "open"]
    minerals: Several[str] = ()
    judged: bool = False
    counted: bool = True
    """Whether it enters the fit of durations."""


class ControlRecord(Part):
    """An export control, or an event that acted as one."""

    id: Slug
    imposer: str
    controller: str
    targets: Several[str]
    minerals: Several[str]
    form: str
    hazard_class: str = Field(alias="class")
    announced: str | int
    effective: str | int
    ended: str | None = None
    new_package: bool
    """Whether it counts as one new Chinese package on critical low-volume minerals."""
    touches: Several[str]
    acute: Several[AcuteSpell] = ()
    peak_drop: float | None = None
    price_multiple: float | None = None
    front_run: float | None = None
    recollected: Several[str] = ()
    source: Several[str] = ()
    note: str | None = None

    @property
    def year(self) -> float:
        """When it was announced, as a decimal year; the end of `before 2009` is 2009."""
        words = str(self.announced).removeprefix("before ").split("-")
        month = int(words[1]) if len(words) > 1 else 1
        return int(words[0]) + (month - 1) / 12


def _month(text: str) -> int:
    year, month = text.split("-")
    return int(year) * 12 + int(month)


@lru_cache(maxsize=1)
def projects() -> dict[str, ProjectRecord]:
    """Return the real projects by id."""
    found = [part_of(ProjectRecord, raw, "projects.yaml") for raw in seed_data("projects.yaml")]
    return {project.id: project for project in found}


@lru_cache(maxsize=1)
def controls() -> dict[str, ControlRecord]:
    """Return the real controls by id."""
    found = [part_of(ControlRecord, raw, "controls.yaml") for raw in seed_data("controls.yaml")]
    return {control.id: control for control in found}
