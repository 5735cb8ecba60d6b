"""Clocks: works taken in turn, and a stopwatch that knows what was inside what."""

import gc
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from statistics import median
from time import perf_counter
from typing import Any
from unittest.mock import patch

Times = dict[str, list[float]]
"""Seconds of each repeat, by name."""

Part = tuple[str, Any, str]
"""Name of a part, the module or class that its function is in, and its name there."""


def in_turn(works: Sequence[Callable[[], Mapping[str, float]]], repeats: int) -> Times:
    """Run works one after another, again and again: a busy moment then hits all alike.

    Each work returns what it measured itself, in seconds by name.
    """
    found: Times = defaultdict(list)
    for _ in range(repeats):
        for work in works:
            gc.collect()
            for name, seconds in work().items():
                found[name].append(seconds)
    return found


def least_and_middle(seconds: Sequence[float]) -> tuple[float, float]:
    """Return the least, which others disturbed least, and the median."""
    return min(seconds), median(seconds)


class Stopwatch:
    """Adds up the time of named parts, each without the named parts inside it."""

    def __init__(self) -> None:
        self.own: dict[str, float] = defaultdict(float)
        self.whole: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)
        self._inside = [0.0]

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with a clock around it."""

        @wraps(function)
        def clocked(*args: Any, **named: Any) -> Any:
            self._inside.append(0.0)
            begun = perf_counter()
            try:
                return function(*args, **named)
            finally:
                seconds = perf_counter() - begun
                self.own[name] += seconds - self._inside.pop()
                self.whole[name] += seconds
                self.calls[name] += 1
                self._inside[-1] += seconds

        return clocked

    @contextmanager
    def on(self, parts: Sequence[Part]) -> Iterator["Stopwatch"]:
        """Put a clock around the functions of some parts."""
        with ExitStack() as undo:
            for name, where, attribute in parts:
                clocked = self.timed(name, getattr(where, attribute))
                undo.enter_context(patch.object(where, attribute, clocked))
            yield self
