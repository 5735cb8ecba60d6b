"""The one place where the simulation is called from: what an ensemble needs of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from monazite.trajectories import Event, Layout, Trajectories


class WorldRun(Protocol):
    """What one random world leaves: a run for each strategy, and the world's events."""

    @property
    def trajectories(self) -> Mapping[str, Trajectories]:
        """The run of each strategy."""

    @property
    def world_events(self) -> Sequence[Event]:
        """Controls and regime switches, the same for all strategies."""


class Prepared(Protocol):
    """A scenario joined with its evidence, ready to run."""

    @property
    def layout(self) -> Layout:
        """The names behind the axes of the trajectories."""

    @property
    def strategies(self) -> Sequence[str]:
        """Names in the order of the file."""

    @property
    def baseline(self) -> str:
        """The strategy that others are compared with."""

    @property
    def budget_usd(self) -> Mapping[str, float]:
        """Discounted public budget of each strategy."""

    @property
    def groups(self) -> Mapping[str, Sequence[str]]:
        """The regions of each group that is reported."""

    @property
    def start(self) -> date:
        """The first day."""

    @property
    def end_d(self) -> float:
        """Length of the run in days."""

    @property
    def controllers(self) -> Mapping[str, Collection[str]]:
        """The regions that may control each product; none for a product nobody controls."""

    @property
    def foreseen(self) -> Collection[str]:
        """Names of the controls whose first day is known at the start."""

    def parameters(self) -> Sequence[Mapping[str, Any]]:
        """Return every number used, a row each."""

    def adjustments(self) -> Sequence[Mapping[str, Any]]:
        """Return what the balance at the start moved, a row for each maker."""


RunWorld = Callable[[Any, int, Sequence[str], str], WorldRun]
"""(prepared, replication, strategies, by) -> one world; sent to worker processes."""


@dataclass(frozen=True, slots=True)
class Model:
    """What an ensemble asks of the model; a made-up one serves in the tests.

    Attributes:
        prepare: scenario -> prepared.
        run_world: one world; must be picklable.
        warm_up: compile once, before workers start.
        resolved_text: scenario -> text with every default, which reads back.
        read_scenario: path -> scenario.
        is_quiet: whether nothing but an instrument can make anybody short.
    """

    prepare: Callable[[Any], Prepared]
    run_world: RunWorld
    warm_up: Callable[[Any], object]
    resolved_text: Callable[[Any], str]
    read_scenario: Callable[[str | Path], Any]
    is_quiet: Callable[[Any], bool]


def real_model() -> Model:
    """Return the simulation of this package."""
    from monazite.scenario import read_scenario, resolved_text
    from monazite.simulation import run_world, warm_up
    from monazite.world import prepare

    return Model(
        prepare=prepare,
        run_world=partial(_real_world, run_world),
        warm_up=warm_up,
        resolved_text=resolved_text,
        read_scenario=read_scenario,
        is_quiet=_is_quiet,
    )


def _real_world(
    run_world: Callable[..., WorldRun],
    prepared: Any,
    replication: int,
    strategies: Sequence[str],
    by: str,
) -> WorldRun:
    return run_world(prepared, replication, strategies, by=by)


def _is_quiet(scenario: Any) -> bool:
    """Return whether nothing happens to the chain by plan or chance, and nothing grows."""
    hits = scenario.disruptions
    planned = hits.standing or hits.scheduled or hits.random or hits.suppression
    planned = planned or hits.host_activity or any(hits.shocks())
    planned = planned or scenario.trade.tariffs or scenario.trade.procurement
    return not (planned or hits.outages or hits.procurement or scenario.growth)
