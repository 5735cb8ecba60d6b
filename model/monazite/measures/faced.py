"""What a world brings, whatever is done about it: when controls come, and for how long."""

import math
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from monazite.measures.items import ENDS, ONSETS
from monazite.trajectories import Event


@dataclass(frozen=True, slots=True)
class Faced:
    """The controls of one world in three numbers.

    Attributes:
        onset_d: day of the first control in force, NaN where there is none.
        first_control_d: the same of controls that were not certain at the start.
        under_control_d: days with any control in force that began after the start.
    """

    onset_d: float = math.nan
    first_control_d: float = math.nan
    under_control_d: float = 0.0


def faced(happened: Iterable[Event], end_d: float, foreseen: Collection[str] = ()) -> Faced:
    """Return when controls come in a world, and for how long.

    Args:
        happened: what happens in it, in any order.
        end_d: length of the run in days.
        foreseen: names of the controls whose first day is known at the start.
    """
    events = [event for event in happened if event.kind in ONSETS or event.kind in ENDS]
    events.sort(key=lambda event: event.day)
    chance = (event for event in events if event.name not in foreseen)
    return Faced(first_onset_d(events), first_onset_d(chance), under_control_d(events, end_d))


def first_onset_d(world_events: Iterable[Event]) -> float:
    """Return the day of the first control in force, NaN where there is none."""
    return min((event.day for event in world_events if event.kind in ONSETS), default=math.nan)


def under_control_d(world_events: Iterable[Event], end_d: float) -> float:
    """Return the days with one control or several in force that began after the start.

    >>> begin, end = Event(10.0, "control-in-force", "a"), Event(25.0, "control-lifted", "a")
    >>> under_control_d([begin, Event(20.0, "control-in-force", "b"), end], 100.0)
    90.0
    """
    in_force = Counter[str]()
    total_d = since_d = 0.0
    for event in world_events:
        ends = event.kind in ENDS and in_force[event.name] > 0
        if event.kind not in ONSETS and not ends:
            continue
        if in_force.total():
            total_d += event.day - since_d
        since_d = event.day
        in_force[event.name] += -1 if ends else 1
    return total_d + (end_d - since_d if in_force.total() else 0.0)
