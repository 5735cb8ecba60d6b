"""Paper arithmetic of a shared stockpile that its host keeps for itself when short."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from monazite.simulation.run import draw_world, edges_by, simulate
from monazite.trajectories import Trajectories
from networks import ALLIES, CALM, START, YEAR_D, prepared, run

CALM_D = 28.0
"""Time in which a gap in stock is closed, and that ends an episode."""


def ban(target: str, first_d: float, until_d: float) -> dict[str, Any]:
    return {
        "name": f"{target}-{first_d:.0f}".replace("_", "-"),
        "controller": "china",
        "products": ["part"],
        "targets": [target],
        "form": "ban",
        "start": START + timedelta(days=first_d),
        "duration": f"{until_d - first_d} days",
    }


JAPAN_FIRST = [
    ban("japan", 364.0, 546.0),
    ban("united_states", 392.0, 546.0),
    ban("united_states", 1092.0, 1274.0),
]
"""Japan is hit four weeks before the United States, which are hit again after two years."""


def pile(**more: Any) -> dict[str, Any]:
    own = {
        "name": "shared",
        "product": "part",
        "place": "japan",
        "owner": "allies",
        "target": "150 t",
        "buy_from": "anyone",
        "accessible_share": 1.0,
        "until": START + timedelta(days=364),
        "release": {"trigger": "shortfall", "tiers": [1, 2, 3]},
    }
    return {"stockpile": own | more}


def shared(*bans: dict[str, Any], days: float = 1456.0, **piles: dict[str, Any]) -> Any:
    """Return a world with a strategy for each stockpile, by its name."""
    held = {name: {"instruments": [stockpile]} for name, stockpile in piles.items()}
    return prepared(
        ALLIES,
        days,
        strategies={"none": {}, **held},
        groups={"allies": ["japan", "united_states"]},
        overrides=CALM | {"behaviour.adjustment_time": f"{CALM_D} days"},
        disruptions={"scheduled": list(bans)},
    )


def of(result: Trajectories, table: str, region: str) -> np.ndarray:
    mine = [u for u, use in enumerate(result.layout.uses) if use[1] == region]
    return np.asarray(getattr(result, table)[:, mine].sum(axis=1))


def test_a_host_that_always_keeps_it_leaves_nothing_to_others_while_it_is_short() -> None:
    """Who shares serves both; who keeps serves itself, and the others once it lacks no more.

    Each lacks the days of the ban beyond its stock of 45 days: 137 days for Japan and 109 for the
    United States in the first year, 137 in the fourth, at 100 t a year.
    """
    ready = shared(*JAPAN_FIRST, shares=pile(), keeps=pile(defection="100 %"))
    none, shares, keeps = (run(ready, name) for name in ("none", "shares", "keeps"))
    first, later = slice(0, 130), slice(130, None)
    lacks = {region: of(none, "shortfall_t", region) for region in ("japan", "united_states")}
    per_d = 100.0 / YEAR_D
    assert lacks["japan"].sum() == pytest.approx(137.0 * per_d, rel=1e-6)
    assert lacks["united_states"][first].sum() == pytest.approx(109.0 * per_d, rel=1e-6)
    assert lacks["united_states"][later].sum() == pytest.approx(137.0 * per_d, rel=1e-6)
    for region, lack in lacks.items():
        assert_allclose(of(shares, "released_t", region), lack, atol=1e-9)
    assert_allclose(of(keeps, "released_t", "japan"), lacks["japan"], atol=1e-9)
    theirs = of(keeps, "released_t", "united_states")
    assert theirs[first].sum() == 0.0
    assert_allclose(theirs[later], lacks["united_states"][later], atol=1e-9)


def test_an_episode_is_told_and_ends_when_the_host_has_lacked_nothing_for_a_while() -> None:
    """Japan first lacks in the review that day 409 falls in, and last in that of day 546 + 14."""
    result = run(shared(*JAPAN_FIRST, keeps=pile(defection="100 %")), "keeps")
    lack = np.flatnonzero(of(result, "released_t", "japan"))
    told = [(e.day, e.kind, e.detail) for e in result.events if e.name == "shared"]
    assert told == [
        (7.0 * (lack[0] + 1), "stockpile-kept", "japan"),
        (7.0 * (lack[-1] + 1) + CALM_D, "stockpile-shared", "japan"),
    ]


def test_a_host_that_never_keeps_it_is_one_without_the_key() -> None:
    ready = shared(*JAPAN_FIRST, plain=pile(), never=pile(defection=0.0))
    plain, never = run(ready, "plain"), run(ready, "never")
    for name in ("delivered_t", "released_t", "strategic_t", "price", "spent_usd"):
        mask = [s for s, one in enumerate(plain.layout.stockpiles) if one[0] == "plain"]
        other = [s for s, one in enumerate(plain.layout.stockpiles) if one[0] == "never"]
        one, two = getattr(plain, name), getattr(never, name)
        if name in ("strategic_t", "spent_usd"):
            one, two = one[:, mask], two[:, other]
        assert one.tobytes() == two.tobytes(), name


def test_what_others_lack_makes_no_host_keep_it() -> None:
    """Only the United States are hit: they draw all they lack, whatever Japan would do if short."""
    ready = shared(ban("united_states", 364.0, 546.0), days=728.0, keeps=pile(defection="100 %"))
    none, keeps = run(ready), run(ready, "keeps")
    lack = of(none, "shortfall_t", "united_states")
    assert_allclose(of(keeps, "released_t", "united_states"), lack, atol=1e-9)
    assert not [e for e in keeps.events if e.name == "shared"]


def kept(ready: Any, replication: int, strategy: str) -> list[bool]:
    """Return for each of the two shortages of a world whether the host keeps its stock."""
    result = simulate(draw_world(ready, replication), strategy, edges_by(ready, "review"))
    days = [e.day for e in result.events if e.kind == "stockpile-kept"]
    return [any(lo <= day < lo + 364.0 for day in days) for lo in (364.0, 1092.0)]


def test_each_shortage_has_a_chance_of_its_own_and_all_strategies_meet_the_same() -> None:
    """A chance of 40 % in two shortages of 40 worlds: 32 of 80, give or take two deviations."""
    bans = [ban("japan", 364.0, 546.0), ban("japan", 1092.0, 1274.0)]
    piles = {"small": pile(target="5 t", defection=0.4), "large": pile(defection=0.4)}
    ready = shared(*bans, **piles)
    found = [kept(ready, replication, "large") for replication in range(40)]
    assert abs(int(np.sum(found)) - 32) <= 2 * (80 * 0.4 * 0.6) ** 0.5
    assert {tuple(one) for one in found} == {(a, b) for a in (False, True) for b in (False, True)}
    assert found[:12] == [kept(ready, replication, "small") for replication in range(12)]
    sure = shared(*bans, large=pile(defection=0.7))
    likelier = np.array([kept(sure, replication, "large") for replication in range(12)])
    assert (likelier >= np.array(found[:12])).all()
