"""Reads world tables from the data release of the USGS Mineral Commodity Summaries."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from monazite.errors import DataError, Place, Problem
from monazite.importing.basis import TONNES_IN, no_mass
from monazite.importing.delimited import Line, Sheet, read_sheet
from monazite.importing.rows import ESTIMATED, TAKEN, TOTAL, TWICE, Extract, Row, Source, value_of
from monazite.scenario.hints import did_you_mean, listed

EXPECTED = (
    "the commodities file of the Mineral Commodity Summaries data release "
    "(MCS2026_Commodities_Data.csv and later)"
)
COLUMNS = (
    *("MCS chapter", "Section", "Commodity", "Country", "Statistics", "Statistics_detail"),
    *("Unit", "Year", "Value", "Notes", "Other notes"),
)
WORLD = "World total"
FIELDS = {"Production": "output", "Capacity": "capacity"}
"""What a maker has, by the kind of statistic."""
_OF_TABLE = re.compile(r"\(Data in [^,]*?(?:, (?P<basis>.*?))?,? unless otherwise specified\)")
_OF_DETAIL = re.compile(r"\b(?P<basis>\w+ (?:content|equivalent))\b")
_ROUNDED = re.compile(r"[:,] rounded$")
_OF_HEADING = re.compile(r"\((?:[^(),]*, )?(?P<basis>[^(),]*(?:content|weight|equivalent))\)")


def read_usgs(path: Path, commodity: str, year: int, statistic: str | None = None) -> Extract:
    """Read one statistic of one commodity and year.

    Args:
        path: the user's copy of the file.
        commodity: a chapter or a commodity of the file, in any case.
        year: the year that the numbers speak of.
        statistic: such as `Mine production`; None where the table has only one.

    Raises:
        DataError: with every problem, each with its line, and the likely fix.
    """
    sheet = read_sheet(path, COLUMNS, EXPECTED)
    table = _of_year(_world_table(sheet, commodity), sheet, commodity, year)
    name, field = _statistic(table, sheet.file, commodity, statistic)
    lines = [line for line in table if _detail(line) == name]
    rows = _rows(lines, sheet.file)
    totals = [_tonnes(line) for line in lines if line.cells["Country"] == WORLD]
    first = lines[0].cells
    edition = _edition(sheet)
    return Extract(
        title=f"USGS Mineral Commodity Summaries {edition}",
        where=f"{first['Commodity']}, {first['Section'].rstrip(':')}: {name}, {year}",
        basis=_basis(lines),
        unit="t/yr",
        year=year,
        rows=rows,
        total=next((total for total in totals if total is not None), None),
        read=len(sheet.lines),
        source=_source(sheet, edition),
        field=field,
    )


def _world_table(sheet: Sheet, commodity: str) -> list[Line]:
    wanted = commodity.strip().casefold()
    world = [line for line in sheet.lines if line.cells["Section"].startswith("World")]
    table = [line for line in world if wanted in _names(line)]
    if table:
        return table
    if any(wanted in _names(line) for line in sheet.lines):
        raise _refusal(sheet.file, f"has no world table of '{commodity}', only United States data")
    known = {line.cells["Commodity"] for line in world}
    raise _refusal(sheet.file, f"has no commodity '{commodity}'{did_you_mean(commodity, known)}")


def _names(line: Line) -> set[str]:
    return {line.cells[column].strip().casefold() for column in ("MCS chapter", "Commodity")}


def _of_year(table: Sequence[Line], sheet: Sheet, commodity: str, year: int) -> list[Line]:
    mine = [line for line in table if line.cells["Statistics"] in FIELDS]
    lines = [line for line in mine if line.cells["Year"].strip() == str(year)]
    if not lines:
        years = sorted({line.cells["Year"] for line in mine}) or ["no year"]
        raise _refusal(sheet.file, f"has '{commodity}' for {listed(years)}, not for {year}")
    return lines


def _detail(line: Line) -> str:
    return _ROUNDED.sub("", line.cells["Statistics_detail"]).strip()


def _statistic(
    table: Sequence[Line], file: str, commodity: str, statistic: str | None
) -> tuple[str, str]:
    """Return the name of the statistic that is meant, and what a maker has of it."""
    kinds = {_detail(line): line.cells["Statistics"] for line in table}
    made = [name for name, kind in kinds.items() if kind == "Production"]
    if statistic is None and len(made) == 1:
        return made[0], FIELDS["Production"]
    for name, kind in kinds.items():
        if statistic is not None and name.casefold() == statistic.strip().casefold():
            return name, FIELDS[kind]
    names = ", ".join(f"'{name}'" for name in kinds)
    if statistic is None:
        raise _refusal(
            file, f"has several statistics of '{commodity}'; --statistic is one: {names}"
        )
    hint = did_you_mean(statistic, kinds) or f"; there are {names}"
    raise _refusal(file, f"has no statistic '{statistic}' of '{commodity}'{hint}")


def _rows(lines: Sequence[Line], file: str) -> tuple[Row, ...]:
    """Return a row for each line, and refuse them all where one cannot be read."""
    problems = [*_unreadable(lines, file), *_contradictions(lines, file)]
    if problems:
        raise DataError(problems)
    seen: set[str] = set()
    rows = []
    for line in lines:
        row = _row(line)
        if row.country in seen:
            row = replace(row, amount=None, became=TWICE)
        seen.add(row.country)
        rows.append(row)
    return tuple(rows)


def _row(line: Line) -> Row:
    cells = line.cells
    written = f"{cells['Value']} {cells['Unit'].strip()}"
    _, became = value_of(cells["Value"])
    amount = _tonnes(line)
    if cells["Country"] == WORLD:
        amount, became = None, TOTAL
    elif became == TAKEN and cells["Notes"].startswith("Estimated"):
        became = ESTIMATED
    return Row(f"line {line.number}", cells["Country"].strip(), "", written, amount, became)


def _tonnes(line: Line) -> float | None:
    number, _ = value_of(line.cells["Value"])
    return None if number is None else number * TONNES_IN[line.cells["Unit"].strip()]


def _unreadable(lines: Sequence[Line], file: str) -> Iterator[Problem]:
    for unit, line in {line.cells["Unit"].strip(): line for line in reversed(lines)}.items():
        if unit not in TONNES_IN:
            yield _at(file, line, no_mass(unit))
    for line in lines:
        try:
            value_of(line.cells["Value"])
        except ValueError as error:
            yield _at(file, line, f"{line.cells['Country']}: {error}")


def _contradictions(lines: Sequence[Line], file: str) -> Iterator[Problem]:
    """Yield countries that stand twice with different values."""
    first: dict[str, Line] = {}
    for line in lines:
        country = line.cells["Country"]
        before = first.setdefault(country, line)
        if _said(before.cells) != _said(line.cells):
            yield _at(
                file,
                line,
                f"{country} stands twice: {line.cells['Value']} here, "
                f"{before.cells['Value']} in line {before.number}",
            )


def _said(cells: Mapping[str, str]) -> tuple[str, str]:
    return cells["Value"].strip(), cells["Unit"].strip()


def _basis(lines: Sequence[Line]) -> str:
    """Return what a tonne counts: what the heading says, else what the table says."""
    first = lines[0].cells
    heading = f"{first['Section']} {first['Statistics_detail']}"
    for words in (_OF_HEADING.search(heading), _OF_DETAIL.search(first["Statistics_detail"])):
        if words:
            return words["basis"].strip()
    if any("gross weight" in line.cells["Notes"].casefold() for line in lines):
        return "gross weight"
    words = _OF_TABLE.search(first["Other notes"])
    return (words["basis"] or "").strip() if words else ""


def _edition(sheet: Sheet) -> int:
    """Return the year of the edition: that after the last full year it tells of."""
    years = (line.cells["Year"].strip() for line in sheet.lines)
    return max((int(year) for year in years if re.fullmatch(r"\d{4}", year)), default=0) + 1


def _source(sheet: Sheet, edition: int) -> Source:
    about = {
        "publisher": "U.S. Geological Survey",
        "title": f"Mineral Commodity Summaries {edition}, data release",
        "date": edition,
        "url": "https://www.usgs.gov/centers/national-minerals-information-center",
        "grade": "primary",
        "note": f"own copy {Path(sheet.file).name}, {len(sheet.lines)} rows, sha256 {sheet.sha256}",
    }
    return Source(f"own_usgs_mcs{edition}", about)


def _at(file: str, line: Line, message: str) -> Problem:
    return Problem("", message, Place(file, line.number, 1), "data")


def _refusal(file: str, message: str) -> DataError:
    return DataError([Problem("", f"{file}: {message}")])
