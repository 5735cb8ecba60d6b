"""Prices given by hand: what plants and contracts do on a path that nothing else moves."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from monazite.rules import review as compiled
from monazite.rules.records import Books, Model

Path = Callable[[float], float]
"""Multiple of the reference price by day."""


def given(monkeypatch: Any, path: Path) -> None:
    """Have every price of every run of this test follow a path of multiples."""

    def run_reviews(model: Model, books: Books, first: int, until: int) -> None:
        model.products["price_step"] = 0.0
        for now in range(first, until):
            set_prices(model, path(now * float(model.settings[0]["step_d"])))
            compiled.run_reviews(model, books, now, now + 1)

    stand_in = SimpleNamespace(run_reviews=run_reviews)
    monkeypatch.setattr("monazite.simulation.run.review", stand_in)


def set_prices(model: Model, multiple: float) -> None:
    """Set every price to a multiple of its reference."""
    model.log_price[:] = np.log(multiple)
    model.multiple[:] = np.exp(model.log_price)
