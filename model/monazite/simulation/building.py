"""A project through its phases, from permit to qualified output, or to its end."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from monazite.rules.money import book_beside, book_outlay
from monazite.rules.records import CLOSED, MOTHBALLED, WORKING
from monazite.simulation.funding import draw_up
from monazite.simulation.ledger import in_reach
from monazite.simulation.projects import Fate
from monazite.simulation.shocks import hold_up
from monazite.trajectories import Event
from monazite.world.paper import discounted_d
from monazite.world.plan import DAYS_PER_YEAR

if TYPE_CHECKING:
    from monazite.simulation.run import Run

DAY = 1.0


def building(env: simpy.Environment, run: "Run", number: int) -> Generator[simpy.Event, Any, None]:
    """Lead one project through its phases.

    Development is paid during permitting and financing, the rest during construction and
    commissioning; what is paid together is reserved in full as its first phase begins, and one
    that the budget does not reach is not begun.
    """
    plan = run.world.prepared.projects[number]
    yield env.timeout(max(0.0, run.world.prepared.day(plan.part.start)))
    end_d = env.now
    for first, phases in OUTLAY.items():
        if first == "construction":
            yield from run.sites.take(number)
            hold_up(run, number, env.now)
        if not pay(env, run, number, first):
            log(run, number, env.now, "project-not-funded", first)
            if first == "construction":
                run.sites.leave(number)
            return
        end_d = yield from pass_phases(env, run, number, phases)
        if run.fates[number].cancelled_in in phases:
            return
    open_plant(run, number, end_d)


def pass_phases(
    env: simpy.Environment, run: "Run", number: int, phases: tuple[str, ...]
) -> Generator[simpy.Event, Any, float]:
    """Lead a project through the phases that are paid together; return when they end.

    Between two of them nothing is decided. So they pass at once, unless others wait for it.
    """
    fate, day, waited_for = run.fates[number], env.now, is_waited_for(run, number)
    for phase in phases:
        reach(run, number, phase)
        if fate.lengths_d[phase] > 0.0:
            stalls = phase == "construction" and fate.stalled_for is not None
            log(run, number, day, f"project-{phase}", f"stalls: {fate.stalled_for}" * stalls)
        ends = phase == fate.cancelled_in
        day += fate.lengths_d[phase] * (fate.cancelled_part if ends else 1.0)
        if ends:
            log(run, number, day, "project-cancelled", f"{phase}: {fate.ended_for}")
        if waited_for or (phase == phases[-1] and not ends):
            yield env.timeout(day - env.now)
        if phase == "construction":
            run.sites.leave(number)
        if ends:
            return day
    return day


def is_waited_for(run: "Run", number: int) -> bool:
    """Return whether a project takes a place that others may want, or anybody waits for it."""
    name = run.world.prepared.projects[number].part.name
    return bool(run.sites.under[number]) or any(name == other for other, _ in run.awaited)


OUTLAY = {
    "permitting": ("permitting", "financing"),
    "construction": ("construction", "commissioning"),
}
"""Phases over which each of the two outlays runs, by the phase that begins it."""


def pay(env: simpy.Environment, run: "Run", number: int, phase: str) -> bool:
    """Reserve and book what a project spends from this phase on; False where money is short.

    One that is under way anyway is paid for. A project that ends within these phases has
    spent its part until then.
    """
    instrument, fate = int(run.model.projects["instrument"][number]), run.fates[number]
    day = env.now
    if instrument < 0:
        return True
    part = fate.development if phase == "permitting" else 1.0 - fate.development
    length_d, spent = spent_part(fate, phase)
    amount = fate.public_usd * part
    today, covers = (day, day + DAY), backstop_due(run, number, phase)
    whole = (day, day + max(DAY, length_d))
    dues = [(i, usd, today) for i, usd in covers]
    if not in_reach(run, day, [(instrument, amount, whole), *dues]):
        return False
    for backstop, usd in covers:
        book_outlay(run.model, run.books, backstop, today, usd)
    for i, usd in [(instrument, amount), *covers]:
        book_beside(run.books, i, today, usd, 0.0)
    span = (day, day + max(DAY, length_d * spent))
    if amount * spent > 0.0:
        book_outlay(run.model, run.books, instrument, span, amount * spent)
    if span[1] < whole[1]:
        keep_back(env, run, instrument, (span[1], whole[1]), amount * (1.0 - spent))
    private = (fate.cost_usd - fate.public_usd) * part * spent
    book_beside(run.books, instrument, span, 0.0, private)
    return True


def keep_back(
    env: simpy.Environment, run: "Run", instrument: int, span: tuple[float, float], usd: float
) -> None:
    """Keep back what a project that ends early will not spend, until the day on which it ends.

    Nobody knows before then that it will.

    Args:
        env: the clock.
        run: its budget is changed.
        instrument: number of the project's instrument.
        span: day on which the project ends, and that by which it would have spent all.
        usd: what it will not spend.
    """
    end_d = run.world.prepared.end_d
    within = (min(span[0], end_d), min(span[1], end_d))
    rate_per_d = float(run.model.settings["discount_per_d"][0])
    worth = usd * discounted_d(rate_per_d, within) / (span[1] - span[0])
    if worth > 0.0:
        give(run, instrument, -worth)
        env.process(giving_back(env, run, instrument, worth, within[0]))


def giving_back(
    env: simpy.Environment, run: "Run", instrument: int, worth: float, day: float
) -> Generator[simpy.Event, Any, None]:
    """Give back on a day what was kept back until then."""
    yield env.timeout(day - env.now)
    give(run, instrument, worth)


def give(run: "Run", instrument: int, worth: float) -> None:
    """Add to what an instrument and its strategy may spend [discounted USD]."""
    run.model.settings["pot_pv_usd"] += worth
    run.model.instruments["left_pv_usd"][instrument] += worth


def backstop_due(run: "Run", number: int, phase: str) -> list[tuple[int, float]]:
    """Return the instrument of the backstop of a project, and what it costs as this phase begins.

    It is paid as construction begins, the overrun included.
    """
    prepared = run.world.prepared
    plan = prepared.projects[number]
    if plan.backstop is None or phase != "construction":
        return []
    instrument = prepared.layout.instrument(plan.strategy, plan.backstop.name)
    usd = plan.backstop.cost.central * run.fates[number].cost_usd
    return [(instrument, usd)] if usd > 0.0 else []


def spent_part(fate: Fate, phase: str) -> tuple[float, float]:
    """Return days of the outlay that begins with a phase, and the part before the project ends."""
    length_d = sum(fate.lengths_d[name] for name in OUTLAY[phase])
    reached_d = 0.0
    for name in OUTLAY[phase]:
        if name == fate.cancelled_in:
            reached_d += fate.lengths_d[name] * fate.cancelled_part
            return length_d, reached_d / max(length_d, DAY)
        reached_d += fate.lengths_d[name]
    return length_d, 1.0


def open_plant(run: "Run", number: int, day: float) -> None:
    """Let a plant begin: it ramps up, and sells as customers qualify it.

    Nothing is sold in the first half of qualification; from then on the qualified part
    rises to all at its end.
    """
    plan, fate = run.world.prepared.projects[number], run.world.fates[number]
    row = run.model.projects[number]
    row["on"] = 1
    row["plateau"] = fate.plateau
    row["output_d"] = day
    row["ramp_d"] = fate.lengths_d["ramp"]
    half_d = 0.5 * fate.lengths_d["qualification"]
    row["qualified_d"], row["qualify_d"] = day + half_d, half_d
    row["restart_usd_per_t"] = restart_margin(run, number)
    draw_up(run, number, day)
    if plan.part.support is not None:
        row["support_until_d"] = day + plan.part.support.years.central
    reach(run, number, "first-output")
    detail = "" if fate.plateau == 1.0 else f"will reach {fate.plateau:.0%} of nameplate"
    log(run, number, day, "project-first-output", detail)


def restart_margin(run: "Run", number: int) -> float:
    """Return the margin at which a mothballed plant pays for its restart in time [USD/t]."""
    prepared, values = run.world.prepared, run.world.values
    share = values[prepared.behaviour["restart_cost"]]
    years = values[prepared.behaviour["restart_payback"]] / DAYS_PER_YEAR
    a_year_t = prepared.projects[number].part.capacity.central
    return float(run.world.fates[number].cost_usd * share / (years * a_year_t))


STATES = {
    WORKING: ("restarted", "the price covers its cost again"),
    MOTHBALLED: ("mothballed", "the price has not covered its cost"),
    CLOSED: ("closed", "for good, idle for too long"),
}
"""What a change to each state of a plant is called, and why it comes."""


def plant_events(run: "Run") -> list[Event]:
    """Return when plants were mothballed, restarted or closed, from their states by review."""
    prepared = run.world.prepared
    plants = len(prepared.projects)
    states = np.concatenate([np.full(plants, WORKING, np.int8), run.books.plant_state.ravel()])
    found = []
    for at in np.flatnonzero(states[plants:] != states[:-plants]).tolist():
        now, i = divmod(at, plants)
        kind, why = STATES[int(states[plants + at])]
        name = prepared.projects[i].part.name
        found.append(Event(now * prepared.clock.step_d, f"project-{kind}", name, why))
    return found


def reach(run: "Run", number: int, milestone: str) -> None:
    """Wake those who wait for a project to come so far."""
    awaited = run.awaited.get((run.world.prepared.projects[number].part.name, milestone))
    if awaited is not None and not awaited.triggered:
        awaited.succeed()


def log(run: "Run", number: int, day: float, kind: str, detail: str) -> None:
    """Note an event of a project."""
    if day <= run.world.prepared.end_d:
        name = run.world.prepared.projects[number].part.name
        run.events.append(Event(day, kind, name, detail))
