"""Nothing happens when nothing happens; and growth alone keeps the balance."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from monazite.scenario.parts import Scenario
from monazite.simulation.run import draw_world, edges_by, simulate
from monazite.world.prepare import Prepared, prepare
from networks import Kind, Plant, Small, prepared, run
from stillness import assert_nothing_moves
from strategies import Case, some, worlds


def ndfeb(end: date, **parts: Any) -> Prepared:
    data = {
        "schema": 1,
        "name": "quiet",
        "title": "Quiet",
        "chain": "ndfeb",
        "start": date(2026, 1, 1),
        "end": end,
        "growth": False,
        "report": ["united_states"],
        "strategies": {"none": {}},
        "disruptions": {"outages": False, "procurement": False},
        **parts,
    }
    return prepare(Scenario.model_validate(data))


@pytest.mark.parametrize("replication", [0, 1, 2, 3])
def test_the_magnet_chain_stands_still_for_fifteen_years(replication: int) -> None:
    assert_nothing_moves(ndfeb(date(2041, 1, 1)), replication)


@pytest.mark.parametrize("replication", [0, 1])
def test_it_stands_still_where_plants_of_today_may_idle(replication: int) -> None:
    assert_nothing_moves(ndfeb(date(2031, 1, 1), incumbents_idle=True), replication)


@pytest.mark.parametrize("review", ["1 day", "10 days", "22 days"])
def test_it_stands_still_at_any_length_of_a_review(review: str) -> None:
    assert_nothing_moves(ndfeb(date(2027, 7, 3), review=review), 5)


def test_it_stands_still_with_procurement_rules() -> None:
    """From after the day on which the rule on Japan begins to before the next one."""
    parts = {"start": date(2026, 2, 1), "disruptions": {"outages": False}}
    assert_nothing_moves(ndfeb(date(2026, 12, 20), **parts), 2)


@given(worlds(busy=False))
@some(30)
def test_any_small_chain_stands_still(case: Case) -> None:
    assert_nothing_moves(case.ready)


def licensed_chain(approval: float, wait: str) -> tuple[Small, list[dict[str, Any]]]:
    small = Small(
        products={"ore": (45.0, 20.0), "part": (45.0, 60.0)},
        processes={"mining": ("ore", {}), "making": ("part", {"ore": 1.2})},
        plants=[
            Plant("mining", "china", 120),
            Plant("making", "china", 70),
            Plant("making", "japan", 30),
        ],
        sectors={"cars": Kind()},
        use={"china": {"cars": 40}, "japan": {"cars": 60}},
    )
    control = {
        "name": "licences",
        "controller": "china",
        "products": ["ore", "part"],
        "targets": ["all"],
        "form": "licensing",
        "start": date(2025, 4, 4),
        "licence": {"wait": wait, "approval": approval},
    }
    return small, [control]


def licensed(approval: float, wait: str, **parts: Any) -> Prepared:
    small, controls = licensed_chain(approval, wait)
    return prepared(small, 1000.0, disruptions={"standing": controls}, **parts)


@pytest.mark.parametrize("wait", ["0 days", "3 days", "42 days", "45 days", "63 days"])
def test_licensing_long_in_force_that_approves_all_is_part_of_the_balance(wait: str) -> None:
    assert_nothing_moves(licensed(1.0, wait))


REGIMES = [
    {"wait": "30 days"},
    {"wait": "45 days", "targets": ["japan"]},
    {"wait": "21 days", "general": {"share": 0.4}},
    {"wait": "30 days", "officers": 200, "shipment": "0.05 t"},
    {"wait": "17 days", "officers": 300, "general": {"share": 0.2}, "products": ["part"]},
]
"""Regimes that hold on the same routes, each on its own terms."""


@pytest.mark.parametrize("which", [(0, 0), (0, 1), (1, 2), (0, 3), (3, 4), (0, 1, 2, 3, 4)])
def test_several_regimes_long_in_force_on_one_route_are_part_of_the_balance(
    which: tuple[int, ...],
) -> None:
    """Together they are one queue: shares multiply, the longest wait and the least rest hold."""
    small, (first, *_) = licensed_chain(1.0, "30 days")
    controls = []
    for number, one in enumerate(which):
        own = {key: REGIMES[one][key] for key in ("targets", "products") if key in REGIMES[one]}
        licence = {key: value for key, value in REGIMES[one].items() if key not in own}
        more = own | {"name": f"regime-{number}", "licence": {"approval": 1.0, **licence}}
        controls.append(first | more)
    assert_nothing_moves(prepared(small, 400.0, disruptions={"standing": controls}))


def test_growth_that_all_sectors_share_moves_no_price_and_leaves_nobody_short() -> None:
    grown = {str(year): 1.06 ** (year - 2025) for year in range(2025, 2045)}
    small = Small(
        products={"ore": (45.0, 20.0), "metal": (30.0, 40.0), "part": (60.0, 60.0)},
        processes={
            "mining": ("ore", {}),
            "smelting": ("metal", {"ore": 1.2}),
            "making": ("part", {"metal": 1.1}),
        },
        plants=[
            Plant("mining", "china", 90),
            Plant("mining", "australia", 60),
            Plant("smelting", "china", 90, 0.98),
            Plant("smelting", "japan", 30, 0.9),
            Plant("making", "china", 60, 0.95),
            Plant("making", "japan", 40, 0.7),
        ],
        sectors={"defence": Kind(tier=1, cover_d=90.0, growth=grown), "cars": Kind(growth=grown)},
        use={"china": {"cars": 50}, "japan": {"defence": 5, "cars": 45}},
        lead_d={("china", "japan"): 35.0, ("australia", "japan"): 31.0},
    )
    result = run(prepared(small, 15 * 365.0, growth=True))
    assert result.shortfall_t.max() == 0.0
    assert np.abs(result.price - 1.0).max() < 1e-3
    assert result.reference_t[-2, 0] / result.reference_t[0, 0] > 2.2


@pytest.mark.parametrize("replication", [0, 1])
def test_the_magnet_chain_grows_in_balance(replication: int) -> None:
    """Sectors grow apart here, so regions do; prices still hold within 1 %."""
    ready = ndfeb(date(2041, 1, 1), growth=True)
    result = simulate(draw_world(ready, replication), "none", edges_by(ready, "quarter"))
    assert result.shortfall_t.max() == 0.0
    assert np.abs(result.price - 1.0).max() < 1e-2
