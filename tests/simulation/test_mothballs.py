"""What becomes of a project's plant when its price falls below its cost, and comes back."""

from typing import Any

import numpy as np
import pytest

import prices
from entrants import LIVELY, MARKET, made, plant, sure
from monazite.simulation.run import draw_world, edges_by, simulate
from monazite.trajectories import Event, Trajectories
from monazite.world.prepare import Prepared
from networks import CALM, YEAR_D, part_ban, prepared, run
from reference.compare import watched

TIMES = {
    "behaviour.mothball_after": "180 days",
    "behaviour.restart_time": "90 days",
    "behaviour.restart_cost": 0.1,
    "behaviour.restart_payback": "2 years",
    "behaviour.closure_after": "3 years",
}
"""At 40 USD/kg a year of capital cost a restart asks for 40 x 0.1 / 2 = 2 USD/kg."""


def dear(**more: Any) -> dict[str, Any]:
    """Return a plant that costs 45 USD/kg, 0.75 of the price."""
    own = {"public_share": 0.5, "capex": "40000 USD per t/yr", "opex": "45 USD/kg"}
    return {"project": plant(**own | more)}


def ready(days: float = 2191.0, over: dict[str, Any] | None = None, **more: Any) -> Prepared:
    overrun = {"phases.magnet_plant.overrun": 1}
    strategies = {"none": {}, "built": {"instruments": [dear(**more)]}}
    overrides = CALM | sure() | overrun | TIMES | (over or {})
    return prepared(MARKET, days, strategies=strategies, overrides=overrides)


def turns(result: Trajectories) -> list[tuple[float, str]]:
    """Return when the plant was mothballed, restarted or closed."""
    words = ("project-mothballed", "project-restarted", "project-closed")
    return [(e.day, e.kind[8:]) for e in result.events if e.kind in words]


def low_between(first_d: float, last_d: float, low: float = 0.6, after: float = 1.0) -> prices.Path:
    return lambda day: 1.0 if day < first_d else low if day < last_d else after


def test_a_plant_in_loss_works_on_and_is_mothballed_when_its_patience_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In loss from day 364; 180 days on, at the 26th review in loss, it stops."""
    prices.given(monkeypatch, low_between(364.0, 5000.0))
    result = run(ready(1092.0), "built")
    assert turns(result) == [(364.0 + 182.0, "mothballed")]
    out = made(result)
    assert (out[2:78] > 0).all()
    assert (out[78:] == 0).all()


def test_a_short_loss_and_an_interrupted_one_stop_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice 175 days of loss with one week of gain between them."""
    calm = low_between(364.0, 364.0 + 175.0)
    again = low_between(364.0 + 182.0, 364.0 + 357.0)
    prices.given(monkeypatch, lambda day: min(calm(day), again(day)))
    result = run(ready(1092.0), "built")
    assert turns(result) == []
    assert (made(result)[2:] > 0).all()


@pytest.mark.parametrize(("after", "comes_back"), [(0.78, False), (0.79, True), (1.0, True)])
def test_it_restarts_when_the_price_has_paid_for_that_long_enough(
    monkeypatch: pytest.MonkeyPatch, after: float, comes_back: bool
) -> None:
    """It costs 45 and asks for 2 more: 0.783 of 60 USD/kg, for 90 days from day 728 on."""
    prices.given(monkeypatch, low_between(364.0, 728.0, after=after))
    result = run(ready(1461.0), "built")
    expected = [(546.0, "mothballed"), (728.0 + 91.0, "restarted")]
    assert turns(result) == expected[: 1 + comes_back]
    assert (made(result)[118:] > 0).all() == comes_back


def test_it_closes_for_good_when_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mothballed on day 546, closed three years later, and no price brings it back."""
    prices.given(monkeypatch, low_between(364.0, 1700.0))
    result = run(ready(2191.0), "built")
    closed_d = np.ceil((546.0 + 3 * YEAR_D) / 7.0) * 7.0
    assert turns(result) == [(546.0, "mothballed"), (closed_d, "closed")]
    assert (made(result)[-60:] == 0).all()
    assert result.salvage_pv_usd.sum() == 0.0


def test_a_price_that_comes_back_in_time_keeps_it_from_closing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prices.given(monkeypatch, low_between(364.0, 1635.0))
    result = run(ready(2191.0), "built")
    assert turns(result) == [(546.0, "mothballed"), (1638.0 + 91.0, "restarted")]
    assert result.salvage_pv_usd.sum() > 0.0


def test_support_that_covers_the_loss_keeps_it_open_and_a_smaller_one_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At 0.6 of 60 USD/kg it lacks 9 USD/kg: 9 saves it, 8 is paid until it stops."""
    prices.given(monkeypatch, low_between(364.0, 5000.0))
    year = {"discount_rate": "0 per year"}
    kept = run(prepared_with(9.0, year), "built")
    lost = run(prepared_with(8.0, year), "built")
    assert turns(kept) == []
    assert turns(lost) == [(546.0, "mothballed")]
    for result, usd_per_kg in ((kept, 9.0), (lost, 8.0)):
        paid = result.spent_usd[52:].sum()
        assert paid == pytest.approx(made(result)[52:].sum() * usd_per_kg * 1000.0, rel=1e-9)


def prepared_with(usd_per_kg: float, more: dict[str, Any]) -> Prepared:
    support = {"per_kg": f"{usd_per_kg} USD/kg", "years": "20 years"}
    strategies = {"none": {}, "built": {"instruments": [dear(support=support)]}}
    overrides = CALM | sure() | {"phases.magnet_plant.overrun": 1} | TIMES
    return prepared(MARKET, 1092.0, strategies=strategies, overrides=overrides, **more)


def test_every_turn_equals_the_plain_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short times, so that prices of an overbuilt market take the plant through every state."""
    times = LIVELY | {
        "behaviour.mothball_after": "28 days",
        "behaviour.restart_time": "28 days",
        "behaviour.closure_after": "400 days",
    }
    strategies = {"built": {"instruments": [dear(opex="58 USD/kg", capacity="150 t/yr")]}}
    overrides = sure() | TIMES | times
    world = prepared(
        MARKET,
        1461.0,
        strategies=strategies,
        overrides=overrides,
        disruptions={"scheduled": [part_ban(273.0, 150.0)]},
    )
    watch = watched(monkeypatch)
    result = simulate(draw_world(world, 0), "built", edges_by(world, "review"))
    path = [kind for _, kind in turns(result)]
    assert path == ["mothballed", "restarted", "mothballed", "closed"]
    assert watch.most["projects.state"] == 2


def test_the_log_names_the_plant(monkeypatch: pytest.MonkeyPatch) -> None:
    prices.given(monkeypatch, low_between(364.0, 5000.0))
    result = run(ready(1092.0), "built")
    why = "the price has not covered its cost"
    assert Event(546.0, "project-mothballed", "plant", why) in result.events
