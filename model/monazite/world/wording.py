"""The names of a scenario, written in full: a product with its chain where there are several."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from monazite.evidence.behaviour import Phases
from monazite.evidence.chain import Chain
from monazite.naming import bare, chain_of, named
from monazite.scenario.part import Part
from monazite.scenario.parts import Scenario

NAMES = ("product", "products")
"""Keys of every part under which products are named."""


def in_full(scenario: Scenario, chain: Chain) -> Scenario:
    """Return the scenario with every product under its name in the chain.

    With several chains that is its name with the chain, which may be left out where only one of
    them has such a product; with one chain it may stand there.
    """
    written: Scenario = _rewritten(scenario, _meanings(chain))
    return written


def candidates(word: str, known: Iterable[str]) -> list[str]:
    """Return the names that a word without a chain may mean."""
    return [name for name in known if bare(name) == word]


def called(name: str, words: Iterable[str]) -> bool:
    """Whether one of some words means a name, with its chain or, for every chain, without.

    >>> called("gallium.refining", ["refining"]), called("gallium.refining", ["tin.refining"])
    (True, False)
    """
    return any(word in (name, bare(name)) for word in words)


def or_bare(names: Iterable[str]) -> list[str]:
    """Return names as they are, and without their chain."""
    return list(dict.fromkeys([*(known := list(names)), *map(bare, known)]))


def processes_of(kind: str, phases: Phases, chain: Chain) -> list[str]:
    """Return the processes that plants of a kind may be of: one, unless chains share its name."""
    process = phases[bare(kind)].process
    return [
        name
        for name in candidates(process, chain.processes)
        if chain_of(kind) in ("", chain.owner_of(name).chain)
    ]


def _meanings(chain: Chain) -> Mapping[str, str]:
    """Return the name in the chain of every word that a user may write for a product."""
    times = Counter(bare(name) for name in chain.products)
    short = {bare(name): name for name in chain.products if times[bare(name)] == 1}
    return short | {named(chain.owner_of(name).chain, bare(name)): name for name in chain.products}


def _rewritten(thing: Any, meanings: Mapping[str, str]) -> Any:
    """Return a part, or parts in a list or a block, with the words for products replaced."""
    if isinstance(thing, tuple):
        return tuple(_rewritten(one, meanings) for one in thing)
    if isinstance(thing, dict):
        return {name: _rewritten(one, meanings) for name, one in thing.items()}
    if not isinstance(thing, Part):
        return thing
    changes = {}
    for key in type(thing).model_fields:
        held = getattr(thing, key)
        new = _meant(held, meanings) if key in NAMES else _rewritten(held, meanings)
        if new != held:
            changes[key] = new
    return thing.model_copy(update=changes) if changes else thing


def _meant(words: Any, meanings: Mapping[str, str]) -> Any:
    if isinstance(words, str):
        return meanings.get(words, words)
    return tuple(meanings.get(word, word) for word in words)
