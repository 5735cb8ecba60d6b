"""How an entrant sells, and what buying and new capacity do to the price."""

from typing import Any

import numpy as np
import pytest

from entrants import plant, sure
from monazite.trajectories import Trajectories
from networks import CALM, Kind, Plant, Small, part_ban, prepared, run

WORLD = Small(
    products={"part": (60.0, 60.0)},
    processes={"magnet_making": ("part", {})},
    plants=[
        Plant("magnet_making", "china", 850, 0.8),
        Plant("magnet_making", "japan", 100, 0.9),
        Plant("magnet_making", "australia", 50, 0.9),
    ],
    sectors={"cars": Kind(elasticity=0.3)},
    use={"china": {"cars": 600}, "japan": {"cars": 250}, "united_states": {"cars": 150}},
    lead_d={("china", "japan"): 21.0, ("china", "united_states"): 45.0},
)
"""China makes 85 % of 1,000 t a year; the United States, which make none, use 150."""


def entrant(capacity: float, region: str, **more: Any) -> dict[str, Any]:
    own = {"name": f"plant-{region}", "region": region, "capacity": f"{capacity} t/yr"}
    terms = {"public_share": 0.0, "experienced": True, "opex": "20 USD/kg"}
    return {"project": plant(**own | terms | more)}


def made_by(result: Trajectories, region: str) -> np.ndarray:
    mine = [m for m, maker in enumerate(result.layout.makers) if maker[1] == region]
    return np.asarray(result.made_t[:, mine].sum(axis=1) / np.diff(result.edges_d) * 365.25)


def price_in(result: Trajectories, region: str) -> np.ndarray:
    return np.asarray(result.price[:, 0, result.layout.regions.index(region)])


def test_an_entrant_sells_in_a_quiet_world(capsys: pytest.CaptureFixture[str]) -> None:
    """A plant of 75 t a year in a region that uses 150 t and has made none so far."""
    strategies = {"built": {"instruments": [entrant(75.0, "united_states")]}}
    ready = prepared(WORLD, 3652.0, strategies=strategies, overrides=sure())
    result = run(ready, "built")
    used = made_by(result, "united_states") / 75.0
    by_year = [
        float(used[(result.edges_d[:-1] // 365.25).astype(int) == y].mean()) for y in range(10)
    ]
    with capsys.disabled():
        print("\nutilisation of an entrant by year:", np.round(by_year, 2).tolist())  # noqa: T201
    assert by_year[9] > 0.5
    assert (np.diff(by_year) > -0.02).all()
    assert used.max() <= 1.0 + 1e-9


def test_buying_raises_the_price_and_capacity_outside_lowers_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """5 % of the market bought for a year; 40 % more capacity outside China."""
    buying = {
        "name": "office",
        "product": "part",
        "place": "united_states",
        "owner": "united_states",
        "target": "1000 t",
        "pace": "50 t/yr",
        "accessible_share": 1.0,
        "buy_from": "anyone",
        "release": {"trigger": "never"},
    }
    outside = (100 / 0.9 + 50 / 0.9) * 0.4
    strategies = {
        "bought": {"instruments": [{"stockpile": buying}]},
        "built": {"instruments": [entrant(outside, "japan")]},
    }
    ready = prepared(WORLD, 1461.0, strategies=strategies, overrides=sure())
    bought, built = run(ready, "bought"), run(ready, "built")
    first, second = (
        price_in(bought, "united_states")[26:52].mean(),
        price_in(built, "japan")[-52:].mean(),
    )
    with capsys.disabled():
        print(f"\nprice while 5 % is bought: {first:.4f}; with 40 % more outside: {second:.4f}")  # noqa: T201
    assert bought.bought_t[:52].sum() == pytest.approx(50.0, rel=0.02)
    assert 1.0 < first < 1.5
    assert 0.5 < second < 1.0


def of_ore(*plants: Plant) -> Small:
    """Return a chain of ore and parts, made by these plants."""
    return Small(
        products={"ore": (45.0, 20.0), "part": (45.0, 60.0)},
        processes={"mining": ("ore", {}), "magnet_making": ("part", {"ore": 1.0})},
        plants=plants,
        sectors={"grid": Kind(tier=2), "cars": Kind()},
        use={
            "china": {"cars": 50},
            "japan": {"grid": 10, "cars": 20},
            "united_states": {"grid": 5, "cars": 15},
        },
    )


def unfed(**parts: Any) -> Any:
    """A chain of ore and parts; a ban on ore; a plant in a region that has no ore of its own."""
    small = of_ore(
        Plant("mining", "china", 80, 0.8),
        Plant("mining", "australia", 20, 0.95),
        Plant("magnet_making", "china", 70, 0.8),
        Plant("magnet_making", "japan", 30, 0.9),
    )
    ban = part_ban(products=["ore", "part"])
    return prepared(small, 1092.0, disruptions={"scheduled": [ban]}, **parts)


@pytest.mark.parametrize("capacity", [5.0, 50.0, 500.0])
def test_a_plant_without_feed_raises_nobodys_shortfall(capacity: float) -> None:
    """All ore outside is taken already: a plant more can share it, not swallow orders."""
    strategies = {"none": {}, "built": {"instruments": [entrant(capacity, "united_states")]}}
    ready = unfed(strategies=strategies, overrides=sure() | CALM)
    none, built = run(ready, "none"), run(ready, "built")
    assert built.shortfall_t.sum() <= none.shortfall_t.sum() * (1 + 1e-9) + 20.0 * 45 / 365.25
    assert made_by(built, "united_states")[-52:].mean() < 20.0


def stock_of(product: str, place: str = "united_states") -> dict[str, Any]:
    own = {
        "name": f"stock-{product}",
        "product": product,
        "place": place,
        "owner": place,
        "target": "20 t",
        "accessible_share": 1.0,
        "buy_from": "anyone",
        "refill": False,
        "release": {"trigger": "shortfall", "tiers": [2, 3]},
    }
    return {"stockpile": own}


def test_an_oxide_stock_helps_only_who_can_work_it() -> None:
    """The same tonnes: ore saves nothing in the United States, parts save their weight there.

    Ore saves its weight in Japan, which has plants, once its own ore is gone.
    """
    small = of_ore(
        Plant("mining", "china", 100, 0.6),
        Plant("magnet_making", "china", 70, 0.6),
        Plant("magnet_making", "japan", 30, 0.6),
    )
    ban = part_ban(365.0, products=["ore", "part"])
    strategies = {
        "none": {},
        "ore": {"instruments": [stock_of("ore")]},
        "part": {"instruments": [stock_of("part")]},
        "ore_japan": {"instruments": [stock_of("ore", "japan")]},
    }
    ready = prepared(
        small, 1092.0, disruptions={"scheduled": [ban]}, strategies=strategies, overrides=CALM
    )
    short = {}
    for name in strategies:
        result = run(ready, name)
        for region in ("united_states", "japan"):
            mine = [u for u, use in enumerate(result.layout.uses) if use[1] == region]
            short[name, region] = float(result.shortfall_t[:, mine].sum())
    saved = {key: short["none", key[1]] - tonnes for key, tonnes in short.items()}
    assert saved["ore", "united_states"] == pytest.approx(0.0, abs=1e-9)
    # Buying it has drawn a little more ore to Japan before the cut; hence not to rounding.
    assert saved["part", "united_states"] == pytest.approx(20.0, rel=2e-3)
    assert saved["ore_japan", "japan"] == pytest.approx(20.0, rel=2e-3)
