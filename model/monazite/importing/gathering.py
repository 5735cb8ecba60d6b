"""Sums what countries have to the regions of the model, without losing what is not known."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from monazite.errors import DataError, Problem
from monazite.importing.basis import Content, counts_a_compound
from monazite.importing.countries import ELSEWHERE, UNION, region_of
from monazite.importing.rows import ESTIMATED, Extract, Row, tally

LEFT_ESTIMATE = "not known: only estimated, and --no-estimates was said"

FEW = 5
"""How many countries without an amount are named."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one region has.

    Attributes:
        region: id of the region.
        amount: in the unit of the extract, in the basis of the product.
        rows: the rows that it is the sum of.
        lacks: rows of the region whose amount is not known, so that the sum is too small.
    """

    region: str
    amount: float
    rows: tuple[Row, ...]
    lacks: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathered:
    """An extract by region.

    Attributes:
        extract: what was read.
        content: by what amounts were multiplied.
        parts: regions with an amount, the largest first.
        silent: regions of which nothing is known though the data set names them.
        elsewhere: countries that were put into the rest of the world.
        region_of: the region of each country that has a row.
    """

    extract: Extract
    content: Content
    parts: tuple[Part, ...]
    silent: dict[str, tuple[Row, ...]]
    elsewhere: tuple[str, ...]
    region_of: dict[str, str]

    @property
    def sum(self) -> float:
        """What the parts add up to."""
        return sum(part.amount for part in self.parts)


def without_estimates(extract: Extract) -> Extract:
    """Return an extract in which what the source only estimates is not known."""
    rows = tuple(
        replace(row, amount=None, became=LEFT_ESTIMATE) if row.became == ESTIMATED else row
        for row in extract.rows
    )
    return replace(extract, rows=rows)


def gather(
    extract: Extract, content: Content, stated: bool, named: Collection[str] | None = None
) -> Gathered:
    """Sum an extract to regions.

    Args:
        extract: what was read.
        content: what the product counts in a unit of what the data set counts.
        stated: whether the user stated that content.
        named: regions that may stand; the others join the rest of the world. None keeps all.

    Raises:
        DataError: if the extract counts a compound and the content is not stated, or if there
            is nothing to take.
    """
    if counts_a_compound(extract.basis) and extract.field != "share" and not stated:
        raise DataError([Problem("", _asks_for_content(extract))])
    homes = {row.country: region_of(row.country, row.code, extract.year) for row in extract.rows}
    regions = {
        country: home if home is not None and (named is None or home in named) else ELSEWHERE
        for country, home in homes.items()
    }
    parts = sorted(_parts(extract, regions, content), key=lambda part: -part.amount)
    if not parts:
        became = "; ".join(f"{why}: {len(rows)}" for why, rows in tally(extract.rows).items())
        raise DataError([Problem("", f"{extract.where}: there is nothing to take ({became})")])
    summed = {part.region for part in parts}
    silent: dict[str, tuple[Row, ...]] = {}
    for row in extract.rows:
        if row.not_known and (region := regions[row.country]) not in summed:
            silent[region] = (*silent.get(region, ()), row)
    moved = dict.fromkeys(
        row.country
        for row in extract.rows
        if row.amount is not None
        and regions[row.country] == ELSEWHERE
        and homes[row.country] != ELSEWHERE
    )
    return Gathered(extract, content, tuple(parts), silent, tuple(moved), regions)


def _parts(extract: Extract, regions: dict[str, str], content: Content) -> Iterator[Part]:
    for region in dict.fromkeys(regions.values()):
        mine = [row for row in extract.rows if regions[row.country] == region]
        taken = tuple(row for row in mine if row.amount is not None)
        if taken:
            amount = sum(row.amount or 0.0 for row in taken) * content.factor
            lacks = tuple(row for row in mine if row.not_known)
            yield Part(region, amount, taken, lacks)


def _asks_for_content(extract: Extract) -> str:
    return (
        f"{extract.where}: the table counts '{extract.basis}'; say what the product counts in a "
        "ton of it: --content Li2O (the element in it by molar mass), --content 0.857, or "
        "--content 1 to keep it as it is"
    )


def summed(part: Part, year: int) -> str:
    """Say of which countries an amount is the sum; empty for one alone."""
    names = dict.fromkeys(row.country for row in part.rows)
    if len(names) < 2:
        return ""
    return f"sum of {', '.join(names)}{f', members in {year}' if part.region == UNION else ''}"


def lacking(part: Part) -> str:
    """Say whose amount is missing in that of a region; empty where nobody's is."""
    counted = {row.country for row in part.rows}
    why = {
        f"part of {row.country}" if row.country in counted else row.country: row.became
        for row in part.lacks
    }
    first = [
        f"{country} ({became.removeprefix('not known: ')})"
        for country, became in list(why.items())[:FEW]
    ]
    more = [f"{len(why) - FEW} more"] if len(why) > FEW else []
    return f"without {', '.join([*first, *more])}" if why else ""
