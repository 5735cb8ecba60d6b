"""What a word without quotes is in YAML 1.2: nothing, a truth value, a number or itself.

Unlike YAML 1.1, `NO` is Norway, `on` is a word, `012` is twelve, `1e3` is a number, and a
date stays a text until a field asks for a date.
"""

import math
import re

_NOTHING = frozenset(("", "~", "null", "Null", "NULL"))
_TRUTH = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MOST_DIGITS = 40


def core_scalar(text: str) -> bool | int | float | str | None:
    """Return what a plain scalar means under the core schema of YAML 1.2.

    Raises:
        ValueError: if it is a number that no quantity can be.

    >>> [core_scalar(word) for word in ("NO", "on", "1e3", "012", "0o14", "~", "2027-01-01")]
    ['NO', 'on', 1000.0, 12, 12, None, '2027-01-01']
    """
    if text in _NOTHING:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if text[0] not in "+-.0123456789":
        return text
    return _number(text)


def _number(text: str) -> int | float | str:
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"found '{text}'; a number must be finite")
    if _FLOAT.fullmatch(text):
        if len(text) > _MOST_DIGITS:
            raise ValueError(f"found a number of {len(text)} characters; expected a shorter one")
        if _WHOLE.fullmatch(text):
            return int(text)
        if not math.isfinite(value := float(text)):
            raise ValueError(f"found '{text}'; a number must be finite")
        return value
    if len(text) <= _MOST_DIGITS and _OCTAL.fullmatch(text):
        return int(text, 8)
    if len(text) <= _MOST_DIGITS and _HEXADECIMAL.fullmatch(text):
        return int(text, 16)
    return text
