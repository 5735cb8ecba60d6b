"""End-use bans: goods of an origin may go, but not to users of tier 1."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from monazite.errors import ScenarioError
from monazite.simulation.run import draw_world, world_events
from monazite.trajectories import Trajectories
from monazite.world.prepare import Prepared
from networks import CALM, START, YEAR_D, Kind, Plant, Small, bar, prepared, run

ONE_STEP = Small(
    products={"part": (45.0, 60.0)},
    processes={"making": ("part", {})},
    plants=[Plant("making", "china", 250.0, 0.5)],
    sectors={"cars": Kind(), "defence": Kind(tier=1, cover_d=60.0)},
    use={
        "china": {"cars": 50.0},
        "japan": {"defence": 100.0},
        "eu": {"cars": 80.0, "defence": 20.0},
    },
    lead_d={("china", "japan"): 21.0},
)
"""China alone makes the part; Japan, 21 days away, uses it for defence only, 60 days in stock."""

TWO_STEPS = Small(
    products={"ore": (30.0, 20.0), "part": (45.0, 100.0)},
    processes={"mining": ("ore", {}), "making": ("part", {"ore": 1.0})},
    plants=[
        Plant("mining", "china", 90.0, 0.5),
        Plant("mining", "australia", 30.0, 0.5),
        Plant("making", "japan", 120.0, 0.5),
    ],
    sectors={"cars": Kind(), "defence": Kind(tier=1, cover_d=60.0)},
    use={"japan": {"cars": 100.0, "defence": 20.0}},
)
"""Japan makes parts of ore, three quarters of it from China."""


def ban(**more: Any) -> dict[str, Any]:
    own = {
        "name": "military",
        "controller": "china",
        "products": ["part"],
        "targets": ["japan"],
        "form": "ban",
        "tiers": [1],
        "start": START + timedelta(days=70),
    }
    return own | more


def ready(*parts: dict[str, Any], small: Small = ONE_STEP, days: float = 420.0) -> Prepared:
    return prepared(small, days, disruptions={"scheduled": parts}, overrides=CALM)


def short_t(result: Trajectories, regions: Iterable[str], tiers: Iterable[int]) -> np.ndarray:
    mine = [u for u, use in enumerate(result.layout.uses) if use[1] in regions and use[3] in tiers]
    return np.asarray(result.shortfall_t[:, mine].sum(axis=1))


def test_tier_1_lives_on_its_stock_and_what_is_under_way_and_then_has_nothing() -> None:
    """From day 70 it has 60 days in hand and 21 at sea: nothing is left from day 151 on."""
    result = run(ready(ban()))
    short = short_t(result, ["japan"], [1])
    days = np.arange(short.size) * 7.0
    assert_allclose(short[days + 7 <= 151], 0.0, atol=1e-9)
    assert_allclose(short[days >= 154], 7.0 * 100.0 / YEAR_D, rtol=1e-9)
    assert short.sum() == pytest.approx((420.0 - 151.0) * 100.0 / YEAR_D, rel=1e-9)


def test_nobody_else_is_touched() -> None:
    result = run(ready(ban()))
    assert short_t(result, ["japan", "china", "eu"], [2, 3]).sum() == 0.0
    assert short_t(result, ["eu"], [1]).sum() == 0.0
    routes = [x for x, r in enumerate(result.layout.routes) if r[3] in ("eu", "china")]
    flow = result.shipped_t[:, routes].sum(axis=1)
    assert_allclose(flow, flow[0], rtol=1e-9)
    assert_allclose(result.price, 1.0, rtol=1e-9)


def test_a_ban_on_tier_1_alone_hits_it_no_harder_than_a_ban_on_all_hits_everyone() -> None:
    """In the EU tier 1 shares a region with others: an end-use ban leaves them alone."""
    only = run(ready(ban(targets=["eu"])))
    everyone = run(ready({k: v for k, v in ban(targets=["eu"]).items() if k != "tiers"}))
    assert short_t(only, ["eu"], [1]).sum() > 0.0
    assert short_t(only, ["eu"], [3]).sum() == 0.0
    assert short_t(everyone, ["eu"], [3]).sum() > 0.0


def test_it_reaches_through_the_chain_where_it_names_what_goes_in() -> None:
    """Tier 1 asks for 20 t a year of clean ore: of 30 t from Australia it gets all it needs.

    Where Australia mines 3 t, it gets no more than 3 t a year once clean stocks are used up.
    """
    part = ban(products=["ore"])
    enough = run(ready(part, small=TWO_STEPS, days=1400.0))
    assert short_t(enough, ["japan"], [1, 3]).sum() == 0.0
    mines = [Plant("mining", "china", 117.0, 0.5), Plant("mining", "australia", 3.0, 0.98)]
    little = replace(TWO_STEPS, plants=[*mines, TWO_STEPS.plants[2]])
    result = run(ready(part, small=little, days=1400.0))
    short = short_t(result, ["japan"], [1])[-52:].sum() / (52 * 7.0) * YEAR_D
    assert short == pytest.approx(17.0, rel=0.03)
    assert short_t(result, ["japan"], [3]).sum() == 0.0


def test_it_ends_with_its_suspension_and_comes_back() -> None:
    days = [START + timedelta(days=number) for number in (105, 280)]
    ready_ = ready(ban(suspended=[{"from": days[0], "until": days[1]}]))
    result = run(ready_)
    mine = [x for x, r in enumerate(result.layout.routes) if r[3:] == ("japan", "tier1")]
    first = np.arange(result.edges_d.size - 1) * 7.0
    banned = ((first >= 70) & (first < 105)) | (first >= 280)
    assert_array_equal(result.shipped_t[:, mine].sum(axis=1) == 0.0, banned)
    told = [(e.day, e.kind, e.detail) for e in world_events(draw_world(ready_, 0))]
    assert told[0] == (70.0, "control-in-force", "ban on part for tier 1")
    assert [kind for _, kind, _ in told[1:]] == ["control-suspended", "control-reimposed"]


def test_announced_only_tier_1_stocks_up() -> None:
    overrides = CALM | {"behaviour.rush_factor": 2.0}
    part = {"scheduled": [ban(announced="60 days", targets=["eu"])]}
    result = run(prepared(ONE_STEP, 420.0, disruptions=part, overrides=overrides))
    kinds = {kind: [x for x, r in enumerate(result.layout.routes) if r[3:] == ("eu", kind)]
             for kind in ("open", "tier1")}  # fmt: skip
    assert_allclose(result.shipped_t[:10, kinds["open"]].sum(axis=1), 7 * 80 / YEAR_D, rtol=1e-9)
    assert result.shipped_t[5, kinds["tier1"]].sum() > 7 * 20 / YEAR_D * 1.05


def test_with_a_procurement_rule_the_stricter_counts_and_the_rule_is_left_when_it_ends() -> None:
    rules = (bar("japan", "china", "product"),)
    makers = [Plant("making", region, 60.0, 0.5) for region in ("china", "japan")]
    small = replace(TWO_STEPS, plants=[*TWO_STEPS.plants[:2], *makers])
    parts = {"scheduled": [ban(products=["ore"], duration="280 days")]}
    both = run(prepared(small, 1400.0, rules, disruptions=parts, overrides=CALM))
    rule = run(prepared(small, 1400.0, rules, overrides=CALM))
    mine = [x for x, r in enumerate(both.layout.routes) if r[0] == "china" and r[4] == "tier1"]
    assert both.shipped_t[:, mine].sum() == rule.shipped_t[:, mine].sum() == 0.0
    assert_allclose(both.delivered_t[-1], rule.delivered_t[-1], rtol=1e-6)


def test_a_control_by_chance_may_be_an_end_use_ban() -> None:
    random = {
        "name": "packages", "controller": "china", "calm_rate": "2 per year",
        "tense_rate": "2 per year", "hits": 1.0, "form": "ban", "duration": "200 days",
        "tiers": [1], "scopes": [{"products": ["part"], "targets": ["japan"]}],
    }  # fmt: skip
    result = run(prepared(ONE_STEP, 1400.0, disruptions={"random": [random]}, overrides=CALM))
    assert short_t(result, ["japan"], [1]).sum() > 0.0
    assert short_t(result, ["japan", "china", "eu"], [3]).sum() == 0.0


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"targets": ["china2"]}, "unknown region or group 'china2'"),
        ({"controller": "eu", "targets": ["japan"]}, "touches no flow of part: eu makes none"),
    ],
)
def test_what_it_has_no_hold_on_is_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        ready(ban(**more))


def test_tier_1_without_a_stock_of_its_own_cannot_be_told_apart() -> None:
    small = replace(ONE_STEP, sectors={"cars": Kind(), "defence": Kind(tier=1)})
    with pytest.raises(ScenarioError, match="no target has a stock of its own for tier 1"):
        ready(ban(), small=small)
