"""The lines that files have for each world, made where worlds are run so that workers share it."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from monazite.experiments.about import About
from monazite.experiments.columns import PER_REPLICATION
from monazite.experiments.csvtext import line, number, numbers, word
from monazite.measures import HEADLINE, TIERS, Plan
from monazite.trajectories import Event, Floats

_CHOSEN = [HEADLINE.index(item) for item in PER_REPLICATION]


def event_lines(
    replication: int, strategy: str, events: Iterable[Event], start: date
) -> Iterator[str]:
    """Yield the lines of events.csv, one for each event.

    Args:
        replication: ordinal of the world.
        strategy: whose events; empty for those of the world.
        events: in order of time.
        start: first day of the run.
    """
    head = f"{replication},{word(strategy)}"
    for event in events:
        what = f"{word(event.kind)},{word(event.name)},{word(event.detail)}"
        yield f"{head},{_when(event.day, start)},{what}"


@lru_cache(maxsize=4096)
def _when(day: float, start: date) -> str:
    """Return the day and its date; strategies share most of those of a world."""
    return f"{number(day)},{start + timedelta(days=day // 1)}"


def replication_lines(about: About, plan: Plan, first: int, values: Floats) -> Iterator[str]:
    """Yield the lines of replications.csv, one for each world, strategy, group and tier.

    Args:
        about: the facts of the run.
        plan: what is where among the values.
        first: ordinal of the first world.
        values: shape (strategies, cells, worlds).
    """
    heads = [
        line((strategy, group, about.is_group(group), tier))
        for strategy in about.strategies
        for group in plan.groups
        for tier in TIERS
    ]
    rows = _wide(plan, values)
    for k in range(values.shape[2]):
        for head, text in zip(heads, numbers(rows[k]), strict=True):
            yield f"{first + k},{head},{text}"


def _wide(plan: Plan, values: Floats) -> Floats:
    """Return a row for each strategy, group and tier, shape (worlds, rows, columns)."""
    strategies, _, count = values.shape
    by = (len(plan.groups), len(TIERS), count)
    headline = values[:, plan.part("headline")].reshape(strategies, len(HEADLINE), *by)
    once = values[:, plan.part("totals").start : plan.part("world").stop]
    spread = np.broadcast_to(once[:, :, None, None], (*once.shape[:2], *by))
    both = np.concatenate([headline[:, _CHOSEN], spread], axis=1)
    return both.transpose(4, 0, 2, 3, 1).reshape(count, -1, both.shape[1])
