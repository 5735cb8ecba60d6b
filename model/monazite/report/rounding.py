"""Numbers for people: no more digits than the error supports, in a unit that fits."""

import math
from collections.abc import Iterable

_TONNES = ((1.0, "t"), (1e3, "kt"), (1e6, "Mt"))
_DOLLARS = ((1.0, "USD"), (1e3, "k USD"), (1e6, "M USD"), (1e9, "bn USD"), (1e12, "tn USD"))
SMALL = 1e-4
"""An amount below this part of what is at stake is shown as ~0."""
TOO_SMALL = " ~0: less than a 10,000th of the need, or of the value at stake."
_SCALES = {"t": (_TONNES, 1e4), "USD": (_DOLLARS, 1e3)}


def decimals(error: float) -> int:
    """Return the decimals that an error supports: its first digit, or two after a 1.

    >>> [decimals(e) for e in (0.234, 0.0145, 3.2, 14.0, 234.0, 0.096)]
    [1, 3, 0, 0, -2, 2]
    """
    digits = -math.floor(math.log10(error))
    if round(error * 10**digits, 1) < 2:
        digits += 1
    return digits


def with_error(value: float, error: float) -> str:
    """Return a number beside its error, both rounded to what the error supports.

    >>> [with_error(1234.6, 234.5), with_error(12.345, 0.023), with_error(0.0, 0.0)]
    ['1200±200', '12.35±0.02', '0']
    >>> with_error(12.345, float("nan"))
    '12.3'
    """
    if not error > 0:
        return plain(value)
    places = decimals(error)
    return f"{fixed(value, places)}±{fixed(error, places)}"


def fixed(value: float, places: int) -> str:
    """Return a number with so many decimals; fewer than none rounds to tens or hundreds.

    >>> [fixed(x, p) for x, p in ((1234.0, -2), (-0.04, 1), (2.5, 3))]
    ['1200', '0.0', '2.500']
    """
    text = f"{round(value, places):.{max(places, 0)}f}"
    return text.lstrip("-") if float(text) == 0 else text


def plain(value: float, digits: int = 3) -> str:
    """Return a number with so many significant digits, never as a power of ten.

    >>> [plain(x) for x in (0.0, 12.345, 98765.0, 0.0123)]
    ['0', '12.3', '98800', '0.0123']
    """
    if value == 0:
        return "0"
    return fixed(value, digits - 1 - math.floor(math.log10(abs(value))))


def about(count: int) -> str:
    """Return a count with two significant digits and commas.

    >>> [about(n) for n in (7, 1387, 23_456)]
    ['7', '1,400', '23,000']
    """
    return f"{round(count, 2 - len(str(count))) if count >= 100 else count:,}"


def is_small(value: float, error: float, beside: float) -> bool:
    """Return whether an amount, with its error, is not worth a number beside a larger one.

    >>> [is_small(v, e, 3000.0) for v, e in ((0.002, 0.002), (0.2, 0.4), (0.0, 0.0))]
    [True, False, False]
    """
    most = abs(value) + (error if error > 0 else 0.0)
    return 0 < most < SMALL * beside


def percent(share: float) -> str:
    """Return a share in per cent; only none and all are 0 and 100.

    >>> [percent(x) for x in (0.0, 0.001, 0.5, 0.999, 1.0)]
    ['0', '<1', '50', '>99', '100']
    """
    if 0 < share < 0.01:
        return "<1"
    if 0.99 < share < 1:
        return ">99"
    return f"{100 * share:.0f}"


def scale(values: Iterable[float], unit: str) -> tuple[float, str]:
    """Return what to divide by, and its unit, so that the largest number is short.

    >>> [scale([5.0, 12_000.0], "t"), scale([3.8e9], "USD"), scale([], "t")]
    [(1000.0, 'kt'), (1000000000.0, 'bn USD'), (1.0, 't')]
    """
    steps, most = _SCALES[unit]
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    fitting = [step for step in steps if largest < step[0] * most]
    return fitting[0] if fitting else steps[-1]


def worlds(count: int) -> str:
    """Return a number of random worlds in words.

    >>> [worlds(n) for n in (1, 2000)]
    ['1 world', '2,000 worlds']
    """
    return f"{count:,} world{'' if count == 1 else 's'}"
