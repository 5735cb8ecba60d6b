"""Scrap against paper arithmetic: past use by its lives, and what makers leave today."""

from math import exp, gamma
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

import prices
from entrants import plant, sure
from monazite.errors import ScenarioError
from monazite.rules import review
from monazite.simulation.run import draw_world, edges_by, empty_books
from monazite.trajectories import Trajectories
from networks import CALM, START, YEAR_D, Feed, Kind, Plant, Small, copied, prepared, run
from reference.compare import watched

LIFE = 5.0


def world(end_of_life: float = 0.5, shape: float = 3.0, **growth: float) -> Small:
    """Return a chain in which a fifth of the oxide comes from scrap, all of it Chinese."""
    return Small(
        products={"oxide": (45.0, 60.0), "part": (45.0, 100.0)},
        processes={
            "light_mining": ("oxide", {}),
            "swarf_recycling": ("oxide", {}),
            "magnet_making": ("part", {"oxide": 1.0}),
        },
        plants=[
            Plant("light_mining", "china", 80.0, 0.7),
            Plant("swarf_recycling", "china", 20.0, 0.6),
            Plant("magnet_making", "china", 70.0, 0.7),
            Plant("magnet_making", "japan", 30.0, 0.7),
        ],
        sectors={"cars": Kind(life=(LIFE, shape), growth=growth)},
        use={"china": {"cars": 60.0}, "japan": {"cars": 40.0}},
        scrap={"swarf_recycling": Feed(end_of_life)},
    )


def weeks(result: Trajectories) -> np.ndarray:
    return np.asarray(result.edges_d[:-1])


def test_a_pulse_of_100_t_comes_back_as_50_t_after_five_years_at_half_collection() -> None:
    """25 t in each quarter of the first year, a life of five years for all: none before, none
    after the sixth year, and all of it in between."""
    ready = prepared(world(shape=2000.0), days=8 * YEAR_D, overrides=CALM)
    model = copied(draw_world(ready, 0).model)
    model.past_year[:] = 0.0
    model.delivered[:4] = 25.0
    model.demand_year[:] = 0.0
    model.yards["collection"] = 0.5
    books = empty_books(model, edges_by(ready, "review"))
    review.run_reviews(model, books, 0, 0)
    first = 4 * int(model.settings[0]["cohort_reviews"])
    review.run_reviews(model, books, first, ready.clock.reviews)
    worn, got = books.scrap["worn_t"][:, 0], books.scrap["collected_t"][:, 0]
    year = weeks_of(books.edges_d) / (4 * 91.0)
    assert worn.sum() == pytest.approx(100.0, rel=1e-3)
    assert got.sum() == pytest.approx(50.0, rel=1e-3)
    assert got[year < 4.9].sum() < 0.01
    assert got[year > 6.3].sum() < 0.01


def weeks_of(edges_d: np.ndarray) -> np.ndarray:
    return np.asarray(0.5 * (edges_d[:-1] + edges_d[1:]))


@pytest.mark.parametrize("shape", [1.0, 2.5, 6.0])
def test_what_wears_out_is_the_convolution_of_past_use_with_its_lives(shape: float) -> None:
    """Use grew by a fifth a year for ever and stops growing in 2028; Weibull lives of 5 years.

    What is said of a year holds in its middle, so that the run begins half-way from 2025 to 2026.
    """
    small = world(shape=shape, **{"2025": 1.0, "2028": 1.2**3})
    result = run(prepared(small, days=6 * YEAR_D, growth=True, overrides=CALM))
    scale = LIFE / gamma(1.0 + 1.0 / shape)

    def density(age: float) -> float:
        return shape / scale * (age / scale) ** (shape - 1.0) * exp(-((age / scale) ** shape))

    def used(year: float) -> float:
        if 2027.5 < year < 2028.5:  # the path is straight between years of the run
            return 60.0 * (1.2**2.5 + (1.2**3.0 - 1.2**2.5) * (year - 2027.5))
        return 60.0 * 1.2 ** (min(year, 2028.0) - 2025.0)

    base = sum(
        quad(lambda a: used(2025.0 - a) * density(a), *ends)[0] for ends in ((0, 9), (9, 70))
    )
    days = np.diff(result.edges_d)
    for now in (0, 104, 208, 300):
        at = 2025.5 + result.edges_d[now] / YEAR_D
        ends = ((0.0, max(0.0, at - 2028.0)), (max(0.0, at - 2028.0), 12.0), (12.0, 70.0))
        want = sum(quad(lambda a, at=at: used(at - a) * density(a), *e)[0] for e in ends)
        flow = result.worn_t[now, 0] / days[now] * YEAR_D
        assert flow == pytest.approx(want, rel=4e-3)
        taken = result.collected_t[now, 0] / result.worn_t[now, 0]
        assert taken == pytest.approx(10.0 / base, rel=4e-3)  # 10 t of the 20 in 2025


def test_where_use_was_always_the_same_nothing_moves() -> None:
    result = run(prepared(world(), days=5 * YEAR_D, overrides=CALM))
    days = np.diff(result.edges_d)
    for flow in (result.worn_t, result.collected_t, result.offcut_t, result.made_t):
        per_d = flow / days[:, None]
        assert per_d == pytest.approx(np.tile(per_d[0], (len(per_d), 1)), rel=1e-9)
    assert np.ptp(result.price) < 1e-9
    assert result.lost_t.sum() == 0.0


def test_where_all_grows_alike_no_price_moves_and_nobody_is_short() -> None:
    growth = {str(year): 1.05 ** (year - 2025) for year in (2025, 2030, 2040)}
    small = world(**growth)
    result = run(prepared(small, days=6 * YEAR_D, growth=True))
    assert result.shortfall_t.sum() == 0.0
    assert result.price == pytest.approx(np.ones_like(result.price), abs=2e-3)


def test_where_growth_ends_scrap_still_grows_and_takes_the_place_of_ore() -> None:
    """After ten years at a fifth more each year, what was sold in good years comes back."""
    small = world(end_of_life=1.0, **{"2025": 1.0, "2026": 1.2})
    result = run(prepared(small, days=10 * YEAR_D, growth=True, overrides=CALM))
    recycled = result.made_t[:, result.layout.makers.index(("swarf_recycling", "china", "oxide"))]
    mined = result.made_t[:, result.layout.makers.index(("light_mining", "china", "oxide"))]
    year = weeks_of(result.edges_d) / YEAR_D
    late, early = year > 9.0, year < 0.5
    assert recycled[late].mean() > 1.5 * recycled[early].mean()
    assert mined[late].mean() < mined[early].mean()
    assert result.shortfall_t.sum() == pytest.approx(0.0, abs=1e-6)


BAN = {
    "scheduled": [
        {
            "name": "ban",
            "controller": "china",
            "products": ["oxide"],
            "targets": ["japan"],
            "form": "ban",
            "start": START,
        }
    ]
}


def test_scrap_of_makers_falls_with_what_they_make_and_only_there() -> None:
    """Japan's works stand still without oxide: its scrap goes, that of China stays or grows."""
    small = world()
    both = Small(
        **{name: getattr(small, name) for name in small.__dataclass_fields__}
        | {
            "plants": [*small.plants, Plant("swarf_recycling", "japan", 5.0, 0.6)],
            "scrap": {"swarf_recycling": Feed(0.0)},
        }
    )
    still = run(prepared(both, days=500.0, overrides=CALM))
    banned = run(prepared(both, days=500.0, overrides=CALM, disruptions=BAN))
    china, japan = (
        still.layout.yards.index(("swarf_recycling", r, "oxide")) for r in ("china", "japan")
    )
    makers = still.layout.makers.index(("magnet_making", "japan", "part"))
    fallen = banned.made_t[60:70, makers].sum() / still.made_t[60:70, makers].sum()
    assert fallen < 0.6
    scrap = banned.offcut_t[62:70, japan].sum() / still.offcut_t[62:70, japan].sum()
    assert scrap == pytest.approx(fallen, abs=0.05)
    assert banned.offcut_t[:, china].sum() >= still.offcut_t[:, china].sum() * (1 - 1e-9)


def test_every_tonne_of_scrap_is_worked_up_in_hand_or_lost() -> None:
    growth = {"2025": 1.0, "2028": 0.4}
    ready = prepared(
        world(**growth), days=4 * YEAR_D, growth=True, disruptions=BAN, overrides=CALM
        | {"behaviour.scrap_kept": "30 days"},
    )  # fmt: skip
    begin = float(draw_world(ready, 0).model.yards["hand_t"][0])
    result = run(ready)
    recycled = result.made_t[:, result.layout.makers.index(("swarf_recycling", "china", "oxide"))]
    came = (result.collected_t + result.offcut_t)[:, 0].cumsum()
    went = (recycled + result.lost_t[:, 0]).cumsum()
    assert result.scrap_t[:, 0] == pytest.approx(begin + came - went, rel=1e-9)
    assert result.lost_t.sum() > 0.0
    assert (result.collected_t <= result.worn_t * (1 + 1e-12)).all()


TIMES = sure("swarf_plant") | {"behaviour.mothball_after": "180 days"}


def recycler(**more: Any) -> dict[str, Any]:
    """Return a recycler in Japan that is there at once and costs nothing to build."""
    own = {"capacity": "30 t/yr", "public_share": 0.0, "opex": "0.1 USD/kg"}
    return {"project": plant(kind="swarf_plant", **own | more)}


def programme(**more: Any) -> dict[str, Any]:
    own = {
        "name": "more",
        "product": "oxide",
        "regions": ["japan"],
        "collection": 0.5,
        "rise": "0 days",
        "cost": "10 USD/kg",
    }
    return {"recycling": own | more}


def ready(*instruments: dict[str, Any], days: float = 1461.0, **more: Any) -> Any:
    strategies = {"none": {}, "held": {"instruments": list(instruments)}}
    overrides = CALM | TIMES | more.pop("over", {})
    return prepared(
        world(end_of_life=1.0), days,
        **({"strategies": strategies, "discount_rate": "0 per year"} | more), overrides=overrides,
    )  # fmt: skip


def of(result: Trajectories, name: str, table: str) -> np.ndarray:
    return np.asarray(getattr(result, table)[:, result.layout.instruments.index(("held", name))])


def recycled(result: Trajectories, region: str) -> np.ndarray:
    made = result.made_t[:, result.layout.makers.index(("swarf_recycling", region, "oxide"))]
    return np.asarray(made)


def test_a_programme_collects_its_share_and_pays_for_each_kg_beside_what_was_before() -> None:
    """In Japan 40 t wear out a year; half is 20 t, at 10 USD/kg 200,000 USD a year."""
    result = run(ready(recycler(), programme()), "held")
    week = 7.0 / YEAR_D
    japan = result.layout.yards.index(("swarf_recycling", "japan", "oxide"))
    assert result.collected_t[:-1, japan] == pytest.approx(20.0 * week, rel=1e-9)
    assert of(result, "more", "spent_usd")[:-1] == pytest.approx(200e3 * week, rel=1e-9)
    assert recycled(result, "japan")[150:-1].mean() / week > 6.0
    still = run(ready(recycler(), programme()), "none")
    assert recycled(still, "japan").sum() == 0.0
    china = result.layout.yards.index(("swarf_recycling", "china", "oxide"))
    assert result.collected_t[:, china] == pytest.approx(still.collected_t[:, china], rel=1e-9)


def test_collection_rises_in_a_straight_line_and_stops_with_the_money() -> None:
    """To half in two years: 10 t in the first, 100,000 USD, which is all there is."""
    result = run(ready(recycler(), programme(rise="728 days", budget="100000 USD")), "held")
    paid = of(result, "more", "spent_usd")
    assert paid.sum() == pytest.approx(100e3, rel=1e-9)
    rising = paid[1:40] - paid[:39]
    assert rising == pytest.approx(np.full(39, 200e3 * 7.0 / YEAR_D / 104.0), rel=1e-9)
    japan = result.layout.yards.index(("swarf_recycling", "japan", "oxide"))
    assert result.collected_t[80:, japan].sum() == 0.0


def test_a_recycler_stops_below_its_cost_and_a_credit_keeps_it_running(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At half of 60 USD/kg a cost of 40 is lost on each kg; a credit of 15 covers it."""
    prices.given(monkeypatch, lambda day: 0.5)
    alone = run(ready(recycler(opex="40 USD/kg"), programme()), "held")
    paid = run(
        ready(recycler(opex="40 USD/kg"), programme(credit="15 USD/kg", cost="0 USD/kg")), "held"
    )
    assert [e.kind for e in alone.events if e.kind.startswith("project-mo")]
    assert recycled(alone, "japan")[40:].sum() == 0.0
    assert not [e.kind for e in paid.events if e.kind.startswith("project-mo")]
    assert recycled(paid, "japan")[40:].sum() > 0.0
    spent = of(paid, "more", "spent_usd")
    assert spent == pytest.approx(recycled(paid, "japan") * 15e3, rel=1e-9)


def test_the_compiled_review_is_the_plain_one_with_scrap_and_programmes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch = watched(monkeypatch)
    instruments = [
        recycler(support={"per_kg": "5 USD/kg", "years": "2 years"}, ramp="200 days"),
        programme(regions=["japan", "china"], rise="300 days", budget="300000 USD",
                  credit="3 USD/kg"),
        {"thrift": {"name": "less", "product": "part", "regions": ["japan"], "ceiling": 0.2,
                    "lag": "200 days", "term": "300 days", "cost": "2 million USD"}},
    ]  # fmt: skip
    held = prepared(
        world(**{"2025": 1.0, "2027": 1.3}), 700.0, growth=True, discount_rate="5 per year",
        strategies={"none": {}, "held": {"instruments": instruments}}, overrides=TIMES,
        disruptions=BAN,
    )  # fmt: skip
    run(held, "held")
    assert watch.reviews == 100
    assert watch.most["yards.collected_t"] > 0
    assert watch.most["projects.made_t"] > 0
    assert watch.most["uses.substituted"] > 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"collection": 0.0}, "is collected there already"),
        ({"regions": ["china"], "collection": 0.1}, "33.3% is collected there already"),
        ({"product": "part"}, "nobody recycles part there"),
        ({"regions": ["janpan"]}, "unknown region or group 'janpan'; did you mean 'japan'"),
    ],
)
def test_a_programme_that_changes_nothing_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        ready(recycler(), programme(**change))


def test_a_credit_that_no_project_earns_is_refused() -> None:
    with pytest.raises(ScenarioError, match="or a credit and a project there that earns it"):
        ready(recycler(), programme(regions=["china"], collection=0.1, credit="15 USD/kg"))


def test_two_programmes_over_one_recycler_are_refused() -> None:
    with pytest.raises(ScenarioError, match="another programme feeds swarf_recycling in japan too"):
        ready(recycler(), programme(), programme(name="again"))


def test_a_recycler_that_had_more_than_wears_out_is_refused() -> None:
    with pytest.raises(
        ScenarioError,
        match=r"works up 20 t/yr from worn-out goods, but only 12 t/yr can be had there",
    ):
        prepared(
            Small(
                **{name: getattr(world(), name) for name in world().__dataclass_fields__}
                | {"scrap": {"swarf_recycling": Feed(1.0, recovered=0.2)}}
            ),
            400.0,
            overrides=CALM,
        )
