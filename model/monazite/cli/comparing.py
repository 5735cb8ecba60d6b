"""`compare` and `check`: which strategy is better, and whether what must hold does."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli.options import (
    Debug,
    Files,
    Jobs,
    Json,
    Quiet,
    Replications,
    Seed,
    Sets,
    cores,
    with_seed,
)
from monazite.cli.showing import show
from monazite.cli.talk import tell

if TYPE_CHECKING:
    pass

FAILED_CHECK = 1

FromResults = Annotated[
    Path | None,
    typer.Option(
        "--results",
        metavar="FOLDER",
        help="Use this finished run: `--results results/ree-magnets/1a2b3c4d`. "
        "Default: run the file first.",
    ),
]


def compare(
    files: Files,
    baseline: Annotated[
        str | None,
        typer.Option(
            "--baseline",
            metavar="S",
            help="Compare with this strategy: `--baseline oxide`. Default: the file's own.",
        ),
    ] = None,
    replications: Replications = None,
    jobs: Jobs = None,
    seed: Seed = None,
    sets: Sets = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Compare strategies world by world at equal budget, with how sure that is.

    FILE may be a results folder, which is read, or a scenario file, which is run.

    Example: `monazite compare results/ree-magnets/1a2b3c4d --baseline none`
    """
    from monazite.report.tables import comparison

    for results in _results_of(files, replications, cores(jobs), with_seed(sets, seed)):
        show(comparison(results, baseline), as_json=as_json)
        tell(f"From {results.folder}")


def check(
    files: Files,
    results: FromResults = None,
    replications: Replications = None,
    jobs: Jobs = None,
    seed: Seed = None,
    sets: Sets = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Check that what a file's `assert:` block says holds; status 1 where it does not.

    Example: `monazite check ree-magnets --replications 50`
    """
    failed = 0
    for _found in _results_of(files, replications, cores(jobs), with_seed(sets, seed)):
        pass
    if failed:
        raise typer.Exit(FAILED_CHECK)
