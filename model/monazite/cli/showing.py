"""Tables on stdout: for a reader on a terminal, TSV in a pipe, JSON or CSV when asked."""

import csv
import json
import math
import os
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from monazite.cli.drawing import FILE_DIGITS, drawn, text_of
from monazite.errors import MonaziteError

if TYPE_CHECKING:
    from rich.console import Console

    from monazite.report.tables import Table

UNIT = re.compile(r"(?<=[\d±]) (?=(?:%|[kM]?t\b|[kM] USD|(?:bn|tn) USD|USD))|(?<=[kMbt]) (?=USD)")
"""The space between a number and its unit, where no line is broken."""


def on_terminal() -> bool:
    """Return whether stdout is read by a person; TTY_COMPATIBLE=1 says so of a pipe."""
    return os.environ.get("TTY_COMPATIBLE") == "1" or sys.stdout.isatty()


def show(table: "Table", *, as_json: bool = False, as_csv: bool = False) -> None:
    """Print one table in the form that its reader wants.

    Raises:
        MonaziteError: two forms are asked for at once.
    """
    if as_json and as_csv:
        raise MonaziteError("--json and --csv are two forms of one table; choose one")
    if as_json:
        show_json(as_data(table))
    elif as_csv:
        _write_csv(table)
    elif on_terminal():
        _show_to_person(table)
    else:
        write_lines(_tsv(table))


def show_all(tables: "Iterable[Table]") -> None:
    """Draw tables one below the other for a person."""
    for k, table in enumerate(tables):
        if k:
            write_lines([""])
        show(table)


def for_a_person(*, as_json: bool, as_csv: bool) -> bool:
    """Return whether a table will be drawn."""
    return on_terminal() and not as_json and not as_csv


def show_json(data: object) -> None:
    """Print JSON on stdout; what is not a finite number becomes null."""
    sys.stdout.write(json.dumps(_finite(data), indent=2, ensure_ascii=False) + "\n")


def write_lines(lines: Sequence[str]) -> None:
    """Print lines on stdout."""
    sys.stdout.write("".join(line + "\n" for line in lines))


@contextmanager
def opened(target: Path, mode: str = "w") -> Iterator[IO[str]]:
    """Open a file for what a command writes; `-` is stdout.

    Raises:
        MonaziteError: where the system refuses.
    """
    if str(target) == "-":
        yield sys.stdout
        return
    try:
        with target.open(mode, encoding="utf-8", newline="") as stream:
            yield stream
    except OSError as error:
        raise MonaziteError(f"cannot write {target}: {error.strerror}") from None


def as_data(table: "Table") -> dict[str, object]:
    """Return a table as plain data, a mapping for each row."""
    names = [column.name for column in table.columns]
    return {
        "title": table.title,
        "columns": [{"name": column.name, "unit": column.unit} for column in table.columns],
        "rows": [dict(zip(names, row, strict=True)) for row in table.rows],
        "notes": list(table.notes),
    }


def _write_csv(table: "Table") -> None:
    """Write a table as RFC 4180 has it: one heading, quotes where needed, lines end in CR LF."""
    writer = csv.writer(sys.stdout, lineterminator="\r\n")
    writer.writerow(
        f"{_one_field(column.name)} [{column.unit}]" if column.unit else _one_field(column.name)
        for column in table.columns
    )
    writer.writerows([text_of(value, FILE_DIGITS) for value in row] for row in table.rows)


def _tsv(table: "Table") -> list[str]:
    rows: list[Sequence[object]] = [[column.name for column in table.columns], *table.rows]
    return ["\t".join(_one_field(value) for value in row) for row in rows]


def _one_field(value: object) -> str:
    return " ".join(text_of(value, FILE_DIGITS).split())


def _finite(data: object) -> object:
    if isinstance(data, dict):
        return {str(key): _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    if isinstance(data, float):
        return float(f"{data:.{FILE_DIGITS}g}") if math.isfinite(data) else None
    return data if isinstance(data, str | int | None) else str(data)


def write_paragraphs(title: str, paragraphs: Sequence[str]) -> None:
    """Print sentences for a person under a heading, each wrapped below its beginning."""
    console = _console()
    console.print(title, style="bold", markup=False)
    for paragraph in paragraphs:
        held = UNIT.sub("\u00a0", paragraph)
        for line in textwrap.wrap(held, console.width, subsequent_indent="  "):
            console.print(line.replace("\u00a0", " "), markup=False)


def _console() -> "Console":
    from rich.console import Console

    return Console(highlight=False, force_terminal=sys.stdout.isatty())


def _show_to_person(table: "Table") -> None:
    console = _console()
    if table.title:
        console.print(table.title, style="bold", markup=False)
    for line in drawn(table, console.width):
        console.print(line, markup=False, no_wrap=True, crop=False)
    if table.notes:
        console.print()
    for note in table.notes:
        console.print(note, style="dim", markup=False)
