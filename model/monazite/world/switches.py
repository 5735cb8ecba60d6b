"""Switches of need, joined with the uses that they lead from and to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from monazite.evidence.chain import Chain
from monazite.rules import records
from monazite.rules.records import Model
from monazite.scenario.hints import did_you_mean, listed
from monazite.scenario.parts import Scenario
from monazite.scenario.switches import Switch
from monazite.world.network import Network
from monazite.world.plan import SECTOR
from monazite.world.wording import called, or_bare

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared

Told = tuple[str, str, str]
"""Path of what is wrong; what is wrong; its code."""


@dataclass(frozen=True)
class SwitchPlan:
    """A switch with the numbers of the uses that it joins.

    Attributes:
        path: where it stands in the file.
        part: as written.
        pairs: use that substitutes and use that needs more, by region.
        without: regions where the first sector uses something and the second nothing.
    """

    path: str
    part: Switch
    pairs: tuple[tuple[int, int], ...]
    without: tuple[str, ...]


def switch_plans(scenario: Scenario, chain: Chain, network: Network) -> tuple[SwitchPlan, ...]:
    """Return the switches of a scenario with the uses of their regions."""
    return tuple(
        _plan(f"switches.{i}", part, scenario, (chain, network))
        for i, part in enumerate(scenario.switches)
    )


def _plan(path: str, part: Switch, scenario: Scenario, known: tuple[Chain, Network]) -> SwitchPlan:
    chain, network = known
    (origin,), (to,) = (_meant(word, chain.sectors) for word in (part.origin, part.to))
    places = scenario.regions_of(*part.regions)
    pairs, without = [], []
    for u, (sector, region) in enumerate(network.uses):
        if sector == origin and (not part.regions or region in places):
            if (to, region) in network.uses:
                pairs.append((u, network.uses.index((to, region))))
            else:
                without.append(region)
    return SwitchPlan(path, part, tuple(pairs), tuple(without))


def _meant(word: str, sectors: Mapping[str, object]) -> list[str]:
    """Return the sectors that a word means: one, unless several chains have it or none does."""
    return [name for name in sectors if called(name, [word])]


def with_switches(model: Model, prepared: "Prepared") -> Model:
    """Return the model with a row for each pair of uses, first those that nothing comes to."""
    rows = [(*pair, plan.part.ratio.central) for plan in prepared.switches for pair in plan.pairs]
    links = [pair for plan in prepared.switches for pair in plan.pairs]
    rows.sort(key=lambda row: (_steps(row[0], links), row))
    return replace(model, switches=np.array(rows, records.SWITCH))


def _steps(use: int, links: Sequence[tuple[int, int]]) -> int:
    """Return the most switches in a row that end in a use."""
    return max((1 + _steps(of, links) for of, to in links if to == use), default=0)


def misnamed(scenario: Scenario, chain: Chain) -> Iterator[Told]:
    """Yield every word for a sector that means none or several, and switches in a circle."""
    links: list[tuple[int, str, str]] = []
    sectors = chain.sectors
    for i, part in enumerate(scenario.switches):
        for key, word in (("from", part.origin), ("to", part.to)):
            meant = _meant(word, sectors)
            if not meant:
                text = f"unknown sector '{word}'{did_you_mean(word, or_bare(sectors))}"
                yield f"switches.{i}.{key}", text, "unknown-sector"
            elif len(meant) > 1:
                text = f"'{word}' alone does not say which; write {listed(meant)}: "
                yield f"switches.{i}.{key}", f"{text}several chains have it", "unknown-sector"
    for i, part in enumerate(scenario.switches):
        leaving, coming = _meant(part.origin, sectors), _meant(part.to, sectors)
        if len(leaving) == len(coming) == 1:
            links.append((i, leaving[0], coming[0]))
    for i, of, to in links:
        if of in _reached(to, links):
            text = f"what leaves '{of}' comes back to it; need would go in a circle"
            yield f"switches.{i}.to", text, "loop"


def _reached(start: str, links: Sequence[tuple[int, str, str]]) -> set[str]:
    """Return every sector that switches lead to from one, itself included."""
    found = {start}
    while more := {to for _, of, to in links if of in found} - found:
        found |= more
    return found


def unswitched(prepared: "Prepared") -> Iterator[Told]:
    """Yield every switch that leads nowhere, or from where nothing is ever substituted."""
    taken: dict[tuple[int, int], str] = {}
    for plan in prepared.switches:
        part = plan.part
        if plan.without:
            text = f"{', '.join(plan.without)}: no '{part.to}' there to need more; "
            yield f"{plan.path}.to", f"{text}name the 'regions' that switch", "touches-no-flow"
        elif not plan.pairs:
            text = f"no region named here has '{part.origin}'"
            yield f"{plan.path}.regions", text, "touches-no-flow"
        if plan.pairs and not any(_ever(prepared, of) for of, _ in plan.pairs):
            text = f"'{part.origin}' substitutes nothing there: its ceiling is 0"
            yield f"{plan.path}.from", text, "touches-no-flow"
        for name in dict.fromkeys(taken[pair] for pair in plan.pairs if pair in taken):
            text = f"'{name}' leads from '{part.origin}' to '{part.to}' there already"
            yield plan.path, text, "duplicate"
        taken |= dict.fromkeys(plan.pairs, part.name)


def _ever(prepared: "Prepared", use: int) -> bool:
    """Whether a use may substitute anything: by its own ceiling, or under some programme."""
    ceiling = prepared.inputs.quantities[int(prepared.sectors[use, SECTOR.index("ceiling")])]
    helped = [t for t in prepared.thrifts if use in t.uses and t.part.ceiling.central > 0.0]
    return max(ceiling.central, ceiling.high or 0.0) > 0.0 or bool(helped)
