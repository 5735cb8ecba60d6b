import math
from dataclasses import replace

import numpy as np
import pytest
from small_world import (
    CONTROLLERS,
    END_D,
    GROUPS,
    LAYOUT,
    START,
    STRATEGIES,
    SmallPrepared,
    SmallScenario,
    empty_run,
    run_world,
    shorten,
)

from monazite import measures
from monazite.errors import BrokenInvariantError
from monazite.measures.run import SIDE_BY_SIDE, Years, by_year, years_of
from monazite.trajectories import Event, Trajectories
from pace import in_bare_loops

PLAN = measures.plan(LAYOUT, GROUPS, START, END_D, CONTROLLERS)
NONE = measures.Faced()


def yearly(run: Trajectories, name: str, unit: str, *, year: int, group: str, tier: str) -> float:
    found = measures.measure(run, PLAN, NONE).yearly
    item = [(i.name, i.unit) for i in measures.YEARLY].index((name, unit))
    g, t = PLAN.groups.index(group), measures.TIERS.index(tier)
    return float(found[item, PLAN.years.index(year), g, t])


def headline(
    run: Trajectories, name: str, group: str, tier: str, onset_d: float = math.nan
) -> float:
    found = measures.measure(run, PLAN, measures.Faced(onset_d)).headline
    item = [i.name for i in measures.HEADLINE].index(name)
    return float(found[item, PLAN.groups.index(group), measures.TIERS.index(tier)])


def supply(run: Trajectories, group: str, product: str, kind: str, origin: str = "") -> list[float]:
    found = measures.measure(run, PLAN, NONE).supply
    source = measures.Source(group, product, kind, origin)
    return [float(x) for x in found[:, PLAN.sources.index(source)]]


def test_a_run_without_trouble_has_no_shortfall_and_no_days_short():
    run = empty_run()
    assert headline(run, "reference", "allies", "all") == 12 * 25.0 * 35.0
    for name in ("shortfall", "not_served", "days_short", "any_shortfall", "worst_quarter"):
        assert headline(run, name, "allies", "all") == 0.0
    assert math.isnan(headline(run, "time_to_survive", "allies", "all", onset_d=100.0))


def test_gross_need_less_offsets_is_the_net_gap_in_tonnes_and_dollars():
    run = empty_run()
    shorten(run, 5, 1, 8.0)
    run.delivered_t[5, 1] -= 5.0
    run.substituted_t[5, 1] = 2.0
    run.curtailed_t[5, 1] = 3.0
    run.released_t[5, 1] = 4.0
    for unit, worth in (("t", 1.0), ("USD", 100_000.0)):
        values = {
            name: yearly(run, name, unit, year=2027, group="united_states", tier="2") / worth
            for name in ("reference", "commercial", "gap", "substituted", "curtailed", "released")
        }
        assert values["gap"] == pytest.approx(17.0)
        assert values["commercial"] == pytest.approx(values["reference"] - 17.0)
        offsets = values["substituted"] + values["curtailed"] + values["released"]
        net = yearly(run, "shortfall", unit, year=2027, group="united_states", tier="2") / worth
        assert values["gap"] - offsets == pytest.approx(net) == pytest.approx(8.0)
        assert yearly(
            run, "not_served", unit, year=2027, group="allies", tier="all"
        ) / worth == pytest.approx(11)
    assert yearly(run, "shortfall", "t", year=2026, group="united_states", tier="2") == 0.0
    assert headline(run, "value_added_lost", "allies", "2") == pytest.approx(8.0 * 5e5)
    lost = headline(run, "value_added_lost_not_served", "allies", "all")
    assert lost == pytest.approx(11.0 * 5e5)


def test_a_bloc_adds_its_regions_and_tier_all_adds_the_tiers():
    run = empty_run()
    for use in range(4):
        shorten(run, 2, use, float(use + 1))
    assert headline(run, "shortfall", "united_states", "3") == pytest.approx(3.0)
    assert headline(run, "shortfall", "allies", "3") == pytest.approx(7.0)
    assert headline(run, "shortfall", "allies", "all") == pytest.approx(10.0)
    assert headline(run, "shortfall_share", "allies", "1") == pytest.approx(1.0 / 300.0)
    assert headline(run, "reference", "australia", "all") == 0.0


def test_days_short_are_those_of_the_worst_hit_use_and_never_counted_twice():
    run = empty_run()
    shorten(run, 0, 2, 1.0)
    shorten(run, 0, 3, 1.0)
    shorten(run, 1, 3, 1.0)
    assert headline(run, "days_short", "allies", "3") == 181.0
    assert headline(run, "days_short", "united_states", "all") == 90.0


def test_the_worst_hit_use_of_a_whole_run_is_one_use():
    """One lacks in a quarter, the other in another: neither was short for both."""
    run = empty_run()
    shorten(run, 0, 2, 1.0)
    shorten(run, 1, 3, 1.0)
    first, second = (float(run.days_short_d[:, use].sum()) for use in (2, 3))
    assert min(first, second) > 0.0
    assert headline(run, "days_short", "allies", "3") == max(first, second)


def test_the_worst_quarter_is_found_in_tonnes_and_as_a_share():
    run = empty_run()
    shorten(run, 3, 0, 5.0)
    shorten(run, 8, 0, 20.0)
    assert headline(run, "worst_quarter", "united_states", "1") == pytest.approx(20.0)
    assert headline(run, "worst_quarter_share", "united_states", "1") == pytest.approx(0.8)


def test_time_to_survive_runs_from_the_first_control_to_the_first_shortfall_after_it():
    run = empty_run()
    shorten(run, 0, 0, 1.0)  # before the control: not counted
    shorten(run, 4, 0, 1.0)
    shorten(run, 5, 0, 1.0)
    shorten(run, 9, 0, 1.0)  # after a calm: another spell
    assert headline(run, "time_to_survive", "united_states", "1", 300.0) == 365.0 - 300.0
    assert headline(run, "time_to_recover", "united_states", "1", 300.0) == run.edges_d[6] - 365.0
    assert headline(run, "time_to_survive", "united_states", "1", 400.0) == 0.0


def test_a_spell_that_lasts_to_the_end_is_cut_there():
    run = empty_run()
    for quarter in (10, 11):
        shorten(run, quarter, 1, 1.0)
    found = headline(run, "time_to_recover", "united_states", "all", 5.0)
    assert found == END_D - run.edges_d[10]


def test_the_clock_starts_with_the_first_control_in_force():
    events = (
        Event(3.0, "outage", "x"),
        Event(40.0, measures.ONSET, "y"),
        Event(9.0, measures.ONSET, "z"),
    )
    assert measures.first_onset_d(events) == 9.0
    assert math.isnan(measures.first_onset_d(events[:1]))


def test_days_under_control_count_each_day_once_up_to_the_end():
    events = (
        Event(0.0, "control-standing", "stands"),
        Event(10.0, measures.ONSET, "known"),
        Event(20.0, "control-lifted", "known"),
        Event(50.0, measures.ONSET, "a"),
        Event(60.0, measures.ONSET, "b"),
        Event(70.0, "control-lifted", "a"),
        Event(90.0, "control-lifted", "b"),
        Event(95.0, "control-lifted", "stands"),
        Event(980.0, measures.ONSET, "c"),
    )
    found = measures.faced(events, 1000.0, {"known"})
    assert found == measures.Faced(10.0, 50.0, 10.0 + 40.0 + 20.0)
    calm = measures.faced((), 1000.0)
    assert math.isnan(calm.first_control_d)
    assert calm.under_control_d == 0.0


def test_days_on_which_a_control_is_suspended_are_not_under_control():
    events = (
        Event(10.0, "control-in-force", "a"),
        Event(30.0, "control-suspended", "a"),
        Event(70.0, "control-reimposed", "a"),
        Event(80.0, "control-eased", "a"),
        Event(90.0, "control-lifted", "a"),
    )
    assert measures.faced(events, 1000.0) == measures.Faced(10.0, 10.0, 20.0 + 20.0)
    assert measures.faced(reversed(events), 1000.0) == measures.Faced(10.0, 10.0, 20.0 + 20.0)


def test_what_a_world_brings_stands_beside_its_measures():
    found = measures.measure(empty_run(), PLAN, measures.Faced(10.0, 50.0, 70.0))
    assert found.world.tolist() == [50.0, 70.0]


def test_supply_tells_home_from_imports_by_origin_and_recycling_from_making():
    run = empty_run()
    assert supply(run, "united_states", "magnets", "own_production") == [4 * 30.0] * 3
    assert supply(run, "united_states", "magnets", "import", "japan") == [4 * 20.0] * 3
    assert supply(run, "allies", "magnets", "own_production") == [4 * 50.0] * 3
    assert supply(run, "allies", "magnets", "import", "china") == [4 * 10.0] * 3
    assert supply(run, "united_states", "oxide", "recycling") == [4 * 40.0] * 3
    own = measures.Source("united_states", "oxide", "own_production")
    assert own not in PLAN.sources


def test_the_first_stock_change_is_from_the_start_of_the_run():
    run = empty_run()
    run.start_stock_t[0] = 44.0
    change = supply(run, "united_states", "magnets", "commercial_stock_change")
    assert change == [6.0, 0.0, 0.0]


def test_stock_change_is_from_year_end_to_year_end_and_release_is_what_was_drawn():
    run = empty_run()
    run.stock_t[4:, 0] -= 7.0
    run.drawn_t[6, 0] = 3.0
    run.bought_t[1, 0] = 9.0
    assert supply(run, "united_states", "magnets", "commercial_stock_change") == [0.0, -7.0, 0.0]
    assert supply(run, "united_states", "magnets", "strategic_release") == [0.0, 3.0, 0.0]
    assert supply(run, "allies", "magnets", "strategic_purchase") == [9.0, 0.0, 0.0]


def price(run: Trajectories, name: str, product: str, market: str, year: int = 2026) -> float:
    found = measures.measure(run, PLAN, NONE).prices
    item = [i.name for i in measures.PRICES].index(name)
    p, m = LAYOUT.products.index(product), measures.MARKETS.index(market)
    return float(found[item, PLAN.years.index(year), p, m])


def test_a_price_at_home_and_outside_by_volume_as_quoted_and_at_its_peak():
    run = empty_run()
    oxide, us, japan = 0, LAYOUT.regions.index("united_states"), LAYOUT.regions.index("japan")
    assert LAYOUT.products[oxide] == "oxide"
    run.price[:, oxide, us] = 3.0
    run.price[1, oxide, us] = 5.0
    run.shipped_t[:4, 3], run.shipped_t[:4, 4] = 10.0, 90.0  # to the United States and to Japan
    assert price(run, "volume_weighted", "oxide", "home") == 60.0
    assert price(run, "volume_weighted", "oxide", "outside") == pytest.approx(60.0 * 3.5)
    assert price(run, "volume_weighted", "oxide", "world") == pytest.approx(60.0 * 1.25)
    days = np.diff(run.edges_d[:5])
    quote = 60.0 * (3.0 * days.sum() + 2.0 * days[1]) / days.sum()
    assert price(run, "quote", "oxide", "world") == pytest.approx(quote)
    assert price(run, "peak", "oxide", "outside") == 300.0
    assert price(run, "quote", "oxide", "home") == 60.0
    assert run.price[0, oxide, japan] == 1.0


def test_what_nobody_controls_has_no_home_price_and_days_at_a_bound_are_the_worlds():
    run = empty_run()
    run.at_bound_d[2:6, 1] = 10.0
    assert math.isnan(price(run, "volume_weighted", "magnets", "home"))
    assert math.isnan(price(run, "quote", "magnets", "home"))
    assert price(run, "at_bound", "magnets", "world") == 20.0
    assert math.isnan(price(run, "at_bound", "magnets", "outside"))
    run.shipped_t[:] = 0.0
    assert math.isnan(price(run, "volume_weighted", "magnets", "world"))
    assert price(run, "quote", "magnets", "world") == 100.0


def test_costs_fall_in_the_year_they_are_spent_in():
    run = empty_run()
    run.spent_usd[7, 1] = 5.0
    run.spent_pv_usd[7, 1] = 4.0
    run.salvage_pv_usd[1] = 1.5
    found = measures.measure(run, PLAN, NONE)
    assert found.costs[0, :, 1].tolist() == [0.0, 5.0, 0.0]
    assert found.costs[2, :, 1].tolist() == [0.0, 4.0, 0.0]
    assert found.totals.tolist() == [4.0, 0.0, 1.5]


def test_demand_that_is_not_accounted_for_stops_the_run_with_its_place():
    run = empty_run()
    run.delivered_t[3, 2] -= 0.25
    with pytest.raises(BrokenInvariantError, match=r"ev in united_states for magnets.*0\.25 t"):
        measures.measure(run, PLAN, NONE)


@pytest.mark.parametrize("combine", [np.add, np.maximum])
@pytest.mark.parametrize("bins", range(1, SIDE_BY_SIDE + 3))
def test_years_side_by_side_have_the_bits_of_years_one_by_one(combine, bins):
    amounts = np.random.default_rng(bins).lognormal(0.0, 9.0, (7 * bins, 5))
    starts = np.arange(0, 7 * bins, bins)
    one_by_one = by_year(amounts, Years(starts, 0), combine)
    assert by_year(amounts, Years(starts, bins), combine).tobytes() == one_by_one.tobytes()


def test_years_of_unlike_length_are_told_from_even_ones():
    even = years_of(np.arange(13) * END_D / 12, PLAN)
    assert (even.starts.tolist(), even.bins) == ([0, 4, 8], 4)
    uneven = years_of(np.append(np.arange(8) * END_D / 12, END_D), PLAN)
    assert (uneven.starts.tolist(), uneven.bins) == ([0, 4, 7], 0)


def test_a_year_without_bins_stops_the_run():
    with pytest.raises(BrokenInvariantError, match="leave a year out"):
        measures.measure(empty_run(quarters=8), PLAN, NONE)


def test_a_run_that_starts_and_ends_within_a_year_has_the_years_it_touches():
    plan = measures.plan(LAYOUT, GROUPS, START.replace(month=7), 365.0, CONTROLLERS)
    assert plan.years == (2026, 2027)
    assert plan.year_start_d.tolist() == [-181.0, 184.0]
    assert measures.plan(LAYOUT, GROUPS, START, 365.0, CONTROLLERS).years == (2026,)


def test_the_flat_form_holds_every_part_where_the_plan_says():
    world = run_world(SmallPrepared(SmallScenario()), 3, STRATEGIES, "quarter")
    found = measures.measure(world.trajectories["stockpile"], PLAN, measures.Faced(100.0))
    flat = found.flat()
    assert flat.shape == (PLAN.size,)
    for name, shape in PLAN.shapes.items():
        part = flat[PLAN.part(name)].reshape(shape)
        assert np.array_equal(part, getattr(found, name), equal_nan=True)
    with pytest.raises(KeyError):
        PLAN.part("nothing")


def test_a_world_without_uses_routes_or_instruments_is_measured_as_nothing():
    bare = replace(LAYOUT, uses=(), routes=(), pools=(), stockpiles=(), instruments=(), makers=())
    run = empty_run()
    shapes = {name: getattr(run, name) for name in run.__dataclass_fields__}
    cut = {
        name: value[:, :0]
        for name, value in shapes.items()
        if isinstance(value, np.ndarray) and value.ndim == 2 and name not in ("at_bound_d",)
    }
    run = replace(
        run,
        **cut,
        start_stock_t=np.zeros(0),
        salvage_pv_usd=np.zeros(0),
        value_added_usd_per_t=np.zeros(0),
        layout=bare,
    )
    plan = measures.plan(bare, GROUPS, START, END_D, {})
    assert plan.sources == ()
    assert measures.measure(run, plan, measures.Faced(5.0)).yearly.sum() == 0.0


def test_measuring_a_run_is_quick():
    many = replace(LAYOUT, uses=LAYOUT.uses * 16)
    run = empty_run()
    wide = {
        name: np.tile(getattr(run, name), 16)
        for name in run.__dataclass_fields__
        if getattr(getattr(run, name), "shape", (0,))[-1] == 4 and name != "price"
    }
    run = replace(run, **wide, layout=many)
    plan = measures.plan(many, GROUPS, START, END_D, {})
    faced = measures.Faced(5.0)
    assert in_bare_loops(lambda: measures.measure(run, plan, faced), attempts=20) < 0.43


def test_a_strategic_stock_is_no_commercial_one():
    """What an office holds is told by what it buys and releases."""
    held = tuple((product, region, "strategic") for product, region, _ in LAYOUT.pools)
    plan = measures.plan(replace(LAYOUT, pools=held), GROUPS, START, END_D, CONTROLLERS)
    changes = {source for source in PLAN.sources if source.kind == "commercial_stock_change"}
    assert changes
    assert set(PLAN.sources) - set(plan.sources) == changes
