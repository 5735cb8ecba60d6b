"""What a run would cost, from a few worlds that were timed."""

import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from monazite.cli.ensembles import Wishes

if TYPE_CHECKING:
    from monazite.report.tables import Table
    from monazite.scenario import Scenario
    from monazite.world import Prepared

TIMED = 3
PER_REPLICATION = ("replications.csv", "events.csv")


def plan(scenario: "Scenario", wishes: Wishes) -> "Table":
    """Return what a run would take: worlds, strategies, seconds and bytes.

    Args:
        scenario: what would be run.
        wishes: what the flags ask for.
    """
    from monazite.report.tables import Column, Table
    from monazite.world import prepare

    prepared = prepare(scenario)
    chosen = tuple(wishes.strategies or prepared.strategies)
    wanted = wishes.replications or scenario.replications
    seconds = _seconds_per_world(prepared, chosen)
    size = _output_bytes(scenario, chosen, wanted)
    rows = [
        ("random worlds", str(wanted)),
        ("strategies in each", str(len(chosen))),
        ("processes", str(wishes.jobs)),
        ("one world, all strategies", f"{seconds * 1e3:.0f} ms"),
        ("expected time", _duration(seconds * wanted / wishes.jobs)),
        ("output", f"{size / 1e6:.1f} MB"),
    ]
    notes = [f"From {TIMED} worlds timed on this machine; nothing was kept."]
    notes += [f"Settled for {one.name}: {one.because}." for one in prepared.settlements]
    columns = (Column("what", "", "left"), Column("value", "", "right"))
    return Table(f"{scenario.name}: what a run takes", columns, rows, notes)


def _seconds_per_world(prepared: "Prepared", strategies: Sequence[str]) -> float:
    from monazite.simulation import run_world, warm_up

    warm_up(prepared)
    begun = time.perf_counter()
    for replication in range(TIMED):
        run_world(prepared, replication, strategies, by="quarter")
    return (time.perf_counter() - begun) / TIMED


def _output_bytes(scenario: "Scenario", strategies: Sequence[str], wanted: int) -> float:
    """Return the size of the results folder, its files by replication scaled up."""
    from monazite.experiments import run

    with TemporaryDirectory() as folder:
        target = Path(folder) / "plan"
        run(scenario, target, replications=TIMED, jobs=1, strategies=strategies)
        files = [path for path in target.rglob("*") if path.is_file()]
        grows = [path.name in PER_REPLICATION or path.suffix == ".npz" for path in files]
        sizes = [path.stat().st_size for path in files]
    growth = wanted / TIMED
    return sum(size * (growth if g else 1.0) for size, g in zip(sizes, grows, strict=True))


def _duration(seconds: float) -> str:
    """Return a duration as a person says it.

    >>> [_duration(s) for s in (0.4, 75.0, 7260.0)]
    ['1 s', '1 min 15 s', '2 h 1 min']
    """
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
