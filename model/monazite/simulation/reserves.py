"""When reserves buy and what next, and when an emergency is declared that opens them."""

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from monazite.rules import records
from monazite.scenario.reserves import Declaration, Swap
from monazite.simulation.sharing import hosting
from monazite.trajectories import Event
from monazite.world.reserves import swaps_of

if TYPE_CHECKING:
    from monazite.simulation.run import Run

Happens = Generator[simpy.Event, Any, None]

RULES = {
    "largest_gap": records.BY_GAP,
    "cheapest_cover": records.BY_COVER,
    "most_concentrated": records.BY_HERFINDAHL,
}


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


def declaring(
    env: simpy.Environment, run: "Run", name: str, spells: Sequence[Declaration], rows: Any
) -> Happens:
    """Declare an emergency, and end it, on the days that a rule gives."""
    begin = run.world.prepared.start
    for spell in sorted(spells, key=lambda spell: spell.day):
        yield env.timeout(max(0.0, float((spell.day - begin).days) - env.now))
        rows["declared"] = 1
        run.events.append(Event(env.now, "emergency-declared", name))
        yield env.timeout(max(0.0, float((spell.until - begin).days) - env.now))
        rows["declared"] = 0
        run.events.append(Event(env.now, "emergency-over", name))


def swapping(env: simpy.Environment, run: "Run", i: int, part: Swap) -> Happens:
    """Open a swap on its day."""
    yield env.timeout(run.world.prepared.day(part.start))
    run.model.swaps[i]["open"] = 1


def keep_reserves(env: simpy.Environment, run: "Run") -> None:
    """Begin what the strategy does about reserves: buying, obligations and declarations."""
    prepared, model = run.world.prepared, run.model
    set_buy_rule(run)
    for s, plan in enumerate(prepared.stockpiles):
        if plan.strategy == run.strategy:
            env.process(buying(env, run, s))
            rows, spells = model.stockpiles[s : s + 1], plan.part.release.declared
            env.process(declaring(env, run, plan.part.name, spells, rows))
            env.process(hosting(env, run, s))
    for obliged in prepared.obligations:
        if obliged.strategy == run.strategy:
            number = prepared.layout.instrument(run.strategy, obliged.part.name)
            mine = np.flatnonzero(model.obligations["instrument"] == number)
            rows = model.obligations[mine[0] : mine[-1] + 1]
            rows["active"] = 1
            env.process(declaring(env, run, obliged.part.name, obliged.part.declared, rows))

    for i, (strategy, part) in enumerate(swaps_of(prepared.scenario)):
        if strategy == run.strategy:
            env.process(swapping(env, run, i, part))


def set_buy_rule(run: "Run") -> None:
    """Set which stockpile gets money first; without a rule or a priority all come alike."""
    strategy = run.world.prepared.scenario.strategies[run.strategy]
    stated = any(getattr(part, "priority", None) for part in strategy.instruments)
    several = sum(plan.strategy == run.strategy for plan in run.world.prepared.stockpiles) > 1
    rule = records.ALIKE if several else records.ALONE
    if stated:
        rule = records.BY_PRIORITY
    if strategy.buy_next is not None:
        rule = RULES[strategy.buy_next]
    run.model.settings[0]["buy_rule"] = rule
