"""On what terms the licences of a regime are granted in one world."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monazite.scenario.quantity import Quantity
from monazite.world.licences import LicencePlan

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Terms:
    """The licences of a regime in one phase.

    Attributes:
        wait: time to a decision, or working time on an application where officers are few.
        approval: part of the applications that is granted, by region of the buyer, shape (R,).
        general: part of the reference flow that needs no application, shape (R,).
        officers: applications worked on at a time, 0 for as many as come.
        shipment_t: tonnes of an application, 0 for what is ordered on a route in a review.
        office: name of the office, the same as long as the regime keeps its licences.
    """

    wait: Quantity
    approval: Floats
    general: Floats
    officers: int
    shipment_t: float
    office: str


def longest_d(terms: Iterable[Terms | None]) -> float:
    """Return the longest time to a decision, or working time, that any of these may draw."""
    return max((one.wait.draw_one(1.0) for one in terms if one is not None), default=0.0)


Drawn = tuple[Terms, Floats, float]
"""Terms before general licences come; their share by region, shape (R,); when they come [d]."""


def draw_terms(plan: LicencePlan, values: Floats, office: str, luck: float | None = None) -> Drawn:
    """Return the terms of a regime in one world.

    Args:
        plan: its licences.
        values: one value for each input, shape (n,).
        office: name of the licensing office.
        luck: a uniform for approval where a control comes by chance.
    """
    part = plan.part

    def drawn(key: str, quantity: Quantity) -> float:
        if luck is None:
            return float(values[plan.columns[key]])
        return quantity.draw_one(luck)

    approval = np.full(plan.general.size, drawn("approval", part.approval))
    for word, share in part.by_target.items():
        approval[plan.apart[word] == 1] = drawn(f"by_target.{word}", share)
    general, after_d = np.zeros(plan.general.size), 0.0
    if part.general is not None:
        general = plan.general * values[plan.columns["general.share"]]
        if part.general.after is not None:
            after_d = float(values[plan.columns["general.after"]])
    shipment_t = 0.0 if part.shipment is None else part.shipment.central
    none = np.zeros_like(general)
    terms = Terms(part.wait, approval, none, part.officers or 0, shipment_t, office)
    return terms, general, after_d
