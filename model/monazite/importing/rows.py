"""What a data set says of one country, and what became of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TAKEN = "taken"
ESTIMATED = "taken, estimated by the source"
TOTAL = "left out: the total of the table"
NOTHING = "left out: none"
WITHHELD = "not known: withheld"
NOT_AVAILABLE = "not known: not available"
BOUND = "not known: a bound, not a number"
SPAN = "not known: a range, not a number"
SMALL = "not known: less than half a unit"
EMPTY = "not known: empty"
TWICE = "left out: the same row again"

_WORDS = {
    "W": WITHHELD,
    "NA": NOT_AVAILABLE,
    "NAN": NOT_AVAILABLE,
    "XX": "not known: not applicable",
    "S": SMALL,
    "": EMPTY,
    "\N{EM DASH}": NOTHING,
    "\N{EN DASH}": NOTHING,
    "-": NOTHING,
}
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_SPAN = re.compile(rf"{_NUMBER.pattern}\s*[-\u2013\u2014]\s*{_NUMBER.pattern}")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a data set about one country.

    Attributes:
        place: where it stands, such as `line 812`.
        country: as the data set names it.
        code: ISO code of three letters; empty where the data set has none.
        written: the value as it stands there, with its unit.
        amount: in the unit of the extract; None where there is none to take.
        became: taken, left out or not known, and why.
    """

    place: str
    country: str
    code: str
    written: str
    amount: float | None
    became: str

    @property
    def not_known(self) -> bool:
        """Whether there is an amount that the data set does not tell."""
        return self.became.startswith("not known")


@dataclass(frozen=True, slots=True)
class Source:
    """What the fragment cites."""

    id: str
    about: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Extract:
    """The rows of one statistic of one year.

    Attributes:
        title: the data set and the commodity.
        where: the place in the data set.
        basis: what a unit counts, in the words of the data set.
        unit: unit of the amounts.
        year: the year that they speak of.
        rows: every row of the statistic, in the order of the file.
        total: what the data set itself gives as the total; None where it gives none.
        read: how many rows the data set has.
        source: what the fragment cites.
        field: what a maker has of it.
        notes: what a reader must know beside the rows.
    """

    title: str
    where: str
    basis: str
    unit: str
    year: int
    rows: tuple[Row, ...]
    total: float | None
    read: int
    source: Source
    field: str = "output"
    notes: tuple[str, ...] = ()


def value_of(text: str) -> tuple[float | None, str]:
    """Return the number that a cell holds, or why it holds none.

    Raises:
        ValueError: if it is neither a number nor one of the words used in its place.

    >>> value_of("839,000"), value_of("1.5"), value_of("W")
    ((839000.0, 'taken'), (1.5, 'taken'), (None, 'not known: withheld'))
    >>> value_of("<200"), value_of("\u2014")
    ((None, 'not known: a bound, not a number'), (None, 'left out: none'))
    """
    text = " ".join(text.split())
    if _NUMBER.fullmatch(text):
        number = float(text.replace(",", ""))
        return (number, TAKEN) if number else (None, NOTHING)
    if text.upper() in _WORDS:
        return None, _WORDS[text.upper()]
    if text[:1] in "<>" and _NUMBER.fullmatch(text[1:].strip()):
        return None, BOUND
    if _SPAN.fullmatch(text):
        return None, SPAN
    raise ValueError(f"'{text}' is no number as the data set writes it (10,000 or 1.5)")


def tally(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the rows by what became of them, most first."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.became, []).append(row)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))
