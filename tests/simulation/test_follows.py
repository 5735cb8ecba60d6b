"""Controls that follow others: when they come, how often, and what follows nothing."""

from datetime import timedelta
from typing import Any

import pytest

from monazite.simulation.run import draw_world, world_events
from monazite.world.prepare import Prepared
from networks import START, Kind, Plant, Small, prepared

SMALL = Small(
    products={"part": (45.0, 60.0)},
    processes={"making": ("part", {})},
    plants=[Plant("making", "china", 160.0, 0.8), Plant("making", "japan", 20.0, 0.8)],
    sectors={"cars": Kind()},
    use={"china": {"cars": 80.0}, "japan": {"cars": 100.0}},
)


def control(name: str, **more: Any) -> dict[str, Any]:
    own = {"name": name, "controller": "china", "products": ["part"], "targets": ["japan"]}
    return own | {"form": "ban", "duration": "20 days"} | more


ACT = control("act", start=START + timedelta(days=100), chance=0.6)
REPLY = control("reply", controller="japan", targets=["china"], after="act", delay="30 days")
ANSWER = control("answer", after="reply", delay="14 days", chance=0.5)


def ready(*controls: dict[str, Any]) -> Prepared:
    return prepared(SMALL, 365.0, disruptions={"scheduled": controls})


def days(ready: Prepared, replication: int = 0) -> dict[str, float]:
    events = world_events(draw_world(ready, replication))
    return {event.name: event.day for event in events if event.kind == "control-in-force"}


def test_each_comes_its_delay_after_the_one_that_it_follows() -> None:
    """Day 100, 30 days later, 14 days after that; the order in the file does not matter."""
    sure = [ANSWER | {"chance": 1.0}, REPLY, ACT | {"chance": 1.0}]
    assert days(ready(*sure)) == {"act": 100.0, "reply": 130.0, "answer": 144.0}


def test_what_follows_comes_only_with_its_leader_and_as_often_as_told() -> None:
    """Six worlds in ten see the act and its reply, three the answer too."""
    chain, worlds = ready(ACT, REPLY, ANSWER), 1000
    found = [tuple(days(chain, k)) for k in range(worlds)]
    assert set(found) == {(), ("act", "reply"), ("act", "reply", "answer")}
    for name, part in (("act", 0.6), ("reply", 0.6), ("answer", 0.3)):
        count = sum(name in one for one in found)
        assert count / worlds == pytest.approx(part, abs=4.0 * (part * (1 - part) / worlds) ** 0.5)


def test_a_reply_changes_nothing_about_whether_and_when_its_leader_comes() -> None:
    chain, alone = ready(ACT, REPLY, ANSWER), ready(ACT)
    assert [days(chain, k).get("act") for k in range(50)] == [
        days(alone, k).get("act") for k in range(50)
    ]


def test_a_control_is_foreseen_only_where_all_before_it_are() -> None:
    sure = ACT | {"chance": 1.0}
    assert ready(sure, REPLY, ANSWER).foreseen == {"act", "reply"}
    assert ready(ACT, REPLY).foreseen == frozenset()


def test_a_life_without_a_date_is_not_refused_for_days_that_nobody_knows() -> None:
    """A suspension on a date, and a lead no longer than the delay, may fit any first day."""
    pause = {"from": START + timedelta(days=135), "until": START + timedelta(days=140)}
    part = REPLY | {"suspended": [pause], "announced": "30 days"}
    kinds = [
        (event.day, event.kind)
        for event in world_events(draw_world(ready(ACT | {"chance": 1.0}, part), 0))
        if event.name == "reply"
    ]
    assert kinds == [
        (100.0, "control-announced"),
        (130.0, "control-in-force"),
        (135.0, "control-suspended"),
        (140.0, "control-reimposed"),
        (150.0, "control-lifted"),
    ]
