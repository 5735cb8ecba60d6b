"""Reads chains, and finds every record that the evidence has."""

from collections.abc import Iterable, Mapping
from functools import cache

from pydantic import BaseModel

from monazite.errors import SeedError
from monazite.evidence.behaviour import BEHAVIOUR_FILES, read_behaviour, read_hazards, read_phases
from monazite.evidence.chain import Chain
from monazite.evidence.record import Record, records_in
from monazite.evidence.seedfiles import (
    name_records,
    override,
    part_of,
    refuse_unrecorded,
    seed_data,
    seed_head,
)
from monazite.scenario.hints import did_you_mean, listed
from monazite.shipped import shipped


def chain_names() -> list[str]:
    """Return the names of the chains that the evidence has."""
    files = (file.name for file in shipped("seeds", "minerals").iterdir())
    return sorted(name.removesuffix(".yaml") for name in files if name.endswith(".yaml"))


def read_chain(name: str, overrides: Mapping[str, object] | None = None) -> Chain:
    """Read a chain, with what a scenario sets in place of the evidence.

    Args:
        name: a name of `chain_names`, such as `ndfeb`.
        overrides: new values by dotted record name, written as in a scenario: a text with
            a unit, a number, or keys such as `low`, `mode`, `high` and `unit`. Names of
            other files, such as `behaviour.price_time`, are left to their readers.

    Raises:
        SeedError: naming every record that is wrong or unknown, with the likely fix.

    >>> read_chain("ndfeb").products["magnets"].price.central
    49.2
    """
    if wrong := no_chain(name):
        raise SeedError(wrong)
    raw = seed_data("minerals", f"{name}.yaml")
    records = name_records(raw, name)
    mine = {n: v for n, v in (overrides or {}).items() if n.split(".")[0] == name}
    override(records, mine)
    return part_of(Chain, raw, f"minerals/{name}.yaml")


def no_chain(name: str) -> str:
    """Say that there is no chain of this name, with the likely one; nothing where there is."""
    if name in (known := chain_names()):
        return ""
    return f"no chain '{name}'{did_you_mean(name, known) or f'; the evidence has {listed(known)}'}"


def chain_title(name: str) -> str:
    """Return the title of a chain, from the head of its file alone: quick.

    >>> chain_title("ndfeb")
    'Neodymium-iron-boron magnets, from ore to part'
    """
    return str(seed_head("minerals", f"{name}.yaml", before="products")["title"])


@cache
def _records_of(first: str) -> dict[str, Record]:
    """Return the records of a chain, or of behaviour, phases or hazard."""
    parts: Iterable[BaseModel]
    match first:
        case "behaviour":
            parts = [read_behaviour()]
        case "phases":
            parts = [read_phases()]
        case "hazard":
            parts = read_hazards().values()
        case _:
            parts = [read_chain(first)]
    return {name: record for part in parts for name, record in records_in(part).items()}


def records_of(first: str) -> dict[str, Record]:
    """Return every record of which the name begins with a word, such as `ndfeb` or `behaviour`.

    Quicker than `all_records`, which reads every chain. Nothing where no file is called so.
    """
    return dict(_records_of(first)) if first in (*chain_names(), *BEHAVIOUR_FILES) else {}


def all_records() -> dict[str, Record]:
    """Return every record that a scenario can override, by name."""
    firsts = (*chain_names(), *BEHAVIOUR_FILES)
    return {name: record for first in firsts for name, record in _records_of(first).items()}


def refuse_unknown(overrides: Mapping[str, object], chains: Iterable[str]) -> None:
    """Refuse overrides that no reader would take.

    Args:
        overrides: new values by dotted record name.
        chains: the chains of the scenario, whose own records may be overridden.

    Raises:
        SeedError: naming every record that there is not, with the likely fix.
    """
    if not overrides:
        return
    known = [name for first in (*chains, *BEHAVIOUR_FILES) for name in records_of(first)]
    refuse_unrecorded(overrides, known)
