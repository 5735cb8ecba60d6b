"""Controls as they come and go in one run, and what the log says of it."""

from collections.abc import Generator, Iterator
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

import simpy

from monazite.simulation.lives import Happening
from monazite.trajectories import Event
from monazite.world.prepare import Prepared

if TYPE_CHECKING:
    from monazite.simulation.run import Run


def controlling(
    env: simpy.Environment, run: "Run", number: int, happening: Happening
) -> Generator[simpy.Event, Any, None]:
    """Announce one control, bring it into force, and lift it when its time is over."""
    if happening.announced_d < happening.onset_d:
        yield env.timeout(max(0.0, happening.announced_d - env.now))
        run.announced.add(number)
        run.switched = True
    if happening.onset_d > env.now:
        yield env.timeout(happening.onset_d - env.now)
    run.announced.discard(number)
    run.in_force.add(number)
    run.switched = True
    if happening.opens == "in-force":
        note(env, run, happening)
    if happening.end_d < run.world.prepared.end_d:
        yield env.timeout(max(0.0, happening.end_d - env.now))
        run.in_force.discard(number)
        run.switched = True


def note(env: simpy.Environment, run: "Run", happening: Happening) -> None:
    """Keep the day on which a control came into force, and wake those who wait for it."""
    run.came[happening.source] = happening.onset_d
    struck, run.struck = run.struck, env.event()
    struck.succeed()


def control_events(prepared: Prepared, one: Happening) -> Iterator[Event]:
    """Yield what the log says of one spell of a control."""
    names = ", ".join(prepared.network.products[p] for p in one.scope.products)
    detail = f"{one.form} on {names}{' for tier 1' if one.scope.ends else ''}"
    if one.announced_d < min(one.onset_d, prepared.end_d):
        day = prepared.start + timedelta(days=ceil(one.onset_d))
        at = max(0.0, one.announced_d)
        yield Event(at, "control-announced", one.name, f"{detail} from {day}")
    if one.opens == "leaks":
        detail = f"{one.leak:.0%} of what it stops comes round"
    if one.onset_d < prepared.end_d:
        kind = f"control-{one.opens}" if one.onset_d >= 0 else "control-standing"
        yield Event(max(0.0, one.onset_d), kind, one.name, detail)
    if one.closes and one.end_d < prepared.end_d:
        yield Event(one.end_d, f"control-{one.closes}", one.name)
