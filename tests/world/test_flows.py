"""What would touch no flow, or mean two things, is refused before anything runs."""

from typing import Any

import pytest

from entrants import MARKET, plant
from monazite.errors import ScenarioError
from monazite.scenario import read_scenario
from monazite.world import prepare
from networks import Kind, Plant, Small, part_ban, prepared

APART = Small(
    products={"ore": (45.0, 20.0), "part": (45.0, 60.0)},
    processes={"mining": ("ore", {}), "magnet_making": ("part", {"ore": 1.0})},
    plants=[
        Plant("mining", "china", 150.0, 0.8),
        Plant("mining", "india", 100.0, 0.8),
        Plant("magnet_making", "china", 250.0, 0.8),
    ],
    sectors=MARKET.sectors,
    use=MARKET.use,
    routes=[
        ("ore", "china", "china"),
        ("ore", "india", "china"),
        ("part", "china", "china"),
        ("part", "china", "japan"),
    ],
)
"""China makes all parts; Japan has no other seller, India mines and uses none."""

STOCK = {
    "name": "stock",
    "product": "part",
    "place": "japan",
    "owner": "japan",
    "target": "10 t",
    "buy_from": "outside",
    "release": {"trigger": "never"},
}
OBLIGATION = {"name": "holders", "product": "part", "regions": ["india"], "days": "30 days"}


def held(part: dict[str, Any]) -> dict[str, Any]:
    return {"strategies": {"held": {"instruments": [part]}}}


def banned(**more: Any) -> dict[str, Any]:
    return {"disruptions": {"scheduled": [part_ban(10.0, 10.0, **more)]}}


CASES = {
    "a group that takes the place of a region": (
        {"groups": {"india": ["japan", "china"]}},
        "groups.india",
        "a region is called 'india' too; names must differ",
    ),
    "a control of what is not made": (
        banned(controller="japan"),
        "disruptions.scheduled.0.products",
        "touches no flow of part: japan makes none; china do",
    ),
    "a control of what is not sold to its targets": (
        banned(targets=["india"]),
        "disruptions.scheduled.0.products",
        "touches no flow of part: china sells none of it to the targets",
    ),
    "a plant that nobody buys from": (
        held({"project": plant(region="india", public_share=0.0)}),
        "strategies.held.instruments.0",
        "no route takes part from india to any user; the plant would touch no flow",
    ),
    "a stock that nobody sells to": (
        held({"stockpile": STOCK}) | banned(),
        "strategies.held.instruments.0",
        "nobody outside the controllers sells part; nothing can be bought",
    ),
    "holders who hold nothing": (
        held({"obligation": OBLIGATION}),
        "strategies.held.instruments.0.obligation.regions",
        "india use no part; nobody would hold it",
    ),
    "a stock sized by a use that is none": (
        held({"stockpile": STOCK | {"owner": "india", "target": "90 days of use"}}),
        "strategies.held.instruments.0.stockpile.target",
        "0 t: india uses no part at the start; give tonnes, such as '500 t'",
    ),
    "a record that nothing reads": (
        {"overrides": {"phases.light_mine.overrun": 1.2}},
        "overrides.phases.light_mine.overrun",
        "nothing here reads this record, so the override would change nothing",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_touches_no_flow_is_refused_with_its_place(case: str) -> None:
    parts, path, message = CASES[case]
    with pytest.raises(ScenarioError) as refused:
        prepared(APART, **parts)
    assert (path, message) in [(one.path, one.message) for one in refused.value.problems]


def test_a_review_that_outlasts_what_makers_hold_is_refused() -> None:
    """Ore for 5 days in hand, and 2 on the way: enough for a week and for no more."""
    small = Small(
        products={"ore": (5.0, 20.0), "part": (45.0, 60.0)},
        processes={"mining": ("ore", {}), "making": ("part", {"ore": 1.0})},
        plants=[Plant("mining", "china", 120.0), Plant("making", "china", 120.0)],
        sectors={"cars": Kind()},
        use={"china": {"cars": 100.0}},
        lead_d=2.0,
    )
    prepared(small, review="7 days")
    with pytest.raises(ScenarioError) as refused:
        prepared(small, review="8 days")
    assert [(one.path, one.message) for one in refused.value.problems] == [
        (
            "review",
            "longer than makers in china may be able to run on the ore that they hold; "
            "at most 7 days here",
        )
    ]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("Burma", "; it has no part in this chain"),
        ("PRC", "; did you mean 'china'?"),
        ("atlantis", "; 'monazite show regions' lists those that are known"),
    ],
)
def test_a_region_by_another_name_is_told_by_its_own(word: str, hint: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        prepared(APART, report=[word])
    said = [one.message for one in refused.value.problems]
    assert said == [f"unknown region or group '{word}'{hint}"]


def test_an_override_of_a_lead_time_by_decades_is_refused() -> None:
    sets = ["overrides.ndfeb.leads.pacific=20 years"]
    with pytest.raises(ScenarioError, match="a lead time of 7,305 days; more than 10 years"):
        prepare(read_scenario("ree-magnets", sets))
