"""Sales below the cost of others: when the price of a product is pressed, and by how much."""

from collections.abc import Generator, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from monazite.scenario.disruptions import Suppression
from monazite.trajectories import Event
from monazite.world.prepare import Prepared

if TYPE_CHECKING:
    from monazite.simulation.run import Run


def suppressing(env: simpy.Environment, run: "Run") -> Generator[simpy.Event, Any, None]:
    """Press prices from the first to the last day of each suppression; deeper ones add up."""
    prepared = run.world.prepared
    parts = prepared.scenario.disruptions.suppression
    for day in sorted({day for part in parts for day in days(prepared, part)}):
        if day >= prepared.end_d:
            return
        yield env.timeout(day - env.now)
        run.model.pressed[:] = 0.0
        for part in parts:
            first_d, last_d = days(prepared, part)
            if first_d <= day < last_d:
                product = prepared.network.products.index(part.product)
                run.model.pressed[product] += np.log1p(-part.depth.central)


def days(prepared: Prepared, part: Suppression) -> tuple[float, float]:
    """Return first and last day of a suppression, since the start."""
    first_d = float((part.start - prepared.start).days)
    return first_d, first_d + part.duration.central


def suppression_events(prepared: Prepared) -> Iterator[Event]:
    """Yield when suppressions begin and end."""
    for part in prepared.scenario.disruptions.suppression:
        first_d, last_d = days(prepared, part)
        until = part.start + timedelta(days=part.duration.central)
        detail = f"{part.controller} on {part.product} by {part.depth.central:.0%} until {until}"
        yield Event(first_d, "suppression-begins", part.name, detail)
        if last_d < prepared.end_d:
            yield Event(last_d, "suppression-ends", part.name)
