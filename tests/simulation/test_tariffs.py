"""What a tariff makes of shares and prices, what it brings in, and what it leaves alone."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from entrants import LIVELY
from monazite.errors import ScenarioError
from monazite.trajectories import Trajectories
from networks import CALM, START, Kind, Plant, Small, part_ban, prepared, run
from reference.compare import watched

WORLD = Small(
    products={"part": (45.0, 60.0), "wire": (30.0, 10.0)},
    processes={"magnet_making": ("part", {}), "drawing": ("wire", {})},
    plants=[
        Plant("magnet_making", "china", 120.0, 0.4),
        Plant("magnet_making", "australia", 80.0, 0.4),
        Plant("drawing", "china", 100.0, 0.4),
    ],
    sectors={"cars": Kind(), "grid": Kind(product="wire")},
    use={
        "japan": {"cars": 100.0},
        "india": {"cars": 100.0},
        "malaysia": {"grid": 100.0},
    },
    shares={
        ("part", "china", "japan"): 0.6,
        ("part", "australia", "japan"): 0.4,
        ("part", "china", "india"): 0.6,
        ("part", "australia", "india"): 0.4,
    },
)
"""Japan and India each use 100 t of parts a year, 60 from China and 40 from Australia."""

THETA = {"behaviour.supplier_price_elasticity": 2, "behaviour.share_time": "1 years"}
YEARS = 20
DAYS = YEARS * 365.25


def duty(**more: Any) -> dict[str, Any]:
    own = {"name": "duty", "from": ["china"], "to": ["japan"], "products": ["part"], "rate": 0.25}
    return own | more


def ready(*levied: dict[str, Any], days: float = DAYS, **more: Any) -> Any:
    strategies = {"none": {}, "levies": {"instruments": [{"tariff": part} for part in levied]}}
    over = CALM | THETA | more.pop("over", {})
    asked = {"strategies": strategies, "discount_rate": "0 per year"} | more
    return prepared(WORLD, days, **asked, overrides=over)


def of(result: Trajectories, buyer: str, seller: str) -> float:
    """Return the part of a buyer's parts that a seller ships at the end."""
    routes = result.layout.routes
    mine = [x for x, r in enumerate(routes) if r[2] == "part" and r[3] == buyer]
    from_seller = [x for x in mine if routes[x][0] == seller]
    return float(result.shipped_t[-1, from_seller].sum() / result.shipped_t[-1, mine].sum())


def price_in(result: Trajectories, region: str) -> np.ndarray:
    product = result.layout.products.index("part")
    return np.asarray(result.price[:, product, result.layout.regions.index(region)])


@pytest.mark.parametrize(("rate", "theta"), [(0.25, 2.0), (1.0, 1.0), (0.5, 4.0)])
def test_suppliers_switch_by_the_stated_power_of_the_landed_price(
    rate: float, theta: float
) -> None:
    """At 25 % and a power of 2: 0.6 / 1.25 ** 2 = 0.384 against 0.4, so 0.384 / 0.784 = 49.0 %."""
    over = {"behaviour.supplier_price_elasticity": theta}
    result = run(ready(duty(rate=rate), over=over), "levies")
    left = 0.6 * (1.0 + rate) ** -theta
    assert of(result, "japan", "china") == pytest.approx(left / (left + 0.4), rel=1e-6)
    if rate == 0.25:
        assert of(result, "japan", "china") == pytest.approx(0.384 / 0.784, rel=1e-6)


def test_the_switch_takes_the_time_that_habits_take() -> None:
    """Halfway in ln 2 years: the gap closes by the exponential of time over share_time."""
    result = run(ready(duty()), "levies")
    routes = result.layout.routes
    china = next(x for x, r in enumerate(routes) if r[0] == "china" and r[3] == "japan")
    week = int(np.log(2.0) * 365.25 / 7.0)
    share = result.shipped_t[week, china] * 365.25 / 7.0 / 100.0
    assert share == pytest.approx((0.6 + 0.384 / 0.784) / 2.0, rel=5e-3)


def test_the_price_rises_by_the_mean_duty_on_what_is_bought() -> None:
    """Japan ends with 49.0 % from China at 25 %: 12.2 % on its price; nothing elsewhere."""
    result = run(ready(duty()), "levies")
    assert price_in(result, "japan")[-1] == pytest.approx(1.0 + 0.25 * 0.384 / 0.784, rel=1e-6)
    for region in ("china", "australia", "india"):
        assert np.all(price_in(result, region) == 1.0)


def test_a_duty_on_everybody_switches_nobody_and_is_paid_in_full() -> None:
    """100 t a year at 60 USD/kg and 25 %: 1.5 million USD a year, on the price before duty."""
    result = run(ready(duty(**{"from": ["all"]})), "levies")
    assert of(result, "japan", "china") == pytest.approx(0.6, rel=1e-9)
    assert price_in(result, "japan")[-1] == pytest.approx(1.25, rel=1e-9)
    assert result.recovered_usd.sum() == pytest.approx(1.5e6 * YEARS, rel=1e-9)
    assert result.spent_usd.sum() == 0.0


def test_duties_add_up_and_end_on_their_day() -> None:
    """10 and 15 % are 25 %; a lifted duty leaves the trade of the start after some years."""
    parts = [duty(rate=0.1), duty(name="more", rate=0.15)]
    one, two = run(ready(duty()), "levies"), run(ready(*parts), "levies")
    assert two.shipped_t == pytest.approx(one.shipped_t, rel=1e-12)
    brief = duty(until=START + timedelta(days=728))
    result = run(ready(brief), "levies")
    money = result.recovered_usd[:, 0]
    assert np.all(money[:104] > 0.0)
    assert np.all(money[104:] == 0.0)
    assert of(result, "japan", "china") == pytest.approx(0.6, rel=1e-6)
    kinds = [(event.kind, event.day) for event in result.events]
    assert kinds == [("tariff-in-force", 0.0), ("tariff-ends", 728.0)]


def test_what_all_meet_moves_what_an_instrument_moves_and_pays_no_strategy() -> None:
    whole = run(ready(trade={"tariffs": [duty()]}), "none")
    one = run(ready(duty()), "levies")
    assert np.array_equal(whole.shipped_t, one.shipped_t)
    assert np.array_equal(whole.price, one.price)
    assert whole.recovered_usd.sum() == 0.0


def test_what_a_tariff_does_not_touch_does_not_move() -> None:
    """India, wire, and a strategy without the tariff stay as they were, to the last bit."""
    with_duty, without = ready(duty(), days=1461.0), ready(days=1461.0)
    one, other = run(with_duty, "levies"), run(without, "levies")
    routes = one.layout.routes
    apart = [x for x, r in enumerate(routes) if r[3] != "japan"]
    assert np.array_equal(one.shipped_t[:, apart], other.shipped_t[:, apart])
    idle, still = run(with_duty, "none"), run(without, "none")
    for table in ("made_t", "shipped_t", "price", "stock_t", "shortfall_t"):
        assert np.array_equal(getattr(idle, table), getattr(still, table)), table


def test_a_tariff_in_a_market_that_moves_equals_the_plain_reference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = ready(
        duty(start=START + timedelta(days=30)),
        trade={"tariffs": [duty(name="other", products=["wire"], to=["malaysia"])]},
        over=LIVELY,
        disruptions={"scheduled": [part_ban(100.0, 150.0, targets=["india"])]},
        days=728.0,
    )
    watch = watched(monkeypatch)
    assert run(world, "levies").recovered_usd.sum() > 0.0
    assert watch.reviews == 104


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"products": ["parts"]}, "unknown product 'parts'; did you mean 'part'"),
        ({"from": ["chna"]}, "unknown region or group 'chna'; did you mean 'china'"),
        ({"to": ["jpan"]}, "unknown region or group 'jpan'; did you mean 'japan'"),
        ({"products": ["wire"]}, "touches no flow of wire: nobody in 'from' sells it to 'to'"),
    ],
)
def test_a_tariff_on_nothing_is_refused(terms: dict[str, Any], message: str) -> None:
    for world in ({"trade": {"tariffs": [duty(**terms)]}}, {}):
        with pytest.raises(ScenarioError, match=message):
            ready(*([] if world else [duty(**terms)]), **world)
