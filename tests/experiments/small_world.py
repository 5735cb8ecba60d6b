"""A made-up model with the interface of the real one: quick, and the same for each number."""

import gc
import json
import os
import signal
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from monazite.chance import stream
from monazite.experiments.model import Model
from monazite.trajectories import Event, Layout, Trajectories

STRATEGIES = ("none", "stockpile", "processing")
START = date(2026, 1, 1)
END_D = 1096.0  # to the end of 2028
GROUPS = {
    "united_states": ("united_states",),
    "allies": ("united_states", "japan"),
    "australia": ("australia",),
}
CONTROLLERS = {"oxide": frozenset({"japan"})}
LAYOUT = Layout(
    uses=(
        ("defence", "united_states", "magnets", 1),
        ("grid", "united_states", "magnets", 2),
        ("ev", "united_states", "magnets", 3),
        ("ev", "japan", "magnets", 3),
    ),
    routes=(
        ("china", "magnet_making", "magnets", "united_states", "open"),
        ("japan", "magnet_making", "magnets", "united_states", "tier1"),
        ("united_states", "magnet_making", "magnets", "united_states", "open"),
        ("united_states", "swarf_recycling", "oxide", "united_states", "open"),
        ("china", "separation", "oxide", "japan", "open"),
    ),
    makers=(("magnet_making", "china", "magnets"), ("magnet_making", "japan", "magnets")),
    yards=(("swarf_recycling", "united_states", "oxide"),),
    pools=(("magnets", "united_states", "open"), ("magnets", "japan", "open")),
    stockpiles=(("stockpile", "reserve", "magnets", "united_states"),),
    instruments=(("stockpile", "reserve"), ("processing", "plant")),
    products=("oxide", "magnets"),
    regions=("china", "united_states", "japan", "australia"),
)


@dataclass(frozen=True)
class SmallScenario:
    """Just enough of a scenario."""

    name: str = "small"
    chain: str = "ndfeb"
    seed: int = 1
    replications: int = 60
    budgets: dict[str, float] = field(
        default_factory=lambda: {"none": 0.0, "stockpile": 1e9, "processing": 1e9}
    )
    quiet: bool = False

    @property
    def chains(self) -> tuple[str, ...]:
        return (self.chain,)

    def model_copy(self, *, update: dict[str, Any]) -> "SmallScenario":
        return replace(self, **update)


@dataclass(frozen=True)
class SmallPrepared:
    """Just enough of a prepared world."""

    scenario: SmallScenario
    layout: Layout = LAYOUT
    strategies: tuple[str, ...] = STRATEGIES
    baseline: str = "none"
    groups: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(GROUPS))
    start: date = START
    end_d: float = END_D
    foreseen: frozenset[str] = frozenset()
    controllers: dict[str, frozenset[str]] = field(default_factory=lambda: dict(CONTROLLERS))

    @property
    def budget_usd(self) -> dict[str, float]:
        return self.scenario.budgets

    def adjustments(self) -> list[dict[str, Any]]:
        return [
            {
                "record": "ndfeb.makers.magnet_making.japan.output",
                "recorded": 100.0,
                "balanced": 110.0,
                "unit": "t/yr",
                "moved_share": 0.1,
                "balances": "no",
            }
        ]

    def parameters(self) -> list[dict[str, Any]]:
        return [
            {
                "name": "ndfeb.use",
                "value": 100.0,
                "low": 90.0,
                "high": float("inf"),
                "unit": "t/yr",
                "shape": "triangular",
                "year": 2024,
                "kind": "judged",
                "source": "",
                "because": 'nobody counts, they say "about"',
            }
        ]


@dataclass(frozen=True)
class SmallRun:
    """What one world leaves: a run for each strategy, and the world's own events."""

    trajectories: dict[str, Trajectories]
    world_events: tuple[Event, ...]


def empty_run(quarters: int = 12) -> Trajectories:
    """Return a run of whole quarters in which everything is delivered and nothing moves."""
    days = np.array([(date(2026 + q // 4, 1 + 3 * (q % 4), 1) - START).days for q in range(13)])
    edges_d = days[: quarters + 1].astype(float)
    b, u, x = quarters, len(LAYOUT.uses), len(LAYOUT.routes)
    h, s, i = len(LAYOUT.pools), len(LAYOUT.stockpiles), len(LAYOUT.instruments)
    p, r = len(LAYOUT.products), len(LAYOUT.regions)
    reference_t = np.full((b, u), 25.0) * np.array([1.0, 4.0, 10.0, 20.0])
    return Trajectories(
        edges_d=edges_d,
        reference_t=reference_t,
        delivered_t=reference_t.copy(),
        substituted_t=np.zeros((b, u)),
        curtailed_t=np.zeros((b, u)),
        shortfall_t=np.zeros((b, u)),
        released_t=np.zeros((b, u)),
        days_short_d=np.zeros((b, u)),
        first_short_d=np.full((b, u), np.inf),
        last_short_d=np.full((b, u), -np.inf),
        shipped_t=np.full((b, x), 10.0) * np.arange(1, x + 1),
        leaked_t=np.zeros((b, x)),
        made_t=np.ones((b, len(LAYOUT.makers))),
        start_stock_t=np.full(h, 50.0),
        stock_t=np.full((b, h), 50.0),
        strategic_t=np.zeros((b, s)),
        bought_t=np.zeros((b, s)),
        drawn_t=np.zeros((b, s)),
        price=np.ones((b, p, r)),
        at_bound_d=np.zeros((b, p)),
        spent_usd=np.zeros((b, i)),
        recovered_usd=np.zeros((b, i)),
        spent_pv_usd=np.zeros((b, i)),
        recovered_pv_usd=np.zeros((b, i)),
        committed_usd=np.zeros((b, i)),
        private_usd=np.zeros((b, i)),
        salvage_pv_usd=np.zeros(i),
        forgone_usd=np.zeros((b, 0)),
        worn_t=np.zeros((b, len(LAYOUT.yards))),
        collected_t=np.zeros((b, len(LAYOUT.yards))),
        offcut_t=np.zeros((b, len(LAYOUT.yards))),
        lost_t=np.zeros((b, len(LAYOUT.yards))),
        scrap_t=np.zeros((b, len(LAYOUT.yards))),
        value_added_usd_per_t=np.array([9e5, 5e5, 2e5, 2e5]),
        reference_price_usd_per_kg=np.array([60.0, 100.0]),
        events=(),
        layout=LAYOUT,
    )


def shorten(run: Trajectories, quarter: int, use: int, amount_t: float) -> None:
    """Take tonnes from what one use was delivered, for the whole of a quarter."""
    run.delivered_t[quarter, use] -= amount_t
    run.shortfall_t[quarter, use] += amount_t
    run.days_short_d[quarter, use] = run.edges_d[quarter + 1] - run.edges_d[quarter]
    run.first_short_d[quarter, use] = run.edges_d[quarter]
    run.last_short_d[quarter, use] = run.edges_d[quarter + 1]


def run_world(prepared: Any, replication: int, strategies: Sequence[str], by: str) -> SmallRun:
    """Draw one world and run every strategy in it."""
    assert by == "quarter"
    luck = stream(prepared.scenario.seed, replication, "world")
    onset = int(luck.integers(1, 11))
    depth = luck.random(len(LAYOUT.uses)) * 10.0
    hit = luck.random() < 0.6 and not prepared.scenario.quiet
    helped = {"none": 0.0, "stockpile": 0.9 * luck.random(), "processing": 0.5}
    events = (Event(91.0 * onset, "control-in-force", "ban", "magnets, all"),) if hit else ()
    trajectories = {}
    for strategy in strategies:
        run = empty_run()
        for use in range(len(LAYOUT.uses)) if hit else ():
            shorten(run, onset, use, depth[use] * (1 - helped[strategy]))
        if strategy != "none":
            instrument = STRATEGIES.index(strategy) - 1
            run.spent_usd[0, instrument] = 8e8 + 1e8 * depth[0] / 10
            run.spent_pv_usd[0, instrument] = run.spent_usd[0, instrument]
            run.salvage_pv_usd[instrument] = 1e8
        own = (Event(10.0, "first-purchase", "reserve"),) if strategy == "stockpile" else ()
        trajectories[strategy] = replace(run, events=own)
    return SmallRun(trajectories, events)


def slow_world(
    prepared: Any, replication: int, strategies: Sequence[str], by: str, pause_s: float
) -> SmallRun:
    """Take a moment over each world."""
    time.sleep(pause_s)
    return run_world(prepared, replication, strategies, by)


def stopped_world(
    prepared: Any, replication: int, strategies: Sequence[str], by: str, at: int
) -> SmallRun:
    """Meet Ctrl-C in one of the worlds."""
    if replication == at:
        raise KeyboardInterrupt
    return run_world(prepared, replication, strategies, by)


def deadly_world(
    prepared: Any, replication: int, strategies: Sequence[str], by: str, *, at: int, mark: str
) -> SmallRun:
    """Lose the worker in one of the worlds, the first time or, without a mark, always."""
    if replication == at and not (mark and Path(mark).exists()):
        if mark:
            Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return run_world(prepared, replication, strategies, by)


class Ring:
    """Holds itself, as a process of SimPy holds its environment, and what it worked on."""

    alive: ClassVar["weakref.WeakSet[Ring]"] = weakref.WeakSet()

    def __init__(self) -> None:
        self.it = self
        self.alive.add(self)


def ringed_world(prepared: Any, replication: int, strategies: Sequence[str], by: str) -> SmallRun:
    """Leave something that only a collection of rings can free, and that is old by then."""
    ring = Ring()
    gc.collect(1)  # it is still held, so it is old from here
    del ring
    return run_world(prepared, replication, strategies, by)


def crooked_world(prepared: Any, replication: int, strategies: Sequence[str], by: str) -> SmallRun:
    """Lose a tonne."""
    run = run_world(prepared, replication, strategies, by)
    run.trajectories[strategies[0]].delivered_t[0, 0] -= 1.0
    return run


def answering_world(
    prepared: Any, replication: int, strategies: Sequence[str], by: str
) -> SmallRun:
    """Let a control come on day 100 to all but who holds a stock, who meets it on day 200."""
    run = run_world(
        replace(prepared, scenario=SmallScenario(quiet=True)), replication, strategies, by
    )
    for name, one in run.trajectories.items():
        day = 200.0 if name == "stockpile" else 100.0
        own = Event(day, "control-in-force", "answer-1", "quota on magnets")
        run.trajectories[name] = replace(one, events=(own, *one.events))
    return run


def resolved_text(scenario: Any) -> str:
    return json.dumps(asdict(scenario), indent=1)


def read_scenario(path: str | Path) -> SmallScenario:
    return SmallScenario(**json.loads(Path(path).read_text(encoding="utf-8")))


def small_model(run: Callable[..., Any] = run_world, **trouble: Any) -> Model:
    """Return the made-up model, with or without trouble."""
    return Model(
        prepare=SmallPrepared,
        run_world=partial(run, **trouble) if trouble else run,
        warm_up=lambda prepared: None,
        resolved_text=resolved_text,
        read_scenario=read_scenario,
        is_quiet=lambda scenario: scenario.quiet,
    )
