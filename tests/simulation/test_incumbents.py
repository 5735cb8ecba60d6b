"""How plants of today stop where the price does not pay for them, come back, and close."""

from dataclasses import replace
from math import exp
from typing import Any

import numpy as np
import pytest

import prices
from monazite.trajectories import Trajectories
from monazite.world.prepare import Prepared
from networks import CALM, YEAR_D, Kind, Plant, Small, prepared, run
from stillness import assert_nothing_moves

WORLD = Small(
    products={"part": (45.0, 60.0)},
    processes={"magnet_making": ("part", {})},
    plants=[Plant("magnet_making", "china", 200.0, 0.98)],
    sectors={"cars": Kind()},
    use={"china": {"cars": 100.0}, "japan": {"cars": 100.0}},
    opex={"magnet_making": 40.0},
)
"""Parts at 60 USD/kg; plants cost 30 to 50, so that at 40 just half of them pay."""

TIMES = {
    "behaviour.mothball_after": "180 days",
    "behaviour.restart_time": "90 days",
    "behaviour.closure_after": "1000 years",
    "behaviour.incumbent_cost_spread": 0.25,
    "behaviour.incumbent_least_margin": 0.03,
}
CAPACITY = 200.0 / 0.98


def ready(days: float = 1092.0, small: Small = WORLD, idle: bool = True, **over: Any) -> Prepared:
    over = {f"behaviour.{name}": value for name, value in over.items()}
    overrides = CALM | (TIMES if idle else {}) | over
    return prepared(small, days, overrides=overrides, incumbents_idle=idle)


def works(result: Trajectories) -> np.ndarray:
    """Return output over the capacity at the start, by review."""
    return np.asarray(result.made_t[:, 0] / (CAPACITY * 7.0 / YEAR_D))


def low_from(first_d: float, low: float, last_d: float = 1e9) -> prices.Path:
    return lambda day: low if first_d <= day < last_d else 1.0


def test_half_stop_where_half_are_covered_with_the_time_constant_of_the_owners_patience(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At two thirds of 60 USD/kg: 1/2 + 1/2 exp(-t / 180 d) of the capacity after t days."""
    prices.given(monkeypatch, low_from(364.0, 2.0 / 3.0))
    result = run(ready())
    for k in (60, 80, 120, 155):
        after_d = 7.0 * (k + 1) - 364.0
        assert works(result)[k] == pytest.approx(0.5 + 0.5 * exp(-after_d / 180.0), rel=1e-9)


def test_none_stop_above_the_cost_of_the_dearest_and_all_below_that_of_the_cheapest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prices.given(monkeypatch, low_from(0.0, 50.01 / 60.0))
    assert works(run(ready())) == pytest.approx(0.98, rel=1e-6)
    prices.given(monkeypatch, low_from(0.0, 0.49))
    assert works(run(ready()))[-1] == pytest.approx(exp(-1092.0 / 180.0), rel=1e-9)


def test_they_come_back_with_the_time_of_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    """exp(-182 / 180) works when the price comes back; then the idle part falls in 90 days.

    Of what idled some 0.02 % is lost in 1,000 years of patience.
    """
    prices.given(monkeypatch, low_from(0.0, 0.3, 182.0))
    result = run(ready())
    kept = exp(-182.0 / 180.0)
    assert works(result)[25] == pytest.approx(kept, rel=1e-9)
    assert works(result)[28] == pytest.approx(1.0 - (1.0 - kept) * exp(-21.0 / 90.0), rel=3e-4)


def test_what_stands_for_long_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing at work, 1 - exp(-t / 5 years) of it is lost after t years."""
    prices.given(monkeypatch, low_from(0.0, 0.2, 1820.0))
    times = {"mothball_after": "0.01 days", "restart_time": "0.01 days"}
    result = run(ready(2548.0, closure_after="5 years", **times))
    assert works(result)[-1] == pytest.approx(exp(-1820.0 / (5.0 * YEAR_D)), rel=1e-2)


def test_a_by_product_does_not_answer_to_its_price(monkeypatch: pytest.MonkeyPatch) -> None:
    prices.given(monkeypatch, low_from(0.0, 0.2))
    with_host = replace(WORLD, hosts={"magnet_making": "aluminium"})
    assert works(run(ready(small=with_host))) == pytest.approx(0.98, rel=1e-6)


def test_a_plant_that_the_records_have_at_a_loss_just_lives_on_the_price_of_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At 80 USD/kg, half-width 20: costs move down to 18.2 ... 58.2, so at 0.8 75 % pay."""
    dear = replace(WORLD, opex={"magnet_making": 80.0})
    assert_nothing_moves(ready(small=dear))
    prices.given(monkeypatch, low_from(0.0, 0.8))
    expected = (48.0 - 18.2) / 40.0
    assert works(run(ready(2548.0, small=dear)))[-1] == pytest.approx(expected, rel=1e-5)


def test_where_no_price_falls_nothing_moves() -> None:
    """The same run to the last bit, whether plants may idle or not."""
    on, off = run(ready()), run(ready(idle=False))
    assert (on.made_t == off.made_t).all()
    assert (on.stock_t == off.stock_t).all()
    assert (on.price == off.price).all()
