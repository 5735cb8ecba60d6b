"""One block of work: worlds drawn once each, every strategy run in them, measured."""

import gc
from dataclasses import dataclass
from typing import Any

import numpy as np

from monazite.experiments.happened import event_lines
from monazite.experiments.model import RunWorld
from monazite.experiments.shards import Block, Shards
from monazite.measures import Plan, faced, measure


@dataclass(frozen=True, slots=True)
class Job:
    """All that a worker needs; sent to each process once.

    Attributes:
        prepared: the scenario, ready to run.
        run_world: the simulation.
        strategies: the chosen strategies, in the order of the file.
        plan: which uses and flows belong to which group.
        shards: where finished blocks go.
    """

    prepared: Any
    run_world: RunWorld
    strategies: tuple[str, ...]
    plan: Plan
    shards: Shards


def do_block(job: Job, block: int) -> int:
    """Run and keep one block.

    Returns:
        How many replications it has.
    """
    first, count = job.shards.first(block), job.shards.count(block)
    values = np.empty((len(job.strategies), job.plan.size, count))
    start, lines = job.prepared.start, list[str]()
    for k in range(count):
        world = job.run_world(job.prepared, first + k, job.strategies, "quarter")
        for s, strategy in enumerate(job.strategies):
            run = world.trajectories[strategy]
            came = sorted([*world.world_events, *run.events], key=lambda event: event.day)
            met = faced(came, job.prepared.end_d, job.prepared.foreseen)
            values[s, :, k] = measure(run, job.plan, met).flat()
        lines += event_lines(first + k, "", world.world_events, start)
        for strategy in job.strategies:
            lines += event_lines(first + k, strategy, world.trajectories[strategy].events, start)
    job.shards.write(Block(first, values, "".join(f"{line}\n" for line in lines)))
    gc.collect()  # processes of a run hold its tables in rings, which grow old before they go
    return count
