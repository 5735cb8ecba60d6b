"""Switches of need from one sector to another, against arithmetic by hand."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

import prices
from monazite.errors import ScenarioError
from monazite.scenario.parts import Scenario
from monazite.simulation.run import draw_world, edges_by, simulate
from monazite.trajectories import Trajectories
from monazite.world.prepare import Prepared, prepare
from networks import CALM, Kind, Plant, Small, prepared, run
from stillness import assert_accounted_for, assert_nothing_moves

WORLD = Small(
    products={"part": (45.0, 60.0), "other": (45.0, 20.0)},
    processes={"magnet_making": ("part", {}), "light_mining": ("other", {})},
    plants=[
        Plant("magnet_making", "china", 200.0, 0.6),
        Plant("light_mining", "china", 100.0, 0.6),
    ],
    sectors={
        "cars": Kind(ceiling=0.1),
        "wind": Kind("other", tier=2, ceiling=0.2),
        "ships": Kind("other"),
    },
    use={
        "china": {"cars": 100.0, "wind": 40.0, "ships": 10.0},
        "japan": {"cars": 100.0, "wind": 50.0},
    },
)
"""Makers work at 0.6 of what they could; use is 100 t a year of each product in Japan and China."""

TO_WIND = {"name": "wind-for-cars", "from": "cars", "to": "wind", "ratio": 0.5}
"""From a product to another one, in both regions."""
TO_SHIPS = {"name": "ships", "from": "wind", "to": "ships", "ratio": 2, "regions": ["china"]}

SAVED = {
    "instruments": [
        {"thrift": {"name": "at-once", "product": "part", "regions": ["china"], "lag": "1 day",
                    "term": "700 days", "cost": "1 USD"}},
    ]
}  # fmt: skip
"""Brings cars in China to their ceiling in a few reviews, at the price of the reference."""


def ready(*switches: dict[str, Any], world: Small = WORLD, **more: Any) -> Prepared:
    strategies = {"none": {}, "held": SAVED}
    parts = {"strategies": strategies, "overrides": CALM, **more}
    return prepared(world, 700.0, switches=list(switches), **parts)


def column(result: Trajectories, sector: str, region: str = "china") -> int:
    return next(u for u, use in enumerate(result.layout.uses) if use[:2] == (sector, region))


def same(one: Trajectories, two: Trajectories) -> bool:
    names = [name for name in Trajectories.__slots__ if name not in ("events", "layout")]
    return all(np.array_equal(getattr(one, n), getattr(two, n)) for n in names)


def test_ten_tonnes_a_year_substituted_at_half_a_tonne_each_are_five_needed_more() -> None:
    """Cars in China use 100 t/yr, of which a tenth can be substituted."""
    without, result = run(ready(), "held"), run(ready(TO_WIND), "held")
    cars, wind = column(result, "cars"), column(result, "wind")
    year = 365.25 / 7.0
    assert result.substituted_t[-1, cars] * year == pytest.approx(10.0, rel=1e-12)
    more = (result.reference_t - without.reference_t)[-1] * year
    assert more[wind] == pytest.approx(5.0, rel=1e-12)
    assert result.delivered_t[-1, wind] * year == pytest.approx(45.0, rel=1e-12)
    assert_accounted_for(result)


def test_review_by_review_the_need_moves_to_the_last_bit_and_nothing_else_does() -> None:
    without, result = run(ready(), "held"), run(ready(TO_WIND), "held")
    cars, wind = column(result, "cars"), column(result, "wind")
    expected = without.reference_t.copy()
    expected[:, wind] += 0.5 * result.substituted_t[:, cars]
    assert np.array_equal(result.reference_t, expected)
    others = [u for u in range(expected.shape[1]) if u != wind]
    for name in ("delivered_t", "substituted_t", "curtailed_t", "shortfall_t"):
        assert np.array_equal(getattr(result, name)[:, others], getattr(without, name)[:, others])


def test_without_a_shock_a_switch_moves_nothing_to_the_last_bit() -> None:
    assert same(run(ready(TO_WIND, TO_SHIPS)), run(ready()))
    assert_nothing_moves(ready(TO_WIND, TO_SHIPS))


@pytest.mark.parametrize("switches", [(TO_WIND, TO_SHIPS), (TO_SHIPS, TO_WIND)])
def test_what_came_to_a_sector_goes_on_in_part_in_either_order_of_the_file(
    monkeypatch: pytest.MonkeyPatch, switches: tuple[dict[str, Any], ...]
) -> None:
    """Of 40 t/yr and 0.5 t for each that cars gave up, wind substitutes its share in turn."""
    prices.given(monkeypatch, lambda day: 3.0)
    result = run(ready(*switches))
    cars, wind, ships = (column(result, name) for name in ("cars", "wind", "ships"))
    away = result.substituted_t
    assert away[-1, cars] * 365.25 / 7.0 > 5.0
    week = 7.0 / 365.25
    assert result.reference_t[:, wind] == pytest.approx(40.0 * week + 0.5 * away[:, cars])
    assert result.reference_t[:, ships] == pytest.approx(10.0 * week + 2.0 * away[:, wind])
    japan = column(result, "wind", "japan")
    more = 0.5 * away[:, column(result, "cars", "japan")]
    assert result.reference_t[:, japan] == pytest.approx(50.0 * week + more)
    assert_accounted_for(result)


def test_capacity_does_not_grow_with_it_so_that_some_is_short() -> None:
    """Makers of the other product can make 100/0.98 t/yr; 150 t/yr are wanted in the end."""
    tight = replace(WORLD, plants=[WORLD.plants[0], Plant("light_mining", "china", 100.0, 0.98)])
    result = run(ready(TO_WIND | {"ratio": 5}, world=tight), "held")
    most = 100.0 / 0.98 * 7.0 / 365.25
    maker = [name[:1] for name in result.layout.makers].index(("light_mining",))
    assert result.made_t[:, maker].max() == pytest.approx(most, rel=1e-9)
    assert result.shortfall_t[-20:].sum() > 0.0
    assert_accounted_for(result)


@pytest.mark.parametrize(
    ("switches", "said"),
    [
        ([TO_WIND | {"from": "crs"}], "switches.0.from: unknown sector 'crs'; did you mean 'cars'"),
        ([TO_WIND | {"to": "winds"}], "switches.0.to: unknown sector 'winds'; did you mean 'wind'"),
        ([TO_WIND | {"regions": ["jpan"]}], "unknown region or group 'jpan'; did you mean 'japan'"),
        ([TO_WIND, TO_SHIPS | {"to": "cars"}], "what leaves 'cars' comes back to it; need would"),
        ([TO_WIND | {"to": "ships"}], "japan: no 'ships' there to need more; name the 'regions'"),
        ([TO_SHIPS | {"from": "ships", "to": "cars", "regions": ["japan"]}],
         "switches.0.regions: no region named here has 'ships'"),
        ([TO_SHIPS | {"from": "ships", "to": "cars"}],
         "switches.0.from: 'ships' substitutes nothing there: its ceiling is 0"),
        ([TO_WIND, TO_WIND | {"name": "again", "regions": ["japan"]}],
         "switches.1: 'wind-for-cars' leads from 'cars' to 'wind' there already"),
    ],
)  # fmt: skip
def test_a_switch_that_leads_nowhere_is_refused(switches: list[Any], said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        ready(*switches)


def two_chains(*switches: dict[str, Any]) -> Prepared:
    quota = {"name": "quota", "controller": "dr_congo", "products": ["hydroxide"],
             "targets": ["all"], "form": "quota", "allowed": 0.3,
             "start": date(2027, 1, 1)}  # fmt: skip
    data = {
        "schema": 1,
        "name": "joined",
        "title": "Joined",
        "chain": ["cobalt", "manganese"],
        "start": date(2026, 1, 1),
        "end": date(2031, 1, 1),
        "growth": False,
        "uncertain": False,
        "report": ["china"],
        "strategies": {"none": {}},
        "disruptions": {"outages": False, "procurement": False, "scheduled": [quota]},
        "switches": list(switches),
    }
    return prepare(Scenario.model_validate(data))


def test_a_quota_on_cobalt_is_felt_by_those_who_use_manganese() -> None:
    switch = {"name": "cells", "from": "cobalt.ev", "to": "vehicle_cells", "ratio": 3,
              "regions": ["china"]}  # fmt: skip
    found = []
    for one in (two_chains(), two_chains(switch)):
        found.append(simulate(draw_world(one, 0), "none", edges_by(one, "quarter")))
    without, result = found
    cars, cells = column(result, "cobalt.ev"), column(result, "manganese.vehicle_cells")
    more = result.reference_t - without.reference_t
    assert result.substituted_t[:, cars].sum() > 0.0
    assert more[:, cells] == pytest.approx(3.0 * result.substituted_t[:, cars], rel=1e-9)
    sulphate = result.layout.products.index("manganese.sulphate")
    assert result.price[:, sulphate].max() > without.price[:, sulphate].max() + 0.01
    ours = [u for u, use in enumerate(result.layout.uses) if use[0].startswith("cobalt.")]
    np.testing.assert_array_equal(result.delivered_t[:, ours], without.delivered_t[:, ours])


def test_a_sector_that_both_chains_have_must_name_its_chain() -> None:
    switch = {"name": "arms", "from": "defence", "to": "motors_sensors", "ratio": 1}
    data = two_chains().scenario.model_dump(by_alias=True) | {
        "chain": ["ndfeb", "smco"], "switches": [switch], "disruptions": {},
    }  # fmt: skip
    with pytest.raises(ScenarioError, match=r"write ndfeb\.defence or smco\.defence"):
        prepare(Scenario.model_validate(data))
