"""Writes plain data as the seed files are written: blocks that a person reads."""

import json
import re
import textwrap
from collections.abc import Mapping

WIDTH = 108
_PLAIN = re.compile(r"[A-Za-z_][\w.-]*(?: [A-Za-z_(][\w.()-]*)*")
_RESERVED = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


def scalar(value: object) -> str:
    """Return one value as YAML 1.2 and 1.1 read it alike.

    >>> scalar("t/yr"), scalar("NO"), scalar(839.0), scalar("a: b"), scalar("china")
    ('t/yr', '"NO"', '839', '"a: b"', 'china')
    """
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, int):
        return str(value)
    text = " ".join(str(value).split())
    if text in ("t/yr", "USD/kg"):
        return text
    plain = _PLAIN.fullmatch(text) and text.casefold() not in _RESERVED
    return text if plain else json.dumps(text, ensure_ascii=False)


def short(number: float) -> str:
    """Return a number in four digits, never as a power of ten.

    >>> short(111834.2), short(0.123456)
    ('111,800', '0.1235')
    """
    return f"{float(f'{number:.4g}'):,.10g}"


def flow(block: Mapping[str, object]) -> str:
    """Return a block of keys on one line.

    >>> flow({"value": 839.0, "unit": "t/yr", "of": {"a": 1}})
    '{value: 839, unit: t/yr, of: {a: 1}}'
    """
    inside = (
        f"{scalar(key)}: {flow(value) if isinstance(value, Mapping) else scalar(value)}"
        for key, value in block.items()
    )
    return "{" + ", ".join(inside) + "}"


def wrapped(text: str, indent: int) -> str:
    """Return a line broken at its spaces, what follows indented below what it belongs to."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 4),
        break_long_words=False,
        break_on_hyphens=False,
    )


def comment(text: str) -> str:
    """Return a text as comment lines."""
    return textwrap.fill(
        " ".join(text.split()), WIDTH, initial_indent="# ", subsequent_indent="#   "
    )
