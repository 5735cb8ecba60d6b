"""`validate` and `schema`: what a scenario file may say, and whether it does."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from monazite.cli.options import Debug, Files, Json, Quiet, Sets
from monazite.cli.showing import opened, show_json, write_lines
from monazite.cli.talk import tell
from monazite.errors import MonaziteError, Problem, ScenarioError

MENDABLE = 2


def validate(
    files: Files,
    sets: Sets = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Check scenario files without running them; every problem at once, with its line.

    A folder stands for every .yaml file in it. Status 0 where all is well, else 2.

    Example: `monazite validate scenarios/ --json`
    """
    wanted = list(scenario_files(files))
    found = [(name, problems_of(name, sets or ())) for name in wanted]
    problems = [problem for _, found_here in found for problem in found_here]
    if as_json:
        show_json([_diagnostic(name, problem) for name, here in found for problem in here])
    else:
        write_lines([str(problem) for problem in problems])
    broken = sum(bool(here) for _, here in found)
    if problems:
        tell(f"{_count(len(problems), 'problem')} in {broken} of {_count(len(wanted), 'file')}.")
        raise typer.Exit(MENDABLE)
    tell(f"{_count(len(wanted), 'file')} checked, nothing to mend.")


def schema(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write here: `--out monazite.schema.json`."),
    ] = None,
    debug: Debug = False,
) -> None:
    """Print the JSON Schema of a scenario file, for completion in an editor.

    Example: `monazite schema > monazite.schema.json`
    """
    text = schema_text()
    if out is None:
        write_lines([text])
    else:
        with opened(out) as file:
            file.write(text + "\n")
        tell(f"Wrote {out}")


def schema_text() -> str:
    """Return the JSON Schema of a scenario file as it is written to a file."""
    import json

    from monazite.scenario import json_schema

    return json.dumps(json_schema(), indent=2, ensure_ascii=False)


def scenario_files(names: Iterable[str]) -> Iterable[str]:
    """Yield each file named, and for a folder every .yaml file in it.

    Raises:
        ScenarioError: a folder that holds none.
    """
    for name in names:
        if not Path(name).is_dir():
            yield name
            continue
        inside = sorted(p for p in Path(name).iterdir() if p.suffix in {".yaml", ".yml"})
        if not inside:
            raise ScenarioError([Problem("", f"{name}: the folder holds no .yaml file")])
        yield from map(str, inside)


def problems_of(name: str, sets: Sequence[str]) -> list[Problem]:
    """Return everything that is wrong with one scenario, those that need a chain included."""
    from monazite.scenario import read_scenario

    found: list[Problem] = []
    try:
        scenario = read_scenario(name, sets)
        from monazite.measures import unmeasured
        from monazite.world import prepare

        found += unmeasured(scenario)
        prepare(scenario)
    except ScenarioError as error:
        found += error.problems
    except MonaziteError as error:
        found.append(Problem(name, str(error)))
    return found


def _diagnostic(name: str, problem: Problem) -> dict[str, Any]:
    place = problem.place
    return {
        "file": place.file if place else name,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "path": problem.path,
        "code": problem.code,
        "message": problem.message,
    }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
