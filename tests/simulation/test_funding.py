"""Grants, loans and equity in a project, who bears its overrun, and what comes back."""

from math import exp, log1p
from typing import Any

import numpy as np
import pytest

import prices
from entrants import MARKET, made, plant, sure
from monazite.trajectories import Trajectories
from networks import CALM, YEAR_D, prepared, run

PLANNED = 50.0 * 40_000.0
"""Capital cost of the plant below, before any overrun [USD]."""


def built(days: float, over: dict[str, Any] | None = None, **more: Any) -> Trajectories:
    """Return a run with a plant of 50 t/yr and 2 million USD that is there at once."""
    part = plant(capex="40000 USD per t/yr", opex="45 USD/kg", **more)
    ready = prepared(
        MARKET, days, strategies={"built": {"instruments": [{"project": part}]}},
        overrides=CALM | sure() | {"phases.magnet_plant.overrun": 1} | (over or {}),
        discount_rate="0 per year",
    )  # fmt: skip
    return run(ready, "built")


def loan(**more: Any) -> dict[str, Any]:
    return {"share": 0.1, "rate": "0 per year", "term": "4 years", "grace": "1 years"} | more


def test_a_loan_without_interest_comes_back_in_level_payments_after_its_grace() -> None:
    """200,000 over four years, from the second on: 50,000 USD a year."""
    result = built(2555.0, funding={"loan": loan()})
    back = result.recovered_usd[:, 0]
    assert result.spent_usd.sum() == pytest.approx(0.1 * PLANNED)
    assert back[:52].sum() == 0.0
    assert back[60] == pytest.approx(2e5 * 7.0 / (4.0 * YEAR_D), rel=1e-9)
    assert back.sum() == pytest.approx(2e5, rel=1e-9)
    assert result.salvage_pv_usd.sum() == pytest.approx(0.0, abs=1e-6)


def test_a_loan_with_interest_is_worth_what_was_lent_at_its_own_rate() -> None:
    """Discounted at its rate of 6 % to first output, its payments make up the 200,000."""
    result = built(2555.0, funding={"loan": loan(rate="6 % per year")})
    middle_d = result.edges_d[:-1] + 3.5
    worth = result.recovered_usd[:, 0] * np.exp(-log1p(0.06) * middle_d / YEAR_D)
    assert worth.sum() == pytest.approx(2e5, rel=1e-4)


def test_a_loan_is_paid_out_of_the_margin_and_what_that_leaves_open_stays_owed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At 46 of 60 USD/kg the plant earns 1 USD/kg: all of that, and no more, is paid."""
    prices.given(monkeypatch, lambda day: 46.0 / 60.0)
    result = built(1092.0, funding={"loan": loan(share=0.5)})
    earned = made(result) * 1000.0
    assert earned[60] < 1e6 * 7.0 / (4.0 * YEAR_D)
    assert result.recovered_usd[60:, 0] == pytest.approx(earned[60:], rel=1e-9)
    owed = 1e6 - result.recovered_usd.sum()
    assert result.salvage_pv_usd.sum() == pytest.approx(owed, rel=1e-9)


def test_a_closed_plant_pays_nothing_back(monkeypatch: pytest.MonkeyPatch) -> None:
    prices.given(monkeypatch, lambda day: 0.5)
    times = {"behaviour.mothball_after": "30 days", "behaviour.closure_after": "90 days"}
    result = built(1092.0, times, funding={"loan": loan()})
    assert [event.kind for event in result.events][-1] == "project-closed"
    assert result.recovered_usd.sum() == 0.0
    assert result.salvage_pv_usd.sum() == 0.0


def test_equity_earns_its_share_of_what_the_loan_leaves() -> None:
    """A fifth of 15 USD/kg: all of it in the year of grace, later less the payment."""
    result = built(1092.0, funding={"equity": 0.2, "loan": loan()})
    margin, due = made(result) * 15_000.0, 2e5 * 7.0 / (4.0 * YEAR_D)
    back = result.recovered_usd[:, 0]
    assert back[20] == pytest.approx(0.2 * margin[20], rel=1e-6)
    assert back[100] == pytest.approx(due + 0.2 * (margin[100] - due), rel=1e-6)


def test_a_grant_is_what_a_public_share_was() -> None:
    one, other = built(728.0, public_share=0.3), built(728.0, funding={"grant": 0.3})
    assert (one.spent_usd == other.spent_usd).all()
    assert (one.salvage_pv_usd == other.salvage_pv_usd).all()
    assert other.recovered_usd.sum() == 0.0


@pytest.mark.parametrize(
    ("borne", "public"), [("shared", 1.5e6), ("public", 0.5 * 2e6 + 1e6), ("private", 1e6)]
)
def test_an_overrun_of_a_half_is_borne_as_stated(borne: str, public: float) -> None:
    """Two million planned, half of it public, and three million in the end."""
    over = {"phases.magnet_plant.overrun": 1.5}
    result = built(364.0, over, public_share=0.5, overrun_borne=borne)
    assert result.spent_usd.sum() == pytest.approx(public, rel=1e-9)
    assert result.private_usd.sum() == pytest.approx(3e6 - public, rel=1e-9)


def test_interest_is_added_while_nothing_is_due() -> None:
    """At 10 % a year 200,000 are 220,000 after the year of grace."""
    slow = built(2555.0, funding={"loan": loan(rate="10 % per year")})
    rate = log1p(0.1) / YEAR_D
    level = 2.2e5 * rate / (1.0 - exp(-rate * 4.0 * YEAR_D))
    assert slow.recovered_usd[70, 0] == pytest.approx(7.0 * level, rel=1e-9)


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_plants_that_begin_on_one_day_the_first_by_name_gets_the_money(turned: bool) -> None:
    """Of 3 million USD one plant of 2 million is built, whatever the order of the file."""
    terms = {"capex": "40000 USD per t/yr", "public_share": 1.0, "commissioning": "10 days"}
    parts = [{"project": plant(name=name, **terms)} for name in ("east", "west")]
    ready = prepared(
        MARKET, 400.0,
        strategies={"both": {"instruments": parts[::-1] if turned else parts}},
        overrides=CALM | sure() | {"phases.magnet_plant.overrun": 1},
        discount_rate="0 per year", budget="3 million USD",
    )  # fmt: skip
    events = run(ready, "both").events
    assert [e.name for e in events if e.kind == "project-first-output"] == ["east"]
    assert [e.name for e in events if e.kind == "project-not-funded"] == ["west"]
