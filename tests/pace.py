"""How long something takes, so told that no machine is too slow: in bare loops of Python."""

import time
from collections.abc import Callable

TURNS = 100_000


def in_bare_loops(action: Callable[[], object], attempts: int = 5) -> float:
    """Return the time of an action on the processor over that of a loop of so many turns.

    Both are taken in turn, the least of each counts: a busy moment hits both alike.
    """
    took, bare = [], []
    for _ in range(attempts):
        took.append(_time_of(action))
        bare.append(_time_of(_loop))
    return min(took) / min(bare)


def _loop() -> int:
    total = 0
    for i in range(TURNS):
        total += i * i
    return total


def _time_of(action: Callable[[], object]) -> float:
    begun = time.process_time()
    action()
    return time.process_time() - begun
