"""`compare` and `check`: which strategy is better, and whether what must hold does."""

from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli.ensembles import Wishes, runs_of
from monazite.cli.options import (
    Debug,
    Files,
    Jobs,
    Json,
    Overwrite,
    Quiet,
    Replications,
    Seed,
    Sets,
    cores,
    with_seed,
)
from monazite.cli.showing import on_terminal, show, write_lines, write_paragraphs
from monazite.cli.talk import tell

if TYPE_CHECKING:
    from monazite.experiments import Results
    from monazite.report.tables import Table

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
    overwrite: Overwrite = False,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Compare strategies world by world at equal budget, with how sure that is.

    FILE may be a results folder, which is read, or a scenario file, which is run.

    Example: `monazite compare results/ree-magnets/1a2b3c4d --baseline none`
    """
    wishes = Wishes(cores(jobs), replications, overwrite=overwrite)
    for _, results in runs_of(files, with_seed(sets, seed), wishes):
        if as_json or not on_terminal():
            show(figures_of(results, baseline, explained=as_json), as_json=as_json)
        else:
            _explain(results, baseline)
        tell(f"From {results.folder}")


def _explain(results: "Results", baseline: str | None) -> None:
    """Show a person the comparison, what it says, and when the answer flips."""
    from monazite.report.tables import comparison, findings, flips

    show(comparison(results, baseline))
    write_lines([""])
    write_paragraphs("What it says", findings(results, baseline))
    write_lines([""])
    table, said = flips(results, baseline)
    if table is not None:
        show(table)
        write_lines([""])
    write_paragraphs("In short", said)


def check(
    files: Files,
    replications: Replications = None,
    jobs: Jobs = None,
    seed: Seed = None,
    sets: Sets = None,
    overwrite: Overwrite = False,
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
    wishes = Wishes(cores(jobs), replications, overwrite=overwrite)
    for scenario, results in runs_of(files, with_seed(sets, seed), wishes):
        if not scenario.assertions:
            tell(f"{scenario.name} has no assert: block, so there is nothing to check.")
            continue
        found = verdicts(scenario, results.rows("summary"))
        failed += sum(not verdict.holds for verdict in found)
        show(as_table(scenario.name, found), as_json=as_json)
    if failed:
        tell(f"{failed} of what must hold does not.")
        raise typer.Exit(FAILED_CHECK)


def figures_of(results: "Results", baseline: str | None, *, explained: bool) -> "Table":
    """Return the comparison as numbers of their own, with what it says where that is asked."""
    from monazite.report.tables import Column, Table, findings, flips

    rows = results.compare(baseline)
    columns = [Column(name) for name in (rows[0] if rows else ())]
    said = (*findings(results, baseline), *flips(results, baseline)[1]) if explained else ()
    cells = [tuple(row.values()) for row in rows]
    return Table(f"{results.about.scenario}: comparison", columns, cells, said)
