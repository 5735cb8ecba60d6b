"""A strategy's money: what each instrument may spend, and that the books agree with it."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from monazite.errors import BrokenInvariantError

if TYPE_CHECKING:
    from monazite.simulation.run import Run

Floats = NDArray[np.float64]

CENT, ROUNDING = 0.01, 1e-9
"""What books may be out by: so many USD, and this part of the budget."""


def allotted_usd(run: "Run") -> dict[int, float]:
    """Return what each instrument of the strategy may spend at most, by its number."""
    prepared, strategy = run.world.prepared, run.strategy
    budget = prepared.budget_usd[strategy]
    found = {}
    for part in prepared.scenario.strategies[strategy].instruments:
        own = getattr(part, "budget", None)
        number = prepared.layout.instrument(strategy, part.name)
        found[number] = budget
        if own is not None:
            found[number] = own.central * (1.0 if own.unit == "USD" else budget)
    return found


def fund(run: "Run") -> None:
    """Give the strategy its budget, and each instrument its part of it."""
    run.model.settings[0]["pot_pv_usd"] = run.world.prepared.budget_usd[run.strategy]
    for number, usd in allotted_usd(run).items():
        run.model.instruments[number]["left_pv_usd"] = usd


def in_reach(run: "Run", dues: list[tuple[int, float]]) -> bool:
    """Return whether each instrument has what it is to pay, and the strategy has it all.

    To rounding, so that what was reckoned to the last dollar is not refused for a part of it.
    """
    settings, instruments = run.model.settings[0], run.model.instruments
    left = settings["pot_pv_usd"] - settings["promised_pv_usd"]
    dues = [(i, usd * (1.0 - ROUNDING)) for i, usd in dues]
    whole = sum(usd for _, usd in dues)
    return bool(whole <= left and all(usd <= instruments[i]["left_pv_usd"] for i, usd in dues))


def check_ledger(run: "Run") -> None:
    """Check that what was booked and what is left make up the budget, and that none is passed.

    Raises:
        BrokenInvariantError: naming the strategy or the instrument, and the money.
    """
    budget = run.world.prepared.budget_usd[run.strategy]
    spent = run.books.money["spent_pv_usd"].sum(axis=0)
    pot = float(run.model.settings[0]["pot_pv_usd"])
    _agree(f"strategy {run.strategy}", budget, float(spent.sum()), pot)
    for number, allotted in allotted_usd(run).items():
        name = run.world.prepared.layout.instruments[number][1]
        left = float(run.model.instruments[number]["left_pv_usd"])
        _agree(f"{name} of strategy {run.strategy}", allotted, float(spent[number]), left)


def _agree(whose: str, allotted: float, spent: float, left: float) -> None:
    slack = CENT + ROUNDING * allotted
    if not (abs(allotted - spent - left) <= slack and left >= -slack):
        raise BrokenInvariantError(
            f"ledger of {whose}: of {allotted:.10g} USD, discounted, {spent:.10g} are booked "
            f"and {left:.10g} left"
        )
