"""Two allied stockpiles that buy the same product, against one joint buyer."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monazite.scenario import read_scenario
from monazite.simulation.run import draw_world, edges_by, simulate
from monazite.trajectories import Trajectories
from monazite.world import prepare
from networks import ALLIES, CALM, START, prepared, run

FILE = Path(__file__).parents[1] / "data" / "scenario" / "allied-buyers.yaml"
WORLDS = 4


def stock(name: str, owner: str, tonnes: float, **more: Any) -> dict[str, Any]:
    own = {
        "name": name,
        "product": "part",
        "place": "japan" if owner == "japan" else "united_states",
        "owner": owner,
        "target": f"{tonnes} t",
        "accessible_share": 0.2,
        "buy_from": "anyone",
        "refill": False,
        "holding": "0 % per year",
        "release": {"trigger": "shortfall", "tiers": [1, 2, 3]},
    }
    return {"stockpile": own | more}


STRATEGIES = {
    "none": {},
    "two": {"instruments": [stock("a", "japan", 10.0), stock("b", "united_states", 10.0)]},
    "joint": {"instruments": [stock("c", "allies", 20.0)]},
    "patient": {"instruments": [stock("d", "allies", 20.0, pace="21 t/yr")]},
}


def both(**parts: Any) -> Any:
    ban = {"name": "ban", "controller": "china", "products": ["part"], "targets": ["japan"]}
    ban |= {"form": "ban", "start": START + timedelta(days=364)}
    groups = {"allies": ["japan", "united_states"]}
    given = {"strategies": STRATEGIES, "groups": groups, "disruptions": {"scheduled": [ban]}}
    return prepared(ALLIES, 1092.0, **(given | parts))


def test_rivals_share_the_market_that_one_of_them_could_reach() -> None:
    """Two offices reach a fifth of the trade of 200 t a year together, as one does: 40 t a year."""
    ready = both(overrides=CALM)
    two, joint = run(ready, "two"), run(ready, "joint")
    a_week = 0.2 * 200.0 * 7.0 / 365.25
    for result in (two, joint):
        assert result.bought_t[:20].sum(axis=1) == pytest.approx([a_week] * 20)
    assert two.bought_t[:20, 0] == pytest.approx(two.bought_t[:20, 1])


def test_a_joint_stock_goes_to_whoever_is_cut_off() -> None:
    """A ban on Japan alone: of two stocks of 10 t half lies idle, of 20 t together none does."""
    ready = both(overrides=CALM)
    short = {name: float(run(ready, name).shortfall_t.sum()) for name in STRATEGIES}
    assert short["none"] - short["two"] == pytest.approx(10.0)
    assert short["none"] - short["joint"] == pytest.approx(20.0)


def paid(result: Trajectories) -> float:
    """Return what a tonne of a strategy's purchases cost [USD/kg]; nothing is spent on holding."""
    return float(result.spent_usd.sum() / result.bought_t.sum() / 1000.0)


def test_who_takes_longer_pays_less() -> None:
    """Rivals and a joint buyer in a hurry pay the same; half the pace moves the price less."""
    ready = both(disruptions={})
    price = {name: paid(run(ready, name)) for name in ("two", "joint", "patient")}
    assert price["two"] == pytest.approx(price["joint"], rel=1e-6)
    assert 60.0 < price["patient"] < price["joint"]


def test_two_allied_stockpiles_against_one_joint_buyer(capsys: pytest.CaptureFixture[str]) -> None:
    """On the magnet chain, over a few worlds: printed, for the one claim that must hold."""
    ready = prepare(read_scenario(FILE))
    by = edges_by(ready, "quarter")
    worlds = [draw_world(ready, n) for n in range(WORLDS)]
    short: dict[str, list[float]] = {}
    for name in ready.strategies:
        runs = [simulate(world, name, by) for world in worlds]
        short[name] = [float(np.sum(result.shortfall_t)) for result in runs]
        bought = sum(float(result.bought_t.sum()) for result in runs) / WORLDS
        spent = sum(float(result.spent_usd.sum()) for result in runs) / WORLDS
        with capsys.disabled():
            print(f"\n{name}: bought {bought:,.0f} t, spent {spent / 1e6:,.0f} million USD")  # noqa: T201
    saved = {name: np.subtract(short["none"], tonnes) for name, tonnes in short.items()}
    with capsys.disabled():
        print({name: np.round(tonnes).tolist() for name, tonnes in saved.items()})  # noqa: T201
    assert saved["joint"].sum() >= 0.9 * saved["two"].sum()
