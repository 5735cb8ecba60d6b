"""Who may draw on a shared reserve today, and when its host keeps it for itself."""

from collections.abc import Generator
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from monazite.rules.release import goes_short
from monazite.trajectories import Event
from monazite.world.inputs import NONE, Ints

if TYPE_CHECKING:
    from monazite.simulation.run import Run


def host_of(run: "Run", s: int) -> Ints:
    """Return 1 for the region where a stockpile lies, shape (R,)."""
    host = np.zeros(run.owners.shape[1], np.int64)
    host[run.model.stockpiles[s]["place"]] = 1
    return host


def let_draw(run: "Run", s: int) -> None:
    """Let today's owners draw on a stockpile, or the one where it lies while that one keeps it."""
    alone = run.owners[s] & host_of(run, s)
    run.model.entitled[s] = alone if s in run.kept and alone.any() else run.owners[s]


def hosting(env: simpy.Environment, run: "Run", s: int) -> Generator[simpy.Event, Any, None]:
    """Let the host of a shared stockpile keep what it holds, by chance, while it goes short.

    Whether it does is drawn for each episode. One begins with the first review in which the host
    lacks, and is over when it has lacked nothing for the time in which buyers close a gap in
    stock. As triggers do, the host answers to the review before.
    """
    prepared, values = run.world.prepared, run.world.values
    plan, step_d = prepared.stockpiles[s], prepared.clock.step_d
    if plan.defection == NONE or values[plan.defection] == 0.0:
        return
    luck = run.world.defections[plan.part.name]
    calm_d = float(values[prepared.behaviour["adjustment_time"]])
    episode, lacked_d = 0, -inf
    for now in range(1, prepared.clock.reviews):
        yield env.timeout(now * step_d - env.now)
        if goes_short(run.model, s, host_of(run, s)):
            if lacked_d == -inf:
                keep(run, s, env.now, bool(luck[episode] < values[plan.defection]))
                episode += 1
            lacked_d = env.now
        elif env.now - lacked_d >= calm_d:
            keep(run, s, env.now, False)
            lacked_d = -inf


def keep(run: "Run", s: int, day: float, kept: bool) -> None:
    """Let the host keep a stockpile from the other owners, or share it again."""
    if kept == (s in run.kept):
        return
    part = run.world.prepared.stockpiles[s].part
    run.kept ^= {s}
    kind = "stockpile-kept" if kept else "stockpile-shared"
    run.events.append(Event(day, kind, part.name, part.place))
    let_draw(run, s)
