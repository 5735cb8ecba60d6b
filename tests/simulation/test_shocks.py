"""Shocks against paper: what closures, curbs, quotas, surges and bans on technology do."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from entrants import plant, sure
from monazite.errors import ScenarioError
from monazite.experiments.model import real_model
from monazite.scenario.checks import disagreements
from monazite.simulation.run import draw_world, world_events
from monazite.simulation.shocks import draw_shocks, held
from monazite.trajectories import Trajectories
from monazite.world.prepare import Prepared, prepare
from networks import CALM, START, YEAR_D, Kind, Plant, Small, prepared, run, scenario

DAY_T = 100.0 / YEAR_D
"""Japan uses 100 t a year of a part; China makes it, 21 days away, and uses 60 t itself."""

SMALL = Small(
    products={"part": (30.0, 60.0)},
    processes={"magnet_making": ("part", {})},
    plants=[Plant("magnet_making", "china", 160.0, 0.8)],
    sectors={"defence": Kind(tier=1), "cars": Kind()},
    use={"china": {"defence": 10.0, "cars": 50.0}, "japan": {"defence": 20.0, "cars": 80.0}},
    lead_d={("china", "japan"): 21.0},
)
"""It could make 200 t a year."""


def day(number: float) -> date:
    return START + timedelta(days=number)


def ready(days: float = 700.0, small: Small = SMALL, **shocks: Any) -> Prepared:
    more = shocks.pop("more", {})
    overrides = CALM | more.pop("overrides", {})
    return prepared(small, days, disruptions=shocks, overrides=overrides, **more)


def of(result: Trajectories, table: str, region: str) -> np.ndarray:
    """Return an amount of all uses in a region, by review."""
    mine = [use[1] == region for use in result.layout.uses]
    return np.asarray(getattr(result, table)[:, mine].sum(axis=1))


def sent(result: Trajectories) -> np.ndarray:
    """Return what China ships to Japan, as a multiple of what it usually does, by review."""
    mine = [x for x, r in enumerate(result.layout.routes) if (r[0], r[3]) == ("china", "japan")]
    return np.asarray(result.shipped_t[:, mine].sum(axis=1) / np.diff(result.edges_d) / DAY_T)


def closure(**more: Any) -> dict[str, Any]:
    own = {"name": "strait", "from": ["china"], "to": ["japan"], "start": day(70)}
    return own | {"duration": "70 days"} | more


@pytest.mark.parametrize("part", [0.0, 0.25])
def test_a_closed_way_is_short_by_what_stock_does_not_cover(part: float) -> None:
    """For 70 days the part that passes comes; the 30 days of stock fill in for the rest.

    Japan lacks 70 (1 - part) days of use, of which 30 lie in its stock.
    """
    result = run(ready(closures=[closure(part=part)]))
    assert_allclose(sent(result)[10:20], part, atol=1e-12)
    lacks_t = (70.0 * (1.0 - part) - 30.0) * DAY_T
    assert of(result, "shortfall_t", "japan").sum() == pytest.approx(lacks_t, rel=1e-9)
    assert of(result, "shortfall_t", "china").sum() == 0.0


def test_goods_under_way_when_a_way_closes_arrive() -> None:
    result = run(ready(closures=[closure(part=0, duration=None)]))
    first = int(np.flatnonzero(of(result, "shortfall_t", "japan") > 1e-9)[0]) * 7
    assert first == 70 + 21 + 28  # lead time and stock of 30 days, in whole reviews


def test_a_longer_way_brings_all_of_it_later_by_the_delay() -> None:
    """Shipped from day 70 on, it takes 35 days more: nothing arrives for 35 days."""
    result = run(ready(closures=[closure(delay="35 days", duration=None)]))
    pools = [h for h, pool in enumerate(result.layout.pools) if pool[1] == "japan"]
    stock = result.stock_t[:, pools].sum(axis=1)
    came = of(result, "delivered_t", "japan")[1:] + np.diff(stock)
    assert_allclose(came[:12], 7.0 * DAY_T, rtol=1e-9)  # reviews 1 to 12: under way before
    assert_allclose(came[12:17], 0.0, atol=1e-12)  # day 91 to 126
    assert (came[17:] > 0.0).all()
    assert of(result, "shortfall_t", "japan").sum() == pytest.approx(5.0 * DAY_T, rel=0.5)


def test_a_way_that_is_no_longer_and_all_open_is_no_closure() -> None:
    quiet = run(ready())
    other = run(ready(closures=[closure(delay="35 days", start=day(70), duration="7 days")]))
    assert (quiet.shipped_t != other.shipped_t).any()
    assert_allclose(sent(other)[-20:], 1.0, rtol=1e-2)


def test_a_curb_of_half_the_plants_for_a_quarter_makes_half() -> None:
    """At half of 200 t a year, 100 t are made; 160 are used, and 60 t a year are lacking."""
    curb = {
        "name": "power", "processes": ["magnet_making"], "regions": ["china"],
        "start": day(70), "duration": "91 days", "part": "50 %",
    }  # fmt: skip
    result = run(ready(curbs=[curb]))
    made = result.made_t[:, 0] / np.diff(result.edges_d) * YEAR_D
    assert_allclose(made[:10], 160.0, rtol=1e-9)
    assert_allclose(made[10:23], 100.0, rtol=1e-9)
    assert made[23:].max() == pytest.approx(200.0, rel=1e-9)


def test_a_curb_that_covers_a_review_in_part_counts_in_part() -> None:
    curb = {
        "name": "power", "processes": ["magnet_making"], "regions": ["china"],
        "start": day(73), "duration": "14 days", "part": 0,
    }  # fmt: skip
    model = draw_world(ready(curbs=[curb]), 0).model
    assert_allclose(model.curb[9:13, 0], [1.0, 1.0 - 4.0 / 7.0, 0.0, 1.0 - 3.0 / 7.0], rtol=1e-9)


HOSTED = Small(**{**vars(SMALL), "hosts": {"magnet_making": "aluminium"}})
"""The same, with its plants as by-product plants of aluminium."""


def made_t_per_yr(result: Trajectories) -> np.ndarray:
    """Return what the first maker makes, by review."""
    return np.asarray(result.made_t[:, 0] / np.diff(result.edges_d) * YEAR_D)


def test_by_products_stand_with_their_host_as_if_their_processes_were_named() -> None:
    """Half of 200 t a year while the smelters run at half: 100 t of the 160 t that are used."""
    own = {"name": "power", "regions": ["china"], "start": day(70), "duration": "91 days",
           "part": "50 %"}  # fmt: skip
    by_host = run(ready(small=HOSTED, curbs=[own | {"hosts": ["aluminium"]}]))
    by_name = run(ready(small=HOSTED, curbs=[own | {"processes": ["magnet_making"]}]))
    assert_allclose(made_t_per_yr(by_host)[10:23], 100.0, rtol=1e-9)
    assert (by_host.made_t == by_name.made_t).all()


def test_half_the_host_is_half_of_what_its_by_product_plants_can_make() -> None:
    """The index falls from 1 to 0.5 over 2026: 200 t a year to 100 t on day 365, and stays.

    The 160 t that are used can be made until it is 0.8, on day 146.
    """
    result = run(ready(small=HOSTED, host_activity={"aluminium": {"2027": 0.5}}))
    made = made_t_per_yr(result)
    assert_allclose(made[:20], 160.0, rtol=1e-9)
    middle_d = np.arange(21, 52) * 7.0 + 3.5
    assert_allclose(made[21:52], 200.0 * (1.0 - 0.5 * middle_d / 365.0), rtol=1e-9)
    assert_allclose(made[53:], 100.0, rtol=1e-9)


def test_a_host_that_goes_on_as_it_was_changes_nothing() -> None:
    same = run(ready(small=HOSTED, host_activity={"aluminium": {"2027": 1}}))
    assert (same.made_t == run(ready(small=HOSTED)).made_t).all()


def test_a_plant_beside_the_host_does_not_follow_it() -> None:
    two = Small(
        **{
            **vars(HOSTED),
            "processes": {"magnet_making": ("part", {}), "other_making": ("part", {})},
            "plants": [*SMALL.plants, Plant("other_making", "japan", 10.0, 1.0)],
        }
    )
    quiet = run(ready(small=two))
    cut = run(ready(small=two, host_activity={"aluminium": {"2027": 0.5}}))
    assert cut.made_t[:, 0].sum() < quiet.made_t[:, 0].sum()
    assert cut.made_t[:, 1].sum() >= quiet.made_t[:, 1].sum() * (1.0 - 1e-9)


def test_unknown_hosts_are_refused_with_those_that_are_followed() -> None:
    curb = {"name": "a", "regions": ["china"], "start": day(1), "part": 0}
    for shocks, said in (
        ({"curbs": [curb | {"hosts": ["aluminum"]}]}, "did you mean 'aluminium'"),
        ({"curbs": [curb | {"hosts": ["zinc"]}]}, "of 'zinc'; they follow aluminium"),
        ({"host_activity": {"zinc": {"2027": 0.5}}}, "no process here yields a by-product of"),
        ({"curbs": [curb | {"hosts": ["aluminium"], "regions": ["japan"]}]},
         "no by-product of aluminium is made there"),
    ):  # fmt: skip
        with pytest.raises(ScenarioError, match=said):
            ready(small=HOSTED, **shocks)


def test_a_quota_on_output_in_tonnes_and_as_a_part_of_what_is_usual() -> None:
    own = {"name": "ration", "controller": "china", "product": "part", "start": day(70)}
    tonnes = run(ready(production_quotas=[own | {"allowed_t_per_yr": "120 t/yr"}]))
    part = run(ready(production_quotas=[own | {"allowed": "75 %"}]))
    for result in (tonnes, part):
        made = result.made_t[:, 0] / np.diff(result.edges_d) * YEAR_D
        assert_allclose(made[:10], 160.0, rtol=1e-9)
        assert_allclose(made[10:], 120.0, rtol=1e-9)


def test_a_quota_binds_plants_that_are_added_too() -> None:
    own = {"name": "ration", "controller": "china", "product": "part", "start": day(7)}
    quota = [own | {"allowed_t_per_yr": "120 t/yr"}]
    result = run(ready(production_quotas=quota, more={"under_way": [works(region="china")]}))
    made = result.made_t[:, 0] / np.diff(result.edges_d) * YEAR_D
    assert_allclose(made[1:], 120.0, rtol=1e-9)


def surge(**more: Any) -> dict[str, Any]:
    own = {"name": "war", "tiers": [1], "regions": ["japan"], "start": day(70), "factor": 1.2}
    return own | {"duration": "365 days"} | more


def test_a_surge_of_a_fifth_for_a_year_adds_a_fifth_of_a_years_need() -> None:
    """Of 20 t a year of defence in Japan; nobody else needs more, and the sum holds."""
    quiet, result = run(ready()), run(ready(surges=[surge()]))
    more = result.reference_t - quiet.reference_t
    mine = result.layout.uses.index(("defence", "japan", "part", 1))
    assert more.sum() == pytest.approx(0.2 * 20.0 * 365.0 / YEAR_D, rel=1e-9)
    assert more[:, mine].sum() == pytest.approx(more.sum(), rel=1e-12)
    parts = result.delivered_t + result.substituted_t + result.curtailed_t + result.shortfall_t
    assert_allclose(parts, result.reference_t, rtol=1e-9, atol=1e-12)
    assert of(result, "delivered_t", "japan").sum() > of(quiet, "delivered_t", "japan").sum()


def test_a_surge_that_ramps_adds_half_as_much_on_the_way() -> None:
    quiet = run(ready())
    result = run(ready(surges=[surge(ramp="70 days", duration="70 days")]))
    more = (result.reference_t - quiet.reference_t).sum()
    assert more == pytest.approx(0.5 * 0.2 * 20.0 * 70.0 / YEAR_D, rel=1e-9)


def test_a_surge_beyond_what_can_be_made_is_short() -> None:
    """160 t a year are used of 200; a need of 3 x 80 t more of cars in Japan cannot be met."""
    result = run(ready(surges=[surge(tiers=[], sectors=["cars"], factor=3.0)]))
    assert of(result, "shortfall_t", "japan").sum() > 0.0


def works(**more: Any) -> dict[str, Any]:
    """Return a plant that has its permit and takes 270 days to first output."""
    spans = {"financing": "30 days", "construction": "200 days", "commissioning": "40 days"}
    own = {"name": "works", "capacity": "20 t/yr", "public_share": 0, "opex": "1 USD/kg"}
    return plant(**spans | own | more)


def ban(**more: Any) -> dict[str, Any]:
    own = {"name": "know-how", "controller": "china", "targets": ["all"], "start": START}
    return own | more


def first_output(*bans: dict[str, Any]) -> float | None:
    """Return the day on which the plant has first output: 270 undisturbed."""
    more = {"under_way": [works()], "overrides": sure()}
    result = run(ready(technology_bans=list(bans), more=more))
    days = [event.day for event in result.events if event.kind == "project-first-output"]
    return days[0] if days else None


@pytest.mark.parametrize(
    ("bans", "at"),
    [
        ([], 270.0),
        ([ban(stretch=1.5)], 30.0 + 1.5 * 240.0),
        ([ban(stretch=1.5, duration="130 days")], 270.0 + 100.0 / 3.0),  # 100 days do 66.7
        ([ban(stretch=1.5, start=day(250))], 270.0 + 0.5 * 20.0),  # commissioning alone
        ([ban(stop=True, start=day(100), duration="60 days")], 330.0),
        ([ban(stop=True)], None),
        ([ban(stretch=1.5), ban(name="machines", stretch=2.0)], 30.0 + 2.0 * 240.0),
    ],
)
def test_a_ban_on_technology_makes_building_longer_by_as_much(
    bans: list[dict[str, Any]], at: float | None
) -> None:
    found = first_output(*bans)
    assert found is None if at is None else found == pytest.approx(at, rel=1e-9)


def test_what_a_ban_on_technology_does_not_hit_is_built_as_before() -> None:
    more = {
        "under_way": [works(), works(name="other", region="china")],
        "overrides": sure(),
    }
    result = run(ready(technology_bans=[ban(stop=True)], more=more))
    begun = [event.name for event in result.events if event.kind == "project-first-output"]
    assert begun == ["other"]


def test_what_comes_by_chance_comes_as_often_and_stays_as_long_as_it_says() -> None:
    """Gaps of mean 0.5 years and stays of 60 days: down 60 / (182.6 + 60) of the time."""
    curb = {
        "name": "power", "processes": ["magnet_making"], "regions": ["china"],
        "rate": "2 per year", "duration": "60 days", "part": 0,
    }  # fmt: skip
    prepared_ = ready(14_600.0, curbs=[curb])
    worlds = [draw_shocks(prepared_, n, prepared_.central()) for n in range(60)]
    down = np.array([sum(held(prepared_.clock, s).sum() * 7.0 for s in w) for w in worlds])
    error = down.std() / np.sqrt(down.size) / 14_600.0
    mean = 60.0 / (YEAR_D / 2.0 + 60.0)
    assert down.mean() / 14_600.0 == pytest.approx(mean, abs=4.0 * error + 60.0 / 14_600.0)
    assert error < 0.01


def test_one_shock_moves_no_draw_of_another() -> None:
    curb = {
        "name": "power", "processes": ["magnet_making"], "regions": ["china"],
        "rate": "2 per year", "duration": {"low": 10, "high": 90, "shape": "uniform", "unit": "d"},
        "part": {"low": 0.1, "high": 0.9, "shape": "uniform"},
    }  # fmt: skip
    way = closure(name="storms", start=None, rate="1 per year", part=0)
    alone, both = ready(curbs=[curb]), ready(curbs=[curb], closures=[way])
    seen = [
        [(s.name, s.first_d, s.until_d, dict(s.given)) for s in spells if s.name != "storms"]
        for spells in (
            [s for s in draw_shocks(p, 5, p.central()) if s.name.startswith("power")]
            for p in (alone, both)
        )
    ]
    assert seen[0] == seen[1]
    assert seen[0]


def test_shocks_that_do_not_happen_change_nothing() -> None:
    quiet = run(ready())
    never = [surge(chance={"low": 0.0, "high": 1e-12, "shape": "uniform"})]
    other = run(ready(surges=never, closures=[closure(part=0, start=day(695), duration=None)]))
    assert_allclose(quiet.shortfall_t, other.shortfall_t)
    assert_allclose(quiet.reference_t, other.reference_t)


def test_the_log_tells_when_shocks_come_and_go() -> None:
    shocks = {"closures": [closure(part=0)], "surges": [surge(start=day(100))]}
    events = world_events(draw_world(ready(**shocks), 0))
    told = [(e.day, e.kind, e.name) for e in events]
    assert events[0].detail == "china to japan, part 0, until 2026-05-21"
    assert events[1].detail == "tier 1 in japan, factor 1.2, until 2027-04-11"
    assert told == [
        (70.0, "closure-begins", "strait"),
        (100.0, "surge-begins", "war"),
        (140.0, "closure-ends", "strait"),
        (465.0, "surge-ends", "war"),
    ]


def test_plants_of_a_process_fail_as_often_as_its_factor_says() -> None:
    small = Small(**{**vars(SMALL), "plants": [Plant("magnet_making", "china", 160.0, 0.8, 4)]})
    up = {}
    for factor in (1.0, 4.0):
        more = {"outages": True, "outage_factors": {"magnet_making": factor}}
        ready_ = prepared(small, 14_600.0, disruptions=more, overrides=CALM)
        up[factor] = draw_world(ready_, 0).model.up.mean()
        values = {n: ready_.inputs.quantities[c].central for n, c in ready_.behaviour.items()}
        rest = values["outage_up"] / factor
        assert up[factor] == pytest.approx(rest / (rest + values["outage_down"]), abs=0.02)
    assert up[4.0] < up[1.0]


@pytest.mark.parametrize(
    ("shocks", "said"),
    [
        ({"closures": [closure(to=["china"], part=0)]}, "nothing goes this way"),
        ({"closures": [closure(to=["chile"], part=0)]}, "unknown region or group 'chile'"),
        ({"curbs": [{"name": "a", "processes": ["magnet_making"], "regions": ["japan"],
                     "start": day(1), "part": 0}]}, "there is no magnet_making there"),
        ({"curbs": [{"name": "a", "processes": ["magnet_maker"], "regions": ["china"],
                     "start": day(1), "part": 0}]}, "did you mean 'magnet_making'"),
        ({"production_quotas": [{"name": "a", "controller": "japan", "product": "part",
                                 "start": day(1), "allowed": 0.5}]}, "japan makes no part"),
        ({"surges": [surge(tiers=[2])]}, "none of these sectors is in these regions"),
        ({"surges": [surge(tiers=[], sectors=["carts"])]}, "did you mean 'cars'"),
        ({"technology_bans": [ban(stop=True)]}, "no project of these kinds"),
        ({"technology_bans": [ban(stop=True, kinds=["magnet"])]}, "unknown kind 'magnet'"),
        ({"technology_bans": [ban(stop=True, controller="japan", targets=["china"])]},
         "japan makes nothing in this chain"),
        ({"outages": True, "outage_factors": {"magnet_making": 2}}, "are counted"),
    ],
)  # fmt: skip
def test_what_touches_nothing_is_refused_with_the_reason(shocks: Any, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        ready(**shocks)


def test_shocks_of_several_chains_are_named_with_their_chain_or_for_all_of_them() -> None:
    curb = {"name": "power", "regions": ["china"], "start": day(1), "part": 0}
    ready_ = prepare(
        scenario(
            chain=("gallium", "antimony"),
            report=["united_states"],
            disruptions={
                "curbs": [curb | {"processes": ["smelting", "gallium.high_purity_refining"]}],
                "surges": [surge(regions=["united_states"], factor=2.0)],
            },
        )
    )
    curbed, more = ready_.shocks
    assert [ready_.network.makers[m][0] for m in curbed.hits] == [
        "gallium.high_purity_refining", "antimony.smelting",
    ]  # fmt: skip
    assert [ready_.network.uses[u][0] for u in more.hits] == [
        "gallium.defence", "antimony.ammunition",
    ]  # fmt: skip


def test_names_differ_from_those_of_controls_and_of_one_another() -> None:
    asked = scenario(report=["japan"], disruptions={"closures": [closure(part=0), closure(part=0)]})
    assert [problem.message for problem in disagreements(asked)] == [
        "another disruption is called 'strait' too; names must differ"
    ]


def test_a_world_with_shocks_is_not_one_in_which_nothing_can_happen() -> None:
    """Else a shortfall of 0 would be called one by construction."""
    calm = {"outages": False, "procurement": False, "more": {"growth": False}}
    is_quiet = real_model().is_quiet
    assert is_quiet(ready(**calm).scenario)
    assert not is_quiet(ready(**calm, closures=[closure(part=0.0)]).scenario)
    hosts = {"aluminium": {"2027": 0.5}}
    assert not is_quiet(ready(small=HOSTED, **calm, host_activity=hosts).scenario)
