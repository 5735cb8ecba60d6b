"""A strategy's money: what each instrument may spend, and that the books agree with it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from monazite.errors import BrokenInvariantError
from monazite.rules.bids import promise_holding
from monazite.world.paper import discounted_d

if TYPE_CHECKING:
    from monazite.simulation.run import Run

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


Due = tuple[int, float, tuple[float, float]]
"""An instrument, what it is to pay [USD], and from which day to which it pays that evenly."""


def in_reach(run: "Run", day: float, dues: Sequence[Due]) -> bool:
    """Return whether each instrument has what it is to pay, and the strategy has it all.

    Both discounted; to rounding, so that what was reckoned to the last dollar is not refused
    for a part of it. What the last review bid for is paid by now, or was not sold: of what was
    promised then, only the holding of what is there still is.
    """
    promise_holding(run.model, day)
    settings, own_usd = run.model.settings, run.model.instruments["left_pv_usd"]
    left_usd = settings["pot_pv_usd"][0] - settings["promised_pv_usd"][0]
    rate_per_d = float(settings["discount_per_d"][0])
    worth_usd = [
        usd * (1.0 - ROUNDING) * discounted_d(rate_per_d, (first, last)) / (last - first)
        for _, usd, (first, last) in dues
    ]
    each = all(usd <= own_usd[i] for usd, (i, _, _) in zip(worth_usd, dues, strict=True))
    return bool(sum(worth_usd) <= left_usd) and each


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
