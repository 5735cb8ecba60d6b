"""Ways and licences that take longer than a year: everything comes when it is due."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from monazite.simulation.run import draw_world
from networks import CALM, START, YEAR_D, Kind, Plant, Small, part_ban, prepared, run

SLOW = {
    "name": "slow",
    "controller": "china",
    "products": ["part"],
    "targets": ["all"],
    "form": "licensing",
    "licence": {"approval": "100 %", "wait": "600 days"},
}


def far(lead_d: float) -> Small:
    """Japan uses 100 t a year that China alone makes, so many days away."""
    return Small(
        products={"part": (45.0, 60.0)},
        processes={"making": ("part", {})},
        plants=[Plant("making", "china", 400.0, 0.5)],
        sectors={"cars": Kind()},
        use={"china": {"cars": 100.0}, "japan": {"cars": 100.0}},
        lead_d={("china", "japan"): lead_d},
    )


def test_cargo_at_sea_for_longer_than_a_year_still_arrives_after_a_ban() -> None:
    disruptions = {"scheduled": [part_ban(364.0)]}
    result = run(prepared(far(500.0), 1400.0, disruptions=disruptions, overrides=CALM))
    first_d = result.first_short_d[np.isfinite(result.first_short_d)].min()
    assert first_d - 364.0 == pytest.approx(45.0 + 500.0, abs=7.0 + 1e-6)


def test_a_licence_that_takes_longer_than_a_year_comes_no_sooner() -> None:
    disruptions = {"scheduled": [SLOW | {"start": START}]}
    result = run(prepared(far(14.0), 1400.0, disruptions=disruptions, overrides=CALM))
    mine = [x for x, route in enumerate(result.layout.routes) if route[3] == "japan"]
    sent_t = result.shipped_t[:, mine].sum(axis=1)
    begins_d = result.edges_d[:-1]
    assert sent_t[(begins_d >= 7.0) & (begins_d < 595.0)].sum() == 0.0
    assert (sent_t[(begins_d >= 602.0) & (begins_d < 686.0)] > 0.0).all()


def test_a_regime_of_long_waits_that_stands_leaves_the_world_still() -> None:
    result = run(prepared(far(14.0), 1400.0, disruptions={"standing": [SLOW]}, overrides=CALM))
    assert_allclose(result.shipped_t.sum(axis=1), 7.0 * 200.0 / YEAR_D, rtol=1e-9)


def test_ways_have_room_for_all_that_closures_add() -> None:
    closure = {
        "name": "detour",
        "from": ["china"],
        "to": ["japan"],
        "start": START,
        "duration": "1 year",
        "delay": "150 days",
    }
    both = [closure, closure | {"name": "strait"}]
    ready = prepared(far(300.0), 1400.0, disruptions={"closures": both}, overrides=CALM)
    assert draw_world(ready, 0).model.way_t.shape[1] * 7.0 > 600.0
    received = run(ready).delivered_t.sum()
    quick = run(prepared(far(300.0), 1400.0, overrides=CALM)).delivered_t.sum()
    assert received < quick
