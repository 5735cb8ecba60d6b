"""Every instrument's books: what is spent, committed, left, and paid by others."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from entrants import MARKET, plant, sure
from monazite.errors import BrokenInvariantError
from monazite.simulation import ledger
from monazite.simulation import run as runs
from monazite.simulation.run import draw_world, edges_by, simulate
from monazite.trajectories import Trajectories
from networks import CALM, START, YEAR_D, prepared, run
from strategies import Case, some, worlds

YEAR = "365.25 days"


def slow(**more: Any) -> dict[str, Any]:
    """Return a plant of 2 million USD that takes a year to permit and one to build."""
    own = {"permitting": YEAR, "construction": YEAR, "public_share": 0.25}
    return {"project": plant(capex="40000 USD per t/yr", **own | more)}


def of_plant(result: Trajectories, table: str) -> np.ndarray:
    return np.asarray(getattr(result, table)[:, 0])


def built(days: float, over: dict[str, Any], **more: Any) -> Trajectories:
    sums = {"phases.magnet_plant.overrun": 1, "phases.magnet_plant.development_share": 0.1}
    ready = prepared(
        MARKET, days, strategies={"built": {"instruments": [slow(**more)]}},
        overrides=CALM | sure() | sums | over, discount_rate="0 per year",
    )  # fmt: skip
    return run(ready, "built")


def test_a_project_binds_its_phases_whole_and_pays_them_as_they_run() -> None:
    """Of 0.5 million public, a tenth is bound at the start and the rest after a year."""
    result = built(731.0, {})
    bound, spent = of_plant(result, "committed_usd"), of_plant(result, "spent_usd")
    assert bound[0] == pytest.approx(0.1 * 0.5e6)
    assert bound[52] == pytest.approx(0.9 * 0.5e6)
    assert bound.sum() == pytest.approx(0.5e6) == spent.sum()
    assert spent[1:50] == pytest.approx(0.1 * 0.5e6 * 7.0 / 365.25)


def test_others_pay_the_rest_over_the_same_days() -> None:
    """A quarter is public, so that others pay three times as much in every review."""
    result = built(731.0, {})
    assert of_plant(result, "private_usd") == pytest.approx(3.0 * of_plant(result, "spent_usd"))


def test_a_project_that_ends_early_has_bound_more_than_it_spent() -> None:
    """Drawn to end in permitting: the part before its end is spent, the phase is bound."""
    result = built(730.5, {"phases.magnet_plant.cancel_chance": 1})
    spent, bound = of_plant(result, "spent_usd").sum(), of_plant(result, "committed_usd").sum()
    assert 0.0 < spent < bound <= 0.5e6 * (1 + 1e-12)


def test_what_an_office_bought_is_not_held_back_again_when_a_plant_begins() -> None:
    """Two weeks of purchases, then a plant for all that is left: to the dollar, it is begun."""
    pile = {
        "name": "pile",
        "product": "part",
        "place": "japan",
        "owner": "japan",
        "target": "100 t",
        "pace": "20 t/yr",
        "holding": "0 per year",
        "release": {"trigger": "never"},
    }
    part = slow(start=START + timedelta(days=10), public_share=1.0, permitting="0 days")

    def begun(budget_usd: float) -> list[str]:
        held = [{"stockpile": pile}, part]
        ready = prepared(
            MARKET, 700.0, strategies={"both": {"instruments": held}},
            overrides=CALM | sure() | {"phases.magnet_plant.overrun": 1},
            discount_rate="0 per year", budget=f"{budget_usd} USD",
        )  # fmt: skip
        return [event.kind for event in run(ready, "both").events]

    bought_usd = 2 * 20.0 * 7.0 / YEAR_D * 60_000.0
    assert "project-construction" in begun(2e6 + bought_usd)
    assert "project-construction" not in begun(2e6 + bought_usd - 1.0)


@given(worlds())
@some(25)
def test_the_ledger_of_any_strategy_balances_and_no_budget_is_passed(case: Case) -> None:
    ready = case.ready
    result = simulate(draw_world(ready, 0), "all", edges_by(ready, "quarter"))
    budget = ready.budget_usd["all"]
    slack = 0.01 + 1e-9 * budget
    assert result.spent_pv_usd.sum() <= budget + slack
    assert (result.spent_pv_usd >= 0.0).all()
    assert (result.recovered_usd >= 0.0).all()
    short = result.spent_usd.sum(axis=0) - result.committed_usd.sum(axis=0)
    assert (short <= slack).all()
    assert (result.private_usd >= 0.0).all()
    rate = ready.discount_rate
    late = (1.0 + rate) ** (-ready.end_d / 365.25)
    assert (result.spent_pv_usd <= result.spent_usd * (1 + 1e-12)).all()
    assert (result.spent_pv_usd >= result.spent_usd * late * (1 - 1e-9)).all()


def test_a_dollar_that_is_not_booked_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(held: Any) -> None:
        ledger.fund(held)
        held.model.settings[0]["pot_pv_usd"] -= 100.0

    monkeypatch.setattr(runs, "fund", lost)
    with pytest.raises(BrokenInvariantError, match=r"ledger of strategy built: of 1000000000 USD"):
        built(100.0, {})


def test_money_bound_for_a_project_that_will_end_early_is_free_only_when_it_has() -> None:
    """Nobody knows it before. Two plants of 2 million, and 3.9 million: the second is begun
    after the first has ended, and not before.
    """
    straight = {"permitting": "0 days", "financing": "0 days", "public_share": 1.0}
    first = slow(name="first", construction="1461 days", **straight)
    sums = {"phases.magnet_plant.overrun": 1, "phases.magnet_plant.development_share": 0.1}
    begun = set()
    for wait_d in (30, 1300):
        second = slow(name="second", start=START + timedelta(days=wait_d), **straight)
        ready = prepared(
            MARKET, 2000.0, strategies={"both": {"instruments": [first, second]}},
            overrides=CALM | sure() | sums | {"phases.magnet_plant.cancel_chance": 1},
            discount_rate="0 per year", budget="3900000 USD",
        )  # fmt: skip
        for replication in range(8):
            fate = draw_world(ready, replication).fates[0]
            if fate.cancelled_in != "construction":
                continue
            ends_d = fate.cancelled_part * fate.lengths_d["construction"]
            result = run(ready, "both", replication)
            told = [event.kind for event in result.events if event.name == "second"]
            assert ("project-construction" in told) == (ends_d < wait_d)
            begun.add(ends_d < wait_d)
    assert begun == {True, False}
