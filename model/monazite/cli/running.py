"""`run` and `resume`: every strategy in every random world, and a summary."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli.ensembles import Wishes, read_all, resume_run, run_scenario
from monazite.cli.options import (
    Debug,
    Files,
    Jobs,
    Json,
    Out,
    Overwrite,
    Quiet,
    Replications,
    Seed,
    Sets,
    Strategies,
    cores,
    names_in,
    with_seed,
)
from monazite.cli.showing import (
    as_data,
    on_terminal,
    show,
    show_json,
    write_lines,
    write_paragraphs,
)
from monazite.cli.talk import TALK, tell
from monazite.errors import MonaziteError, ScenarioError

if TYPE_CHECKING:
    from monazite.experiments import Results
    from monazite.report.tables import Table
    from monazite.scenario import Scenario

MENDABLE = 2
PARTLY = 3
FIGURES = ("strategy", "region", "tier", "measure", "unit", "mean", "monte_carlo_error", "zero_by")
"""Columns of summary.csv that are printed in a pipe."""


def run(
    files: Files,
    out: Out = None,
    replications: Replications = None,
    jobs: Jobs = None,
    seed: Seed = None,
    sets: Sets = None,
    strategies: Strategies = None,
    overwrite: Overwrite = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Check, time a few worlds, say what a run would cost."),
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Run every strategy in every random world and print the summary.

    The last line on stdout is the results folder; with --quiet it is the only one.

    Example: `monazite run ree-magnets --replications 1000 --set budget='2e9 USD'`
    """
    scenarios = read_all(files, with_seed(sets, seed))
    if out is not None and len(scenarios) > 1:
        raise MonaziteError("--out names the folder of one run; give one scenario file with it")
    chosen = names_in(strategies, "--strategies")
    wishes = Wishes(cores(jobs), replications, chosen, out, overwrite)
    if dry_run:
        from monazite.cli.planning import plan

        for scenario in scenarios:
            show(plan(scenario, wishes), as_json=as_json)
    else:
        _run_each(scenarios, wishes, as_json=as_json)


def _run_each(scenarios: "Sequence[Scenario]", wishes: Wishes, *, as_json: bool) -> None:
    """Run one scenario after the other; what cannot be run does not stop the rest."""
    failed = []
    for scenario in scenarios:
        try:
            conclude(run_scenario(scenario, wishes), as_json=as_json)
        except MonaziteError as error:
            if len(scenarios) == 1:
                raise
            tell(f"{scenario.name}: {error}", always=True)
            failed.append(scenario.name)
    if failed:
        tell(f"Not done: {', '.join(failed)}.", always=True)
        raise typer.Exit(MENDABLE if len(failed) == len(scenarios) else PARTLY)


def resume(
    folder: Annotated[
        Path,
        typer.Argument(metavar="RESULTS", help="The results folder of a run that was cut off."),
    ],
    jobs: Jobs = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Finish an interrupted run; the files are those of a run that was never cut off.

    Example: `monazite resume results/ree-magnets/1a2b3c4d`
    """
    conclude(resume_run(folder, cores(jobs)), as_json=as_json)


def conclude(results: "Results", *, as_json: bool) -> None:
    """Print the summary of a run and, last, where its files are."""
    if as_json:
        summary = as_data(figures_of(results))
        show_json({"folder": str(results.folder), "summary": summary})
        return
    if not TALK.quiet:
        if on_terminal():
            _explain(results)
        else:
            show(figures_of(results))
    write_lines([str(results.folder)])


def _explain(results: "Results") -> None:
    """Show a person the summary and what the comparison says."""
    from monazite.report.tables import findings, flips, headline

    show(headline(results))
    write_lines([""])
    try:
        said = [*findings(results), *flips(results)[1]]
    except ScenarioError as error:
        said = [f"Not compared: {problem.message}." for problem in error.problems]
    if said:
        said.append("In these sentences ± is half the 95 % interval of a difference.")
        write_paragraphs(f"Compared with '{results.about.baseline}'", said)
        write_lines([""])
    write_lines(["Every number used, with range and source: parameters.csv in the folder below."])


def figures_of(results: "Results") -> "Table":
    """Return what the summary shows as numbers of their own, a row for each."""
    from monazite.report.summary import SHOWN
    from monazite.report.tables import Column, Table

    shown = {(measure, tier) for _, measure, tier in SHOWN}
    rows = [
        tuple(row[name] for name in FIGURES)
        for row in results.rows("summary")
        if (row["measure"], row["tier"]) in shown
    ]
    return Table(results.about.scenario, [Column(name) for name in FIGURES], rows)
