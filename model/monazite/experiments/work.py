"""One block of work: worlds drawn once each, every strategy run in them, measured."""

import gc
from dataclasses import dataclass
from typing import Any

import numpy as np

from monazite.experiments.about import About
from monazite.experiments.model import RunWorld
from monazite.experiments.perworld import event_lines, replication_lines
from monazite.experiments.shards import Block, Shards
from monazite.measures import Plan, faced, measure


@dataclass(frozen=True, slots=True)
class Job:
    """All that a worker needs; sent to each process once.

    Attributes:
        prepared: the scenario, ready to run.
        run_world: the simulation.
        about: the facts of the run.
        plan: which uses and flows belong to which group.
        shards: where finished blocks go.
    """

    prepared: Any
    run_world: RunWorld
    about: About
    plan: Plan
    shards: Shards


def do_block(job: Job, block: int) -> int:
    """Run and keep one block.

    Returns:
        How many replications it has.
    """
    first, count = job.shards.first(block), job.shards.count(block)
    strategies, start = job.about.strategies, job.prepared.start
    end_d, foreseen = job.prepared.end_d, job.prepared.foreseen
    by_world = np.empty((len(strategies), count, job.plan.size))
    happened = list[str]()
    for k in range(count):
        world = job.run_world(job.prepared, first + k, strategies, "quarter")
        for s, strategy in enumerate(strategies):
            run = world.trajectories[strategy]
            met = faced((*world.world_events, *run.events), end_d, foreseen)
            by_world[s, k] = measure(run, job.plan, met).flat()
        happened += event_lines(first + k, "", world.world_events, start)
        for strategy in strategies:
            happened += event_lines(first + k, strategy, world.trajectories[strategy].events, start)
    values = np.ascontiguousarray(by_world.swapaxes(1, 2))
    lines = {
        "replications": "\n".join(replication_lines(job.about, job.plan, first, values)),
        "events": "\n".join(happened),
    }
    job.shards.write(Block(first, values, lines))
    gc.collect()  # processes of a run hold its tables in rings, which grow old before they go
    return count
