"""Why projects stall or end: drawn by the record, from a stream that nothing else hangs on."""

from collections import Counter

import pytest

from entrants import MARKET
from monazite.simulation.projects import draw_fates
from monazite.simulation.run import draw_world, edges_by, simulate
from monazite.world.plan import REASONS
from monazite.world.prepare import Prepared
from networks import CALM, START, prepared

PART = {
    "name": "plant",
    "kind": "magnet_plant",
    "region": "japan",
    "capacity": "50 t/yr",
    "start": START,
    "public_share": "50 %",
}


def ready(
    stall: float, cancel: float, construction: str | None = None, **weights: float
) -> Prepared:
    """Return a world with one plant, with these odds and weights of reasons."""
    part = PART if construction is None else PART | {"construction": construction}
    sure = {"phases.magnet_plant.stall_chance": stall, "phases.magnet_plant.cancel_chance": cancel}
    return prepared(
        MARKET, 4000.0, strategies={"built": {"instruments": [{"project": part}]}},
        overrides=CALM | sure | {f"behaviour.{name}": value for name, value in weights.items()},
        budget="1 billion USD",
    )  # fmt: skip


def test_reasons_come_as_often_as_their_weights_say() -> None:
    """Weights of 3 to 1: within four standard errors of 3/4 in 400 worlds, 0.66 to 0.84."""
    weights = {f"stalled_for_{reason}": 0.0 for reason in REASONS}
    weights |= {"stalled_for_permit": 0.3, "stalled_for_technology": 0.1}
    world = ready(1.0, 0.0, **weights)
    values = world.central()
    fates = [draw_fates(world, n, values)[0] for n in range(400)]
    found = Counter(fate.stalled_for for fate in fates)
    assert set(found) == {"permit", "technology"}
    assert found["permit"] / 400 == pytest.approx(0.75, abs=4 * (0.75 * 0.25 / 400) ** 0.5)
    assert {fate.ended_for for fate in fates} == {None}


def test_one_who_neither_stalls_nor_ends_has_no_reason() -> None:
    world = ready(0.0, 0.0)
    fate = draw_fates(world, 0, world.central())[0]
    assert (fate.stalled_for, fate.ended_for, fate.cancelled_in) == (None, None, None)


def test_what_is_built_already_does_not_stall() -> None:
    world = ready(1.0, 0.0)
    built = ready(1.0, 0.0, construction="0 days")
    for n in range(10):
        assert draw_fates(world, n, world.central())[0].stalled_for is not None
        assert draw_fates(built, n, built.central())[0].stalled_for is None
        assert draw_fates(built, n, built.central())[0].lengths_d["construction"] == 0.0


def test_weights_move_the_reason_and_nothing_else() -> None:
    one = ready(0.5, 0.5, stalled_for_permit=1.0, ended_for_permit=1.0)
    two = ready(0.5, 0.5, stalled_for_permit=0.0, ended_for_permit=0.0)
    for n in range(30):
        a, b = (draw_fates(each, n, each.central())[0] for each in (one, two))
        assert (a.lengths_d, a.cancelled_in) == (b.lengths_d, b.cancelled_in)
        assert a.cost_usd == b.cost_usd


@pytest.mark.parametrize(("stall", "cancel"), [(1.0, 0.0), (0.0, 1.0)])
def test_the_reason_is_told_with_the_event(stall: float, cancel: float) -> None:
    weights = {f"stalled_for_{reason}": float(reason == "market") for reason in REASONS}
    weights |= {f"ended_for_{reason}": float(reason == "market") for reason in REASONS}
    world = ready(stall, cancel, **weights)
    told = simulate(draw_world(world, 0), "built", edges_by(world, "quarter")).events
    details = {event.kind: event.detail for event in told}
    if stall:
        assert details["project-construction"] == "stalls: market"
    else:
        assert details["project-cancelled"].endswith(": market")
