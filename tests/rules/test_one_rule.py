"""Single rules on their own, against paper arithmetic and recorded worked numbers."""

import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from monazite.rules.balance import close_product, ras
from monazite.rules.compiled import compiled
from monazite.rules.licences import applications, join_queue, take_desk
from monazite.rules.money import book_beside
from monazite.rules.plants import ramped
from monazite.rules.records import MONEY_BOOK, POOL, STOCKPILE, Books, Table
from monazite.rules.release import draw


def open_applications(waits: np.ndarray, per_review: float, reviews: int) -> np.ndarray:
    """Return how many applications wait at the end of each review, by the queue's own rule."""
    ring = np.zeros(400)
    held, found = 0.0, []
    for now in range(reviews):
        join_queue(ring, now % ring.size, per_review, float(waits[now]))
        held += per_review - ring[now % ring.size]
        ring[now % ring.size] = 0.0
        found.append(held)
    return np.array(found)


def test_a_fixed_processing_time_lets_nothing_through_and_then_everything() -> None:
    """Ten a day, 45 days each: 150, 300, 450, 450 wait after 15, 30, 45, 60 days."""
    held = open_applications(np.full(60, 45.0), 10.0, 60)
    assert_allclose(held[[14, 29, 44, 59]], [150.0, 300.0, 450.0, 450.0])


def test_exponential_processing_times_fill_the_queue_as_m_g_infinity_says() -> None:
    """The worked numbers 127.561, 218.962, 284.454, 331.381 are means over many queues.

    Within four standard errors, and with half a day for applications that join at once.
    """
    luck = np.random.Generator(np.random.Philox(1))
    queues = np.array(
        [open_applications(luck.exponential(45.0, 60), 10.0, 60) for _ in range(2000)]
    )
    at = queues[:, [14, 29, 44, 59]]
    mean, error = at.mean(axis=0), at.std(axis=0) / math.sqrt(2000)
    worked = np.array([127.561, 218.962, 284.454, 331.381])
    assert (
        np.abs(mean - worked) < 4 * error + 5.0 * np.exp(-np.array([15, 30, 45, 60]) / 45)
    ).all()


def test_many_small_lots_come_through_at_the_rate_of_the_distribution() -> None:
    """With times at their quantiles in place of chance, approvals a day are lam F(t)."""
    quantiles = -45.0 * np.log1p(-(np.arange(4000) + 0.5) / 4000)
    ring = np.zeros(700)
    passed = []
    for now in range(61):
        for wait in quantiles[quantiles < 600]:
            join_queue(ring, now % ring.size, 10.0 / 4000, float(wait))
        passed.append(ring[now % ring.size])
        ring[now % ring.size] = 0.0
    middle = [(passed[t - 1] + passed[t]) / 2 for t in (15, 30, 45, 60)]
    assert_allclose(middle, [2.8347, 4.8658, 6.3212, 7.364], rtol=2e-3)


def erlang_c(officers: int, busy: float) -> float:
    """Return the probability that an application must lie, given how many are busy on average."""
    idle = sum(busy**k / math.factorial(k) for k in range(officers))
    full = busy**officers / math.factorial(officers) * officers / (officers - busy)
    return full / (idle + full)


@pytest.mark.parametrize(("officers", "load"), [(1, 0.7), (3, 0.8), (10, 0.9)])
def test_applications_lie_before_a_finite_office_as_erlang_c_says(
    officers: int, load: float
) -> None:
    """Poisson arrivals, one a day, exponential working times: part that lies, and for how long."""
    luck = np.random.Generator(np.random.Philox(7))
    work_d = officers * load
    lying, waits = [], []
    for _ in range(120):
        desks_d = np.full(officers, -np.inf)
        days = np.cumsum(luck.exponential(1.0, 4000))
        works = luck.exponential(work_d, days.size)
        lies = [take_desk(desks_d, d, w) - w for d, w in zip(days, works, strict=True)][1000:]
        lying.append(np.mean(np.array(lies) > 1e-9))
        waits.append(np.mean(lies))
    part = erlang_c(officers, work_d)
    for found, expected in ((lying, part), (waits, part * work_d / (officers - work_d))):
        error = np.std(found) / math.sqrt(len(found))
        assert abs(np.mean(found) - expected) < 4 * error
        assert error < 0.05 * expected


def test_an_office_as_large_as_the_applications_is_no_queue_at_all() -> None:
    desks_d = np.full(40, -np.inf)
    luck = np.random.Generator(np.random.Philox(8))
    for day, work_d in enumerate(luck.uniform(0.0, 39.0, 500)):
        assert take_desk(desks_d, float(day), work_d) == pytest.approx(work_d, abs=1e-9)


def test_who_comes_first_is_decided_first_and_desks_that_are_not_there_take_nothing() -> None:
    """One officer, 10 days each, applications on days 0, 2 and 40."""
    desks_d = np.array([-np.inf, np.inf])
    assert [take_desk(desks_d, day, 10.0) for day in (0.0, 2.0)] == [10.0, 18.0]
    assert take_desk(desks_d, 40.0, 10.0) == 10.0


def test_an_order_needs_an_application_for_each_shipment_and_one_at_least() -> None:
    asked = [(0.01, 5.0), (5.0, 5.0), (5.1, 5.0), (14.0, 5.0), (1000.0, 0.0)]
    assert [applications(*one) for one in asked] == [1, 1, 2, 3, 1]


@given(st.integers(0, 999), st.floats(0.0, 50.0), st.floats(0.0, 1e6))
def test_an_application_is_all_approved_around_its_time(now: int, wait: float, lot: float) -> None:
    ring = np.zeros(60)
    join_queue(ring, now % ring.size, lot, wait)
    later = (np.arange(60) - now) % 60
    assert ring.sum() == pytest.approx(lot, rel=1e-12)
    assert (ring * later).sum() == pytest.approx(lot * wait, rel=1e-9, abs=1e-9)


@given(st.floats(0.0, 4000.0), st.floats(0.0, 2000.0), st.floats(0.0, 900.0))
def test_a_ramp_rises_from_nothing_to_all(day: float, begin: float, length: float) -> None:
    part = ramped(day, begin, length)
    assert 0.0 <= part <= 1.0
    assert (part == 0.0) == (day <= begin) or length > 0.0
    if day >= begin + length and day > begin:
        assert part == 1.0


@given(
    st.lists(st.floats(0.1, 100.0), min_size=2, max_size=4),
    st.lists(st.floats(0.1, 100.0), min_size=2, max_size=4),
)
def test_fitted_trade_adds_up_both_ways_and_keeps_zeros(
    made: list[float], used: list[float]
) -> None:
    """Where every pair trades, the fit is exact, and keeps the odds ratios of the prior."""
    m, h = np.array(made), np.array(used)
    h *= m.sum() / h.sum()
    seller, buyer = np.divmod(np.arange(m.size * h.size), h.size)
    prior = 1.0 + 0.5 * np.cos(np.arange(m.size * h.size, dtype=float))
    flow = prior.copy()
    assert ras(flow, seller, buyer, m, h) < 1e-6
    assert_allclose(np.bincount(seller, flow), m, rtol=1e-6)
    assert_allclose(np.bincount(buyer, flow), h, rtol=1e-12)
    kept, was = flow.reshape(m.size, -1), prior.reshape(m.size, -1)
    odds = kept[0, 0] * kept[1, 1] / (kept[0, 1] * kept[1, 0])
    assert odds == pytest.approx(was[0, 0] * was[1, 1] / (was[0, 1] * was[1, 0]), rel=1e-6)
    barred = prior.copy()
    barred[0] = 0.0
    ras(barred, seller, buyer, m, h)
    assert barred[0] == 0.0


def test_the_rest_goes_to_makers_that_balance_in_proportion() -> None:
    made = np.array([10.0, 30.0, 60.0])
    assert close_product(made, np.array([0, 1, 1]), 190.0, 0, 3) == 0.0
    assert_allclose(made, [10.0, 60.0, 120.0])
    assert close_product(made, np.array([0, 0, 0]), 200.0, 0, 3) == pytest.approx(10.0)
    assert close_product(made, np.array([0, 0, 1]), 60.0, 0, 3) == pytest.approx(-10.0)


def test_what_is_bound_and_what_others_pay_is_spread_by_days_over_the_bins() -> None:
    empty = {field.name: np.zeros(0) for field in fields(Books)}
    money = np.zeros((2, 1), MONEY_BOOK)
    books = Books(**empty | {"edges_d": np.array([0.0, 10.0, 20.0]), "money": money})
    book_beside(books, 0, (5.0, 25.0), 1.0, 4.0)
    assert money["committed_usd"][:, 0].tolist() == [0.25, 0.5]
    assert money["private_usd"][:, 0].tolist() == [1.0, 2.0]


@compiled
def draw_from(stocks: Table, pools: Table, amount_t: float) -> None:
    draw(stocks[0], pools[0], amount_t, False)


def test_what_rounding_leaves_of_a_stock_is_nothing() -> None:
    """`0.1 + 0.2 - 0.3` is 6e-17 and not 0; a stock of so much would still be open."""
    stocks, pools = np.zeros(1, STOCKPILE), np.zeros(1, POOL)
    stocks["usable_t"] = pools["stock_t"] = 0.1 + 0.2
    draw_from(stocks, pools, 0.3)
    assert stocks["usable_t"][0] == 0.0
    stocks["usable_t"] = pools["stock_t"] = 1.0
    draw_from(stocks, pools, 1.0 - 1e-9)
    assert stocks["usable_t"][0] == pytest.approx(1e-9, rel=1e-6)
