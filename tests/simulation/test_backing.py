"""Backstops, learning and limits, each against what paper says."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from entrants import MARKET, sure
from entrants import plant as entrant
from monazite.errors import ScenarioError
from monazite.simulation.projects import Fate, draw_fates
from monazite.simulation.run import draw_world
from monazite.trajectories import Trajectories
from monazite.world.prepare import Prepared
from networks import CALM, START, prepared, run

THREE = replace(MARKET, use=MARKET.use | {"united_states": {"cars": 10.0}})
SURE = CALM | sure() | {"phases.magnet_plant.overrun": 1}


def plant(name: str, **more: Any) -> dict[str, Any]:
    """Return a plant of 2 million USD, half of it public, that takes 100 and 200 days."""
    money = {"public_share": "50 %", "capex": "40000 USD per t/yr"}
    days = {"financing": "100 days", "construction": "200 days"}
    return {"project": entrant(name=name, **money | days | more)}


def ready(
    *instruments: dict[str, Any], over: dict[str, Any] | None = None, **more: Any
) -> Prepared:
    return prepared(
        THREE, 2000.0, strategies={"built": {"instruments": list(instruments)}},
        overrides=SURE | (over or {}), discount_rate="0 per year", **more,
    )  # fmt: skip


def backstop(**more: Any) -> dict[str, Any]:
    return {"backstop": {"name": "trust", "regions": ["japan"], "financing_factor": 0.4} | more}


def refused(*instruments: dict[str, Any], **more: Any) -> dict[str, str]:
    with pytest.raises(ScenarioError, match=r".") as caught:
        ready(*instruments, **more)
    return {problem.path: problem.message for problem in caught.value.problems}


def begins(result: Trajectories, kind: str = "project-construction") -> dict[str, float]:
    return {event.name: event.day for event in result.events if event.kind == kind}


def test_a_backstop_shortens_the_financing_and_costs_its_part_as_construction_begins() -> None:
    """Financing of 100 days takes 40; 3 % of 50 t/yr times 40,000 USD is 60,000 USD."""
    world = ready(plant("plant"), backstop(cost="3 %"))
    result = run(world, "built")
    assert begins(result) == {"plant": 40.0}
    spent = dict(zip([n for _, n in result.layout.instruments], result.spent_usd.T, strict=True))
    assert spent["trust"].sum() == pytest.approx(60_000.0, rel=1e-9)
    assert spent["plant"].sum() == pytest.approx(1e6, rel=1e-9)


def test_a_plant_whose_backstop_finds_no_money_is_not_begun() -> None:
    world = ready(plant("plant"), backstop(cost="3 %", budget="59999 USD"))
    result = run(world, "built")
    assert "project-not-funded" in {event.kind for event in result.events}
    assert result.spent_usd[:, 1].sum() == 0.0


def test_only_what_begins_in_time_in_its_regions_is_covered() -> None:
    early, late = plant("early"), plant("late", start=START + timedelta(days=10))
    far = plant("far", region="china")
    world = ready(early, late, far, backstop(start=START + timedelta(days=10)))
    assert begins(run(world, "built")) == {"early": 100.0, "late": 50.0, "far": 100.0}


def fates(world: Prepared, count: int) -> list[Fate]:
    return [draw_fates(world, n, world.central())[0] for n in range(count)]


def test_a_backstop_averts_what_finance_and_permits_would_do_and_worsens_nothing() -> None:
    """With factors of 0 no stall or end for finance or a permit is left; the rest is as it was."""
    odds = {"phases.magnet_plant.stall_chance": 0.6, "phases.magnet_plant.cancel_chance": 0.6}
    bare = fates(ready(plant("plant"), over=odds), 200)
    helped = fates(ready(plant("plant"), backstop(stall_factor=0, cancel_factor=0), over=odds), 200)
    for before, after in zip(bare, helped, strict=True):
        spared = before.ended_for in ("permit", "finance")
        assert after.ended_for == (None if spared else before.ended_for)
        spared = before.stalled_for in ("permit", "finance")
        assert after.stalled_for == (None if spared else before.stalled_for)
    assert sum(fate.ended_for is None for fate in helped) > sum(f.ended_for is None for f in bare)


def test_the_fourth_plant_of_a_kind_in_a_region_has_learnt_two_doublings() -> None:
    """At 10 % and 20 % for a doubling: 200 days times 0.81, 2 million USD times 0.64."""
    rates = {"behaviour.learning_time": 0.1, "behaviour.learning_cost": 0.2}
    names = ("d", "c", "b", "a")
    parts = [plant(n, start=START + timedelta(days=i)) for i, n in enumerate(names)]
    world = ready(*parts, plant("far", region="china"), over=rates, learning=True)
    drawn = draw_world(world, 0)
    found = {p.part.name: f for p, f in zip(world.projects, drawn.fates, strict=True)}
    assert found["a"].lengths_d["construction"] == pytest.approx(200.0 * 0.81, rel=1e-12)
    assert found["a"].cost_usd == pytest.approx(2e6 * 0.64, rel=1e-12)
    assert found["c"].cost_usd == pytest.approx(2e6 * 0.8, rel=1e-12)
    assert found["d"].cost_usd == found["far"].cost_usd == pytest.approx(2e6, rel=1e-12)


def test_the_rate_of_learning_is_read_only_where_builders_learn() -> None:
    with pytest.raises(ScenarioError, match=r"nothing here reads this record"):
        ready(plant("plant"), over={"behaviour.learning_time": 0.1})


def test_what_covers_nothing_or_twice_is_refused() -> None:
    far = backstop(name="far", regions=["china"])
    late = backstop(name="late", start=START + timedelta(days=1))
    found = refused(plant("plant"), backstop(), backstop(name="second"), far, late)
    nothing = "covers no project of this strategy; look at its regions, kinds and start"
    assert found == {
        "strategies.built.instruments.2.backstop": "'trust' covers 'plant' already; give them "
        "other regions or kinds",
        "strategies.built.instruments.3.backstop": nothing,
        "strategies.built.instruments.4.backstop": nothing,
    }


def test_a_limit_on_no_project_is_refused() -> None:
    found = refused(plant("plant"), limits=[LIMIT, LIMIT | {"kinds": ["metal_plant"]}])
    text = "no project of any strategy or under way is of these kinds and regions"
    assert found == {"limits.1": text}


def test_misspelt_regions_and_kinds_come_with_the_word_that_was_meant() -> None:
    wrong = {"regions": ["japn"], "kinds": ["magnet_plnt"]}
    found = refused(plant("plant"), backstop(**wrong), limits=[LIMIT | wrong])
    texts = (
        "unknown region or group 'japn'; did you mean 'japan'?",
        "unknown kind 'magnet_plnt'; did you mean 'magnet_plant'?",
    )
    paths = ("limits.0", "strategies.built.instruments.1.backstop")
    ends = ("regions.0", "kinds.0")
    assert found == {
        f"{path}.{end}": text for path in paths for end, text in zip(ends, texts, strict=True)
    }


LIMIT = {"regions": ["japan"], "kinds": ["magnet_plant"], "at_once": 1}


@pytest.mark.parametrize("turned", [False, True])
def test_plants_wait_for_crews_in_the_order_of_their_start_and_name(turned: bool) -> None:
    """One at a time, 200 days each, from day 100: a, then b, and c, begun a day later, last."""
    parts = [plant("a"), plant("b"), plant("c", start=START + timedelta(days=1))]
    world = ready(*(parts[::-1] if turned else parts), limits=[LIMIT])
    assert begins(run(world, "built")) == {"a": 100.0, "b": 300.0, "c": 500.0}


def test_two_crews_build_two_at_a_time_and_other_regions_do_not_wait() -> None:
    parts = [plant(name) for name in ("a", "b", "c")] + [plant("far", region="china")]
    world = ready(*parts, limits=[LIMIT | {"at_once": 2}])
    assert begins(run(world, "built")) == {"a": 100.0, "b": 100.0, "far": 100.0, "c": 300.0}


def test_one_that_finds_no_money_or_ends_gives_its_place_away() -> None:
    """With 1.5 million USD only one of two plants of 1 million is built; the next comes at once."""
    cheap = plant("c", capacity="10 t/yr")
    world = ready(plant("a"), plant("b"), cheap, limits=[LIMIT], budget="1.5 million USD")
    found = run(world, "built")
    assert begins(found) == {"a": 100.0, "c": 300.0}


def test_plants_under_way_take_places_too_and_go_first_on_a_day() -> None:
    under = plant("yard", public_share=0)["project"]
    result = run(ready(plant("a"), limits=[LIMIT], under_way=[under]), "built")
    assert begins(result) == {"yard": 100.0, "a": 300.0}
    assert begins(result, "project-waits") == {"a": 100.0}


def test_a_plant_that_is_built_already_needs_no_place() -> None:
    """It goes on into its commissioning on day 100, while the other is under construction."""
    built = plant("yard", public_share=0, construction="0 days", commissioning="10 days")
    result = run(ready(plant("a"), limits=[LIMIT], under_way=[built["project"]]), "built")
    assert begins(result) == {"a": 100.0}
    assert begins(result, "project-commissioning") == {"yard": 100.0}


def test_one_that_waits_under_a_second_limit_takes_no_place_under_the_first() -> None:
    """Near waits for far under the first limit; west is built meanwhile, under the second."""
    east, pacific = ["china", "japan"], ["japan", "united_states"]
    limits = [{"regions": regions, "at_once": 1} for regions in (pacific, east)]
    parts = [plant("far", region="china"), plant("near"), plant("west", region="united_states")]
    result = run(ready(*parts, limits=limits), "built")
    assert begins(result) == {"far": 100.0, "west": 100.0, "near": 300.0}


def test_nothing_waits_or_learns_in_a_file_without_limits_and_learning() -> None:
    """Three plants alike begin on the same day and cost the same."""
    world = ready(*(plant(name) for name in ("a", "b", "c")))
    result = run(world, "built")
    assert begins(result) == dict.fromkeys(("a", "b", "c"), 100.0)
    assert result.spent_usd.sum(axis=0).tolist() == pytest.approx([1e6] * 3, rel=1e-9)
