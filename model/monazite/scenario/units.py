"""Units: what may be written in a file, and how much it is in the base unit of the code.

A year is 365.25 days, a month a twelfth of it, a quarter three months.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from monazite.scenario.hints import did_you_mean, found

YEAR_D = 365.25

TIME_D = {
    **dict.fromkeys(("d", "day", "days"), 1.0),
    **dict.fromkeys(("week", "weeks"), 7.0),
    **dict.fromkeys(("month", "months"), YEAR_D / 12),
    **dict.fromkeys(("quarter", "quarters"), YEAR_D / 4),
    **dict.fromkeys(("yr", "year", "years"), YEAR_D),
}
MASS_T = {
    **dict.fromkeys(("t", "tonne", "tonnes"), 1.0),
    "kt": 1e3,
    "Mt": 1e6,
    "kg": 1e-3,
    "lb": 0.45359237e-3,
}
SCALE = {
    **dict.fromkeys(("k", "thousand"), 1e3),
    **dict.fromkeys(("M", "million"), 1e6),
    **dict.fromkeys(("bn", "billion"), 1e9),
}
_PARTS_OF_ONE = {"%": 0.01, "percent": 0.01}


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a number measures.

    Attributes:
        title: the words for it in a message, such as `a duration`.
        base: the unit of the code, as it is written out.
        example: one right way to write it.
        units: what may be written, and how many base units it is.
        bare: whether a number without a unit is understood.
        least: the smallest value, in base units.
        most: the largest value, in base units.
        positive: whether zero is refused.
    """

    title: str
    base: str
    example: str
    units: Mapping[str, float]
    bare: bool = False
    least: float = 0.0
    most: float = 1e18
    positive: bool = False


def _per(tops: Mapping[str, float], bottoms: Mapping[str, float]) -> dict[str, float]:
    return {f"{t}/{b}": top / bottom for t, top in tops.items() for b, bottom in bottoms.items()}


_TIME_YR = {word: days / YEAR_D for word, days in TIME_D.items()}
_PER_YEAR = {f"/{word}": 1 / years for word, years in _TIME_YR.items()}
_T_PER_YR = _per(MASS_T, _TIME_YR)
_MASS_KG = {word: tonnes * 1e3 for word, tonnes in MASS_T.items()} | {"lb": 0.45359237, "kg": 1.0}

DIMENSIONS: Mapping[str, Dimension] = {
    "duration": Dimension("a duration", "d", "18 months", TIME_D, most=1000 * YEAR_D),
    "tonnes": Dimension("a mass", "t", "1500 t", MASS_T),
    "tonnes_per_year": Dimension("tonnes a year", "t/yr", "1000 t/yr", _T_PER_YR),
    "rate": Dimension(
        "a rate",
        "per year",
        "0.25 per year",
        _PER_YEAR | {f"%{word}": 0.01 * n for word, n in _PER_YEAR.items()},
    ),
    "money": Dimension("money", "USD", "3.8 billion USD", {"USD": 1.0}),
    "price": Dimension("a price", "USD/kg", "110 USD/kg", _per({"USD": 1.0}, _MASS_KG)),
    "usd_per_t": Dimension("money a tonne", "USD/t", "9000 USD/t", _per({"USD": 1.0}, MASS_T)),
    "usd_per_t_yr": Dimension(
        "money for yearly capacity",
        "USD/(t/yr)",
        "100000 USD per t/yr",
        {f"USD/{word}": 1 / tonnes for word, tonnes in _T_PER_YR.items()},
    ),
    "share": Dimension(
        "a share", "share", "35 %", _PARTS_OF_ONE | {"share": 1.0}, bare=True, most=1.0
    ),
    "factor": Dimension(
        "a factor", "factor", "1.5", _PARTS_OF_ONE | {"factor": 1.0}, bare=True, positive=True
    ),
    "number": Dimension("a number", "number", "1.5", _PARTS_OF_ONE | {"number": 1.0}, bare=True),
    "tonnes_per_tonne": Dimension(
        "tonnes per tonne",
        "t/t",
        "1.3 t/t",
        {"t/t": 1.0, "kg/kg": 1.0, "kg/t": 1e-3},
    ),
    "days_of_use": Dimension(
        "days of use",
        "days of use",
        "180 days of use",
        {f"{word} of use": days for word, days in TIME_D.items()},
        most=1000 * YEAR_D,
    ),
}

_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\d.,_])\s*(.*)", re.DOTALL)
_SPACES = re.compile(r"\s+")
_PER = re.compile(r"\s*(?:\bper\b|/)\s*")


def unit_of(text: str) -> str:
    """Return a unit in the one spelling that the table knows.

    >>> unit_of("USD per (t / yr)"), unit_of("per year"), unit_of("t per yr")
    ('USD/t/yr', '/year', 't/yr')
    """
    text = text.replace("(", " ").replace(")", " ")
    return _PER.sub("/", _SPACES.sub(" ", text).strip())


def in_base_units(text: str, dimension: str) -> float:
    """Return what a text such as `18 months` is in the base unit of a dimension.

    Raises:
        ValueError: saying what was found, what was expected, and the likely fix.

    >>> in_base_units("18 months", "duration"), in_base_units("3.8 bn USD", "money")
    (547.875, 3800000000.0)
    """
    parts = _NUMBER.fullmatch(text)
    if parts is None:
        raise ValueError(_not_a_number(text, DIMENSIONS[dimension]))
    return scaled(float(parts[1]), parts[2], dimension)


def scaled(number: float, unit: str, dimension: str) -> float:
    """Return a number of some unit in the base unit of a dimension, within its bounds.

    Raises:
        ValueError: saying what was found, what was expected, and the likely fix.
    """
    kind = DIMENSIONS[dimension]
    factor = factor_of(number, unit, dimension)
    value = number / round(1 / factor) if _is_whole(1 / factor) else number * factor
    if not math.isfinite(value):
        raise ValueError(f"the number must be finite; found {found(number)}")
    if value < kind.least or (kind.positive and value == 0):
        bound = "above 0" if kind.positive else f"{kind.least:g} or more"
        raise ValueError(f"{kind.title} must be {bound}; found {_shown(number, unit)}")
    if value > kind.most:
        bound = f"at most {kind.most:g}" + ("" if kind.bare else f" {kind.base}")
        percent = dimension == "share" and 1 < value <= 100
        fix = f"; did you mean '{number:g} %'?" if percent and not unit else ""
        raise ValueError(f"{kind.title} must be {bound}; found {_shown(number, unit)}{fix}")
    return value


def factor_of(number: float, unit: str, dimension: str) -> float:
    """Return how many base units one of the written unit is.

    Raises:
        ValueError: naming the unit and one that would be right.
    """
    kind = DIMENSIONS[dimension]
    spelled = unit_of(unit)
    scale = 1.0
    first, _, rest = spelled.partition(" ")
    if first in SCALE and rest and any(u.startswith(("USD", "t")) for u in kind.units):
        scale, spelled = SCALE[first], rest
    if not spelled and kind.bare:
        return 1.0
    if spelled in kind.units:
        return scale * kind.units[spelled]
    raise ValueError(_wrong_unit(number, unit, spelled, kind))


def _is_whole(value: float) -> bool:
    """Whether dividing by the whole number is meant, so that 35 % is 0.35 to the last bit."""
    return value > 1 and abs(value - round(value)) < 1e-9 * value


def _shown(number: float, unit: str) -> str:
    return f"{found(number)} {unit}".strip()


def _wrong_unit(number: float, unit: str, spelled: str, kind: Dimension) -> str:
    if not spelled:
        return (
            f"found {found(number)} without a unit; expected {kind.title} such as '{kind.example}'"
        )
    others = [d.title for d in DIMENSIONS.values() if spelled in d.units and d is not kind]
    if others:
        return (
            f"found '{_shown(number, unit)}', which is {others[0]}; "
            f"expected {kind.title} such as '{kind.example}'"
        )
    hint = did_you_mean(spelled, kind.units) or f"; expected {kind.title} such as '{kind.example}'"
    return f"unknown unit '{unit}'{hint}"


def _not_a_number(text: str, kind: Dimension) -> str:
    fix = ""
    if re.match(r"\s*[+-]?\d[\d.]*[,_]\d", text):
        fix = " (write the number without ',' or '_' between its digits)"
    return f"found {found(text)}; expected {kind.title} such as '{kind.example}'{fix}"
