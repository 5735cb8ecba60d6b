"""A log tells what a stockpile does and who goes short, in spells."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "experiments"))
from small_world import empty_run, shorten

from monazite.cli.spells import spells


def test_spells_close_together_are_told_as_one() -> None:
    run = empty_run()
    for quarter in (2, 3, 7):
        shorten(run, quarter, 2, 10.0)
    told = [(event.name, event.detail) for event in spells(run, ["united_states", "japan"])]
    assert told == [
        ("united_states, tier 3", "20 t in 6 months"),
        ("united_states, tier 3", "10 t in 13 weeks"),
    ]


def test_a_stockpile_buys_and_releases() -> None:
    run = empty_run()
    run.bought_t[0, 0] = 1234.0
    run.drawn_t[5, 0] = 0.1
    run.drawn_t[9, 0] = 7.0
    run.bought_t[1:, 0] = 1e-11  # rounding at the target, which is no purchase
    told = [(event.kind, event.name, event.detail) for event in spells(run, ["australia"])]
    assert told == [
        ("stockpile-buys", "reserve", "1,234 t of magnets in 13 weeks, united_states"),
        ("stockpile-releases", "reserve", "7 t of magnets in 13 weeks, united_states"),
    ]


def test_a_calm_run_has_no_spells() -> None:
    assert spells(empty_run(), ["united_states"]) == []
    assert not np.any(empty_run().drawn_t)
