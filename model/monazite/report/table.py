"""A table as plain data, and as text for where nothing better can draw it."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

GAP = "  "


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: its heading, which may have several lines.
        unit: the unit of its numbers, empty where the heading says it.
        align: `left` for words, `right` for numbers.
    """

    name: str
    unit: str = ""
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """What is shown.

    Attributes:
        title: one line above.
        columns: the columns.
        rows: a cell for each column; text is shown as it is.
        notes: lines below.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    notes: Sequence[str] = ()


def text(table: Table, width: int = 80) -> str:
    """Return a table as text that is no wider than asked, if its numbers fit at all."""
    headings = [_heading(column) for column in table.columns]
    cells = [[_cell(value) for value in row] for row in table.rows]
    depth = max(len(lines) for lines in headings)
    above = [[""] * (depth - len(lines)) + lines for lines in headings]
    grid = [list(row) for row in zip(*above, strict=True)]
    sized = [row for row in cells if not _is_heading(row)] or cells
    widths = [max(map(len, column)) for column in zip(*grid, *sized, strict=True)]
    others = sum(widths[1:]) + len(GAP) * (len(widths) - 1)
    widths[0] = max(4, min(widths[0], width - others))
    rule = GAP.join("-" * wide for wide in widths)
    body = [_line(row, widths, table.columns) for row in [*grid, [], *cells]]
    body[depth] = rule
    notes = [line for note in table.notes for line in textwrap.wrap(note, width)]
    title = [table.title] if table.title else []
    return "\n".join([*title, *body, *notes]) + "\n"


def _heading(column: Column) -> list[str]:
    return (
        f"{column.name} [{column.unit}]".splitlines()
        if column.unit
        else (column.name.splitlines() or [""])
    )


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _is_heading(row: Sequence[str]) -> bool:
    """Return whether a row only names what follows."""
    return len(row) > 1 and not any(row[1:])


def _line(row: Sequence[str], widths: Sequence[int], columns: Sequence[Column]) -> str:
    if _is_heading(row) and row[0]:
        return row[0]
    found = []
    for value, wide, column in zip(row, widths, columns, strict=False):
        short = value if len(value) <= wide else value[: wide - 1] + "…"
        found.append(short.rjust(wide) if column.align == "right" else short.ljust(wide))
    return GAP.join(found).rstrip()
