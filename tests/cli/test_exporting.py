"""`trace --exports`: what a controller exports month by month, and what its controls did."""

from datetime import date

import pytest

from monazite.cli.exporting import monthly
from monazite.errors import MonaziteError
from monazite.simulation import run_world
from networks import CALM, YEAR_D, Kind, Plant, Small, prepared

SMALL = Small(
    products={"part": (45.0, 60.0)},
    processes={"making": ("part", {})},
    plants=[Plant("making", "china", 160.0, 0.2)],
    sectors={"cars": Kind()},
    use={"china": {"cars": 60.0}, "japan": {"cars": 100.0}},
)
"""Japan uses 100 t a year of what China alone makes."""


def test_a_month_has_what_was_shipped_in_it_and_what_controls_did() -> None:
    """100 t a year until a ban in April and May; from June on stocks are rebuilt beside."""
    ban = {
        "name": "april", "controller": "china", "products": ["part"], "targets": ["japan"],
        "form": "ban", "start": date(2026, 4, 1), "duration": "61 days",
    }  # fmt: skip
    ready = prepared(SMALL, 364.0, disruptions={"scheduled": [ban]}, overrides=CALM)
    world = run_world(ready, 0, ["none"], by="review")
    run = world.trajectories["none"]
    table = monthly(ready, run, list(world.world_events), "part")
    rows = [dict(zip([c.name for c in table.columns], row, strict=True)) for row in table.rows]
    assert [row["month"] for row in rows] == [f"2026-{m:02}" for m in range(1, 13)]
    for month, days in ((0, 31), (1, 28)):
        assert rows[month]["exports"] == pytest.approx(100.0 * days / YEAR_D, rel=1e-9)
    assert rows[4]["exports"] == pytest.approx(0.0, abs=1e-9)
    assert rows[5]["exports"] > 100.0 * 30 / YEAR_D
    assert [rows[m]["what controls did"] for m in (3, 5)] == ["in force april", "lifted april"]
    assert max(len(str(row["of the largest month"])) for row in rows) == 24
    mine = [x for x, r in enumerate(run.layout.routes) if r[3] == "japan"]
    total = sum(float(str(row["exports"])) for row in rows)
    assert total == pytest.approx(run.shipped_t[:, mine].sum(), rel=1e-9)


def test_a_product_that_nobody_controls_is_refused_with_those_that_are() -> None:
    ready = prepared(SMALL, 364.0)
    world = run_world(ready, 0, ["none"], by="review")
    with pytest.raises(MonaziteError, match="no control on 'part' in this scenario; there are"):
        monthly(ready, world.trajectories["none"], [], "part")
