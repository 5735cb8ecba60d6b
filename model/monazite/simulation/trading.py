"""When tariffs come and go, and what is then due on each route."""

from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from monazite.rules.records import Model
from monazite.trajectories import Event
from monazite.world.inputs import Floats
from monazite.world.prepare import Prepared
from monazite.world.trade import TariffPlan, rates_on, span_d

if TYPE_CHECKING:
    from monazite.simulation.run import Run


def levying(env: simpy.Environment, run: "Run") -> Generator[simpy.Event, Any, None]:
    """Set the duties of a strategy on each day on which a tariff begins or ends."""
    prepared = run.world.prepared
    mine = [plan for plan in prepared.tariffs if plan.strategy in ("", run.strategy)]
    run.events += tariff_events(prepared, (plan for plan in mine if plan.strategy))
    for day in sorted({day for plan in mine for day in span_d(prepared, plan)}):
        if day >= prepared.end_d:
            return
        yield env.timeout(day - env.now)
        set_duties(run.model, rates_on(prepared, run.strategy, day))


def set_duties(model: Model, rates: Floats) -> None:
    """Let these tariffs be in force; a route pulls with its landed price to the power -theta."""
    model.tariff_rate[: len(rates)] = rates
    model.duties["rate"] = model.tariff_rate.sum(axis=0)
    sold = model.pools["product"][model.routes["pool"]]
    power = model.products["supplier_power"][sold]
    model.duties["preference"] = (1.0 + model.duties["rate"]) ** -power


def tariff_events(prepared: Prepared, plans: Iterable[TariffPlan]) -> Iterator[Event]:
    """Yield when tariffs begin and end."""
    for plan in plans:
        part = plan.part
        first_d, until_d = span_d(prepared, plan)
        sides = f"{', '.join(part.origins)} to {', '.join(part.to)}"
        detail = f"{part.rate.central:.4g} of the price of {', '.join(part.products)}, {sides}"
        yield Event(first_d, "tariff-in-force", part.name, detail)
        if until_d < np.inf:
            yield Event(until_d, "tariff-ends", part.name)
