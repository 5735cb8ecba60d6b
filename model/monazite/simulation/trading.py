"""When tariffs and blocs come and go, and what then holds on each route."""

from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from monazite.rules.money import book_outlay
from monazite.rules.records import Model
from monazite.scenario.trade import Bloc
from monazite.simulation.ledger import in_reach
from monazite.simulation.sharing import let_draw
from monazite.trajectories import Event
from monazite.world.inputs import Floats
from monazite.world.prepare import Prepared
from monazite.world.trade import (
    BlocPlan,
    TariffPlan,
    ends_of_routes,
    favour,
    members_on,
    rates_on,
    span_d,
    stay_d,
)

if TYPE_CHECKING:
    from monazite.simulation.run import Run

DAY = 1.0


def trading(env: simpy.Environment, run: "Run") -> Generator[simpy.Event, Any, None]:
    """Set duties, priorities and owners on each day on which a tariff or a member changes."""
    prepared = run.world.prepared
    tariffs = [plan for plan in prepared.tariffs if plan.strategy in ("", run.strategy)]
    plans = [plan for plan in prepared.blocs if plan.strategy in ("", run.strategy)]
    run.events += tariff_events(prepared, (plan for plan in tariffs if plan.strategy))
    run.events += bloc_events(prepared, (plan for plan in plans if plan.strategy))
    days = {day for plan in tariffs for day in span_d(prepared, plan)}
    days |= {day for plan in plans for day in (0.0, *days_of(prepared, plan.part))}
    begun: dict[str, Bloc] = {}
    for day in sorted(days):
        if day >= prepared.end_d:
            return
        yield env.timeout(max(0.0, day - env.now))
        for plan in plans:
            if min(days_of(prepared, plan.part)) == day and pay(run, plan, env.now):
                begun[plan.part.name] = plan.part
        set_duties(run.model, rates_on(prepared, run.strategy, day, begun))
        set_priority(run, favour(prepared, begun.values(), day, "supply_priority"))
        set_owners(run, {plan.part.name for plan in plans}, begun, day)


def days_of(prepared: Prepared, bloc: Bloc) -> set[float]:
    """Return the days on which members of a bloc come or go."""
    return {day for member in bloc.members for day in stay_d(prepared, member)}


def pay(run: "Run", plan: BlocPlan, day: float) -> bool:
    """Book what a bloc costs; False where the money is short, and it does not come."""
    prepared = run.world.prepared
    if not plan.strategy or plan.part.cost is None:
        return True
    number = prepared.layout.instrument(plan.strategy, plan.part.name)
    span = (day, max(day + DAY, prepared.end_d))
    if not in_reach(run, day, [(number, plan.part.cost.central, span)]):
        run.events.append(Event(day, "bloc-not-funded", plan.part.name))
        return False
    book_outlay(run.model, run.books, number, span, plan.part.cost.central)
    return True


def set_duties(model: Model, rates: Floats) -> None:
    """Let these tariffs be in force; a route pulls with its landed price to the power -theta."""
    if not model.tariffs.size:
        return
    model.tariff_rate[: len(rates)] = rates
    model.duties["rate"] = model.tariff_rate.sum(axis=0)
    sold = model.pools["product"][model.routes["pool"]]
    power = model.products["supplier_power"][sold]
    model.duties["preference"] = (1.0 + model.duties["rate"]) ** -power


def set_priority(run: "Run", priority: Floats) -> None:
    """Let short makers serve whoever their region favours as they serve home, to that degree."""
    model, before = run.model, run.world.model
    seller, buyer = ends_of_routes(run.world.prepared)
    model.routes["home"] = (before.routes["home"] == 1) | (priority[seller, buyer] > 0.0)
    most = priority[model.makers["region"]].max(axis=1, initial=0.0)
    model.makers["home_first"] = np.maximum(before.makers["home_first"], most)


def set_owners(run: "Run", names: set[str], begun: dict[str, Bloc], day: float) -> None:
    """Let the members of this day draw on stockpiles that a bloc owns."""
    prepared = run.world.prepared
    for s, plan in enumerate(prepared.stockpiles):
        owner = plan.part.owner
        if owner in names and plan.strategy == run.strategy:
            mine = members_on(prepared, begun[owner], day) if owner in begun else set()
            run.owners[s] = [int(region in mine) for region in prepared.network.regions]
            let_draw(run, s)


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


def bloc_events(prepared: Prepared, plans: Iterable[BlocPlan]) -> Iterator[Event]:
    """Yield when members come into a bloc and when they leave."""
    for plan in plans:
        for member in plan.part.members:
            first_d, until_d = stay_d(prepared, member)
            yield Event(max(0.0, first_d), "bloc-joined", plan.part.name, member.region)
            if until_d < np.inf:
                yield Event(until_d, "bloc-left", plan.part.name, member.region)
