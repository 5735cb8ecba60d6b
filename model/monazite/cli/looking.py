"""`show`: what monazite knows, with where it knows it from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli.chains import PARTS, chain_tables, for_a_reader, spread
from monazite.cli.lists import (
    LISTS,
    Row,
    grouped,
    lines_about,
    list_for_a_reader,
    list_of,
    outcomes,
    reasons,
    table,
)
from monazite.cli.options import Csv, Debug, Json, names_in
from monazite.cli.showing import for_a_person, show_all, write_lines
from monazite.cli.showing import show as show_table
from monazite.errors import MonaziteError

FEW = 3
"""Records of which the reason is printed as well."""

if TYPE_CHECKING:
    from monazite.evidence import Record
    from monazite.report.tables import Table


def show(
    thing: Annotated[
        str,
        typer.Argument(
            metavar="THING",
            help="A chain (ndfeb), a table of the evidence (regions, controls, projects, phases, "
            "behaviour, hazard, sources; `monazite list lists` names all), a line of one (china, "
            "iea_cmde), the start of a record's name (ndfeb.makers.magnet_making), or a shipped "
            "scenario.",
        ),
    ],
    part: Annotated[
        str | None,
        typer.Option(
            "--part",
            metavar="PART",
            help="One table of several: `--part supply`. A chain has shares, supply "
            "(concentration and N-1), reliance (on imports) and opinions (of other sources); "
            "projects have projects, outcomes and reasons. "
            "Default: all on a terminal, else the first.",
        ),
    ] = None,
    regions: Annotated[
        str | None,
        typer.Option(
            "--regions",
            "--region",
            metavar="A,B",
            help="Whose net import reliance a chain shows: `--regions united_states,Korea`. "
            "Default: the United States, the EU, Japan and India, where the chain names them.",
        ),
    ] = None,
    governance: Annotated[
        Path | None,
        typer.Option(
            "--governance",
            metavar="FILE",
            help="Weigh the concentration of a chain by how its makers are governed, with a file "
            "of `monazite import governance`: `--governance governance/governance.yaml`. Shows "
            "the part supply.",
        ),
    ] = None,
    as_json: Json = False,
    as_csv: Csv = False,
    debug: Debug = False,
) -> None:
    """Show what is known of a thing, every number with its range and source.

    Example: `monazite show ndfeb`
    """
    from monazite.scenario import read_scenario, resolved_text, shipped_names

    if governance is not None:
        if regions is not None:
            raise MonaziteError(
                "--regions names rows of the part reliance, and --governance shows the part "
                "supply; leave one out"
            )
        found = [_governed(thing, part, governance)]
    elif thing in shipped_names():
        write_lines(resolved_text(read_scenario(thing)).splitlines())
        return
    else:
        found = _chosen(thing_called(thing, _named(regions)), part)
    if for_a_person(as_json=as_json, as_csv=as_csv):
        show_all(each.drawn() for each in found)
    else:
        show_table(found[0].table, as_json=as_json, as_csv=as_csv)


@dataclass(frozen=True, slots=True)
class Shown:
    """One table of a thing: with a row for each fact, and how a person reads it best.

    Attributes:
        thing: what was asked for.
        part: which of its tables.
        table: a row for each fact.
    """

    thing: str
    part: str
    table: "Table"

    def drawn(self) -> "Table":
        """Return the table as a person reads it best."""
        from dataclasses import replace

        if self.part in PARTS:
            return for_a_reader(self.part, self.table)
        if self.part == "reasons":
            return self.table
        if self.part == "outcomes":
            columns, rows = self.table.columns[1:], [tuple(row) for row in self.table.rows]
            return replace(self.table, columns=columns, rows=tuple(grouped(rows, 0)))
        return list_for_a_reader(self.thing, self.table) if self.thing in LISTS else self.table


def _governed(thing: str, part: str | None, file: Path) -> Shown:
    """Return the supply of a chain, weighted by how its makers are governed.

    Raises:
        MonaziteError: this is no chain, or another of its parts is asked for.
    """
    from monazite.evidence import chain_names
    from monazite.evidence.governance import governance_in
    from monazite.scenario.hints import did_you_mean

    if thing not in chain_names():
        hint = did_you_mean(thing, chain_names())
        raise MonaziteError(f"--governance weighs a chain, and '{thing}' is none{hint}")
    if part not in (None, "supply"):
        raise MonaziteError(f"--governance weighs the part supply, not '{part}'; leave one out")
    return Shown(thing, "supply", chain_tables(thing, (), governance_in(file))["supply"])


def _named(words: str | None) -> tuple[str, ...]:
    from monazite.evidence.regions import region_called

    return tuple(region_called(word) for word in names_in(words, "--regions") or ())


def _chosen(found: list[Shown], part: str | None) -> list[Shown]:
    """Return the part that was asked for, or all.

    Raises:
        MonaziteError: there is no such part; names those that there are.
    """
    if part is None:
        return found
    for each in found:
        if each.part == part:
            return [each]
    parts = ", ".join(each.part for each in found)
    raise MonaziteError(f"'{found[0].thing}' has no part '{part}'; there are: {parts}")


def thing_called(thing: str, regions: tuple[str, ...] = ()) -> list[Shown]:
    """Return every table of one thing.

    Raises:
        MonaziteError: nothing has this name; says what comes close.
    """
    from monazite.evidence import all_records, chain_names, records_of
    from monazite.scenario import shipped_names
    from monazite.scenario.hints import did_you_mean

    if thing in chain_names():
        return [Shown(thing, part, each) for part, each in chain_tables(thing, regions).items()]
    if thing in LISTS:
        more = []
        if thing == "projects":
            more = [Shown(thing, "outcomes", outcomes()), Shown(thing, "reasons", reasons())]
        return [Shown(thing, thing, list_of(thing)), *more]
    records = records_of(thing.split(".", maxsplit=1)[0]) or all_records()
    below = {n: r for n, r in records.items() if n == thing or n.startswith(f"{thing}.")}
    if not below:
        about = lines_about(thing)
        if about is not None:
            return [Shown(thing, "about", about)]
        parts = {".".join(n.split(".")[:k]) for n in records for k in range(1, n.count(".") + 2)}
        known = [*chain_names(), *LISTS, *shipped_names(), *parts]
        hint = did_you_mean(thing, known) or "; 'monazite list lists' names what there is"
        raise MonaziteError(f"nothing is called '{thing}'{hint}")
    return [Shown(thing, "records", _records(thing, below))]


def _records(title: str, records: Mapping[str, "Record"]) -> "Table":
    rows: list[Row] = [
        (name.removeprefix(f"{title}."), record.central, record.unit, *_grounds(record))
        for name, record in records.items()
    ]
    heads = ("record", "value:", "unit", "range", "year", "kind", "grade", "source")
    return table(title, heads, rows, *_reasons(records))


def _grounds(record: "Record") -> Row:
    """Return range, year, kind, grade and sources of a number."""
    from monazite.evidence.grades import grade_of

    year = "" if record.year is None else str(record.year)
    grade = grade_of(record)
    letter = grade.letter if grade else ""
    return spread(record), year, record.kind, letter, ", ".join(record.source)


def _reasons(records: Mapping[str, "Record"]) -> Iterable[str]:
    """Yield why a number is what it is, where there are few enough to read."""
    if len(records) <= FEW:
        for record in records.values():
            yield from (text for text in (record.where, record.because) if text)
