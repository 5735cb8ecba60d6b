"""Paper arithmetic: a stock that is open sells what the price keeps its owners from using."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from monazite.trajectories import Trajectories
from networks import START, YEAR_D, Kind, Plant, Small, prepared, run

OPENS, CLOSES = START + timedelta(days=364), START + timedelta(days=728)
LONG = [{"from": OPENS, "until": CLOSES}]

PARTS = Small(
    products={"part": (45.0, 60.0)},
    processes={"making": ("part", {})},
    plants=[Plant("making", "china", 130.0, 0.8), Plant("making", "japan", 30.0, 0.8)],
    sectors={"grid": Kind(tier=2, elasticity=0.2), "cars": Kind(elasticity=0.4)},
    use={"china": {"grid": 10.0, "cars": 50.0}, "japan": {"grid": 40.0, "cars": 60.0}},
    lead_d=14.0,
)
"""Japan uses 100 t a year and makes 30; both users give up some at a high price."""


def quota(*products: str, allowed: float = 0.8) -> dict[str, Any]:
    own = {"name": "quota", "controller": "china", "products": list(products), "targets": ["all"]}
    return {"scheduled": [own | {"form": "quota", "allowed": allowed, "start": OPENS}]}


def stock(product: str = "part", place: str = "japan", **release: Any) -> dict[str, Any]:
    own = {
        "name": "reserve",
        "product": product,
        "place": place,
        "owner": place,
        "target": "40 t",
        "buy_from": "anyone",
        "accessible_share": 1.0,
        "refill": False,
        "until": OPENS,
        "release": {"trigger": "declared", "declared": LONG, "tiers": [1, 2, 3]} | release,
    }
    return {"stockpile": own}


def held(*stocks: dict[str, Any], small: Small = PARTS, **parts: Any) -> Any:
    strategies = {"none": {}} | {f"held{i}": {"instruments": [s]} for i, s in enumerate(stocks)}
    disruptions = parts.pop("disruptions", quota(*small.products))
    return prepared(small, 1092.0, strategies=strategies, disruptions=disruptions, **parts)


def of(result: Trajectories, table: str, region: str = "japan", *tiers: int) -> np.ndarray:
    uses = enumerate(result.layout.uses)
    mine = [u for u, use in uses if use[1] == region and (not tiers or use[3] in tiers)]
    return np.asarray(getattr(result, table)[:, mine].sum(axis=1))


def test_what_is_sold_is_what_the_price_curtails_and_the_price_falls() -> None:
    """Nobody is short: 8 t a year less come in, prices rise, and users give up some use."""
    ready = held(stock())
    without, sold = run(ready), run(ready, "held0")
    assert of(sold, "shortfall_t").sum() == pytest.approx(0.0, abs=1e-9)
    given = np.asarray(sold.drawn_t[:, 0])
    open_ = slice(52, 104)
    assert_allclose(given[open_], of(sold, "curtailed_t")[open_], rtol=1e-9)
    assert given[open_].sum() > 1.0
    assert given.sum() == pytest.approx(given[open_].sum(), rel=1e-12)
    assert of(sold, "curtailed_t")[open_].sum() < of(without, "curtailed_t")[open_].sum()
    japan = sold.layout.regions.index("japan")
    assert sold.price[80, 0, japan] < without.price[80, 0, japan]
    receipts = sold.recovered_usd[open_, 0] / given[open_]
    before = np.asarray(sold.price[open_, 0, japan]) * 60_000.0
    assert_allclose(receipts, before, rtol=0.05)


def test_only_entitled_tiers_count_and_no_more_leaves_than_the_rate() -> None:
    ready = held(stock(tiers=[2]), stock(rate="2 t/yr"), stock(trigger="shortfall", declared=[]))
    first, slow, waits = run(ready, "held0"), run(ready, "held1"), run(ready, "held2")
    assert_allclose(first.drawn_t[52:104, 0], of(first, "curtailed_t", "japan", 2)[52:104])
    assert_allclose(slow.drawn_t[60:104, 1], 2.0 * 7.0 / YEAR_D, rtol=1e-9)
    assert waits.drawn_t.sum() == 0.0  # nobody lacks at any price


def test_an_input_is_sold_only_where_makers_can_work_it() -> None:
    """Ore in Japan eases what its makers ask; the United States have none, and sell nothing."""
    small = Small(
        products={"ore": (45.0, 40.0), "part": (45.0, 60.0)},
        processes={"mining": ("ore", {}), "making": ("part", {"ore": 1.5})},
        plants=[
            Plant("mining", "china", 120.0, 0.7),
            Plant("mining", "australia", 60.0, 0.7),
            Plant("making", "china", 70.0, 0.7),
            Plant("making", "japan", 50.0, 0.7),
        ],
        sectors={"cars": Kind(elasticity=0.5)},
        use={"china": {"cars": 50.0}, "japan": {"cars": 30.0}, "united_states": {"cars": 40.0}},
    )
    ready = held(
        stock("ore"), stock("ore", "united_states"), small=small, disruptions=quota("ore", "part")
    )
    japan, america = run(ready, "held0"), run(ready, "held1")
    assert america.strategic_t[-1, 1] == pytest.approx(40.0)
    assert america.drawn_t.sum() == 0.0
    given, curtailed = np.asarray(japan.drawn_t[52:60, 0]), of(japan, "curtailed_t")[52:60]
    assert curtailed.min() > 0.0
    assert_allclose(given, 1.5 * curtailed, rtol=1e-9)  # 1.5 t of ore in a tonne of parts
