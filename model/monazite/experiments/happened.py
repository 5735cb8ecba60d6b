"""The lines of events.csv, made where a world is run so that workers share the work."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from monazite.experiments.csvtext import cell, number
from monazite.trajectories import Event


def event_lines(
    replication: int, strategy: str, events: Iterable[Event], start: date
) -> Iterator[str]:
    """Yield a line for each event.

    Args:
        replication: ordinal of the world.
        strategy: whose events; empty for those of the world.
        events: in order of time.
        start: first day of the run.
    """
    head = f"{replication},{cell(strategy)}"
    for event in events:
        when = f"{number(event.day)},{start + timedelta(days=event.day // 1)}"
        yield f"{head},{when},{cell(event.kind)},{cell(event.name)},{cell(event.detail)}"
