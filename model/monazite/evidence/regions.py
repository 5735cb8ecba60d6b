"""Regions with their other names, blocs, and the rules that bar an origin."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field

from monazite.errors import SeedError
from monazite.evidence.seedfiles import part_of, seed_data
from monazite.scenario.hints import did_you_mean
from monazite.scenario.part import Part, Several, Slug

Day = Annotated[date, Field(strict=False)]


class Region(Part):
    """A country, or a group of countries that the model takes as one."""

    id: Slug
    title: str
    aliases: Several[str] = ()
    """Other names under which sources and users know it."""
    note: str | None = None


class Bloc(Part):
    """A group of regions that act together, with the day from which each is in it."""

    id: Slug
    title: str
    since: Day | None = None
    """When it was launched; None where it is only proposed."""
    members: Several[str] = ()
    """Regions of the model that are in it."""
    joined: dict[str, Day] = Field(default_factory=dict)
    """Members that came later than the launch."""
    kind: Literal["alliance", "forum", "bilateral", "proposed", "union"]
    facts: str
    """What it does, in our words."""
    source: Several[str]


class ProcurementRule(Part):
    """A rule on what defence users of a region may not use."""

    name: Slug
    title: str
    region: str
    """Whose defence users are bound."""
    chains: Several[str]
    """Chains whose material it speaks of."""
    barred: Several[str]
    """Regions whose material is barred."""
    start: Day | None = Field(default=None, alias="from")
    """First day; None where it holds before any scenario starts."""
    end: Day | None = Field(default=None, alias="until")
    """Last day, where another rule takes over."""
    depth: Literal["product", "chain"]
    """Barred when the product was made there, or when any step of its chain was."""
    by: str
    """Who made the rule."""
    source: Several[str]
    because: str | None = None


@lru_cache(maxsize=1)
def _regions() -> dict[str, Region]:
    raw = seed_data("regions.yaml")
    found = [part_of(Region, part, "regions.yaml") for part in raw]
    return {region.id: region for region in found}


def regions() -> dict[str, Region]:
    """Return every region by its id."""
    return dict(_regions())


def region_called(word: str) -> str:
    """Return the id of the region that a word means, its aliases included.

    Raises:
        SeedError: if no region is called so, with the likely fix.

    >>> region_called("Burma"), region_called("united_states"), region_called("USA")
    ('myanmar', 'united_states', 'united_states')
    """
    names = {_plain(n): r.id for r in _regions().values() for n in (r.id, r.title, *r.aliases)}
    if _plain(word) in names:
        return names[_plain(word)]
    raise SeedError(f"no region '{word}'{did_you_mean(word, names)}")


def _plain(word: str) -> str:
    return word.lower().replace("_", " ").replace("-", " ").strip()


@lru_cache(maxsize=1)
def _blocs() -> dict[str, Bloc]:
    found = [part_of(Bloc, part, "blocs.yaml") for part in seed_data("blocs.yaml")]
    return {bloc.id: bloc for bloc in found}


def blocs() -> dict[str, Bloc]:
    """Return every bloc by its id."""
    return dict(_blocs())


def blocs_of(region: str) -> list[str]:
    """Return the blocs that a region is in."""
    return [bloc.id for bloc in _blocs().values() if region in bloc.members]


def read_rules(
    chain: str | None = None, chain_regions: Iterable[str] | None = None
) -> tuple[ProcurementRule, ...]:
    """Return the rules on what defence users may not use.

    Args:
        chain: keep only the rules that speak of this chain; None keeps all.
        chain_regions: keep only the rules that bind one of these regions; None keeps all.
    """
    raw = seed_data("tier_1_rules.yaml")
    rules = tuple(part_of(ProcurementRule, part, "tier_1_rules.yaml") for part in raw)
    wanted = None if chain_regions is None else set(chain_regions)
    return tuple(
        rule
        for rule in rules
        if (chain is None or chain in rule.chains) and (wanted is None or rule.region in wanted)
    )
