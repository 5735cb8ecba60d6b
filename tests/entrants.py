"""A small market that a plant joins: what the tests of projects and contracts share."""

from typing import Any

import numpy as np

from monazite.trajectories import Trajectories
from networks import START, Kind, Plant, Small

MARKET = Small(
    products={"part": (45.0, 60.0)},
    processes={"magnet_making": ("part", {})},
    plants=[Plant("magnet_making", "china", 200.0, 0.6)],
    sectors={"cars": Kind()},
    use={"china": {"cars": 100.0}, "japan": {"cars": 100.0}},
)
"""Parts at 60 USD/kg; Japan, which makes none, uses 100 t a year."""

LIVELY = {"behaviour.price_cover_elasticity": 1, "behaviour.price_tightness_elasticity": 0.8}
"""Overrides under which prices move."""

AT_ONCE = dict.fromkeys(
    ("permitting", "financing", "construction", "commissioning", "ramp", "qualification"), "0 days"
)
"""Phases of a plant that is there on the day it starts."""


def sure(kind: str = "magnet_plant") -> dict[str, Any]:
    """Return overrides under which no project of a kind stalls or ends."""
    odds = ("cancel_chance", "never_chance", "stall_chance")
    return {f"phases.{kind}.{chance}": 0 for chance in odds}


def plant(**own: Any) -> dict[str, Any]:
    """Return a plant for half of what Japan uses, there at once unless its terms say otherwise."""
    usual = {
        "name": "plant",
        "kind": "magnet_plant",
        "region": "japan",
        "capacity": "50 t/yr",
        "start": START,
    }
    return usual | AT_ONCE | own


def made(result: Trajectories, region: str = "japan") -> np.ndarray:
    """Return what a region made by review [t]."""
    mine = [m for m, maker in enumerate(result.layout.makers) if maker[1] == region]
    return np.asarray(result.made_t[:, mine].sum(axis=1))
