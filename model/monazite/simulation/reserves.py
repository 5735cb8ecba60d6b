"""When reserves buy, and when an emergency is declared that opens them."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from monazite.trajectories import Event

if TYPE_CHECKING:
    from monazite.simulation.run import Run

Happens = Generator[simpy.Event, Any, None]


def buying(env: simpy.Environment, run: "Run", s: int) -> Happens:
    """Open the purchasing of a stockpile from its first to its last day."""
    part = run.world.prepared.stockpiles[s].part
    begin = run.world.prepared.start
    stock = run.model.stockpiles[s]
    stock["active"] = 1
    if part.start is not None and part.start > begin:
        yield env.timeout(float((part.start - begin).days))
    stock["buying"] = 1
    if part.until is not None:
        yield env.timeout(float((part.until - begin).days) - env.now)
        stock["buying"] = 0


def declaring(env: simpy.Environment, run: "Run", s: int) -> Happens:
    """Declare an emergency to a stockpile, and end it, on the days that its rule gives."""
    part = run.world.prepared.stockpiles[s].part
    begin = run.world.prepared.start
    for spell in sorted(part.release.declared, key=lambda spell: spell.day):
        yield env.timeout(max(0.0, float((spell.day - begin).days) - env.now))
        run.model.stockpiles[s]["declared"] = 1
        run.events.append(Event(env.now, "emergency-declared", part.name))
        yield env.timeout(max(0.0, float((spell.until - begin).days) - env.now))
        run.model.stockpiles[s]["declared"] = 0
        run.events.append(Event(env.now, "emergency-over", part.name))
