"""Tables as lines for a person: no wider than the screen, words folded, no letter lost."""

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monazite.report.tables import Column, Table

PERSON_DIGITS = 4
FILE_DIGITS = 10
MOST = 20
"""A word longer than this may be broken where there is no room."""
FLOOR = 8
"""No column of words is made narrower than this, or than its longest word."""
RULE = "─"


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


def drawn(table: "Table", width: int) -> list[str]:
    """Return headings and rows of a table; a row that names what follows spans it.

    Columns that have no room beside the others come below them, the first one with them again.
    """
    cells = [[text_of(value, PERSON_DIGITS) for value in row] for row in table.rows]
    plain = [row for row in cells if not _is_section(row)]
    columns = [_column(one, [row[k] for row in plain]) for k, one in enumerate(table.columns)]
    found: list[str] = []
    for chosen in abreast([column.floor for column in columns], width):
        rows = [
            ([row[0]] if _is_section(row) else [row[k] for k in chosen], _is_section(row))
            for row in cells
        ]
        found += [""] if found else []
        found += _side_by_side([columns[k] for k in chosen], rows, width)
    return found


@dataclass(frozen=True, slots=True)
class _Column:
    """The heading of a column, and how wide it is, without a broken word, and at the least."""

    heading: list[str]
    words: bool
    widest: int
    least: int

    @property
    def floor(self) -> int:
        return min(FLOOR, self.least) if self.words else self.least


def _column(column: "Column", cells: Sequence[str]) -> _Column:
    heading = _heading(column, max(map(len, cells), default=0))
    words = column.align != "right"
    widest = max(map(len, [*heading, *cells]))
    return _Column(heading, words, widest, longest_word([*heading, *cells]) if words else widest)


def abreast(floors: Sequence[int], width: int) -> list[list[int]]:
    """Return which columns stand side by side; the first is in every group.

    >>> abreast([8, 10, 10, 10], 41), abreast([8, 10, 10, 10], 30)
    ([[0, 1, 2, 3]], [[0, 1, 2], [0, 3]])
    """
    groups: list[list[int]] = [[0]] if floors else []
    for k in range(1, len(floors)):
        beside = [*groups[-1], k]
        if len(groups[-1]) > 1 and sum(floors[n] + 1 for n in beside) - 1 > width:
            groups.append([0, k])
        else:
            groups[-1] = beside
    return groups


def _side_by_side(
    columns: Sequence[_Column], rows: Sequence[tuple[list[str], bool]], width: int
) -> list[str]:
    """Return headings and rows; a row marked as the name of what follows spans all columns."""
    headings, words = [one.heading for one in columns], [one.words for one in columns]
    widths, least = [one.widest for one in columns], [one.least for one in columns]
    gap = 2 if sum(widths) + 2 * (len(widths) - 1) <= width else 1
    wide = fitted(widths, least, words, width - (gap - 1) * (len(widths) - 1))
    full = sum(wide) + gap * (len(wide) - 1)
    nameless = not any(map(any, headings))
    found = [] if nameless else _headed(headings, wide, words, gap)
    if not nameless and not (rows and rows[0][1]):
        found.append(RULE * full)
    for row, is_section in rows:
        if is_section:
            found.append(f"{RULE * 2} {row[0]} ".ljust(full, RULE))
        else:
            found += _folded(row, wide, words, gap)
    return found


def _is_section(row: Sequence[str]) -> bool:
    """Return whether a row only names what follows."""
    return len(row) > 1 and bool(row[0]) and not any(row[1:])


def _heading(column: "Column", room: int) -> list[str]:
    """Return the lines of a heading: the unit beside the name where the column is wide enough."""
    *above, last = column.name.splitlines() or [""]
    if not column.unit:
        return [*above, last]
    beside = f"{last} [{column.unit}]"
    return [*above, beside] if len(beside) <= room else [*above, last, f"[{column.unit}]"]


def _headed(
    headings: Sequence[Sequence[str]], wide: Sequence[int], words: Sequence[bool], gap: int
) -> list[str]:
    folded = [
        [part for line in heading for part in (textwrap.wrap(line, wide[k]) or [""])]
        for k, heading in enumerate(headings)
    ]
    depth = max(map(len, folded), default=0)
    columns = [[""] * (depth - len(heading)) + heading for heading in folded]
    return [_line(row, wide, words, gap) for row in zip(*columns, strict=True)]


def _folded(
    row: Sequence[str], wide: Sequence[int], words: Sequence[bool], gap: int
) -> Iterable[str]:
    """Yield a row, and more rows below it for words that have no room."""
    parts = [textwrap.wrap(text, wide[k]) or [""] for k, text in enumerate(row)]
    for n in range(max(map(len, parts))):
        yield _line([part[n] if n < len(part) else "" for part in parts], wide, words, gap)


def _line(row: Sequence[str], wide: Sequence[int], words: Sequence[bool], gap: int) -> str:
    cells = [text.ljust(wide[k]) if words[k] else text.rjust(wide[k]) for k, text in enumerate(row)]
    return (" " * gap).join(cells).rstrip()


def longest_word(cells: Iterable[str]) -> int:
    """Return how wide a column of words must be to break none of them.

    >>> longest_word(["lynas_2014, mining_2016", "a"])
    11
    """
    return min(MOST, max((len(word) for cell in cells for word in cell.split()), default=0))


def fitted(
    widths: Sequence[int], least: Sequence[int], words: Sequence[bool], room: int
) -> list[int]:
    """Return how wide each column is: the wide ones share, words are broken as a last resort.

    >>> fitted([30, 12, 8], [10, 10, 8], [True, True, False], 80)
    [30, 12, 8]
    >>> fitted([30, 12, 8], [10, 10, 8], [True, True, False], 40)
    [18, 12, 8]
    >>> fitted([90, 80], [10, 10], [True, True], 61)
    [30, 30]
    >>> fitted([30, 12, 8], [17, 12, 8], [True, True, False], 34)
    [12, 12, 8]
    """
    found, room = list(least), room - (len(widths) - 1)
    while sum(found) > room:
        folds = [k for k, word in enumerate(words) if word and found[k] > 1]
        if not folds:
            break
        found[max(folds, key=lambda k: found[k])] -= 1
    for n, k in enumerate(sorted(range(len(widths)), key=lambda k: widths[k])):
        fair = (room - sum(found)) // (len(widths) - n)
        found[k] += max(0, min(widths[k] - found[k], fair))
    return found
