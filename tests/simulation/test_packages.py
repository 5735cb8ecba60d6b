"""Packages of random controls that hit several chains at once, announced ahead and eased."""

from collections import Counter
from datetime import date
from itertools import product
from math import prod, sqrt
from typing import Any

import pytest

from monazite.errors import ScenarioError
from monazite.scenario.parts import Scenario
from monazite.simulation.draws import Happening, draw_inputs, draw_packages, draw_regimes
from monazite.simulation.run import draw_world
from monazite.world.prepare import Prepared, prepare

HITS = {"gallium": 0.6, "germanium": 0.3, "antimony": 0.45}
PRODUCTS = {"gallium": "wafers", "germanium": "metal", "antimony": "antimony_trioxide"}
RATE = 2.0
YEARS = 15
WORLDS = 10_000
SURE = 4.0
"""Standard errors within which an estimate must lie."""


def source(chains: list[str], **parts: Any) -> dict[str, Any]:
    return {
        "name": "packages",
        "controller": "china",
        "calm_rate": f"{RATE} per year",
        "tense_rate": f"{RATE} per year",
        "hits_each": {chain: HITS[chain] for chain in chains},
        "form": "quota",
        "allowed": {"low": 0.0, "mode": 0.1, "high": 0.5},
        "duration": {"median": 8.5, "sigma": 1.2, "unit": "months", "shape": "lognormal"},
        "scopes": [
            {"products": [f"{chain}.{PRODUCTS[chain]}" for chain in chains], "targets": ["all"]}
        ],
        **parts,
    }


def ready(chains: list[str], *sources: dict[str, Any]) -> Prepared:
    data = {
        "schema": 1,
        "name": "packages",
        "title": "Packages",
        "chain": chains,
        "start": date(2026, 1, 1),
        "end": date(2026 + YEARS, 1, 1),
        "report": ["united_states"],
        "strategies": {"none": {}},
        "disruptions": {"outages": False, "procurement": False, "random": list(sources)},
    }
    return prepare(Scenario.model_validate(data))


def drawn(prepared: Prepared, replication: int) -> list[Happening]:
    (given,) = prepared.controls.sources
    values = draw_inputs(prepared, replication)
    regimes = draw_regimes(prepared, replication, given, values)
    return draw_packages(prepared, replication, given, values, regimes)


@pytest.mark.slow
def test_packages_hit_one_two_and_three_chains_as_the_product_of_their_chances() -> None:
    prepared = ready(list(HITS), source(list(HITS)))
    counts = Counter[int]()
    for replication in range(WORLDS):
        counts.update(len(one.scope.products) for one in drawn(prepared, replication))
    packages = RATE * YEARS * WORLDS
    print()  # noqa: T201
    for number in (1, 2, 3):
        chance = sum(
            prod(chance if hit else 1.0 - chance for chance, hit in zip(*pair, strict=True))
            for hits in product((True, False), repeat=3)
            for pair in [(HITS.values(), hits)]
            if sum(hits) == number
        )
        error = sqrt(chance / packages)
        print(f"{number} hit: {counts[number] / packages:.5f}, expected {chance:.5f}")  # noqa: T201
        assert counts[number] / packages == pytest.approx(chance, abs=SURE * error)


def told(prepared: Prepared, chain: str) -> list[tuple[str, float, float, float]]:
    """Return the packages that hit a chain: name, first and last day, and what they let pass."""
    return [
        (one.name, one.onset_d, one.end_d, one.allowed)
        for replication in range(5)
        for one in drawn(prepared, replication)
        if chain in one.scope.chains
    ]


def test_a_chain_that_is_added_changes_no_package_of_the_others() -> None:
    one, two, three = (ready(list(HITS)[:n], source(list(HITS)[:n])) for n in (1, 2, 3))
    assert told(one, "gallium") == told(two, "gallium") == told(three, "gallium")
    assert told(two, "germanium") == told(three, "germanium")
    assert len(told(three, "antimony")) > 20


def test_what_one_package_hits_comes_into_force_together_and_as_hard() -> None:
    every = drawn(ready(list(HITS), source(list(HITS))), 0)
    assert len({one.name for one in every}) == len(every)
    assert any(len(one.scope.products) > 1 for one in every)
    assert len({one.allowed for one in every}) == len({one.end_d for one in every}) == len(every)


def test_a_chain_of_a_class_with_a_lower_rate_is_touched_more_seldom_by_that_ratio() -> None:
    """Gallium at 2 packages a year, graphite at 2.5/3.75 of a package: a third of the chance."""
    parts = source(["gallium"]) | {"hits_each": {"gallium": 0.5, "graphite": 0.6}}
    parts["scopes"] = [{"products": ["wafers", "anode_material"], "targets": ["all"]}]
    del parts["tense_rate"], parts["calm_rate"]
    prepared = ready(["gallium", "graphite"], parts)
    (given,), values = prepared.controls.sources, prepared.central()
    assert values[given.columns["tense_rate"]] == pytest.approx(7.5 / 3.75)
    assert given.chance("gallium", values, "tense_rate") == 0.5
    graphite = 0.6 * (2.5 / 3.75) / (7.5 / 3.75)
    assert given.chance("graphite", values, "tense_rate") == pytest.approx(graphite)
    assert given.touches(values, "tense_rate") == pytest.approx(1 - 0.5 * (1 - graphite))


def test_a_package_is_announced_on_the_day_it_fires_and_eases_after_its_acute_phase() -> None:
    bare = drawn(ready(["gallium"], source(["gallium"])), 1)
    eases = {"after": "90 days", "form": "licensing"}
    eases["licence"] = {"wait": "30 days", "approval": 0.8}
    parts = source(["gallium"], announced="30 days", eases=eases)
    spells = drawn(ready(["gallium"], parts), 1)
    acute = [one for one in spells if one.form == "quota"]
    for one, was in zip(acute, bare, strict=True):
        assert one.announced_d == was.onset_d
        assert one.onset_d == pytest.approx(was.onset_d + 30.0)
    eased = {one.name: one for one in spells if one.form == "licensing"}
    assert eased
    for one, was in zip(acute, bare, strict=True):
        if one.name in eased:
            assert one.end_d == eased[one.name].onset_d == pytest.approx(one.onset_d + 90.0)
            assert eased[one.name].end_d == pytest.approx(was.end_d + 30.0)
            assert eased[one.name].terms.approval == pytest.approx(0.8)
        else:
            assert was.end_d - was.onset_d <= 90.0


def test_an_announced_package_is_rushed_ahead_of() -> None:
    prepared = ready(["gallium"], source(["gallium"], announced="30 days"))
    world = draw_world(prepared, 1)
    facing = world.facing(set(), [0])
    assert facing.rush.max() > 1.0


@pytest.mark.parametrize(
    ("hits", "said"),
    [
        ({"gallium": 0.5}, "no chance for germanium, of which a scope names a product"),
        ({"galium": 0.5, "germanium": 0.5}, "unknown chain 'galium'; did you mean 'gallium'?"),
        (HITS, "no scope names a product of antimony; remove this, or name one"),
    ],
)
def test_a_chance_must_fit_the_chains_that_scopes_name(hits: dict[str, float], said: str) -> None:
    parts = source(["gallium", "germanium"]) | {"hits_each": hits}
    with pytest.raises(ScenarioError) as caught:
        ready(list(HITS), parts)
    assert said in str(caught.value)
