"""Every key of a disruption, an instrument and a plant under way changes some number.

A key that nobody reads is worse than none: a user believes it. The keys come from the parts of
the format, so a new one fails here until `tests/edits.py` has an edit for it and one of the files
uses it; the edit must change a number of the results in one of a few worlds.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from pydantic import BaseModel

from edits import (
    DEBTS,
    DISRUPTIONS,
    INSTRUMENTS,
    LIMITS,
    REFUSED,
    SWITCHES,
    TRADE,
    UNDER_WAY,
    WORDS,
)
from monazite.errors import ScenarioError
from monazite.evidence import read_behaviour, read_phases
from monazite.scenario import read_scenario
from monazite.scenario.backing import Limit
from monazite.scenario.disruptions import Disruptions
from monazite.scenario.files import load
from monazite.scenario.instruments import KINDS, Project
from monazite.scenario.switches import Switch
from monazite.scenario.trade import Trade
from monazite.simulation.run import draw_world, edges_by, simulate
from monazite.trajectories import Trajectories
from monazite.world.prepare import prepare_from
from networks import Feed, Kind, Plant, Small, bar

FILES = Path(__file__).parents[1] / "data" / "scenario"
WORLDS = 3

MADE = {"china": 85.0, "japan": 12.0, "united_states": 10.0, "australia": 3.0}
SMALL = Small(
    products={"ore": (30.0, 20.0), "part": (45.0, 100.0)},
    processes={
        "light_mining": ("ore", {}),
        "magnet_making": ("part", {"ore": 1.2}),
        "swarf_recycling": ("ore", {}),
    },
    plants=[
        Plant("light_mining", "china", 72.0, 0.85, plants=3),
        Plant("light_mining", "australia", 40.0, 0.85, plants=1),
        Plant("light_mining", "united_states", 20.0, 0.85, plants=1),
        *(Plant("magnet_making", region, made, 0.85, plants=2) for region, made in MADE.items()),
        Plant("swarf_recycling", "japan", 6.0, 0.7),
    ],
    sectors={
        "defence": Kind(tier=1, cover_d=60.0),
        "grid": Kind(tier=2, elasticity=0.05, ceiling=0.1),
        "cars": Kind(elasticity=0.1, ceiling=0.1, life=(4.0, 2.0)),
    },
    use={
        "china": {"defence": 2.0, "grid": 14.0, "cars": 24.0},
        "japan": {"defence": 1.0, "grid": 9.0, "cars": 20.0},
        "united_states": {"defence": 4.0, "grid": 9.0, "cars": 20.0},
        "australia": {"defence": 1.0, "grid": 2.0, "cars": 4.0},
    },
    lead_d=30.0,
    scrap={"swarf_recycling": Feed(0.5)},
    hosts={"light_mining": "iron"},
)
"""Four countries that all make the part, three of them the ore; Japan works up scrap."""


def keys_of(part: Any, above: str = "") -> Iterator[str]:
    """Yield the path of every key of a part that holds no part itself."""
    for name, field in part.model_fields.items():
        path = f"{above}{field.alias or name}"
        below = [inner for inner in _inside(field.annotation) if issubclass(inner, BaseModel)]
        parts = [inner for inner in below if inner.__module__.startswith("monazite.scenario")]
        parts = [inner for inner in parts if inner.__name__ != "Quantity"]
        if not parts:
            yield path
        for inner in parts:
            yield from keys_of(inner, f"{path}.")


def _inside(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    for inner in get_args(annotation):
        yield from _inside(inner)


def told(keys: Iterator[str]) -> list[str]:
    """Return the keys that hold more than words, sorted."""
    return sorted(key for key in keys if key.rpartition(".")[2] not in WORDS)


PARTS = {
    "every-disruption": {"disruptions": (DISRUPTIONS, told(keys_of(Disruptions)))},
    "every-instrument": {
        "instruments": (
            INSTRUMENTS,
            told(key for kind, part in KINDS.items() for key in keys_of(part, f"{kind}.")),
        ),
        "limits": (LIMITS, told(keys_of(Limit))),
        "switches": (SWITCHES, told(keys_of(Switch))),
        "trade": (TRADE, told(keys_of(Trade))),
        "under_way": (UNDER_WAY, told(keys_of(Project))),
    },
}
"""Edits and keys of each part, by the file that uses them all."""
CASES = [
    (file, f"{part}.{key}", edits.get(key))
    for file, parts in PARTS.items()
    for part, (edits, keys) in parts.items()
    for key in keys
]


def sets(file: str, edit: str) -> list[str]:
    """Return an edit as `--set` takes it, with the path in place of a name."""
    data = load(FILES / f"{file}.yaml").data
    paths = {key: key for key in data} | dict(_named(data))
    found = []
    for one in edit.split(";"):
        path, _, value = one.strip().partition("=")
        name, _, rest = path.partition(".")
        whole = [paths.get(name, f"disruptions.{name}"), rest]
        found.append(f"{'.'.join(filter(None, whole))}={value}")
    return found


def _named(data: Any, above: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name and the path of every entry that has one."""
    entries = data.items() if isinstance(data, Mapping) else enumerate(data)
    for key, value in entries:
        path = f"{above}.{key}" if above else str(key)
        if isinstance(value, Mapping) and "name" in value:
            yield value["name"], path
        if isinstance(value, Mapping | list):
            yield from _named(value, path)


@cache
def results(file: str, edit: str = "") -> list[Trajectories]:
    """Return every strategy of a file in every world."""
    asked = read_scenario(FILES / f"{file}.yaml", sets(file, edit) if edit else [])
    behaviour, phases = read_behaviour(asked.overrides), read_phases(asked.overrides)
    rules = (bar("united_states", "china"),) if asked.disruptions.procurement else ()
    ready = prepare_from(asked, SMALL.chain(), behaviour, phases, rules)
    worlds = [draw_world(ready, n) for n in range(WORLDS)]
    by = edges_by(ready, "quarter")
    return [simulate(world, name, by) for world in worlds for name in ready.strategies]


def differ(one: Trajectories, two: Trajectories) -> bool:
    """Whether any number differs."""
    numbers = [name for name in Trajectories.__slots__ if name not in ("events", "layout")]
    return any(not np.array_equal(getattr(one, n), getattr(two, n)) for n in numbers)


def marked(file: str, key: str, edit: str | None) -> Any:
    """Return a case, marked where its key is known to change nothing yet."""
    debt = [pytest.mark.xfail(reason=DEBTS[key], strict=True)] if key in DEBTS else []
    return pytest.param(file, key, edit, id=key, marks=debt)


@pytest.mark.parametrize(("file", "key", "edit"), [marked(*case) for case in CASES])
def test_every_key_changes_some_number(file: str, key: str, edit: str | None) -> None:
    if key in REFUSED:
        with pytest.raises(ScenarioError, match=REFUSED[key][1]):
            results(file, REFUSED[key][0])
        return
    assert edit is not None, f"{key} has no edit; add one to tests/edits.py"
    pairs = zip(results(file), results(file, edit), strict=True)
    assert any(differ(one, two) for one, two in pairs), f"'{edit}' changes no number"


@pytest.mark.parametrize("file", PARTS)
def test_every_key_stands_in_the_file(file: str) -> None:
    data = load(FILES / f"{file}.yaml").data
    used = set(_paths(data))
    for part, (_, keys) in PARTS[file].items():
        missing = [k for k in keys if f"{part}.{k}" not in used and f"{part}.{k}" not in REFUSED]
        assert missing == []


def _paths(data: Any, above: str = "") -> Iterator[str]:
    """Yield every path in a file, without numbers and without the names of strategies."""
    if isinstance(data, list):
        for value in data:
            yield from _paths(value, above)
    elif isinstance(data, Mapping):
        for key, value in data.items():
            path = f"{above}.{key}" if above else key
            yield path
            yield from _paths(value, "instruments" if key == "instruments" else path)


def test_no_edit_is_left_over() -> None:
    for parts in PARTS.values():
        for part, (edits, keys) in parts.items():
            assert sorted(set(edits) - set(keys)) == [], part
