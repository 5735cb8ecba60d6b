"""Licensing that stands at the start: queues full of what was applied for before."""

from functools import reduce
from math import ceil, prod

import numpy as np

from monazite.rules.licences import applications, take_desk
from monazite.rules.records import Model
from monazite.simulation.draws import Floats, draw_past_waits
from monazite.simulation.licensing import longest_d
from monazite.simulation.lives import Happening
from monazite.world.prepare import Prepared

FILED_D = 400.0
"""Days before the start since which busy offices work off what is filed: time to queue up in."""


def back_cast(
    model: Model, prepared: Prepared, replication: int, happenings: list[Happening]
) -> None:
    """Fill the queues of licensing that stands at the start with past applications.

    Each past review applied for the reference flow; what was approved and has not come
    through yet waits in its slot. Where several regimes hold on a route its applications
    are one flow, on the terms that they leave together.
    """
    step_d = prepared.clock.step_d
    past = _past_waits(model, prepared, replication, happenings)
    joint = _joint(model, past)
    _work_off(model, past, joint, step_d)
    if joint:
        longest = [reduce(np.maximum, [past[c][i] for c, i in one[2]]) for one in joint.values()]
        approved = np.array([one[0] for one in joint.values()])
        _wait(model, list(joint), approved, np.array(longest), step_d)


def _past_waits(
    model: Model, prepared: Prepared, replication: int, happenings: list[Happening]
) -> dict[int, Floats]:
    """Return the past licence times of regimes long in force at the start, by row of control."""
    clock = prepared.clock
    back_d = min(longest_d(one.terms for one in happenings if _stands(one)), clock.end_d)
    if model.desk_d.size:
        back_d = max(back_d, FILED_D)
    before = ceil(back_d / clock.step_d)
    found: dict[int, Floats] = {}
    row = 0
    for happening in happenings:
        if _stands(happening):
            for k in range(len(happening.scope.bound)):
                waits_d = draw_past_waits(prepared, replication, happening, k, before)
                found[row + k] = waits_d
        row += len(happening.scope.bound)
    return found


def _stands(happening: Happening) -> bool:
    """Return whether a regime of licences has been in force for long at the start."""
    return happening.form == "licensing" and happening.settled and happening.onset_d < 0.0


Joint = tuple[float, float, list[tuple[int, int]]]
"""Approved part of a route's reference flow, part applied for, and its places in the regimes."""


def _joint(model: Model, past: dict[int, Floats]) -> dict[int, Joint]:
    """Return what some regimes grant together on each of their routes.

    Approval shares multiply, the least general licence holds.
    """
    places: dict[int, list[tuple[int, int]]] = {}
    for c in past:
        for i, x in enumerate(_routes_of(model, c).tolist()):
            places.setdefault(x, []).append((c, i))
    first = model.controls["first"].tolist()
    approval, general = model.grants["approval"].tolist(), model.grants["general"].tolist()
    found: dict[int, Joint] = {}
    for x, mine in places.items():
        numbers = [first[c] + i for c, i in mine]
        applied = 1.0 - min(general[n] for n in numbers)
        found[x] = (prod(approval[n] for n in numbers) * applied, applied, mine)
    return found


def _routes_of(model: Model, c: int) -> np.ndarray:
    control = model.controls[c]
    return model.control_route[int(control["first"]) : int(control["end"])]


def _wait(
    model: Model, routes: list[int], approved: Floats, waits_d: Floats, step_d: float
) -> None:
    """Put what past applications still wait for into the slots of their routes.

    Args:
        model: changed in place.
        routes: numbers of the routes, each once.
        approved: part of the reference flow of each that is approved, shape (routes,).
        waits_d: past licence times, latest first, shape (routes, reviews before the start).
        step_d: length of a review.
    """
    slots, before = model.queue_t.shape[1], waits_d.shape[1]
    queues = model.lanes["licence"][routes].astype(np.int64)[:, None]
    left = waits_d / step_d - np.arange(1, before + 1)
    left = np.minimum(left, slots - 2.0)
    whole = np.floor(left).astype(np.int64)
    late = left - whole
    lots_t = approved * model.flow_year[0][routes] * step_d
    pools, waiting_t = model.routes["pool"][routes].tolist(), np.zeros((2, len(routes)))
    for turn, (slot, part) in enumerate(((whole, 1.0 - late), (whole + 1, late))):
        waits = slot >= 0
        into = (queues * slots + slot)[waits]
        np.add.at(model.queue_t.reshape(-1), into, (lots_t[:, None] * part)[waits])
        waiting_t[turn] = lots_t * [row[mine].sum() for row, mine in zip(part, waits, strict=True)]
    queued_t = model.pools["queued_t"]
    for pool, *both_t in zip(pools, *waiting_t, strict=True):
        for one_t in both_t:
            queued_t[pool] += one_t


def _work_off(
    model: Model, past: dict[int, Floats], joint: dict[int, Joint], step_d: float
) -> None:
    """Put past applications before the offices, oldest first; working times become waits.

    Several applications for one review's flow are taken as one with their mean wait. Every
    office works on as many as the one that asks for the most.
    """
    controls, lanes = model.controls, model.lanes
    filed: list[tuple[int, int, int, list[tuple[int, int]]]] = []
    for x, (_, applied, places) in joint.items():
        amount_t = applied * model.flow_year[0, x] * step_d
        busy = [(c, i) for c, i in places if controls[c]["office"] >= 0]
        if busy and amount_t > 0.0:
            sizes = [float(controls[c]["shipment_t"]) for c, _ in busy]
            count = max(applications(amount_t, size) for size in sizes)
            product = int(controls[busy[0][0]]["product"])
            filed.append((-product, int(lanes[x]["licence"]), count, busy))
    for k in reversed(range(max((waits_d.shape[1] for waits_d in past.values()), default=0))):
        day, turn = -(k + 1) * step_d, 1 if k % 2 else -1
        for _, _, count, busy in sorted(filed, key=lambda one: (one[0], turn * one[1])):
            for c, i in busy:
                desks_d, waits_d = model.desk_d[controls[c]["office"]], past[c]
                each_d = [take_desk(desks_d, day, waits_d[i, k]) for _ in range(count)]
                waits_d[i, k] = sum(each_d) / count
