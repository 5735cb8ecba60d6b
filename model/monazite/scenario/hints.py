"""Small words that help a user mend a file."""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` when one of the known words is near, else nothing.

    >>> did_you_mean("magnts", ["magnets", "oxides"])
    "; did you mean 'magnets'?"
    >>> did_you_mean("zebra", ["magnets", "oxides"])
    ''
    """
    near = nearest(word, known)
    return f"; did you mean '{near}'?" if near is not None else ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like this one, or None where none is near."""
    spelled = {_plain(name): name for name in sorted(known, reverse=True)}
    near = get_close_matches(_plain(word), spelled, n=1, cutoff=0.7)
    return spelled[near[0]] if near else None


def _plain(word: str) -> str:
    return word.lower().replace("-", "_").replace(" ", "_")


def found(raw: object) -> str:
    """Say in plain words what stands in the file.

    >>> found("18 mnths"), found(True), found(3.0), found(None), found([1, 2])
    ("'18 mnths'", 'true', '3', 'nothing', 'a list')
    """
    match raw:
        case None:
            return "nothing"
        case bool():
            return "true" if raw else "false"
        case int() | float():
            return f"{raw:.15g}" if isinstance(raw, float) else str(raw)
        case str():
            return f"'{raw if len(raw) <= 60 else raw[:57] + '...'}'"
        case date():
            return raw.isoformat()
        case list() | tuple():
            return "a list"
        case _:
            return "a block of keys"


def listed(words: Iterable[str]) -> str:
    """Join words as people do.

    >>> listed(["ban", "quota", "licensing"])
    'ban, quota or licensing'
    """
    *most, last = [str(word) for word in words]
    return f"{', '.join(most)} or {last}" if most else last
