"""Reads the text of a table as its publisher wrote it, and refuses what was changed or cut off."""

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from monazite.errors import DataError, Place, Problem
from monazite.scenario.hints import did_you_mean

LARGEST_BYTES = 200_000_000
"""More than ten times the largest data set that is read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: where it stands, and its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table and the file that it came from."""

    file: str
    sha256: str
    lines: tuple[Line, ...]


def read_sheet(path: Path, columns: Sequence[str], expected: str) -> Sheet:
    """Read a table with a heading.

    Args:
        path: the file.
        columns: headings that it must have.
        expected: what file it should be, for a user who gave another.

    Raises:
        DataError: with every problem, each with its line.
    """
    raw = _bytes(path, expected)
    rows = _rows(_text(raw, path, expected), path)
    heading = [cell.strip() for cell in rows[0][1]] if rows else []
    _refuse_other_table(heading, columns, path, expected)
    problems = [
        _problem(path, number, f"{len(cells)} of {len(heading)} columns; is the file cut off?")
        for number, cells in rows[1:]
        if len(cells) != len(heading)
    ]
    if problems:
        raise DataError(problems)
    lines = tuple(Line(n, dict(zip(heading, cells, strict=True))) for n, cells in rows[1:])
    return Sheet(str(path), hashlib.sha256(raw).hexdigest(), lines)


def _bytes(path: Path, expected: str) -> bytes:
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "no such file"
        raise DataError([Problem("", f"{path}: {what}; expected {expected}")])
    if (size := path.stat().st_size) > LARGEST_BYTES:
        raise DataError([Problem("", f"{path}: {size:,} bytes is more than any {expected} has")])
    return path.read_bytes()


def _text(raw: bytes, path: Path, expected: str) -> str:
    """Return the text; the encodings are those in which the table is published or saved again."""
    if b"\0" in raw[:4096]:
        hint = "save it as CSV, UTF-8" if raw[:2] in (b"\xff\xfe", b"\xfe\xff", b"PK") else ""
        raise DataError(
            [Problem("", f"{path}: this is no text; expected {expected}{hint and '; ' + hint}")]
        )
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError([Problem("", f"{path}: neither UTF-8 nor cp1252; expected {expected}")])


def _rows(text: str, path: Path) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[tuple[int, list[str]]] = []
    begun = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((begun, cells))
            begun = reader.line_num + 1
    except csv.Error as error:
        message = f"no row can be read from here on ({error}); is the file cut off?"
        raise DataError([_problem(path, begun, message)]) from None
    return found


def _refuse_other_table(
    heading: Sequence[str], columns: Sequence[str], path: Path, expected: str
) -> None:
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(heading) == 1 and set(columns) <= {c.strip(' "') for c in heading[0].split(mark)}:
            message = (
                f"columns are parted by {name}: a spreadsheet saved the file again and may have "
                "changed its numbers; take it as it was published"
            )
            raise DataError([_problem(path, 1, message)])
    missing = [name for name in columns if name not in heading]
    if len(missing) == len(columns):
        found = ", ".join(heading[:4]) or "nothing"
        message = f"another table: its columns begin with {found}; expected {expected}"
        raise DataError([_problem(path, 1, message)])
    if missing:
        raise DataError(
            _problem(path, 1, f"no column '{name}'{did_you_mean(name, heading)}")
            for name in missing
        )


def _problem(path: Path, line: int, message: str) -> Problem:
    return Problem("", message, Place(str(path), line, 1), "data")
