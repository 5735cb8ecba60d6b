"""`new` and `list`: where a user begins."""

import re
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.covering import coverage_for_a_reader, coverage_table
from monazite.cli.lists import LISTS
from monazite.cli.options import Csv, Debug, Json, Quiet
from monazite.cli.showing import for_a_person, opened, show, show_all
from monazite.cli.talk import tell
from monazite.cli.validating import schema_text
from monazite.errors import MonaziteError

MODELINE = "# yaml-language-server: $schema=monazite.schema.json"
SCHEMA_FILE = "monazite.schema.json"


RECORDS = {
    "behaviour": "How stocks, prices, habits, plants and money move",
    "phases": "Reference classes of projects: how long, how likely, how dear",
    "hazard": "How often, how hard and how long export controls strike",
}
"""Files of records that are of no chain, by what `show` calls them."""


class Kind(StrEnum):
    """What `list` can be asked for."""

    SCENARIOS = "scenarios"
    CHAINS = "chains"
    LISTS = "lists"
    STRATEGIES = "strategies"
    TEMPLATES = "templates"


def templates() -> dict[str, str]:
    """Return the text of each starter by its name."""
    folder = files("monazite.cli").joinpath("templates")
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".yaml")]
    return {
        entry.name.removesuffix(".yaml"): entry.read_text(encoding="utf-8")
        for entry in sorted(found, key=lambda entry: entry.name)
    }


def starter(name: str, template: str) -> str:
    """Return the text of a new scenario of this name.

    Raises:
        MonaziteError: no such template; names those that there are.
    """
    known = templates()
    if template not in known:
        raise MonaziteError(f"no template '{template}'; there are: {', '.join(known)}")
    return known[template].replace("NAME", name)


def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the scenario; the file is NAME.yaml.")
    ],
    template: Annotated[
        str,
        typer.Option(
            "--template",
            metavar="TEMPLATE",
            help="Which starter: `--template stockpile`; `monazite list templates` names them.",
            autocompletion=lambda: list(templates()),
        ),
    ] = "comparison",
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Write a commented starter scenario, ready to run, into the current folder.

    Example: `monazite new my_magnets --template stockpile`
    """
    name = name.removesuffix(".yaml")
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
        raise MonaziteError(
            f"'{name}' cannot name a scenario: lower-case letters, digits, _ and -, a letter first"
        )
    text, target = starter(name, template), Path(f"{name}.yaml")
    if target.exists():
        raise MonaziteError(f"{target} is already there; choose another name")
    with opened(target, "x") as file:
        file.write(text)
    if not Path(SCHEMA_FILE).exists():
        with opened(Path(SCHEMA_FILE)) as file:
            file.write(schema_text() + "\n")
    typer.echo(target)
    tell(f"Next: monazite validate {target} && monazite run {target}")


def list_(
    kind: Annotated[
        Kind | None, typer.Argument(help="Only one kind: `monazite list scenarios`.")
    ] = None,
    coverage: Annotated[
        bool,
        typer.Option(
            "--coverage",
            help="Name every chain with its grade and its gaps, and the minerals of official "
            "lists that have none, with the reason.",
        ),
    ] = False,
    as_json: Json = False,
    as_csv: Csv = False,
    debug: Debug = False,
) -> None:
    """List what comes with monazite: scenarios, their strategies, chains, lists, templates.

    Example: `monazite list --coverage`
    """
    from monazite.report.tables import Column, Table

    if coverage:
        found = coverage_table()
        if for_a_person(as_json=as_json, as_csv=as_csv):
            show_all(coverage_for_a_reader(found))
        else:
            show(found, as_json=as_json, as_csv=as_csv)
        return
    wanted = list(Kind) if kind is None else [kind]
    rows = [row for each in wanted for row in _rows(each)]
    columns = tuple(Column(name, "", "left") for name in ("kind", "name", "title"))
    show(Table("What comes with monazite", columns, rows, ()), as_json=as_json, as_csv=as_csv)


def _rows(kind: Kind) -> list[tuple[str, str, str]]:
    from monazite.scenario import shipped_names

    match kind:
        case Kind.SCENARIOS:
            return [("scenario", name, _title(name)) for name in shipped_names()]
        case Kind.STRATEGIES:
            return [row for name in shipped_names() for row in _strategies(name)]
        case Kind.CHAINS:
            return _chains()
        case Kind.LISTS:
            return _lists()
        case Kind.TEMPLATES:
            return [("template", name, _first_words(text)) for name, text in templates().items()]


def _title(name: str) -> str:
    from monazite.scenario import read_scenario

    return read_scenario(name).title


def _strategies(name: str) -> list[tuple[str, str, str]]:
    from monazite.scenario import read_scenario

    each = read_scenario(name).strategies.items()
    return [("strategy", f"{name}: {key}", strategy.title) for key, strategy in each]


def _chains() -> list[tuple[str, str, str]]:
    from monazite.evidence import chain_names, chain_title

    return [("chain", name, chain_title(name)) for name in chain_names()]


def _lists() -> list[tuple[str, str, str]]:
    named = {**{name: part.title for name, part in LISTS.items()}, **RECORDS}
    return [("list", name, title) for name, title in named.items()]


def _first_words(text: str) -> str:
    found = re.search(r"^title: (.*)$", text, flags=re.MULTILINE)
    return found[1].strip("\"'") if found else ""
