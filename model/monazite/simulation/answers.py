"""Random controls that answer what happened before: dependence on the controller, other controls.

The world draws for package n of a source what it hits, how hard, for how long, and a unit
exponential. Each run integrates the hazard of the source as its own state has it; package n comes
when the integral passes the sum of the first n exponentials. So all strategies meet the same
packages, and what one does changes only when they come, and how hard.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from math import exp, inf, log
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from monazite.rules.records import BAN, LICENSING, Model
from monazite.simulation.coming import control_events, controlling
from monazite.simulation.draws import Regime, hazards
from monazite.simulation.lives import Happening, shifted
from monazite.world.controls import Source
from monazite.world.inputs import Floats
from monazite.world.leverage import Stance
from monazite.world.plan import SECTOR
from monazite.world.prepare import Prepared

if TYPE_CHECKING:
    from monazite.simulation.run import Run

LOOK_D = 28.0
"""How often dependence is looked at [d]; between two looks the hazard that it gives holds."""
HAIR_D = 1e-9
"""Days by which rounding may put an event before or after a border."""


@dataclass(frozen=True)
class Leverage:
    """How random controls answer dependence in one world.

    Attributes:
        response: change of the log hazard for a change of weighted dependence by 1.
        depth: the same for the log of what a control stops.
        horizon_d: time over which stock counts.
        borne: part of what a stop destroys that the targets bear, by pair.
        scopes: weighted dependence of each scope at the start, shape (J,).
        sources: and of each source, shape (I,).
        most: of each source if every dependence were whole, shape (I,).
    """

    response: float
    depth: float
    horizon_d: float
    borne: Floats
    scopes: Floats
    sources: Floats
    most: Floats


@dataclass(frozen=True)
class Package:
    """What one decree brings.

    Attributes:
        due: integral of the hazard at which it comes.
        day: on which that is where the hazard answers nothing.
        scope: number of its scope, counted over all sources.
        numbers: of its spells among the happenings of the world.
    """

    due: float
    day: float
    scope: int
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Course:
    """One source of controls that answers: its calm and tense times, and its packages in turn.

    Attributes:
        source: the source.
        number: of the source.
        edges_d: borders of calm and tense times.
        hazards: packages a day in each.
        escalations: what raises it, by what, for how long.
        packages: in the order in which they come.
    """

    source: Source
    number: int
    edges_d: Floats
    hazards: Floats
    escalations: tuple[tuple[tuple[str, ...], float, float], ...]
    packages: tuple[Package, ...]


def leverage_of(prepared: Prepared, values: Floats, model: Model) -> Leverage | None:
    """Return how random controls answer dependence in one world; None where they do not."""
    columns = prepared.controls.leverage
    if not columns:
        return None
    given = {name: float(values[column]) for name, column in columns.items()}
    exposure = prepared.exposure
    made = np.zeros(model.makers.size)
    np.add.at(made, model.routes["maker"], model.flow_year[0])
    stance = Stance(model.use_year[0], model.makers["start_per_d"], made)
    borne = exposure.borne(model, values[prepared.sectors[:, SECTOR.index("value_added")]])
    start = exposure.dependence(model, stance, given["horizon"])
    scopes = exposure.by_scope(borne * start)
    return Leverage(
        given["response"],
        given.get("depth", 0.0),
        given["horizon"],
        borne,
        scopes,
        exposure.by_source(scopes),
        exposure.by_source(exposure.by_scope(borne)),
    )


def escalations_of(
    source: Source, values: Floats
) -> tuple[tuple[tuple[str, ...], float, float], ...]:
    """Return what raises the hazard of a source, by what and for how long."""
    columns = source.columns
    return tuple(
        (
            part.after,
            float(values[columns[f"escalation.{i}.factor"]]),
            float(values[columns[f"escalation.{i}.lasts"]]),
        )
        for i, part in enumerate(source.part.escalation)
    )


def further(source: Source, number: int, values: Floats, leverage: Leverage | None) -> float:
    """Return a bound on the hazard of a source, as a multiple of what it is unanswered."""
    power = 0.0
    if leverage is not None:
        start, most = leverage.sources[number], leverage.most[number]
        power = leverage.response * max(0.0, most - start)
    raised = sum(max(0.0, log(f)) for _, f, _ in escalations_of(source, values) if f > 0.0)
    return exp(power + raised)


def course_of(
    prepared: Prepared,
    number: int,
    values: Floats,
    regimes: Sequence[Regime],
    happenings: Sequence[Happening],
) -> Course:
    """Return the course of a source that answers, from what was drawn for it."""
    source = prepared.controls.sources[number]
    edges, rates = hazards(prepared, source, values, regimes)
    first = sum(len(one.scopes) for one in prepared.controls.sources[:number])
    found: dict[float, list[int]] = {}
    for i, one in enumerate(happenings):
        if one.source == source.part.name:
            found.setdefault(one.due, []).append(i)
    packages = []
    for due, numbers in sorted(found.items()):
        begins = happenings[numbers[0]]
        scope = first + int(begins.path.rpartition(".")[2])
        day = min(min(happenings[i].onset_d, happenings[i].announced_d) for i in numbers)
        packages.append(Package(due, day, scope, tuple(numbers)))
    return Course(source, number, edges, rates, escalations_of(source, values), tuple(packages))


def answering(
    env: simpy.Environment, run: "Run", course: Course
) -> Generator[simpy.Event, Any, None]:
    """Let each package come when the integral of the hazard passes what it is due at."""
    passed, end_d = 0.0, run.world.prepared.end_d
    for package in course.packages:
        while passed < package.due:
            since_d, hazard = env.now, hazard_now(env.now, run, course)
            due_d = since_d + (package.due - passed) / hazard if hazard > 0.0 else inf
            until_d = min(due_d, next_change(since_d, run, course), end_d)
            timer = env.timeout(until_d - since_d)
            yield timer | run.struck if course.escalations else timer
            if not timer.processed:
                passed += hazard * (env.now - since_d)
            elif until_d < due_d:
                passed += hazard * (until_d - since_d)
            else:
                passed = package.due
            if env.now >= end_d:
                return
        strike(env, run, package)


def hazard_now(day: float, run: "Run", course: Course) -> float:
    """Return the hazard of a source as the state of a run has it [per day]."""
    at = int(np.searchsorted(course.edges_d, day + HAIR_D, side="right")) - 1
    hazard = float(course.hazards[min(at, course.hazards.size - 1)])
    for names, factor, lasts_d in course.escalations:
        if any(day < run.came.get(name, -inf) + lasts_d - HAIR_D for name in names):
            hazard *= factor
    leverage = run.world.leverage
    if leverage is not None:
        sources, _ = leverage_now(day, run, leverage)
        hazard *= exp(
            leverage.response * (sources[course.number] - leverage.sources[course.number])
        )
    return hazard


def next_change(day: float, run: "Run", course: Course) -> float:
    """Return the next day on which the hazard may be another."""
    days = [float(edge) for edge in course.edges_d]
    days += [run.came.get(n, -inf) + lasts for names, _, lasts in course.escalations for n in names]
    if run.world.leverage is not None:
        days.append((day + HAIR_D) // LOOK_D * LOOK_D + LOOK_D)
    return min((one for one in days if one > day + HAIR_D), default=inf)


def leverage_now(day: float, run: "Run", leverage: Leverage) -> tuple[Floats, Floats]:
    """Return the weighted dependence on each source and in each scope, as last looked at."""
    look = int((day + HAIR_D) // LOOK_D)
    if look == 0:
        return leverage.sources, leverage.scopes
    if look != run.looked[0]:
        model, exposure = run.model, run.world.prepared.exposure
        makers = model.makers
        capacity = makers["capacity_per_d"] + makers["added_per_d"]
        made = makers["accepted_t"] / model.settings[0]["review_d"]
        stance = Stance(model.pools["use_per_d"], capacity, made)
        pairs = exposure.dependence(model, stance, leverage.horizon_d)
        scopes = exposure.by_scope(leverage.borne * pairs)
        run.looked = (look, exposure.by_source(scopes), scopes)
    return run.looked[1], run.looked[2]


def strike(env: simpy.Environment, run: "Run", package: Package) -> None:
    """Bring the controls of a package, all their dates shifted as one, as deep as leverage says."""
    prepared = run.world.prepared
    late_d = env.now - package.day
    late_d = late_d if abs(late_d) > HAIR_D else 0.0
    for number in package.numbers:
        happening = shifted(run.world.happenings[number], late_d)
        deepen(run, number, package, env.now)
        env.process(controlling(env, run, number, happening))
        run.events += control_events(prepared, happening)


def deepen(run: "Run", number: int, package: Package, day: float) -> None:
    """Set how much a control lets pass, as the leverage of its day has it; a ban stays one."""
    leverage = run.world.leverage
    if leverage is None or leverage.depth == 0.0:
        return
    _, scopes = leverage_now(day, run, leverage)
    factor = exp(leverage.depth * (scopes[package.scope] - leverage.scopes[package.scope]))
    first = sum(len(one.scope.bound) for one in run.world.happenings[:number])
    for row in run.model.controls[first : first + len(run.world.happenings[number].scope.bound)]:
        if row["form"] == LICENSING:
            grants = run.model.grants[row["first"] : row["end"]]
            grants["approval"] = 1.0 - np.minimum(1.0, (1.0 - grants["approval"]) * factor)
        elif row["form"] != BAN:
            row["allowed"] = 1.0 - min(1.0, (1.0 - row["allowed"]) * factor)
