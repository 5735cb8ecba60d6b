"""`run` and `resume`: from a scenario to a finished results folder."""

import os
import platform
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from monazite.chance import STREAM_VERSION
from monazite.errors import ResultsError
from monazite.experiments import comparison, folder, losses, outputs
from monazite.experiments.about import About, about, with_replications
from monazite.experiments.columns import COLUMNS, names
from monazite.experiments.csvtext import records
from monazite.experiments.ensemble import (
    Progress,
    RunInterruptedError,
    kept,
    make_ready,
    run_blocks,
)
from monazite.experiments.files import sha256, write_text
from monazite.experiments.model import Model, Prepared, real_model
from monazite.experiments.package import describe
from monazite.experiments.results import Results
from monazite.experiments.shards import BLOCK, Shards
from monazite.experiments.statistics import reduce_strategy
from monazite.experiments.work import Job
from monazite.measures import plan


def run(
    scenario: Any,
    out: str | Path | None = None,
    *,
    replications: int | None = None,
    jobs: int = 1,
    strategies: Sequence[str] | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    model: Model | None = None,
) -> Results:
    """Run every strategy in every random world and write the results folder.

    An unfinished run of the same inputs in the same folder is continued.

    Args:
        scenario: what `read_scenario` returned.
        out: the folder of the run; None for `results/<scenario>/<run>`.
        replications: how many worlds; None for what the scenario says.
        jobs: how many processes share the work; the results do not depend on it.
        strategies: which strategies; None for all.
        overwrite: whether a complete run in the folder may go.
        progress: called with the replications done and those wanted.
        model: the simulation; None for that of this package.

    Raises:
        ScenarioError: for a scenario that cannot be run.
        ResultsError: for a folder that cannot be written, or holds something else.
        RunInterruptedError: after Ctrl-C; what was finished is kept.
    """
    scenario = with_replications(scenario, replications)
    if model is None:
        make_ready(jobs, scenario.replications)
        model = real_model()
    prepared = model.prepare(scenario)
    facts = about(model, scenario, prepared, strategies)
    where = folder.place(facts.scenario, facts.run) if out is None else Path(out)
    text = model.resolved_text(scenario)
    folder.claim(where, facts, text, overwrite=overwrite)
    return _carry_on(model, prepared, facts, where, jobs=jobs, progress=progress)


def resume(
    path: str | Path,
    jobs: int = 1,
    progress: Progress | None = None,
    *,
    model: Model | None = None,
) -> Results:
    """Finish a run that was cut off; the files are those of one that never was.

    Args:
        path: the results folder.
        jobs: how many processes share the work.
        progress: called with the replications done and those wanted.
        model: the simulation; None for that of this package.

    Raises:
        ResultsError: where there is no run to resume, or its inputs have changed.
        RunInterruptedError: after Ctrl-C; what was finished is kept.
    """
    where = folder.find(path)
    held = folder.read_manifest(where)
    if held["complete"]:
        folder.tidy(where)
        return Results(where, held)
    if model is None:
        make_ready(jobs, held["about"]["replications"])
        model = real_model()
    scenario = model.read_scenario(where / folder.SCENARIO)
    prepared = model.prepare(scenario)
    facts = about(model, scenario, prepared, held["about"]["strategies"])
    folder.check_same(where, held, facts)
    folder.claim(where, facts, "", overwrite=False)
    return _carry_on(model, prepared, facts, where, jobs=jobs, progress=progress)


def _carry_on(
    model: Model,
    prepared: Prepared,
    facts: About,
    where: Path,
    *,
    jobs: int,
    progress: Progress | None,
) -> Results:
    """Do what is missing, write the files, and say that it is complete."""
    if jobs < 1:
        raise ResultsError(f"cannot work with {jobs} processes; at least 1")
    begun, started = time.perf_counter(), datetime.now(UTC)
    looked_up = plan(
        prepared.layout, prepared.groups, prepared.start, prepared.end_d, prepared.controllers
    )
    key = f"{facts.run}{facts.scenario_sha256}{facts.parameters_sha256}{BLOCK}"
    shards = Shards(
        where / folder.SHARDS, key, facts.replications, len(facts.strategies), looked_up.size
    )
    job = Job(prepared, model.run_world, facts, looked_up, shards)
    try:
        model.warm_up(prepared)
        run_blocks(job, jobs, progress)
        _write_files(job, facts, where, prepared)
    except KeyboardInterrupt:
        raise RunInterruptedError(str(where), kept(shards), facts.replications) from None
    except ResultsError as error:
        raise ResultsError(
            f"{error}. {kept(shards)} of {facts.replications} replications are kept; when that "
            f"is mended, go on with: monazite resume {where}"
        ) from error
    manifest = {
        "complete": True,
        "about": facts.plain(),
        **_machine(jobs, started, time.perf_counter() - begun),
        "files": {path.name: sha256(path) for path in _hashed(where)},
    }
    folder.write_manifest(where, manifest)
    _note_latest(facts, where)
    folder.tidy(where)
    return Results(where, manifest)


def _write_files(job: Job, facts: About, where: Path, prepared: Prepared) -> None:
    shards = job.shards
    torn = shards.missing()
    if torn:
        raise ResultsError(f"{shards.path(torn[0])} was damaged after it was written")
    statistics = tuple(reduce_strategy(shards, s) for s in range(shards.strategies))
    done = outputs.Finished(
        facts, job.plan, shards, statistics, prepared.parameters(), prepared.adjustments()
    )
    for name, lines in outputs.WRITERS.items():
        write_text(where / f"{name}.csv", lines(done))
    values, money = losses.from_shards(shards, job.plan)
    rows = comparison.rows(facts, values, money, facts.baseline)
    write_text(where / "comparison.csv", records(names("comparison"), rows))
    folder.write_json(where / folder.PACKAGE, describe(where, facts))


def _note_latest(facts: About, where: Path) -> None:
    """Name the newest run beside the runs of a scenario."""
    if where.name == facts.run and where.parent.name == facts.scenario:
        write_text(where.parent / folder.LATEST, [facts.run])


def _hashed(where: Path) -> list[Path]:
    tables = [where / f"{name}.csv" for name in COLUMNS]
    return [where / folder.SCENARIO, where / folder.PACKAGE, *tables]


def _machine(jobs: int, started: datetime, wall_s: float) -> dict[str, Any]:
    return {
        "stream_version": STREAM_VERSION,
        "started": started.isoformat(timespec="seconds"),
        "wall_time_s": round(wall_s, 3),
        "jobs": jobs,
        "cores": os.cpu_count(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }
