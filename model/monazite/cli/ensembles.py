"""Running a scenario for a command: progress, interrupts, and what was there already."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monazite.cli import INTERRUPTED
from monazite.cli.progress import Progress, progress_bar
from monazite.cli.talk import tell
from monazite.errors import MonaziteError, Problem, ScenarioError

if TYPE_CHECKING:
    from monazite.experiments import Results
    from monazite.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the flags of a command ask of a run.

    Attributes:
        jobs: how many processes.
        replications: how many worlds; None for what the scenario says.
        strategies: which strategies; None for all.
        out: the results folder; None for the usual one.
        overwrite: replace a results folder that is there.
    """

    jobs: int
    replications: int | None = None
    strategies: Sequence[str] | None = None
    out: Path | None = None
    overwrite: bool = False


def read_all(files: Sequence[str], sets: Sequence[str]) -> "list[Scenario]":
    """Read every file before any is run.

    Raises:
        ScenarioError: with the problems of all files.
    """
    from monazite.measures import unmeasured
    from monazite.scenario import read_scenario

    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for name in files:
        try:
            scenarios.append(read_scenario(name, sets))
            problems += unmeasured(scenarios[-1])
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return scenarios


def run_scenario(scenario: "Scenario", wishes: Wishes) -> "Results":
    """Run one scenario, with a progress bar."""
    from monazite.experiments import run

    def start(progress: Progress) -> "Results":
        return run(
            scenario,
            wishes.out,
            replications=wishes.replications,
            jobs=wishes.jobs,
            strategies=wishes.strategies,
            overwrite=wishes.overwrite,
            progress=progress,
        )

    return _watched(f"Running {scenario.name}", start)


def resume_run(folder: Path, jobs: int) -> "Results":
    """Finish an interrupted run, with a progress bar."""
    from monazite.experiments import folder as folders
    from monazite.experiments import resume

    folders.read_manifest(folders.find(folder))

    def start(progress: Progress) -> "Results":
        return resume(folder, jobs=jobs, progress=progress)

    return _watched(f"Finishing {folder}", start)


def runs_of(
    files: Sequence[str], sets: Sequence[str], wishes: Wishes
) -> "Iterator[tuple[Scenario, Results]]":
    """Yield each scenario and its results: a results folder is read, a scenario file is run."""
    from monazite.experiments import open_results

    given = {name: open_results(name) for name in files if Path(name).is_dir()}
    if given and (sets or wishes.replications):
        raise MonaziteError(
            f"{min(given)} is a finished run; flags cannot change it. "
            "They go with its scenario file"
        )
    texts = [str(given[name].folder / "scenario.yaml") if name in given else name for name in files]
    for name, scenario in zip(files, read_all(texts, sets), strict=True):
        yield scenario, given[name] if name in given else _run_or_read(scenario, wishes)


def _run_or_read(scenario: "Scenario", wishes: Wishes) -> "Results":
    """Return the results of a scenario, those of an earlier run where there is one."""
    found = None if wishes.overwrite else _earlier(scenario, wishes.replications)
    if found is None:
        return run_scenario(scenario, wishes)
    tell(f"Read from {found.folder}, as it was run before; --overwrite runs it again")
    return found


def _earlier(scenario: "Scenario", replications: int | None) -> "Results | None":
    """Return the finished run of the same inputs in the usual folder, if there is one."""
    from monazite.experiments import folder, open_results
    from monazite.experiments.about import about, with_replications
    from monazite.experiments.model import real_model

    model, scenario = real_model(), with_replications(scenario, replications)
    facts = about(model, scenario, model.prepare(scenario), None)
    where = folder.place(facts.scenario, facts.run)
    if not (where / folder.MANIFEST).is_file() or not folder.read_manifest(where)["complete"]:
        return None
    return open_results(where)


def _watched(what: str, start: "Callable[[Progress], Results]") -> "Results":
    from monazite.experiments import RunInterruptedError

    try:
        with progress_bar(what) as progress:
            return start(progress)
    except RunInterruptedError as interrupted:
        told = str(interrupted)
    tell(told, always=True)
    raise typer.Exit(INTERRUPTED)
