"""Chance is right on average, and each draw belongs to its name alone."""

from math import ceil

import numpy as np
import pytest

from monazite.chance import stream
from monazite.simulation.draws import draw_outages
from monazite.simulation.run import draw_world
from monazite.world.prepare import Prepared
from networks import CALM, Kind, Plant, Small, prepared, run

YEAR_D = 365.25


def one_plant(days: float, number: int = 1, **parts: object) -> Prepared:
    """One plant makes 100 t a year of one product, with room to spare, for its own region."""
    small = Small(
        products={"part": (12.0, 60.0)},
        processes={"magnet_making": ("part", {})},
        plants=[Plant("magnet_making", "japan", 100, 0.05, plants=number)],
        sectors={"cars": Kind()},
        use={"japan": {"cars": 100}},
        lead_d=0.0,
    )
    overrides = CALM | {
        "behaviour.outage_up": "60 days",
        "behaviour.outage_down": "4 days",
        "behaviour.adjustment_time": "0.05 days",
    }
    return prepared(
        small, days, disruptions={"outages": True}, overrides=overrides, review="1 day", **parts
    )


def test_a_plant_is_up_as_often_as_alternating_renewal_says() -> None:
    """A = 60 / 64 = 0.9375; after 1 d 0.985371, 6 d 0.950119, 12 d 0.940048, from start up.

    Days at which a plant is down count from the review that begins in it, so that the
    part up in the review that begins on day n is that at day n. Four standard errors.
    """
    ready = one_plant(1200.0)
    values = ready.central()
    up = np.array([draw_outages(ready, k, values)[:, 0] for k in range(1500)])
    for day, worked in ((1, 0.985371), (6, 0.950119), (12, 0.940048), (24, 0.937604)):
        error = np.sqrt(worked * (1 - worked) / 1500)
        assert abs(up[:, day].mean() - worked) < 4 * error, day
    down_d = (1 - up).sum(axis=1)
    error = down_d.std() / np.sqrt(1500)
    assert abs(down_d[:].mean() - (1200 * 0.0625 - 3.75 * 0.0625)) < 4 * error + 0.5
    assert down_d.std() == pytest.approx(22.963966, rel=0.08)


def test_plants_fail_and_are_mended_one_time_after_another() -> None:
    """Three plants of a maker, followed draw by draw, longer than what is drawn at first."""
    ready = one_plant(500.0, number=3)
    values, step_d = ready.central(), ready.clock.step_d
    for replication in range(40):
        up = np.ones(ready.clock.reviews)
        for plant in range(3):
            name = ("outage", *ready.failing[0].words, str(plant))
            times, day = stream(ready.scenario.seed, replication, *name), 0.0
            while (day := day + times.exponential() * 60.0) < ready.end_d:
                mended_d = day + times.exponential() * 4.0
                up[ceil(day / step_d) : ceil(mended_d / step_d)] -= 1 / 3
                day = mended_d
        assert draw_outages(ready, replication, values)[:, 0] == pytest.approx(up, abs=1e-12)


@pytest.mark.slow
def test_a_stock_meets_outages_as_the_exponential_formula_says() -> None:
    """Stock of 12 days, outages of 4 on average, refill at once: D e^(-S/dD) / (U + D).

    A day of discreteness on either side: the formula at 11 and at 13 days are the bounds.
    """
    ready = one_plant(3000.0)
    short, whole = 0.0, 0.0
    for replication in range(60):
        result = run(ready, replication=replication)
        short += float(result.shortfall_t.sum())
        whole += float(result.reference_t.sum())
    low, high = (4.0 * np.exp(-cover / 4.0) / 64.0 for cover in (13.0, 11.0))
    assert low < short / whole < high, (low, short / whole, high)


def test_another_plant_or_strategy_changes_nobodys_luck() -> None:
    alone = one_plant(800.0)
    held = {
        "stockpile": {
            "name": "office",
            "product": "part",
            "place": "japan",
            "owner": "japan",
            "target": "10 t",
            "buy_from": "anyone",
            "release": {"trigger": "never"},
        }
    }
    other = one_plant(800.0, strategies={"none": {}, "held": {"instruments": [held]}})
    for replication in range(5):
        one, two = draw_world(alone, replication), draw_world(other, replication)
        np.testing.assert_array_equal(one.model.up, two.model.up)
