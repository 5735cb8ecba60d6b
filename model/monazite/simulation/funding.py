"""Public money that comes back: loans and equity in projects, and what is left of them."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from monazite.rules.records import CLOSED, Model
from monazite.world.plan import DAYS_PER_YEAR

if TYPE_CHECKING:
    from monazite.scenario.funding import PublicLoan
    from monazite.simulation.run import Run

Floats = NDArray[np.float64]


def level_usd_per_d(lent_usd: float, loan: "PublicLoan") -> float:
    """Return the level payment of a loan [USD/d].

    Interest runs from first output and is added to the loan while nothing is due.
    """
    rate = float(np.log1p(loan.rate.central)) / DAYS_PER_YEAR
    term_d, owed = loan.term.central, lent_usd * np.exp(rate * loan.grace.central)
    return float(owed / term_d if rate == 0.0 else owed * rate / -np.expm1(-rate * term_d))


def draw_up(run: "Run", number: int, day: float) -> None:
    """Let the plant of a project owe what it was lent, and its owners their part, from today."""
    row, fate = run.model.projects[number], run.world.fates[number]
    if row["instrument"] < 0:
        return
    loan = run.world.prepared.projects[number].funded.loan
    row["equity"] = fate.owned_usd / fate.cost_usd if fate.cost_usd > 0.0 else 0.0
    row["repaid"] = int(row["equity"] > 0.0 or loan is not None)
    if loan is not None:
        row["loan_usd_per_d"] = level_usd_per_d(fate.lent_usd, loan)
        row["loan_first_d"] = day + loan.grace.central
        row["loan_until_d"] = row["loan_first_d"] + loan.term.central


def loans_left(model: Model) -> Floats:
    """Return what payments on loans are still worth, discounted to the start, by project.

    Those in arrears and those to come of every plant that is not closed for good.
    """
    settings, rows = model.settings[0], model.projects
    end_d, rate = settings["end_d"], settings["discount_per_d"]
    first_d = np.maximum(rows["loan_first_d"], end_d)
    until_d = np.maximum(rows["loan_until_d"], end_d)
    to_come = until_d - first_d
    if rate > 0.0:
        to_come = (np.exp(-rate * first_d) - np.exp(-rate * until_d)) / rate
    due_d = np.clip(end_d - rows["loan_first_d"], 0.0, rows["loan_until_d"] - rows["loan_first_d"])
    arrears = (rows["loan_usd_per_d"] * due_d - rows["paid_back_usd"]) * np.exp(-rate * end_d)
    left = rows["loan_usd_per_d"] * to_come + np.maximum(0.0, arrears)
    there = (rows["on"] == 1) & (rows["state"] != CLOSED) & (rows["repaid"] == 1)
    return np.where(there, left, 0.0)
