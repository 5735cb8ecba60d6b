"""Numbers and words as they stand in CSV files: ten significant digits, never -0."""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from monazite.trajectories import Floats


def number(value: float) -> str:
    """Return a number with ten significant digits, nothing where it is not finite.

    >>> [number(x) for x in (1 / 3, -0.0, 2e9, math.inf)]
    ['0.3333333333', '0', '2000000000', '']
    """
    return format(value + 0.0, ".10g") if math.isfinite(value) else ""


def rounded(values: Floats) -> Floats:
    """Return numbers as they read back from a file.

    >>> rounded(np.array([1 / 3])).tolist()
    [0.3333333333]
    """
    texts = [format(value, ".10g") for value in values.ravel().tolist()]
    return np.array(texts, dtype=np.float64).reshape(values.shape)


def cell(value: object) -> str:
    """Return one cell, quoted where a reader needs it.

    >>> [cell(x) for x in ("a,b", True, None, 3, 0.1)]
    ['"a,b"', 'true', '', '3', '0.1']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number(value)
    return word(str(value))


@lru_cache(maxsize=4096)
def word(text: str) -> str:
    """Return one cell of words; the same few stand in most lines.

    >>> word("a,b")
    '"a,b"'
    """
    if any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def line(values: Iterable[object]) -> str:
    """Return one line without its end."""
    return ",".join(map(cell, values))


def numbers(rows: Floats) -> list[str]:
    """Return each row of a table of numbers as the end of a line; quick.

    >>> numbers(np.array([[1.0, float("nan")], [-0.0, 0.25]]))
    ['1,', '0,0.25']
    """
    pattern = ",".join(["%.10g"] * rows.shape[1])
    return [(pattern % tuple(row)).replace("nan", "") for row in (rows + 0.0).tolist()]


def records(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """Yield the header and a line for each mapping."""
    yield line(columns)
    for row in rows:
        yield line(row[column] for column in columns)
