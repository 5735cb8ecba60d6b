"""`run` and `resume`: every strategy in every random world, and a summary."""

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
from monazite.cli.showing import as_data, show, show_json, write_lines
from monazite.cli.talk import TALK
from monazite.errors import MonaziteError

if TYPE_CHECKING:
    from monazite.experiments import Results


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
    wishes = Wishes(cores(jobs), replications, names_in(strategies), out, overwrite)
    for scenario in scenarios:
        if dry_run:
            from monazite.cli.planning import plan

            show(plan(scenario, wishes), as_json=as_json)
        else:
            conclude(run_scenario(scenario, wishes), as_json=as_json)


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
    from monazite.report.tables import headline

    if as_json:
        show_json({"folder": str(results.folder), "summary": as_data(headline(results))})
        return
    if not TALK.quiet:
        show(headline(results))
    write_lines([str(results.folder)])
