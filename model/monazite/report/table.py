"""A table as plain data, and as text for where nothing better can draw it."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

GAP = "  "
RULE = "─"
LEAST = 10
"""A last column of words is folded, but made no narrower than this."""


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
    notes = [line for note in table.notes for line in textwrap.wrap(note, width)]
    title = [table.title] if table.title else []
    return "\n".join([*title, *lines(table, width), *notes]) + "\n"


def lines(table: Table, width: int = 80) -> list[str]:
    """Return the headings and rows of a table; a row that names what follows spans it."""
    headings = [_heading(column) for column in table.columns]
    cells = [[_cell(value) for value in row] for row in table.rows]
    depth = max(len(heading) for heading in headings)
    above = [[""] * (depth - len(heading)) + heading for heading in headings]
    grid = [list(row) for row in zip(*above, strict=True)]
    sized = [row for row in cells if not _is_section(row)] or cells
    widths = [max(map(len, column)) for column in zip(*grid, *sized, strict=True)]
    gap = GAP if sum(widths) + len(GAP) * (len(widths) - 1) <= width else " "
    others = sum(widths[1:]) + len(gap) * (len(widths) - 1)
    if table.columns[-1].align == "left" and len(widths) > 1:
        spare = width - widths[0] - others
        cut = max(min(LEAST, widths[-1]), widths[-1] + min(0, spare))
        others, widths[-1] = others - widths[-1] + cut, cut
    widths[0] = max(4, min(widths[0], width - others))
    full = widths[0] + others
    body: list[str] = []
    for row in cells:
        if _is_section(row):
            body.append(f"{RULE * 2} {row[0]} ".ljust(full, RULE))
        else:
            body += [_line(part, widths, table.columns, gap) for part in _folded(row, widths[-1])]
    begins_with_section = bool(cells) and _is_section(cells[0])
    rule = [] if begins_with_section else [RULE * full]
    return [*(_line(row, widths, table.columns, gap) for row in grid), *rule, *body]


def has_sections(table: Table) -> bool:
    """Return whether a row only names the rows that follow it."""
    return any(_is_section([_cell(value) for value in row]) for row in table.rows)


def _heading(column: Column) -> list[str]:
    return (
        f"{column.name} [{column.unit}]".splitlines()
        if column.unit
        else (column.name.splitlines() or [""])
    )


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _folded(row: Sequence[str], wide: int) -> list[Sequence[str]]:
    """Return a row, and more rows below it for words that its last cell has no room for."""
    parts = textwrap.wrap(row[-1], wide) or [""]
    more: list[Sequence[str]] = [[*[""] * (len(row) - 1), part] for part in parts[1:]]
    return [[*row[:-1], parts[0]], *more]


def _is_section(row: Sequence[str]) -> bool:
    """Return whether a row only names what follows."""
    return len(row) > 1 and bool(row[0]) and not any(row[1:])


def _line(row: Sequence[str], widths: Sequence[int], columns: Sequence[Column], gap: str) -> str:
    found = []
    for value, wide, column in zip(row, widths, columns, strict=True):
        short = value if len(value) <= wide else value[: wide - 1] + "…"
        found.append(short.rjust(wide) if column.align == "right" else short.ljust(wide))
    return gap.join(found).rstrip()
