"""Compile the rules of a review in two processes, the first time: half a minute instead of one.

numba compiles one rule at a time, and the order pass is nearly half of the work. A second
process compiles that and leaves it in the cache, where this one finds it.
"""

import pickle
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from subprocess import DEVNULL, Popen, TimeoutExpired
from typing import Any, get_type_hints

import numba
from numba.core.registry import CPUDispatcher

from monazite.rules import review
from monazite.rules.compiled import is_compiled
from monazite.rules.orders import place_orders
from monazite.rules.records import Model

PLAIN = {int: numba.types.int64, float: numba.types.float64}
"""What rules of a review are given beside the model."""

LONGEST_S = 60.0
"""How long to wait for the other process beyond one's own part of the work."""


def compile_in_two(model: Model) -> None:
    """Compile the rules that a review calls, unless they have been.

    Whatever goes wrong in the second process, this one does its part too in the end.

    Args:
        model: any; its layout counts.
    """
    if is_compiled(review.run_reviews):
        return
    tables = model._numba_type_
    with _beside(tables):
        for rule in _called():
            if rule is not place_orders:
                _compile(rule, tables)


def _called() -> list[CPUDispatcher]:
    """Return the rules that stand in a review."""
    names = review.review.py_func.__code__.co_names  # type: ignore[attr-defined]
    found = (vars(review).get(name) for name in names)
    return [one for one in found if isinstance(one, CPUDispatcher)]


def _compile(rule: CPUDispatcher, tables: Any) -> None:
    given = [PLAIN.get(hint, tables) for hint in get_type_hints(rule.py_func).values()]
    rule.compile(tuple(given[:-1]))  # the last is what it returns


@contextmanager
def _beside(tables: Any) -> Iterator[None]:
    """Have the order pass compiled by another process meanwhile, and wait for it."""
    with tempfile.TemporaryFile() as told:
        pickle.dump(tables, told)
        told.seek(0)
        command = [sys.executable, "-P", "-m", __name__]
        try:
            # a session of its own: Ctrl-C is for this process
            other = Popen(
                command, stdin=told, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True
            )
        except OSError:
            yield
            return
        try:
            yield
            with suppress(TimeoutExpired):
                other.wait(LONGEST_S)
        finally:
            other.kill()
            other.wait()


if __name__ == "__main__":
    order_pass: Any = place_orders
    _compile(order_pass, pickle.load(sys.stdin.buffer))
