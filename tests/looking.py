"""Look at every review of a run, without changing it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from monazite.rules import review as compiled
from monazite.rules.records import Books, Model
from networks import copied

Look = Callable[[Model, Model, int], None]
"""Is given the state before a review, the state after it, and the number of the review."""


@contextmanager
def looked_at(look: Look) -> Iterator[None]:
    """Have `look` called after every review of the runs inside."""

    def run_reviews(model: Model, books: Books, first: int, until: int) -> None:
        for now in range(first, until):
            before = copied(model)
            compiled.run_reviews(model, books, now, now + 1)
            look(before, model, now)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("monazite.simulation.run.review", SimpleNamespace(run_reviews=run_reviews))
        yield
