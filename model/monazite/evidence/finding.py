"""Finds the record that somebody means: by its name, by its beginning, or by its words."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache

from monazite.evidence.behaviour import BEHAVIOUR_FILES
from monazite.evidence.chain import Chain
from monazite.evidence.reading import all_records, chain_names, read_chain, records_of

ENOUGH = 0.75
"""Part of the words asked for that a record must have."""


def likely(asked: str) -> list[str]:
    """Return the records that have most of the words asked for, in the order of the files.

    Words are the parts of a name. What a maker makes, and the process that makes a product,
    count as words of its records, and `capacity` as one of what a capacity is worked out from.

    >>> likely("ndfeb.magnets.china.capacity")[0]
    'ndfeb.makers.magnet_making.china.output'
    >>> likely("magnets japan utilization")
    ['ndfeb.makers.magnet_making.japan.utilisation']
    >>> likely("zebra")
    []
    """
    words = _words(asked)
    first = words[0] if words and words[0] in (*chain_names(), *BEHAVIOUR_FILES) else ""
    known = _vocabulary(first)
    met: dict[str, int] = {}
    for word in words:
        for name in {name for each in _spelled(word, known) for name in known[each]}:
            met[name] = met.get(name, 0) + 1
    most = max(met.values(), default=0)
    if not words or most / len(words) < ENOUGH:
        return []
    records = records_of(first) if first else all_records()
    return [name for name in records if met.get(name) == most]


def _words(text: str) -> list[str]:
    """Return the parts of a name, in lower case.

    >>> _words("NdFeB magnets/china.Capacity")
    ['ndfeb', 'magnets', 'china', 'capacity']
    """
    plain = text.lower()
    for mark in "/:-":
        plain = plain.replace(mark, ".")
    return [word for part in plain.split() for word in part.split(".") if word]


def _spelled(word: str, known: Mapping[str, set[str]]) -> list[str]:
    """Return the known words that a word may mean: itself, else the nearest."""
    return [word] if word in known else get_close_matches(word, known, n=1, cutoff=0.8)


@lru_cache(maxsize=1)
def _vocabulary(first: str) -> dict[str, set[str]]:
    """Return every word with the records that it stands for, below one first word or all."""
    found: dict[str, set[str]] = {}
    for name in records_of(first) if first else all_records():
        for word in name.split("."):
            found.setdefault(word, set()).add(name)
    for chain_name in chain_names():
        if first in ("", chain_name):
            for name, words in _also_called(read_chain(chain_name)):
                for word in words:
                    found.setdefault(word, set()).add(name)
    return found


def _also_called(chain: Chain) -> Iterable[tuple[str, list[str]]]:
    """Yield the numbers of each maker with the words that its name lacks."""
    for maker in chain.makers:
        product = chain.processes[maker.process].makes
        capacity = [] if maker.capacity is not None else ["capacity"]
        yield maker.output.name, [product, *capacity]
        yield maker.utilisation.name, [product, *capacity]
        if maker.capacity is not None:
            yield maker.capacity.name, [product]
