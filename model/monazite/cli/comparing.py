"""`compare` and `check`: which strategy is better, and whether what must hold does."""

from typing import Annotated

import typer

from monazite.cli.ensembles import Wishes, runs_of
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

FAILED_CHECK = 1


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

    for _, results in runs_of(files, with_seed(sets, seed), Wishes(cores(jobs), replications)):
        show(comparison(results, baseline), as_json=as_json)
        tell(f"From {results.folder}")


def check(
    files: Files,
    replications: Replications = None,
    jobs: Jobs = None,
    seed: Seed = None,
    sets: Sets = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Check that what a file's `assert:` block says holds; status 1 where it does not.

    FILE may be a results folder, which is read, or a scenario file, which is run.

    Example: `monazite check ree-magnets --replications 50`
    """
    from monazite.cli.verdicts import as_table, verdicts

    failed = 0
    wishes = Wishes(cores(jobs), replications)
    for scenario, results in runs_of(files, with_seed(sets, seed), wishes):
        found = verdicts(scenario, results.tables["summary"])
        failed += sum(not verdict.holds for verdict in found)
        show(as_table(scenario.name, found), as_json=as_json)
    if failed:
        tell(f"{failed} of what must hold does not.")
        raise typer.Exit(FAILED_CHECK)
