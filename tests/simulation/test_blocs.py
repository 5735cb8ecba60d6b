"""What a bloc does to tariffs, to short supply, to shared stock, and on which days."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from monazite.errors import ScenarioError
from monazite.trajectories import Trajectories
from networks import CALM, START, Kind, Plant, Small, prepared, run
from reference.compare import watched

TRADE = Small(
    products={"part": (45.0, 60.0)},
    processes={"magnet_making": ("part", {})},
    plants=[
        Plant("magnet_making", "china", 120.0, 0.4),
        Plant("magnet_making", "australia", 80.0, 0.4),
    ],
    sectors={"cars": Kind()},
    use={"japan": {"cars": 100.0}, "india": {"cars": 100.0}},
    shares={
        ("part", "china", "japan"): 0.6,
        ("part", "australia", "japan"): 0.4,
        ("part", "china", "india"): 0.6,
        ("part", "australia", "india"): 0.4,
    },
)
"""Japan and India each use 100 t of parts a year, 60 from China and 40 from Australia."""

NEED = Small(
    products={"ore": (30.0, 20.0), "part": (45.0, 60.0)},
    processes={"light_mining": ("ore", {}), "magnet_making": ("part", {"ore": 1.0})},
    plants=[
        Plant("light_mining", "china", 100.0, 0.98),
        Plant("light_mining", "australia", 100.0, 0.98),
        Plant("magnet_making", "australia", 200.0, 0.98),
    ],
    sectors={"cars": Kind()},
    use={"japan": {"cars": 100.0}, "india": {"cars": 100.0}},
)
"""Australia makes all parts, of ore that comes half from China; a ban on ore makes it short."""

THETA = {"behaviour.supplier_price_elasticity": 2, "behaviour.share_time": "1 years"}
FAIR = {"behaviour.home_first": 0}
YEARS = 20
BAN = {
    "name": "ban",
    "controller": "china",
    "products": ["ore"],
    "targets": ["all"],
    "form": "ban",
    "start": START + timedelta(days=100),
}


def days(number: int) -> Any:
    return START + timedelta(days=number)


def bloc(*members: Any, **more: Any) -> dict[str, Any]:
    """Return a bloc of regions, or of regions with the days of their membership."""
    whole = [{"region": member} if isinstance(member, str) else member for member in members]
    return {"name": "club", "members": whole} | more


def duty(**more: Any) -> dict[str, Any]:
    own = {"name": "duty", "from": ["all"], "to": ["japan"], "products": ["part"], "rate": 0.25}
    return own | more


def traded(*blocs: dict[str, Any], length_d: float = YEARS * 365.25, **more: Any) -> Any:
    trade = {"tariffs": [more.pop("duty", duty())], "blocs": list(blocs)}
    return prepared(TRADE, length_d, trade=trade, **more, overrides=CALM | THETA)


def from_china(result: Trajectories, buyer: str = "japan", now: int = -1) -> float:
    routes = result.layout.routes
    mine = [x for x, r in enumerate(routes) if r[3] == buyer]
    china = [x for x in mine if routes[x][0] == "china"]
    return float(result.shipped_t[now, china].sum() / result.shipped_t[now, mine].sum())


@pytest.mark.parametrize("preference", [1.0, 0.5])
def test_members_pay_a_part_of_each_others_tariffs(preference: float) -> None:
    """Everybody pays 25 %, so nobody switches; at half of it Australia pays 12.5 %."""
    assert from_china(run(traded())) == pytest.approx(0.6, rel=1e-9)
    result = run(traded(bloc("japan", "australia", preference=preference)))
    china, australia = 0.6 * 1.25**-2, 0.4 * (1.25 - 0.25 * preference) ** -2
    assert from_china(result) == pytest.approx(china / (china + australia), rel=1e-6)
    assert from_china(result, "india") == pytest.approx(0.6, rel=1e-9)


def test_a_member_that_comes_or_goes_changes_it_from_that_day() -> None:
    joins = bloc("japan", {"region": "australia", "from": days(728)}, preference=1)
    result = run(traded(joins))
    assert from_china(result, now=103) == pytest.approx(0.6, rel=1e-9)
    assert from_china(result) == pytest.approx(0.384 / 0.784, rel=1e-6)
    leaves = bloc("japan", {"region": "australia", "until": days(728)}, preference=1)
    result = run(traded(leaves))
    assert from_china(result, now=103) < 0.52
    assert from_china(result) == pytest.approx(0.6, rel=1e-6)


def test_a_tariff_of_a_bloc_is_levied_by_who_belongs_to_it() -> None:
    """India joins after two years: until then only the price in Japan bears the 25 %."""
    joins = bloc("japan", {"region": "india", "from": days(728)})
    result = run(traded(joins, duty=duty(to=["club"])))
    regions = result.layout.regions
    price = result.price[:, 0]
    assert price[-1, regions.index("japan")] == pytest.approx(1.25, rel=1e-6)
    assert np.all(price[:104, regions.index("india")] == 1.0)
    assert price[-1, regions.index("india")] == pytest.approx(1.25, rel=1e-6)


@pytest.mark.parametrize("priority", [0.0, 0.5, 1.0])
def test_a_short_member_serves_members_first(priority: float) -> None:
    """Two buyers want the same: of output M each gets M/2, or the member all up to its want."""
    trade = {"blocs": [bloc("japan", "australia", supply_priority=priority)] if priority else []}
    over = CALM | FAIR | {"behaviour.adjustment_time": "1 days"}
    world = prepared(NEED, 1092.0, trade=trade, overrides=over, disruptions={"scheduled": [BAN]})
    result = run(world)
    routes = result.layout.routes
    parts = {r[3]: x for x, r in enumerate(routes) if r[2] == "part"}
    week = slice(100, 150)
    sent = result.shipped_t[week]
    output, want = sent[:, list(parts.values())].sum(axis=1), 100.0 * 7.0 / 365.25
    assert output.max() < 1.1 * want
    even = output / 2.0
    first = even + priority * (np.minimum(want, output) - even)
    assert sent[:, parts["japan"]] == pytest.approx(first, rel=0.02)


def test_who_belongs_to_the_bloc_on_the_day_draws_on_its_stock() -> None:
    for until, draws in ((None, True), (days(700), False)):
        ban = BAN | {"products": ["part"], "controller": "australia", "start": days(800)}
        pile = {
            "name": "pile",
            "product": "part",
            "place": "japan",
            "owner": "club",
            "target": "40 t",
            "buy_from": "anyone",
            "release": {"trigger": "shortfall", "tiers": [3]},
        }
        club = bloc("japan", {"region": "india", "until": until})
        strategies = {"held": {"instruments": [{"stockpile": pile}]}}
        world = prepared(
            NEED, 1092.0, trade={"blocs": [club]}, strategies=strategies,
            overrides=CALM, disruptions={"scheduled": [ban]},
        )  # fmt: skip
        result = run(world, "held")
        drawn = {use[1]: result.released_t[:, u].sum() for u, use in enumerate(result.layout.uses)}
        assert drawn["japan"] > 0.0
        assert (drawn["india"] > 0.0) == draws


def test_a_bloc_as_an_instrument_costs_and_comes_only_with_the_money() -> None:
    costs = {"cost": "100 million USD", "preference": 1}
    for budget, comes in (("150 million USD", True), ("50 million USD", False)):
        part = {"bloc": bloc("japan", "australia", **costs)}
        strategies = {"none": {}, "allies": {"instruments": [part]}}
        world = traded(
            strategies=strategies, budget=budget, discount_rate="0 per year", length_d=1092.0
        )
        result = run(world, "allies")
        assert result.spent_usd.sum() == pytest.approx(1e8 * comes, rel=1e-9)
        assert ("bloc-not-funded" in [event.kind for event in result.events]) != comes
        assert np.array_equal(result.shipped_t, run(world, "none").shipped_t) != comes


def test_a_bloc_equals_the_plain_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    club = bloc(
        "japan", {"region": "australia", "from": days(50)}, preference=0.7, supply_priority=0.6
    )
    trade = {"blocs": [club], "tariffs": [duty(products=["part"])]}
    world = prepared(NEED, 500.0, trade=trade, disruptions={"scheduled": [BAN]})
    watch = watched(monkeypatch)
    run(world)
    assert watch.reviews == 72


def test_a_bloc_of_unknown_regions_is_refused() -> None:
    with pytest.raises(ScenarioError, match="unknown region 'jpan'; did you mean 'japan'"):
        traded(bloc("jpan", "australia", preference=1))
