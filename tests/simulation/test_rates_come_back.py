"""What drives random controls can be read out of the worlds that they made."""

from collections import Counter
from math import exp, log, sqrt

import numpy as np
import pytest

from monazite.simulation.draws import Happening, Regime, draw_packages, draw_regimes
from monazite.world.prepare import Prepared
from networks import Kind, Plant, Small, prepared

WORLDS = 10_000
YEARS = 15.0
YEAR_D = 365.25
CALM, TENSE, TO_TENSE, TO_CALM, HITS = 0.1, 2.0, 0.08, 0.36, 0.45
MEDIAN_D, SIGMA = 250.0, 1.1
SURE = 4.0
"""Standard errors within which an estimate must lie."""


def two_regimes() -> Prepared:
    """A controller that makes a feed and a part, and hits both, or the part three times in four."""
    small = Small(
        products={"feed": (5.0, 60.0), "part": (12.0, 60.0)},
        processes={"mining": ("feed", {}), "magnet_making": ("part", {"feed": 1.0})},
        plants=[
            Plant("mining", "china", 100, 0.5),
            Plant("mining", "japan", 20, 0.5),
            Plant("magnet_making", "china", 100, 0.5),
            Plant("magnet_making", "japan", 20, 0.5),
        ],
        sectors={"cars": Kind()},
        use={"japan": {"cars": 60}, "china": {"cars": 60}},
    )
    random = {
        "name": "by_chance",
        "controller": "china",
        "calm_rate": f"{CALM} per year",
        "tense_rate": f"{TENSE} per year",
        "to_tense": f"{TO_TENSE} per year",
        "to_calm": f"{TO_CALM} per year",
        "starts": "tense",
        "hits": HITS,
        "form": "quota",
        "allowed": {"low": 0.0, "mode": 0.1, "high": 0.5},
        "duration": {"median": MEDIAN_D, "sigma": SIGMA, "unit": "days", "shape": "lognormal"},
        "scopes": [
            {"products": ["part"], "targets": ["all"], "weight": 3.0},
            {"products": ["feed", "part"], "targets": ["all"]},
        ],
    }
    return prepared(small, YEARS * YEAR_D, disruptions={"random": [random]})


@pytest.fixture(scope="module")
def worlds() -> list[tuple[list[Regime], list[Happening]]]:
    ready = two_regimes()
    (source,), values = ready.controls.sources, ready.central()
    found = []
    for k in range(WORLDS):
        regimes = draw_regimes(ready, k, source, values)
        found.append((regimes, draw_packages(ready, k, source, values, regimes)))
    return found


def stays(regimes: list[Regime]) -> list[tuple[float, float, bool]]:
    """Return first day, last day and whether it was tense, of each stay."""
    ends = [regime.day for regime in regimes[1:]] + [YEARS * YEAR_D]
    return [(one.day, end, one.tense) for one, end in zip(regimes, ends, strict=True)]


@pytest.mark.slow
@pytest.mark.parametrize(("tense", "rate"), [(True, TO_CALM), (False, TO_TENSE)])
def test_times_turn_as_often_as_told(
    worlds: list[tuple[list[Regime], list[Happening]]], tense: bool, rate: float
) -> None:
    spent_yr = sum(
        (b - a) / YEAR_D for regimes, _ in worlds for a, b, was in stays(regimes) if was is tense
    )
    turns = sum(one.tense is not tense for regimes, _ in worlds for one in regimes[1:])
    assert turns / spent_yr == pytest.approx(rate, abs=SURE * sqrt(rate / spent_yr))


@pytest.mark.slow
@pytest.mark.parametrize(("tense", "rate"), [(True, TENSE * HITS), (False, CALM * HITS)])
def test_packages_that_hit_the_chain_come_as_often_as_told(
    worlds: list[tuple[list[Regime], list[Happening]]], tense: bool, rate: float
) -> None:
    spent_yr, came = 0.0, 0
    for regimes, happenings in worlds:
        for a, b, was in stays(regimes):
            if was is tense:
                spent_yr += (b - a) / YEAR_D
                came += sum(a <= one.onset_d < b for one in happenings)
    assert came / spent_yr == pytest.approx(rate, abs=SURE * sqrt(rate / spent_yr))


@pytest.mark.slow
def test_they_last_hit_and_bite_as_told(
    worlds: list[tuple[list[Regime], list[Happening]]],
) -> None:
    every = [one for _, happenings in worlds for one in happenings]
    count = len(every)
    assert count > 40_000
    logs = np.log([one.end_d - one.onset_d for one in every])
    assert logs.mean() == pytest.approx(log(MEDIAN_D), abs=SURE * SIGMA / sqrt(count))
    assert logs.std() == pytest.approx(SIGMA, abs=SURE * SIGMA / sqrt(2 * count))
    assert exp(np.median(logs)) == pytest.approx(MEDIAN_D, rel=0.03)
    allowed = np.array([one.allowed for one in every])
    assert allowed.mean() == pytest.approx(0.2, abs=SURE * 0.11 / sqrt(count))
    assert allowed.min() >= 0.0
    assert allowed.max() <= 0.5
    scopes = Counter(len(one.scope.products) for one in every)
    assert scopes[1] / count == pytest.approx(0.75, abs=SURE * sqrt(0.75 * 0.25 / count))
