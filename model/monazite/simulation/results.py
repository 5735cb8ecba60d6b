"""What the books of a run hold, under the names of the results."""

from typing import TYPE_CHECKING

import numpy as np

from monazite.rules.records import CLOSED, Books, Model
from monazite.simulation.funding import loans_left
from monazite.trajectories import Event, Trajectories
from monazite.world.inputs import Floats
from monazite.world.plan import SECTOR
from monazite.world.tables import KG_PER_T

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared

USE_FIELDS = [
    "reference_t",
    "delivered_t",
    "substituted_t",
    "curtailed_t",
    "shortfall_t",
    "released_t",
    "days_short_d",
    "first_short_d",
    "last_short_d",
]
SCRAP_FIELDS = ["worn_t", "collected_t", "offcut_t", "lost_t", "scrap_t"]
MONEY_FIELDS = [
    "spent_usd",
    "recovered_usd",
    "spent_pv_usd",
    "recovered_pv_usd",
    "committed_usd",
    "private_usd",
]


def results_of(
    prepared: "Prepared",
    values: Floats,
    models: tuple[Model, Model],
    books: Books,
    told: tuple[Floats, Floats, tuple[Event, ...]],
) -> Trajectories:
    """Return what a run leaves behind.

    Args:
        prepared: the scenario.
        values: one value for each input.
        models: tables at the start and at the end.
        books: what was recorded.
        told: worth at the end of what each instrument built, shape (I,), what suppressions cost
            their suppliers, shape (B, C), and the events.
    """
    (begin, model), (built, forgone_usd, events) = models, told
    offices = model.stockpiles["pool"]
    days = np.maximum(np.diff(books.edges_d), 1e-12)
    return Trajectories(
        edges_d=books.edges_d,
        **{name: np.ascontiguousarray(books.uses[name]) for name in USE_FIELDS},
        shipped_t=books.shipped_t,
        leaked_t=books.leaked_t,
        made_t=books.made_t,
        start_stock_t=begin.pools["stock_t"].copy(),
        stock_t=books.stock_t,
        strategic_t=books.stock_t[:, offices],
        bought_t=books.bought_t,
        drawn_t=books.drawn_t,
        price=books.price_d / days[:, None, None],
        at_bound_d=books.at_bound_d,
        **{name: np.ascontiguousarray(books.money[name]) for name in MONEY_FIELDS},
        salvage_pv_usd=built + stock_worth(model),
        forgone_usd=forgone_usd,
        **{name: np.ascontiguousarray(books.scrap[name]) for name in SCRAP_FIELDS},
        value_added_usd_per_t=values[prepared.sectors[:, SECTOR.index("value_added")]],
        reference_price_usd_per_kg=model.price_usd_per_t / KG_PER_T,
        events=events,
        layout=prepared.layout,
    )


def stock_worth(model: Model) -> Floats:
    """Return the discounted worth at the end of unsold stock, by instrument.

    The lower of what it cost and the reference price, less the cost of selling. What is
    under way and what borrowers owe count as there.
    """
    settings, stocks = model.settings[0], model.stockpiles
    held = model.pools[stocks["pool"]]
    stock_t = held["stock_t"] + held["way_t"] + stocks["owed_t"]
    at_reference = stock_t * model.price_usd_per_t[stocks["product"]]
    cost_usd = stocks["held_usd"] + stocks["owed_usd"]
    worth = np.minimum(cost_usd, at_reference) * (1.0 - settings["selling_cost"])
    worth = worth * np.exp(-settings["discount_per_d"] * settings["end_d"])
    return added(stocks["instrument"], worth, model.instruments.size)


def plant_worth(model: Model, costs: Floats, life_d: float) -> Floats:
    """Return the discounted worth at the end of plants, by instrument, straight-line.

    A plant closed for good is worth nothing. Of what was lent, the payments left count instead.

    Args:
        model: tables at the end.
        costs: what was given or paid in as equity for each project, shape (projects,).
        life_d: life over which a plant is written off [d].
    """
    settings, projects = model.settings[0], model.projects
    age_d = settings["end_d"] - projects["output_d"]
    left = np.clip(1.0 - age_d / life_d, 0.0, 1.0) * (projects["on"] == 1)
    left *= projects["state"] != CLOSED
    worth = costs * left * np.exp(-settings["discount_per_d"] * settings["end_d"])
    worth += loans_left(model)
    booked = projects["instrument"] >= 0
    return added(projects["instrument"][booked], worth[booked], model.instruments.size)


def added(number: Floats, worth: Floats, size: int) -> Floats:
    """Return worth added up by number, shape (size,)."""
    return np.bincount(number, worth, size).astype(np.float64)
