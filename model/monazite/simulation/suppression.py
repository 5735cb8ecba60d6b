"""Sales below the cost of others: what sets them off, what is pressed when, and what it costs."""

from collections.abc import Generator, Iterator
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from monazite.scenario.disruptions import Suppression
from monazite.simulation.answers import HAIR_D, LOOK_D
from monazite.trajectories import Event
from monazite.world.prepare import Prepared

if TYPE_CHECKING:
    from monazite.simulation.run import Run

Happens = Generator[simpy.Event, Any, None]

FAINT = 1e-3
"""A discount below this part of the price is over."""


def suppressing(env: simpy.Environment, run: "Run", number: int) -> Happens:
    """Press the price of a product from what sets it off until the time is over."""
    prepared = run.world.prepared
    part = prepared.scenario.disruptions.suppression[number]
    yield from waiting(env, run, part)
    if env.now >= prepared.end_d:
        return
    begin_d, end_d = env.now, env.now + part.duration.central
    env.process(forgoing(env, run, number, (begin_d, end_d)))
    run.pressing.add(number)
    press(run)
    if part.when is not None:
        run.events += suppression_events(prepared, part, begin_d)
    if end_d < prepared.end_d:
        yield env.timeout(part.duration.central)
        run.pressing.discard(number)
        press(run)


def waiting(env: simpy.Environment, run: "Run", part: Suppression) -> Happens:
    """Wait for the first day of a suppression, and for what sets it off."""
    prepared, when = run.world.prepared, part.when
    milestone = None
    if when is not None and when.project is not None:
        milestone = run.awaited.setdefault((when.project, when.milestone), env.event())
    if part.start is not None:
        yield env.timeout(prepared.day(part.start))
    if milestone is not None:
        yield milestone
    if when is not None and when.rivals is not None:
        while rivals_share(run, part) < when.rivals.central:
            yield env.timeout(((env.now + HAIR_D) // LOOK_D + 1.0) * LOOK_D - env.now)


def rivals_share(run: "Run", part: Suppression) -> float:
    """Return the part of all capacity for a product that stands outside its controller."""
    makers, network = run.model.makers, run.world.prepared.network
    mine = makers["product"] == network.products.index(part.product)
    capacity = np.where(mine, makers["reference_per_d"] + makers["added_per_d"], 0.0)
    home = makers["region"] == network.regions.index(part.controller)
    return 1.0 - float(capacity[home].sum() / capacity.sum())


def press(run: "Run") -> None:
    """Set by how much prices are pressed now; several suppressions add up."""
    prepared = run.world.prepared
    run.model.pressed[:] = 0.0
    for number in sorted(run.pressing):
        part = prepared.scenario.disruptions.suppression[number]
        product = prepared.network.products.index(part.product)
        run.model.pressed[product] += np.log1p(-part.depth.central)


def forgoing(
    env: simpy.Environment, run: "Run", number: int, spell: tuple[float, float]
) -> Happens:
    """Count after each review what the supplier forgoes on what it sells, until prices are back.

    The discount follows the pressed price: it closes the same part of the gap in each review.
    """
    prepared, model = run.world.prepared, run.model
    part, clock = prepared.scenario.disruptions.suppression[number], prepared.clock
    moves = model.products[prepared.network.products.index(part.product)]
    close, full = float(moves["price_step"]), float(np.log1p(-part.depth.central))
    pressed, review, sold_t, lost_usd = 0.0, ceil(spell[0] / clock.step_d - HAIR_D), 0.0, 0.0
    while review < clock.reviews:
        day = review * clock.step_d
        holds = spell[0] <= day < spell[1]
        pressed += close * ((full if holds else 0.0) - pressed)
        if not holds and pressed > -FAINT:
            break
        until_d = min(day + clock.step_d, prepared.end_d)
        yield env.timeout(until_d - env.now)
        tonnes, usd = sales(run, part)
        sold_t += tonnes
        lost_usd += usd * np.expm1(-pressed)
        book(run, number, (day, until_d), usd * np.expm1(-pressed))
        review += 1
    detail = f"{sold_t:,.0f} t of {part.product} sold for {lost_usd / 1e6:,.1f} million USD less"
    run.events.append(Event(env.now, "suppression-cost", part.name, detail))


def sales(run: "Run", part: Suppression) -> tuple[float, float]:
    """Return what a supplier sold of a product in the last review, before duties [t, USD]."""
    network, model = run.world.prepared.network, run.model
    p, region = network.products.index(part.product), network.regions.index(part.controller)
    rows = slice(int(model.route_start[p]), int(model.route_start[p + 1]))
    routes = model.routes[rows]
    ours = model.makers["region"][routes["maker"]] == region
    sent_t = np.where(ours, model.sent_t[rows], 0.0)
    asked = np.exp(model.log_price[p] - model.borders["log"][p]) * model.price_usd_per_t[p]
    return float(sent_t.sum()), float(sent_t @ asked[model.pools["region"][routes["pool"]]])


def book(run: "Run", number: int, span: tuple[float, float], usd: float) -> None:
    """Add what is forgone in one review to the bins that it touches, split by days."""
    edges = run.books.edges_d
    first = int(np.searchsorted(edges, span[0] + HAIR_D, side="right")) - 1
    while first < edges.size - 1 and edges[first] < span[1] - HAIR_D:
        days = min(span[1], edges[first + 1]) - max(span[0], edges[first])
        run.forgone_usd[first, number] += usd * days / (span[1] - span[0])
        first += 1


def dated_events(prepared: Prepared) -> Iterator[Event]:
    """Yield when suppressions begin and end that nothing sets off but their date."""
    for part in prepared.scenario.disruptions.suppression:
        if part.when is None and part.start is not None:
            first_d = prepared.day(part.start)
            yield from suppression_events(prepared, part, first_d)


def suppression_events(prepared: Prepared, part: Suppression, first_d: float) -> Iterator[Event]:
    """Yield when a suppression that begins on a day begins and ends."""
    last_d = first_d + part.duration.central
    until = prepared.start + timedelta(days=first_d) + timedelta(days=part.duration.central)
    detail = f"{part.controller} on {part.product} by {part.depth.central:.0%} until {until}"
    yield Event(first_d, "suppression-begins", part.name, detail)
    if last_d < prepared.end_d:
        yield Event(last_d, "suppression-ends", part.name)
