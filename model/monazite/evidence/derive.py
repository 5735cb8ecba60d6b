"""Works the derived records of phases and hazards out again from projects and controls.

Counts become chances by the rule of Jeffreys: k of n is Beta(k + 1/2, n - k + 1/2), and k in
t years is Gamma(k + 1/2, t). Both stay away from 0 and 1 when the sample is small.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Literal, get_args

from monazite.evidence.projects import (
    ControlRecord,
    ProjectRecord,
    Reason,
    Spell,
    controls,
    projects,
)

CALM_YEARS = (2011.0, 2023.5)
TENSE_YEARS = (2023.5, 2026.25)
QUIET_YEARS_ADDED = 1.0
"""Judged: the tense window was chosen after the events, so its exposure is too short."""
STALL_MONTHS = 18

LATE = ("completed_late", "in_progress_late")
DEAD = ("cancelled", "failed_or_idled")
ON_TIME = ("completed_on_time",)


@dataclass(frozen=True, slots=True)
class Spread:
    """Smallest, middle and largest of a sample."""

    low: float
    middle: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Odds:
    """Some of many, and the Beta that they make."""

    k: int
    n: int

    @property
    def a(self) -> float:
        """First parameter of the Beta."""
        return self.k + 0.5

    @property
    def b(self) -> float:
        """Second parameter of the Beta."""
        return self.n - self.k + 0.5


@dataclass(frozen=True, slots=True)
class RateOf:
    """Events in some years, and the Gamma that they make."""

    events: int
    years: float

    @property
    def k(self) -> float:
        """Shape parameter of the Gamma."""
        return self.events + 0.5


def spread(sample: Iterable[float]) -> Spread:
    """Return the ends and the middle of a sample.

    >>> spread([3, 8, 4])
    Spread(low=3, middle=4, high=8, n=3)
    """
    values = sorted(sample)
    return Spread(values[0], median(values), values[-1], len(values))


def spells(phase: str, at: str | None = None, ends: Iterable[str] = ("event",)) -> list[Spell]:
    """Return the spells of a phase that ended in one of some ways."""
    wanted = set(ends)
    every = (spell for project in projects().values() for spell in project.spells)
    return [s for s in every if s.phase == phase and s.end in wanted and at in (None, s.at)]


def durations(phase: str, at: str | None = None, ends: Iterable[str] = ("event",)) -> Spread:
    """Return the spread of the months that a phase took.

    >>> durations("construction", at="new_plant")
    Spread(low=19, middle=23, high=36, n=9)
    """
    return spread(spell.months for spell in spells(phase, at, ends))


def settled(group: str) -> list[ProjectRecord]:
    """Return the projects of a group whose outcome is known."""
    known = {*LATE, *DEAD, *ON_TIME}
    return [p for p in projects().values() if p.group == group and p.outcome in known]


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of some projects.

    Attributes:
        on_time: finished by the month first planned.
        late: finished later, or still unfinished after it.
        dead: given up, failed or idled.
        unsettled: not due yet, or unclear.
        months_late: middle of the delays of those on time or late, None where none is known.
    """

    on_time: int
    late: int
    dead: int
    unsettled: int
    months_late: float | None

    @property
    def late_or_dead(self) -> float | None:
        """Part of the settled ones that came late or never; None where none is settled."""
        settled = self.on_time + self.late + self.dead
        return (self.late + self.dead) / settled if settled else None


def tally(group: str, stage: str | None = None) -> Tally:
    """Return what became of the projects of a group, or of one stage in it.

    >>> tally("magnet")
    Tally(on_time=1, late=4, dead=0, unsettled=5, months_late=21)
    """
    found = [p for p in projects().values() if p.group == group and stage in (None, p.stage)]
    on_time, late, dead_ = (
        sum(p.outcome in outcomes for p in found) for outcomes in (ON_TIME, LATE, DEAD)
    )
    delays = [p.slip_months for p in found if p.outcome in (*ON_TIME, *LATE)]
    known = [delay for delay in delays if delay is not None]
    middle = median(known) if known else None
    return Tally(on_time, late, dead_, len(found) - on_time - late - dead_, middle)


def dead(group: str) -> Odds:
    """Return how many projects of a group were given up, failed or idled.

    >>> dead("magnet"), dead("separation_or_metal")
    (Odds(k=0, n=5), Odds(k=3, n=14))
    """
    found = settled(group)
    return Odds(sum(p.outcome in DEAD for p in found), len(found))


def stalled(group: str) -> Odds:
    """Return how many projects of a group slipped by a year and a half or more.

    >>> stalled("magnet"), stalled("separation_or_metal")
    (Odds(k=3, n=5), Odds(k=4, n=14))
    """
    found = settled(group)
    return Odds(sum((p.slip_months or 0) >= STALL_MONTHS for p in found), len(found))


def reasons(outcome: Literal["stalled", "ended"]) -> dict[str, Odds]:
    """Return how often each reason is recorded, of the projects that stalled or ended for any.

    >>> reasons("stalled")["finance"], reasons("ended")["market"]
    (Odds(k=4, n=7), Odds(k=6, n=11))
    """
    found = [
        p.reason
        for p in projects().values()
        if p.reason
        and (p.outcome in DEAD if outcome == "ended" else (p.slip_months or 0) >= STALL_MONTHS)
    ]
    return {reason: Odds(found.count(reason), len(found)) for reason in get_args(Reason)}


def never_at_nameplate() -> Odds:
    """Return how many plants never reached nameplate, of all whose ramp was seen.

    >>> never_at_nameplate()
    Odds(k=3, n=8)
    """
    ramps = spells("ramp", ends=("event", "open", "plan", "never"))
    return Odds(sum(spell.end == "never" for spell in ramps), len(ramps))


def overrun(group: str) -> Spread:
    """Return the spread of last over first budget, for budgets of the same scope."""
    budgets = [p.budget for p in projects().values() if p.group == group and p.budget]
    return spread(
        b.last_musd / b.first_musd
        for b in budgets
        if b.scope == "same" and b.last_musd and b.first_musd
    )


def capex(kind: str, *also: str) -> Spread:
    """Return the spread of cost for a tonne a year, of the projects of a reference class.

    Args:
        kind: a reference class, such as `magnet_plant`.
        also: ids of projects that stand for this class too.
    """
    return spread(
        p.intensity.usd_per_t_yr
        for p in projects().values()
        if p.intensity and (p.intensity.kind == kind or p.id in also)
    )


def packages(years: tuple[float, float]) -> list[ControlRecord]:
    """Return the new Chinese packages announced within some years."""
    start, end = years
    return [c for c in controls().values() if c.new_package and start <= c.year < end]


def calm_rate() -> RateOf:
    """Return the packages of the calm years."""
    return RateOf(len(packages(CALM_YEARS)), CALM_YEARS[1] - CALM_YEARS[0])


def tense_rate() -> RateOf:
    """Return the packages of the tense years, their exposure lengthened."""
    years = TENSE_YEARS[1] - TENSE_YEARS[0] + QUIET_YEARS_ADDED
    return RateOf(len(packages(TENSE_YEARS)), years)


def hits() -> Odds:
    """Return how many packages of the tense years touched rare earths or magnets."""
    found = packages(TENSE_YEARS)
    return Odds(sum("rare_earths" in c.touches for c in found), len(found))


def touched(mineral: str) -> Odds:
    """Return how many packages of the tense years touched one mineral, by its symbol.

    >>> touched("Sb").a, touched("Sb").b
    (2.5, 5.5)
    """
    found = packages(TENSE_YEARS)
    return Odds(sum(mineral in c.minerals for c in found), len(found))


def peak_drops() -> Spread:
    """Return the spread of the flow lost at the trough of the controls that are counted."""
    return spread(
        c.peak_drop
        for c in controls().values()
        if c.peak_drop is not None and any(spell.counted for spell in c.acute)
    )


def acute_months() -> tuple[list[float], list[float]]:
    """Return the lengths of acute spells that ended, and of those still open."""
    counted = [s for c in controls().values() for s in c.acute if s.counted]
    ended = sorted(float(s.months) for s in counted if s.state == "ended")
    still = sorted(float(s.months) for s in counted if s.state == "open")
    return ended, still


def duration_fit() -> tuple[float, float]:
    """Return median and sigma of the lognormal that fits ended and open spells best."""
    import numpy as np
    from scipy import optimize, stats

    ended, still = (np.log(np.array(months)) for months in acute_months())

    def loss(x: "np.typing.NDArray[np.float64]") -> float:
        mu, sigma = x[0], np.exp(x[1])
        seen = stats.norm.logpdf(ended, mu, sigma).sum()
        return -float(seen + stats.norm.logsf(still, mu, sigma).sum())

    best = optimize.minimize(loss, x0=[2.0, 0.0], method="Nelder-Mead")
    return float(np.exp(best.x[0])), float(np.exp(best.x[1]))
