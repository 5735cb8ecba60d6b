"""A ban by the largest supplier does what paper arithmetic says it must."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monazite.experiments.stress import Question, made_of, stress, suppliers
from monazite.measures.stress import Stress
from networks import START, YEAR_D, Kind, Plant, Small, prepared, run

MOST_UTILISED = 0.98
OWN = 30 / MOST_UTILISED
"""What Japan can make of its use of 60."""


def small(elasticity: float = 0.0) -> Small:
    return Small(
        products={"ore": (30.0, 20.0), "part": (45.0, 60.0)},
        processes={"mining": ("ore", {}), "making": ("part", {"ore": 1.0})},
        plants=[
            Plant("mining", "china", 60, 0.5),
            Plant("mining", "japan", 40, 0.5),
            Plant("making", "china", 70, 1.0),
            Plant("making", "japan", 30, 1.0),
        ],
        sectors={"cars": Kind(elasticity=elasticity)},
        use={"china": {"cars": 40}, "japan": {"cars": 60}},
        shares={("ore", "china", "china"): 6 / 7, ("ore", "japan", "china"): 1 / 7}
        | {("ore", "japan", "japan"): 1.0}
        | {("part", "china", "japan"): 0.5, ("part", "japan", "japan"): 0.5}
        | {("part", "china", "china"): 1.0},
        routes=[
            ("ore", "china", "china"),
            ("ore", "japan", "china"),
            ("ore", "japan", "japan"),
            ("part", "china", "china"),
            ("part", "china", "japan"),
            ("part", "japan", "japan"),
        ],
    )


def on(product: str, question: Question, elasticity: float = 0.0) -> Stress:
    found = stress(small(elasticity).chain(), question)
    return next(one for one in found if one.product == product)


def a_late_year(elasticity: float, severity: float = 1.0) -> tuple[float, float]:
    """Return shortfall and what is given up in a year of a ban, when all has settled.

    The mean of ten years: prices swing about where they tend to.
    """
    asked = Question(days=round(15 * YEAR_D), severity=severity)
    longer = on("part", asked, elasticity).loss
    shorter = on("part", replace(asked, days=round(5 * YEAR_D)), elasticity).loss
    short_t = longer.shortfall_t - shorter.shortfall_t
    return short_t / 10, (longer.given_up_t - shorter.given_up_t) / 10


@pytest.mark.parametrize("severity", [1.0, 0.5])
def test_without_elasticity_what_others_cannot_make_is_short(severity: float) -> None:
    short_t, given_up_t = a_late_year(0.0, severity)
    assert short_t == pytest.approx(60 - OWN - (1 - severity) * 30, rel=0.01)
    assert given_up_t == 0.0


@pytest.mark.parametrize("severity", [1.0, 0.5])
def test_with_elasticity_the_price_clears_the_market(severity: float) -> None:
    short_t, given_up_t = a_late_year(0.8, severity)
    assert short_t == pytest.approx(0.0, abs=0.01)
    assert given_up_t == pytest.approx(60 - OWN - (1 - severity) * 30, rel=0.01)


def test_that_price_is_the_one_of_constant_elasticity() -> None:
    ban = {
        "name": "ban",
        "controller": "china",
        "products": ["part"],
        "targets": ["all"],
        "form": "ban",
        "start": START + timedelta(days=7),
    }
    told = run(prepared(small(0.8), 25 * YEAR_D, disruptions={"scheduled": [ban]}))
    part, japan = told.layout.products.index("part"), told.layout.regions.index("japan")
    settled = told.price[-round(10 * YEAR_D / 7) :, part, japan].mean()
    assert settled == pytest.approx((60 / OWN) ** (1 / 0.8), rel=0.02)


def test_where_the_price_is_capped_users_give_up_what_the_cap_makes_them_and_lack_the_rest() -> (
    None
):
    short_t, given_up_t = a_late_year(0.2)
    assert given_up_t == pytest.approx(60 * (1 - 6**-0.2), rel=0.01)
    assert short_t == pytest.approx(60 * 6**-0.2 - OWN, rel=0.01)
    worst = on("part", Question(), 0.2)
    assert worst.price_capped
    assert worst.price_multiple < 6


def test_a_price_that_clears_is_not_called_capped() -> None:
    assert not on("part", Question(), 3.0).price_capped


def test_the_first_shortage_comes_when_stock_and_pipeline_are_used_up() -> None:
    """Fourteen days of arrivals, then 45 days of stock that own output stretches."""
    loss = on("part", Question()).loss
    assert loss.first_short_d == pytest.approx(14 + 45 * 60 / (60 - OWN), abs=1.5)
    assert 365 < loss.last_short_d < 365 + 30


def test_a_ban_shorter_than_stock_and_pipeline_leaves_nobody_short() -> None:
    loss = on("part", Question(days=60)).loss
    assert loss.shortfall_t == 0.0
    assert loss.first_short_d == float("inf")
    assert loss.last_short_d != loss.last_short_d


def test_the_largest_supplier_is_known_by_its_parts_of_the_market() -> None:
    worst = on("part", Question())
    assert worst.controller == "china"
    assert worst.output_share == pytest.approx(0.7)
    assert worst.outside_share == pytest.approx(0.5)
    assert worst.loss.use_t_per_yr == pytest.approx(60)
    ready = prepared(small())
    assert [one.region for one in suppliers(ready, "ore")] == ["japan"]


def test_losses_are_counted_of_what_is_made_of_the_product() -> None:
    chain = small().chain()
    assert made_of(chain, "ore") == {"ore", "part"}
    assert made_of(chain, "part") == {"part"}


def test_a_named_region_is_never_the_one_that_bans() -> None:
    bans = stress(small().chain(), Question(region="japan"))
    assert {(one.product, one.controller) for one in bans} == {("part", "china")}


def test_a_named_controller_bans_what_it_sells_abroad() -> None:
    bans = stress(small().chain(), Question(controller="japan"))
    assert {(one.product, one.controller) for one in bans} == {("ore", "japan")}
    assert stress(small().chain(), Question(controller="australia")) == []


def test_all_at_once_is_at_least_as_bad_as_one_product() -> None:
    chain = small(0.2).chain()
    (everything,) = stress(chain, Question(controller="china", together=True))
    one = stress(chain, Question(controller="china"))[0]
    assert everything.product == "everything"
    assert everything.loss.not_served_share == pytest.approx(one.loss.not_served_share)
    (ores_too,) = stress(chain, Question(controller="japan", together=True))
    assert ores_too.outside_share == pytest.approx(1 / 7)


def test_more_severe_is_worse() -> None:
    lost = [
        on("part", Question(severity=severity), 0.2).loss.not_served_share
        for severity in (0.25, 0.5, 0.75, 1.0)
    ]
    assert lost == sorted(lost)
    assert lost[0] < lost[-1]
