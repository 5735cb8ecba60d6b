"""Tables on stdout: for a reader on a terminal, TSV in a pipe, JSON when asked."""

import json
import math
import os
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from monazite.report.tables import Table

PERSON_DIGITS = 4
FILE_DIGITS = 10
UNIT = re.compile(r"(?<=[\d±]) (?=(?:%|[kM]?t\b|[kM] USD|(?:bn|tn) USD|USD))|(?<=[kMbt]) (?=USD)")
"""The space between a number and its unit, where no line is broken."""
MOST = 17
"""A word longer than this may be broken where there is no room."""


def on_terminal() -> bool:
    """Return whether stdout is read by a person; TTY_COMPATIBLE=1 says so of a pipe."""
    return os.environ.get("TTY_COMPATIBLE") == "1" or sys.stdout.isatty()


def show(table: "Table", *, as_json: bool = False) -> None:
    """Print one table in the form that its reader wants."""
    if as_json:
        show_json(as_data(table))
    elif on_terminal():
        _show_to_person(table)
    else:
        write_lines(_tsv(table))


def show_json(data: object) -> None:
    """Print JSON on stdout; what is not a finite number becomes null."""
    sys.stdout.write(json.dumps(_finite(data), indent=2, ensure_ascii=False) + "\n")


def write_lines(lines: Sequence[str]) -> None:
    """Print lines on stdout."""
    sys.stdout.write("".join(line + "\n" for line in lines))


def as_data(table: "Table") -> dict[str, object]:
    """Return a table as plain data, a mapping for each row."""
    names = [column.name for column in table.columns]
    return {
        "title": table.title,
        "columns": [{"name": column.name, "unit": column.unit} for column in table.columns],
        "rows": [dict(zip(names, row, strict=True)) for row in table.rows],
        "notes": list(table.notes),
    }


def text_of(value: object, digits: int) -> str:
    """Return a cell as text, a float with so many significant digits.

    >>> [text_of(v, 4) for v in (1234567.8, 0.00012345, 12.0, None, True, "x")]
    ['1,235,000', '0.0001234', '12', '', 'yes', 'x']
    >>> text_of(1234567.8, 10)
    '1234567.8'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, float):
        return str(value)
    if not math.isfinite(value):
        return "" if math.isnan(value) else ("never" if value > 0 else "-inf")
    if digits < FILE_DIGITS and 1e3 <= abs(value) < 1e15:
        return f"{float(f'{value:.{digits}g}'):,.0f}"
    return f"{value:.{digits}g}"


def heading(name: str, unit: str) -> str:
    """Return the heading of a column, its unit below it."""
    return f"{name}\n[{unit}]" if unit else name


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
    from monazite.report.tables import has_sections, lines

    console = _console()
    if has_sections(table):
        console.print(table.title, style="bold", markup=False)
        for line in lines(table, console.width):
            console.print(line, markup=False, no_wrap=True, crop=False)
    else:
        _draw(table, console)
    if table.notes:
        console.print()
    for note in table.notes:
        console.print(note, style="dim", markup=False)


def _draw(table: "Table", console: "Console") -> None:
    from rich import box
    from rich.markup import escape
    from rich.table import Table as RichTable

    drawn = RichTable(
        title=escape(table.title),
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=0,
    )
    rows = [[text_of(value, PERSON_DIGITS) for value in row] for row in table.rows]
    headings = [heading(column.name, column.unit) for column in table.columns]
    widths = [
        max(map(len, [*name.splitlines(), *(row[k] for row in rows)]), default=0)
        for k, name in enumerate(headings)
    ]
    words = [column.align != "right" for column in table.columns]
    least = [
        longest_word([name, *(row[k] for row in rows)]) if words[k] else widths[k]
        for k, name in enumerate(headings)
    ]
    wide = fitted(widths, least, words, console.width)
    for k, name in enumerate(headings):
        drawn.add_column(
            escape(name), justify="left" if words[k] else "right", no_wrap=True, min_width=wide[k]
        )
    for row in rows:
        drawn.add_row(*(escape(_wrapped(text, wide[k])) for k, text in enumerate(row)))
    console.print(drawn)


def longest_word(cells: Iterable[str]) -> int:
    """Return how wide a column of words must be to break none of them.

    >>> longest_word(["lynas_2014, mining_2016", "a"])
    11
    """
    return min(MOST, max((len(word) for cell in cells for word in cell.split()), default=0))


def fitted(
    widths: Sequence[int], least: Sequence[int], words: Sequence[bool], room: int
) -> list[int]:
    """Return how wide each column is: narrow ones whole first, words broken as a last resort.

    >>> fitted([30, 12, 8], [10, 10, 8], [True, True, False], 80)
    [30, 12, 8]
    >>> fitted([30, 12, 8], [10, 10, 8], [True, True, False], 40)
    [18, 12, 8]
    >>> fitted([30, 12, 8], [17, 12, 8], [True, True, False], 34)
    [12, 12, 8]
    """
    found, room = list(least), room - (len(widths) - 1)
    while sum(found) > room:
        folds = [k for k, word in enumerate(words) if word and found[k] > 1]
        if not folds:
            break
        found[max(folds, key=lambda k: found[k])] -= 1
    for k in sorted(range(len(widths)), key=lambda k: widths[k]):
        found[k] += max(0, min(widths[k] - found[k], room - sum(found)))
    return found


def _wrapped(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width)) if len(text) > width else text
