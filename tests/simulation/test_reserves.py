"""Paper arithmetic of reserves: what to buy next, members, loans, rotation, obligations."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from monazite.trajectories import Trajectories
from networks import CALM, START, YEAR_D, Kind, Plant, Small, part_ban, prepared, run

USD_PER_T = 60_000.0
ALL = 1e-9


def parts(*buyers: str, home: float = 0.0) -> Small:
    """China makes what each buyer uses, 100 t a year; `home` is made in Australia for nobody."""
    plants = [Plant("making", "china", 100.0 * len(buyers) + 60.0 - home, 0.5)]
    if home:
        plants.append(Plant("making", "australia", home, 0.9))
    return Small(
        products={"part": (45.0, 60.0)},
        processes={"making": ("part", {})},
        plants=plants,
        sectors={"cars": Kind()},
        use={"china": {"cars": 60.0}} | {buyer: {"cars": 100.0} for buyer in buyers},
        lead_d=14.0,
    )


def stock(name: str = "reserve", product: str = "part", **more: Any) -> dict[str, Any]:
    release = {"trigger": "shortfall", "tiers": [1, 2, 3]} | more.pop("release", {})
    own = {
        "name": name,
        "product": product,
        "place": "japan",
        "owner": "allies",
        "target": "10 t",
        "buy_from": "anyone",
        "accessible_share": 1.0,
        "holding": "0 % per year",
        "release": release,
    }
    return {"stockpile": own | more}


def held(small: Small, *instruments: dict[str, Any], days: float = 1820.0, **parts_: Any) -> Any:
    strategy = {"instruments": list(instruments), **parts_.pop("strategy", {})}
    given = {
        "strategies": {"none": {}, "held": strategy},
        "groups": {"allies": [region for region in small.use if region != "china"]},
        "overrides": CALM,
        "discount_rate": "0 % per year",
    }
    return prepared(small, days, **(given | parts_))


def ban(day: float = 364.0, until: float = 728.0) -> dict[str, Any]:
    return {"scheduled": [part_ban(day, until - day)]}


def of(result: Trajectories, table: str, region: str) -> np.ndarray:
    mine = [u for u, use in enumerate(result.layout.uses) if use[1] == region]
    return np.asarray(getattr(result, table)[:, mine].sum(axis=1))


TWO = Small(
    products={"ore": (45.0, 20.0), "part": (45.0, 60.0)},
    processes={"mining": ("ore", {}), "making": ("part", {"ore": 1.0})},
    plants=[
        Plant("mining", "china", 120.0, 0.5),
        Plant("mining", "australia", 80.0, 0.5),
        Plant("making", "china", 200.0, 0.5),
    ],
    sectors={"cars": Kind()},
    use={"china": {"cars": 100.0}, "united_states": {"cars": 50.0}, "japan": {"cars": 50.0}},
    routes=[
        *(("ore", a, b) for a in ("china", "australia") for b in ("china", "japan")),
        *(("part", "china", b) for b in ("china", "japan", "united_states")),
    ],
)
"""10 t of parts cost 600,000 USD, 20 t of ore 400,000; the budget is 700,000."""


@pytest.mark.parametrize(
    ("strategy", "first", "second", "part_t", "ore_t"),
    [
        ({}, {}, {}, 7.0, 14.0),  # 600,000 and 400,000 USD a year, for 0.7 years
        ({}, {"priority": 1}, {}, 10.0, 5.0),
        ({}, {}, {"priority": 1}, 5.0, 20.0),
        ({}, {"priority": 1}, {"priority": 1}, 7.0, 14.0),
        ({"buy_next": "most_concentrated"}, {}, {}, 10.0, 5.0),  # one country makes all parts
        ({"buy_next": "most_concentrated"}, {}, {"priority": 3}, 5.0, 20.0),
        ({"buy_next": "cheapest_cover"}, {}, {}, 5.0, 20.0),  # Japan uses no ore: costs nothing
        ({"buy_next": "largest_gap"}, {}, {}, 7.0, 14.0),
    ],
)
def test_money_goes_to_what_comes_next(
    strategy: dict[str, Any],
    first: dict[str, Any],
    second: dict[str, Any],
    part_t: float,
    ore_t: float,
) -> None:
    """What is first in turn gets all it needs to its target; what is left goes on.

    Where nothing is said of turns both are left the same part of what they ask for.
    """
    both = [
        stock("parts", "part", pace="10 t/yr", **first),
        stock("ores", "ore", target="20 t", pace="20 t/yr", **second),
    ]
    found = []
    for instruments in (both, both[::-1]):
        ready = held(TWO, *instruments, days=1092.0, budget="700000 USD", strategy=strategy)
        result = run(ready, "held")
        names = [one[1] for one in result.layout.stockpiles]
        at = [names.index(name) for name in ("parts", "ores")]
        found.append(np.asarray(result.strategic_t[-1, at]))
        assert result.spent_pv_usd.sum() == pytest.approx(700_000.0, rel=1e-6)
    loose = 0.1 if strategy.get("buy_next") == "largest_gap" else 1e-9
    assert_allclose(found[0], [part_t, ore_t], rtol=loose)
    assert_allclose(found[0], found[1], rtol=1e-9)


MEMBERS = [
    {"region": "japan", "draw": 0.6, "fee": "2 % per year", "replenish": "182 days"},
    {"region": "united_states", "draw": 0.4, "fee": "2 % per year", "replenish": "182 days"},
]


def test_members_pay_draw_their_part_and_replenish_at_their_cost() -> None:
    """10 t at 60 USD a kg: 12,000 USD of fees a year; 6 t and 4 t drawn, and bought back."""
    small = parts("japan", "united_states")
    ready = held(small, stock(members=MEMBERS, refill=False), disruptions=ban())
    result = run(ready, "held")
    assert result.strategic_t[50, 0] == pytest.approx(10.0)
    fees = np.asarray(result.recovered_usd[:, 0])
    assert_allclose(fees[20:50], 0.02 * 10.0 * USD_PER_T * 7.0 / YEAR_D, rtol=1e-9)
    assert of(result, "released_t", "japan").sum() == pytest.approx(6.0)
    assert of(result, "released_t", "united_states").sum() == pytest.approx(4.0)
    empty = int(np.argmin(np.asarray(result.strategic_t[:, 0])[60:])) + 60
    assert result.strategic_t[empty, 0] == pytest.approx(0.0, abs=ALL)
    assert result.strategic_t[-1, 0] == pytest.approx(10.0)  # although nothing is refilled
    assert result.bought_t[60:, 0].sum() == pytest.approx(10.0)
    bought_back = float(result.private_usd.sum() - fees.sum())
    assert bought_back == pytest.approx(10.0 * USD_PER_T)
    assert result.spent_usd.sum() == pytest.approx(10.0 * USD_PER_T)  # bought once


def test_what_a_member_drew_comes_back_in_even_parts() -> None:
    """Every tonne drawn is bought back in 26 parts, one in each review of half a year."""
    small = parts("japan", home=50.0)
    one = [MEMBERS[0] | {"draw": 1.0}]
    rule = {"trigger": "shortfall", "rate": "0.1 t/yr"}
    ready = held(small, stock(members=one, owner="japan", release=rule), disruptions=ban(364, 560))
    result = run(ready, "held")
    drawn, bought = np.asarray(result.drawn_t[:, 0]), np.asarray(result.bought_t[:, 0])
    assert drawn.sum() > 0.01
    last = int(np.flatnonzero(drawn)[-1])
    due = np.array([drawn[max(0, k - 26) : k].sum() / 26.0 for k in range(drawn.size)])
    after = slice(last + 3, last + 27)  # in the review after the last draw comes what was due
    assert_allclose(bought[after], due[after], rtol=1e-9)
    assert bought[60:].sum() == pytest.approx(drawn.sum(), rel=1e-9)


@pytest.mark.parametrize(
    ("release", "members", "part"),
    [
        ({}, [], 0.5),
        ({"allocation": "rank", "order": ["japan"]}, [], 1.0),
        ({"allocation": "rank", "order": ["united_states"]}, [], 0.0),
        ({"allocation": "fees"}, [MEMBERS[0] | {"draw": 1.0}, MEMBERS[1] | {"draw": 1.0}], 0.5),
        (
            {"allocation": "fees"},
            [MEMBERS[0] | {"draw": 1.0, "fee": "3 % per year"}, MEMBERS[1] | {"draw": 1.0}],
            0.6,
        ),
    ],
)
def test_allies_share_by_need_by_fees_or_by_rank(
    release: dict[str, Any], members: list[dict[str, Any]], part: float
) -> None:
    """Both lack alike, and 1 t is less than either of them lacks in a review."""
    own = stock(target="1 t", release=release, members=members, refill=False)
    result = run(held(parts("japan", "united_states"), own, disruptions=ban(364, 1500)), "held")
    lack = of(result, "shortfall_t", "japan") > ALL
    first = int(np.argmax(lack))
    given = [of(result, "released_t", r)[: first + 1].sum() for r in ("japan", "united_states")]
    assert_allclose(given, [part, 1.0 - part], atol=1e-9)


def test_a_loan_comes_back_after_its_time() -> None:
    """What is drawn in one review is bought back 104 reviews on; the fee is 5 % a year."""
    loan = {"back_after": "728 days", "fee": "5 % per year"}
    ready = held(
        parts("japan", home=20.0),
        stock(owner="japan", release={"loan": loan}, refill=False),
        disruptions=ban(364.0, 560.0),
    )
    result = run(ready, "held")
    drawn, bought = np.asarray(result.drawn_t[:, 0]), np.asarray(result.bought_t[:, 0])
    assert drawn.sum() == pytest.approx(10.0)
    assert_allclose(bought[160:], drawn[56:-104], atol=1e-9)
    for k in (90, 120):
        fee = 0.05 * 10.0 * USD_PER_T * 7.0 / YEAR_D
        assert result.recovered_usd[k, 0] == pytest.approx(fee)
    assert result.strategic_t[-1, 0] == pytest.approx(10.0)
    assert result.salvage_pv_usd[0] == pytest.approx(10.0 * USD_PER_T * 0.95, rel=0.06)


@pytest.mark.parametrize(("money", "kept"), [("1 billion USD", True), ("1200000 USD", False)])
def test_what_does_not_keep_is_changed_or_lost(money: str, kept: bool) -> None:
    """20 t that keep four years: 5 t are changed a year, which costs 10 % of 300,000 USD."""
    own = stock(
        target="20 t",
        shelf_life="1461 days",
        rotation_cost="10 %",
        until=START + timedelta(days=182),
        release={"trigger": "never", "tiers": []},
    )
    result = run(held(parts("japan"), own, days=728.0, budget=money), "held")
    spent, left = np.asarray(result.spent_usd[:, 0]), np.asarray(result.strategic_t[:, 0])
    if kept:
        assert_allclose(left[26:], 20.0)
        assert_allclose(spent[30:100], 5.0 * USD_PER_T * 0.1 * 7.0 / YEAR_D, rtol=1e-9)
    else:
        assert spent[30:].sum() == pytest.approx(0.0, abs=1e-6)
        assert_allclose(left[40:] / left[39:-1], 1.0 - 7.0 / 1461.0, rtol=1e-9)


def test_what_is_changed_leaves_money_to_hold_the_rest_to_the_end() -> None:
    """Of a budget of its own nothing is spent on fresh goods that holding will take."""
    own = stock(
        target="1000 t",
        budget="1200000 USD",
        holding="4 % per year",
        shelf_life="1461 days",
        rotation_cost="10 %",
        release={"trigger": "never", "tiers": []},
    )
    result = run(held(parts("japan"), own, days=1456.0), "held")
    assert result.strategic_t[-1, 0] > 5.0
    assert result.spent_usd.sum() == pytest.approx(1_200_000.0, rel=0.02)
    assert result.spent_usd.sum() <= 1_200_000.0


def obligation(**more: Any) -> dict[str, Any]:
    own = {
        "name": "duty",
        "product": "part",
        "regions": ["japan"],
        "days": "30 days",
        "holding": "10 % per year",
    }
    return {"obligation": own | more}


def test_holders_build_up_their_days_and_bear_the_cost_of_holding() -> None:
    """30 days of 100 t a year are 8.2 t; holding them costs 10 % of 493,000 USD a year."""
    own = obligation(public_share=0.25, phase_in="182 days", start=START + timedelta(days=91))
    result = run(held(parts("japan"), own, days=1092.0), "held")
    pools = [h for h, pool in enumerate(result.layout.pools) if pool[1] == "japan"]
    there = np.asarray(result.stock_t[:, pools[0]])
    more_t = 30.0 * 100.0 / YEAR_D
    assert there[12] == pytest.approx(45.0 * 100.0 / YEAR_D)
    assert there[-1] == pytest.approx(75.0 * 100.0 / YEAR_D, rel=1e-3)
    cost = (there[-1] - there[12]) * USD_PER_T * 0.1 * 7.0 / YEAR_D
    assert result.spent_usd[-1, 0] == pytest.approx(0.25 * cost)
    assert result.private_usd[-1, 0] == pytest.approx(0.75 * cost)
    assert more_t == pytest.approx(8.2136, rel=1e-4)


@pytest.mark.parametrize("run_down", ["control", "never"])
def test_obliged_stock_prevents_its_own_weight_of_shortfall(run_down: str) -> None:
    """A ban takes all supply: 30 days more to live on are 8.2 t less shortfall."""
    own = obligation(run_down=run_down)
    ready = held(parts("japan"), own, disruptions=ban(364.0, 1500.0), days=1092.0)
    none, duty = run(ready), run(ready, "held")
    saved = float(none.shortfall_t.sum() - duty.shortfall_t.sum())
    assert saved == pytest.approx(30.0 * 100.0 / YEAR_D, rel=2e-3)


def test_holders_stop_bidding_for_what_they_may_run_down() -> None:
    """Half of supply is cut off: whoever may run the stock down asks for less, at a lower price."""
    cut = ban(364.0, 1500.0)
    cut["scheduled"][0] |= {"form": "quota", "allowed": 0.9}
    prices = {}
    for run_down in ("control", "never"):
        ready = held(
            parts("japan"), obligation(run_down=run_down), disruptions=cut, days=728.0, overrides={}
        )
        result = run(ready, "held")
        japan = result.layout.regions.index("japan")
        prices[run_down] = float(result.price[56:80, 0, japan].mean())
    assert prices["control"] < prices["never"]


WAITS: dict[str, Any] = {
    "until": START + timedelta(days=364),
    "release": {"trigger": "never", "tiers": []},
}


def swap(gives: str, takes: str, **more: Any) -> dict[str, Any]:
    own = {"name": "swap", "gives": gives, "takes": takes, "start": START + timedelta(days=364)}
    return {"swap": own | more}


def test_a_reserve_moves_to_another_place_in_its_time_and_at_its_freight() -> None:
    """4 t of 10 leave Japan in the 52nd week and are in the United States five weeks later."""
    here = stock("here", owner="japan", **WAITS)
    there = stock("there", owner="united_states", place="united_states", target="2 t", **WAITS)
    moved = swap("here", "there", tonnes="4 t", lead="35 days", freight="2 USD/kg")
    result = run(held(parts("japan", "united_states"), here, there, moved, days=728.0), "held")
    at = [[one[1] for one in result.layout.stockpiles].index(name) for name in ("here", "there")]
    stocks = np.asarray(result.strategic_t[:, at])
    assert_allclose(stocks[51], [10.0, 2.0])
    assert_allclose(stocks[52:57], [[6.0, 2.0]] * 5)
    assert_allclose(stocks[57:], [[6.0, 6.0]] * (len(stocks) - 57))
    spent = np.asarray(result.spent_usd.sum(axis=1))
    assert spent[52] == pytest.approx(4.0 * 2000.0)
    assert spent[53:].sum() == 0.0
    assert result.drawn_t.sum() == 0.0


def test_a_reserve_takes_no_more_than_it_can_hold_to_the_end() -> None:
    """Beside its own 2 t its budget holds 2 t more for a year, at 10 % of 60,000 USD: so 2 of 4."""
    days, kept = 728.0, 0.1 * USD_PER_T * 364.0 / YEAR_D
    here = stock("here", owner="japan", **WAITS)
    there = {"owner": "united_states", "place": "united_states", "target": "2 t", **WAITS}
    there["holding"] = "10 % per year"

    def spent_usd(*instruments: Any) -> tuple[float, float]:
        ready = held(parts("japan", "united_states"), here, *instruments, days=days)
        result = run(ready, "held")
        at = [one[1] for one in result.layout.stockpiles].index("there")
        spent = result.spent_usd[:, result.layout.instrument("held", "there")].sum()
        return float(spent), float(result.strategic_t[-1, at])

    alone, _ = spent_usd(stock("there", **there))
    own = stock("there", **there, budget=f"{alone + 2.0 * kept!r} USD")
    moved = swap("here", "there", tonnes="4 t", lead="35 days")
    assert spent_usd(own, moved) == pytest.approx((alone + 2.0 * kept, 4.0), rel=1e-6)


def test_a_reserve_is_changed_for_another_product() -> None:
    """4 t of parts for 12 t of ore: Japan's market takes 50 t a year, and buys ore at 20 USD/kg."""
    instruments = [
        stock("parts", "part", **WAITS),
        stock("ores", "ore", target="20 t", **WAITS),
        swap("parts", "ores", tonnes="4 t", ratio=3.0),
    ]
    result = run(held(TWO, *instruments, days=1092.0), "held")
    at = [[one[1] for one in result.layout.stockpiles].index(name) for name in ("parts", "ores")]
    stocks = np.asarray(result.strategic_t[:, at])
    assert_allclose(stocks[51], [10.0, 20.0])
    a_week = 50.0 * 7.0 / YEAR_D
    assert_allclose(stocks[52:56, 0], 10.0 - a_week * np.arange(1, 5))
    assert_allclose(stocks[-1], [6.0, 32.0])
    assert result.private_usd.sum() == pytest.approx(12.0 * 20_000.0)
    assert result.spent_usd.sum() == pytest.approx(10.0 * USD_PER_T + 20.0 * 20_000.0)
    assert result.recovered_usd.sum() == 0.0


def test_what_is_drawn_takes_its_own_cost_along_while_more_is_under_way() -> None:
    """At a price that stands, what is left is worth what it cost, less 5 % for selling it."""
    small = parts("japan")
    plants = [Plant("making", "china", 140.0, 0.5), Plant("making", "australia", 20.0, 0.5)]
    far = replace(small, plants=plants, lead_d={("australia", "japan"): 180.0})
    own = stock(owner="japan", target="40 t", pace="40 t/yr", refill=False,
                until=START + timedelta(days=182))  # fmt: skip
    result = run(held(far, own, disruptions=ban(182.0, 300.0), days=560.0), "held")
    assert result.drawn_t.sum() > 1.0
    kept = result.strategic_t[-1, 0] * USD_PER_T
    assert result.salvage_pv_usd[0] == pytest.approx(0.95 * kept, rel=1e-9)


def test_what_is_paid_for_and_under_way_at_the_end_is_worth_something() -> None:
    own = stock(owner="japan", target="40 t", pace="20 t/yr", release={"trigger": "never"})
    result = run(held(replace(parts("japan"), lead_d=180.0), own, days=364.0), "held")
    assert result.strategic_t[-1, 0] < 0.6 * result.bought_t.sum()
    assert result.salvage_pv_usd[0] == pytest.approx(0.95 * result.spent_usd.sum(), rel=1e-9)


def test_a_purchase_that_is_paid_keeps_no_money_back() -> None:
    """Ten reviews of thrift at 1,000 USD each, beside 10 t of parts: money for both, no more."""
    thrift = {"thrift": {"name": "save", "product": "part", "regions": ["japan"],
                         "cost": "10000 USD", "ceiling": 0.1, "term": "70 days",
                         "lag": "200 days"}}  # fmt: skip
    own = stock(owner="japan", release={"trigger": "never"})
    ready = held(parts("japan"), own, thrift, days=140.0, budget="610000 USD")
    assert run(ready, "held").spent_usd.sum() == pytest.approx(610_000.0)


def test_what_fits_no_user_fits_none_in_another_place() -> None:
    """Half of 10 t is usable and drawn in a ban; the rest goes to another place, and stays."""
    here = stock("here", owner="japan", usable_share=0.5, refill=False,
                 until=START + timedelta(days=364))  # fmt: skip
    there = stock("there", owner="japan", place="united_states", usable_share=0.5,
                  target="1 t", refill=False, until=START + timedelta(days=7))  # fmt: skip
    move = swap("here", "there", tonnes="10 t", lead="14 days", start=START + timedelta(days=560))
    drawn = []
    for instruments in ((here, there), (here, there, move)):
        ready = held(parts("japan", "united_states"), *instruments, days=1092.0,
                     disruptions=ban(364.0, 1064.0))  # fmt: skip
        drawn.append(run(ready, "held").drawn_t.sum())
    assert drawn[0] > 5.0
    assert drawn[1] == pytest.approx(drawn[0], rel=1e-9)


def test_stocks_release_in_an_order_of_their_own() -> None:
    """The one with a single owner first, however they are listed."""
    ends = {"target": "8 t", "refill": False, "until": START + timedelta(days=364)}
    mine, both = stock("mine", owner="japan", **ends), stock("both", owner="allies", **ends)
    short = []
    for listed in ((mine, both), (both, mine)):
        ready = held(parts("japan", "united_states"), *listed, days=1092.0,
                     disruptions=ban(364.0, 864.0))  # fmt: skip
        result = run(ready, "held")
        short.append([of(result, "shortfall_t", who).sum() for who in ("japan", "united_states")])
    assert short[0][0] > 1.0
    assert_allclose(short[0], short[1], rtol=1e-12)
