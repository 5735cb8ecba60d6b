"""The flags that mean the same in every command."""

import os
from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.talk import set_debug, set_quiet
from monazite.errors import MonaziteError


def names_of_scenarios() -> list[str]:
    """Return the names of the shipped scenarios, for completion."""
    from monazite.scenario import shipped_names

    return shipped_names()


File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A scenario file, or the name of a shipped scenario.",
        autocompletion=names_of_scenarios,
    ),
]
Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE...",
        help="Scenario files, or names of shipped scenarios.",
        autocompletion=names_of_scenarios,
    ),
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change one value, read as YAML: `--set budget='2e9 USD'`, `--set growth=false`. "
        "May be given more than once; `null` deletes a key.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FOLDER",
        help="The results folder itself: `--out results/mine`. "
        "Default: results/SCENARIO/HASH in the current folder.",
    ),
]
Replications = Annotated[
    int | None,
    typer.Option(
        "--replications",
        metavar="N",
        min=1,
        max=1_000_000,
        help="How many random worlds: `--replications 1000`. Default: what the scenario says.",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        metavar="N",
        min=1,
        max=1024,
        help="How many processes: `--jobs 1`. Results are the same for any number. "
        "Default: one for each core.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        metavar="N",
        min=0,
        help="The root seed: `--seed 7`. Default: what the scenario says.",
    ),
]
Strategies = Annotated[
    str | None,
    typer.Option(
        "--strategies",
        metavar="A,B",
        help="Only these strategies: `--strategies none,magnet_stockpile`. Default: all.",
    ),
]
Overwrite = Annotated[
    bool,
    typer.Option("--overwrite", help="Replace a results folder that is already there."),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Print JSON on stdout instead of a table."),
]
Csv = Annotated[
    bool,
    typer.Option("--csv", help="Print CSV (RFC 4180) on stdout instead of a table."),
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet", "-q", callback=set_quiet, help="Say nothing on stderr but what went wrong."
    ),
]
Debug = Annotated[
    bool,
    typer.Option(
        "--debug",
        callback=set_debug,
        is_eager=True,
        help="Show the trace of an error in the input as well.",
    ),
]


def cores(jobs: int | None) -> int:
    """Return how many processes to use: as asked, else one for each usable core."""
    if jobs is not None:
        return jobs
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def with_seed(sets: list[str] | None, seed: int | None) -> list[str]:
    """Return what `--set` says, with `--seed` as the last word."""
    return [*(sets or ()), *([] if seed is None else [f"seed={seed}"])]


def names_in(words: str | None, option: str) -> tuple[str, ...] | None:
    """Return the names in `a,b`, or None where the option is not given.

    Raises:
        MonaziteError: where it is given and names none.

    >>> names_in(" none, oxide ,", "--strategies")
    ('none', 'oxide')
    """
    if words is None:
        return None
    names = tuple(name.strip() for name in words.split(",") if name.strip())
    if not names:
        raise MonaziteError(f"{option} names none; write names as in a,b, or leave it out")
    return names
