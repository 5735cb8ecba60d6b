"""Shocks of one world: when they come, and what they do to plants, ways, demand and builders."""

from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from monazite.chance import first_uniforms, stream
from monazite.rules.records import Model
from monazite.scenario.shocks import (
    Closure,
    Curb,
    HostPath,
    ProductionQuota,
    Shock,
    Surge,
    TechnologyBan,
)
from monazite.simulation.lives import Happening
from monazite.trajectories import Event
from monazite.world.inputs import Floats
from monazite.world.plan import DAYS_PER_YEAR
from monazite.world.shocks import TERMS, ShockPlan, followers
from monazite.world.tables import Clock, fill_leads, with_slots

if TYPE_CHECKING:
    from monazite.simulation.run import Run, World
    from monazite.world.prepare import Prepared

KINDS = {
    Closure: "closure",
    Curb: "curb",
    ProductionQuota: "production-quota",
    Surge: "surge",
    TechnologyBan: "technology-ban",
}
"""What each is called in the log."""


@dataclass(frozen=True)
class Spell:
    """A time in which a shock holds.

    Attributes:
        name: of the shock, with its ordinal where it came by chance.
        first_d: first day; below 0 where it stands at the start.
        until_d: day on which it is over, inf for good.
        given: how hard it hits, by the names of its numbers; those not stated are missing.
    """

    plan: ShockPlan
    name: str
    first_d: float
    until_d: float
    given: Mapping[str, float]


def draw_shocks(prepared: "Prepared", replication: int, values: Floats) -> list[Spell]:
    """Return the spells of all shocks that touch the run, in order of time."""
    found: list[Spell] = []
    for plan in prepared.shocks:
        if plan.part.start is None:
            found += _by_chance(prepared, replication, plan)
        else:
            found += _dated(prepared, replication, plan, values)
    return sorted(found, key=lambda spell: (spell.first_d, spell.name))


def _dated(
    prepared: "Prepared", replication: int, plan: ShockPlan, values: Floats
) -> Iterator[Spell]:
    part = plan.part
    assert part.start is not None, "a dated shock has a date"
    given = {name: float(values[column]) for name, column in plan.columns.items()}
    luck = first_uniforms(1, prepared.scenario.seed, replication, "shock", part.name, "chance")[0]
    first_d = prepared.day(part.start)
    until_d = first_d + given.pop("duration", inf)
    if luck < given.pop("chance") and until_d > 0.0:
        yield Spell(plan, part.name, first_d, until_d, given)


def _by_chance(prepared: "Prepared", replication: int, plan: ShockPlan) -> Iterator[Spell]:
    """Yield spells that come and go by chance, an exponential time after the one before.

    When the n-th comes is the n-th draw of a stream of its own; how long and how hard it is, and
    the rate itself, come from streams keyed by n, so that no draw moves another.
    """
    part, seed = plan.part, prepared.scenario.seed
    assert part.rate is not None, "a shock without a date has a rate"
    assert part.duration is not None, "and a duration"
    gaps = stream(seed, replication, "shock", part.name)
    rate = float(
        part.rate.draw(first_uniforms(1, seed, replication, "shock", part.name, "rate"))[0]
    )
    day, n = 0.0, 0
    while True:
        day += gaps.exponential() * DAYS_PER_YEAR / max(rate, 1e-12)
        if day >= prepared.end_d:
            return
        n += 1
        luck = first_uniforms(3, seed, replication, "shock", part.name, str(n))
        own = {name: getattr(part, name) for name in TERMS[type(part)]}
        given = {
            name: float(quantity.draw(luck[i : i + 1])[0])
            for i, (name, quantity) in enumerate(own.items(), 1)
            if quantity is not None
        }
        until_d = day + float(part.duration.draw(luck[:1])[0])
        yield Spell(plan, f"{part.name}-{n}", day, until_d, given)
        day = until_d


def cuts(spells: Iterable[Spell]) -> Iterator[Happening]:
    """Yield closures that cut flows, as caps on them."""
    for spell in spells:
        if "part" in spell.given and spell.plan.scope is not None:
            yield Happening(
                name=spell.name,
                onset_d=spell.first_d,
                end_d=spell.until_d,
                source=spell.plan.part.name,
                scope=spell.plan.scope,
                form="closure",
                allowed=spell.given["part"],
                allowed_t_per_yr=-1.0,
                terms=None,
                settled=False,
                lifts=(),
                path=spell.plan.path,
            )


def held(clock: Clock, spell: Spell, ramp_d: float = 0.0) -> Floats:
    """Return the mean part of each review in which a spell holds, shape (K,).

    Args:
        clock: the reviews.
        spell: when.
        ramp_d: time over which it comes into full effect, in a straight line.
    """
    edges_d = np.append(np.arange(clock.reviews) * clock.step_d, clock.end_d)
    since_d = np.clip(edges_d, spell.first_d, min(spell.until_d, clock.end_d)) - spell.first_d
    if spell.until_d <= spell.first_d:
        since_d = np.zeros_like(since_d)
    rising_d = np.minimum(since_d, ramp_d)
    done_d = since_d - rising_d
    if ramp_d > 0.0:
        done_d += rising_d**2 / (2.0 * ramp_d)
    return np.asarray(np.diff(done_d) / np.diff(edges_d))


def with_shocks(model: Model, prepared: "Prepared", spells: Iterable[Spell]) -> Model:
    """Return the model with what curbs, quotas and surges leave, by review.

    Tables have no rows where the scenario has nothing of the kind. What is under way has room for
    the longest way that closures leave.
    """
    clock, parts = prepared.clock, [plan.part for plan in prepared.shocks]
    paths = prepared.scenario.disruptions.host_activity
    if paths or any(isinstance(part, Curb | ProductionQuota) for part in parts):
        shape = (clock.reviews, model.makers.size)
        model = replace(model, curb=np.ones(shape), most_per_d=np.full(shape, inf))
    if any(isinstance(part, Surge) for part in parts):
        model = replace(model, surge=np.ones((clock.reviews, model.uses.size)))
    for host, path in paths.items():
        hits = followers(prepared.chain, prepared.network, host)
        model.curb[:, hits] *= activity(clock, prepared.start, path)[:, None]
    for spell in spells:
        part, hits, given = spell.plan.part, spell.plan.hits, spell.given
        if isinstance(part, Curb):
            model.curb[:, hits] *= 1.0 - (1.0 - given["part"]) * held(clock, spell)[:, None]
        elif isinstance(part, ProductionQuota):
            most_per_d = allowed_per_d(model, clock, spell)
            model.most_per_d[:, hits] = np.minimum(model.most_per_d[:, hits], most_per_d)
        elif isinstance(part, Surge):
            more = held(clock, spell, given.get("ramp", 0.0))[:, None]
            model.surge[:, hits] *= 1.0 + (given["factor"] - 1.0) * more
    longest_d = delayed_d(model, delays(spells)).max(initial=0.0)
    return with_slots(model, float(longest_d) / clock.step_d)


def delays(spells: Iterable[Spell]) -> list[Spell]:
    """Return the spells that make goods take longer."""
    return [spell for spell in spells if spell.given.get("delay", 0.0) > 0.0]


def delayed_d(model: Model, spells: Iterable[Spell]) -> Floats:
    """Return how long goods take along each route while these spells delay them [d]."""
    lead_d: Floats = model.routes["lead_d"].copy()
    for spell in spells:
        lead_d[spell.plan.hits] += spell.given["delay"]
    return lead_d


def activity(clock: Clock, start: date, path: HostPath) -> Floats:
    """Return what a host works at in the middle of each review, over its usual path, shape (K,)."""
    edges_d = np.append(np.arange(clock.reviews) * clock.step_d, clock.end_d)
    years = sorted(path)
    days = [0.0, *(float((date(int(year), 1, 1) - start).days) for year in years)]
    levels = [1.0, *(path[year].central for year in years)]
    return np.asarray(np.interp(0.5 * (edges_d[1:] + edges_d[:-1]), days, levels))


def allowed_per_d(model: Model, clock: Clock, spell: Spell) -> Floats:
    """Return what a quota lets each of its makers make, by review [t/d], shape (K, hits).

    All of them together: a part of the undisturbed output, or tonnes, in the proportions of the
    undisturbed output. It holds in the reviews that begin while it does.
    """
    hits, days = spell.plan.hits, np.arange(clock.reviews) * clock.step_d
    sold = model.routes["maker"].astype(np.int64)
    made = np.stack([np.bincount(sold, flow, model.makers.size) for flow in model.flow_year])
    usual = np.stack([np.interp(days, model.year_d, made[:, m]) for m in hits], axis=1)
    whole = usual.sum(axis=1, keepdims=True)
    if "allowed" in spell.given:
        most = spell.given["allowed"] * whole
    else:
        most = np.full_like(whole, spell.given["allowed_t_per_yr"] / DAYS_PER_YEAR)
    even = np.full_like(usual, 1.0 / hits.size)
    share = np.divide(usual, whole, out=even, where=whole > 0.0)
    holds = (days >= spell.first_d) & (days < spell.until_d)
    return np.where(holds[:, None], most * share, inf)


def delaying(env: simpy.Environment, run: "Run") -> Generator[simpy.Event, Any, None]:
    """Lengthen ways on the first day of each closure, and shorten them again after the last."""
    spells = delays(run.world.spells)
    for day in sorted({max(0.0, d) for s in spells for d in (s.first_d, s.until_d)}):
        if day >= run.world.prepared.end_d:
            return
        yield env.timeout(day - env.now)
        now = [spell for spell in spells if spell.first_d <= day < spell.until_d]
        fill_leads(run.model, delayed_d(run.world.model, now))


def hold_up(run: "Run", number: int, day: float) -> None:
    """Let a project that begins construction take as long as bans on technology make it."""
    slow = [
        (spell.first_d, spell.until_d, 1.0 / spell.given.get("stretch", inf))
        for spell in run.world.spells
        if isinstance(spell.plan.part, TechnologyBan) and number in spell.plan.hits
    ]
    if not slow:
        return
    fate, end_d = run.fates[number], run.world.prepared.end_d
    lengths = dict(fate.lengths_d)
    for phase in ("construction", "commissioning"):
        lengths[phase] = min(taken(day, lengths[phase], slow), max(lengths[phase], end_d))
        day += lengths[phase]
    run.fates[number] = replace(fate, lengths_d=lengths)


def taken(day: float, work_d: float, slow: Iterable[tuple[float, float, float]]) -> float:
    """Return how long work takes from a day on, inf where it never ends.

    Args:
        day: first day.
        work_d: how long it would take undisturbed.
        slow: first day, end and pace of each spell that slows it; the slowest counts.

    >>> taken(0.0, 100.0, [(50.0, 500.0, 0.5)])
    150.0
    >>> taken(0.0, 100.0, [(50.0, 80.0, 0.0)])
    130.0
    """
    spells, now = list(slow), day
    if work_d <= 0.0:
        return 0.0
    edges = sorted({d for first, until, _ in spells for d in (first, until) if d > day})
    for edge in (*edges, inf):
        pace = min((p for first, until, p in spells if first <= now < until), default=1.0)
        if pace > 0.0 and work_d <= pace * (edge - now):
            return now + work_d / pace - day
        if pace > 0.0:
            work_d -= pace * (edge - now)
        now = edge
    return inf


def shock_events(world: "World") -> Iterator[Event]:
    """Yield when shocks begin and end."""
    prepared = world.prepared
    for spell in world.spells:
        part, until = spell.plan.part, "past the end" if isfinite(spell.until_d) else "for good"
        kind = KINDS[type(part)]
        if spell.until_d < prepared.end_d:
            until = f"until {prepared.start + timedelta(days=int(spell.until_d))}"
        terms = (f"{name} {value:.3g}" for name, value in spell.given.items())
        detail = ", ".join(filter(None, (part.title, what(part), *terms, until)))
        yield Event(max(0.0, spell.first_d), f"{kind}-begins", spell.name, detail)
        if spell.until_d < prepared.end_d:
            yield Event(spell.until_d, f"{kind}-ends", spell.name)


def what(part: Shock) -> str:
    """Return in a few words what a shock is about."""
    if isinstance(part, Closure):
        return f"{listed(part.origins)} to {listed(part.to)}"
    if isinstance(part, Curb):
        whose = listed(part.processes) or f"by-products of {listed(part.hosts)}"
        return f"{whose} in {listed(part.regions)}"
    if isinstance(part, ProductionQuota):
        return f"{part.product} in {part.controller}"
    if isinstance(part, Surge):
        sectors = listed(part.sectors) or f"tier {listed(map(str, part.tiers))}"
        return f"{sectors} in {listed(part.regions)}"
    if isinstance(part, TechnologyBan):
        stops = " stops" if part.stop else ""
        return f"{listed(part.kinds) or 'every plant'} by {part.controller}{stops}"
    return ""


def listed(words: Iterable[str]) -> str:
    """Return words side by side."""
    return " and ".join(words)
