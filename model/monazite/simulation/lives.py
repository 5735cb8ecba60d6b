"""The life of a control: announced, in force, leaking, eased, suspended, in force again, lifted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from monazite.scenario.disruptions import Easing
from monazite.simulation.licensing import Drawn, Terms
from monazite.world.controls import ScopePlan


@dataclass(frozen=True)
class Happening:
    """A control that does happen in this world.

    Attributes:
        name: of the control, with its ordinal where it came by chance.
        onset_d: day it comes into force; below 0 for one that stands at the start.
        end_d: day it ends, inf for good.
        source: name whose licence times it shares.
        scope: products and routes.
        form: ban, quota or licensing.
        allowed: part of the reference flow that may still go.
        allowed_t_per_yr: tonnes a year instead, or -1.
        terms: on which licences are granted, for licensing.
        settled: whether queues at the start are those of a regime long in force.
        lifts: names of controls that it lifts.
        path: place in the scenario.
        opens: what its coming into force is called in the log.
        closes: what its end is called; nothing where its next phase begins.
        announced_d: day it is announced, inf where it comes without warning.
        leak: part of what it stops that comes round it.
        premium: what such goods cost above the others.
        due: for one that comes by chance, integral of the hazard of its source at which it does.
        strategy: the only one that meets it; nothing where all do.
    """

    name: str
    onset_d: float
    end_d: float
    source: str
    scope: ScopePlan
    form: str
    allowed: float
    allowed_t_per_yr: float
    terms: Terms | None
    settled: bool
    lifts: tuple[str, ...]
    path: str
    opens: str = "in-force"
    closes: str = "lifted"
    announced_d: float = np.inf
    leak: float = 0.0
    premium: float = 0.0
    due: float = np.inf
    strategy: str = ""


def shifted(happening: Happening, late_d: float) -> Happening:
    """Return a spell of a control, all its dates later by some days."""
    return replace(
        happening,
        onset_d=happening.onset_d + late_d,
        end_d=happening.end_d + late_d,
        announced_d=happening.announced_d + late_d,
    )


def leaking(phase: Happening, since_d: float, given: Mapping[str, float]) -> Iterator[Happening]:
    """Yield a phase of a control as it is once ways round it are found, if any are.

    Args:
        phase: in which nothing comes round it.
        since_d: day on which the control came into force.
        given: what was drawn, by name.
    """
    if given.get("leakage.share", 0.0) > 0.0 and phase.form != "licensing":
        found_d = max(phase.onset_d, since_d + given["leakage.delay"])
        yield replace(
            phase,
            onset_d=found_d,
            leak=given["leakage.share"],
            premium=given.get("leakage.premium", 0.0),
            opens="leaks" if found_d > phase.onset_d else phase.opens,
        )


def eased(
    acute: Happening,
    part: Easing | None,
    day: float,
    drawn: tuple[Mapping[str, float], Drawn | None],
) -> Iterator[Happening]:
    """Yield what a control turns into on a day, if it does."""
    given, licences = drawn
    if part is not None:
        yield replace(
            acute,
            onset_d=max(day, acute.onset_d),
            form=part.form,
            allowed=given.get("eases.allowed", 0.0),
            allowed_t_per_yr=given.get("eases.allowed_t_per_yr", -1.0),
            terms=None if licences is None else licences[0],
            opens="eased",
        )


def lived(
    phases: Sequence[tuple[Happening, Drawn | None]],
    given: Mapping[str, float],
    pauses: Sequence[tuple[float, float]],
) -> Iterator[Happening]:
    """Yield the spells of a control with these phases, each with its licences.

    What comes round it is included, and what general licences let pass.
    """
    since_d = phases[0][0].onset_d
    every = [
        one
        for phase, licences in phases
        for one in (phase, *leaking(phase, since_d, given), *widened(phase, licences))
    ]
    return spells_of(every, pauses)


def widened(phase: Happening, drawn: Drawn | None) -> Iterator[Happening]:
    """Yield a regime as it is once general licences are given out, if any are.

    Args:
        phase: in which every shipment needs a licence of its own.
        drawn: its terms, its general licences and when they come; None for another form.
    """
    if drawn is None:
        return
    terms, general, after_d = drawn
    if general.any():
        yield replace(
            phase,
            onset_d=phase.onset_d + after_d,
            terms=replace(terms, general=general),
            opens="general-licences" if after_d > 0.0 else phase.opens,
        )


def spells_of(
    phases: Sequence[Happening], pauses: Sequence[tuple[float, float]]
) -> Iterator[Happening]:
    """Cut the life of a control into spells, each with one set of terms throughout.

    Args:
        phases: the control on the terms of each phase, from the day on which they hold; the
            first one lasts as long as all, and a later one in the list goes before it.
        pauses: first day and end of each suspension.
    """
    first, last_d = phases[0], phases[0].end_d
    begun = [p for i, p in enumerate(phases) if all(q.onset_d > p.onset_d for q in phases[i + 1 :])]
    changes = {day for pause in pauses for day in pause} | {phase.onset_d for phase in begun}
    inside = sorted(day for day in changes if first.onset_d < day < last_d)
    opens, announced_d = first.opens, first.announced_d
    for begin_d, end_d in pairwise([first.onset_d, *inside, last_d]):
        phase = next(phase for phase in reversed(begun) if phase.onset_d <= begin_d)
        opens = opens or phase.opens
        if any(pause_d <= begin_d < until_d for pause_d, until_d in pauses):
            continue
        stops = any(pause_d == end_d for pause_d, _ in pauses)
        yield replace(
            phase,
            onset_d=begin_d,
            end_d=end_d,
            opens=opens,
            closes="lifted" if end_d == last_d else "suspended" if stops else "",
            announced_d=announced_d,
        )
        opens, announced_d = "reimposed" if stops else "", np.inf
