"""Controls as rows of the rules, and what changes when one comes or goes."""

from dataclasses import dataclass

import numpy as np

from monazite.rules import records
from monazite.rules.records import Model
from monazite.simulation.draws import Floats, draw_past_waits, draw_waits
from monazite.simulation.lives import Happening
from monazite.world.controls import FORMS
from monazite.world.plan import DAYS_PER_YEAR
from monazite.world.prepare import Prepared


def fill_controls(
    model: Model, prepared: Prepared, replication: int, happenings: list[Happening]
) -> Model:
    """Return the model with a row for each control and product, all lifted.

    Licensing rows carry the licence times of their routes; every route that licensing
    may touch gets a queue.
    """
    rows: list[tuple[int, int]] = [
        (i, k) for i, happening in enumerate(happenings) for k in range(len(happening.scope.routes))
    ]
    controls = np.zeros(len(rows), records.CONTROL_ROW)
    routes: list[np.ndarray] = []
    waits: list[Floats] = []
    first = 0
    for c, (i, k) in enumerate(rows):
        happening, row = happenings[i], controls[c]
        mine = happening.scope.routes[k]
        row["form"] = FORMS[happening.form]
        row["product"] = happening.scope.products[k]
        row["first"], row["end"] = first, first + mine.size
        row["allowed"], row["approval"] = happening.allowed, happening.approval
        row["leak"], row["premium"] = happening.leak, happening.premium
        row["allowed_per_d"] = (
            happening.allowed_t_per_yr / DAYS_PER_YEAR if happening.allowed_t_per_yr >= 0 else -1.0
        )
        first += mine.size
        routes.append(mine)
        if happening.form == "licensing":
            _license(model, prepared, replication, happening, k, (row, waits))
    licence = model.lanes["licence"]
    licensed = np.flatnonzero(licence >= 0)
    queues = int(licence.max(initial=-1)) + 1
    slots = model.way_t.shape[1]
    queue_t = np.zeros((queues, slots))
    queue_t[: model.queue_t.shape[0]] = model.queue_t
    empty = np.zeros((0, prepared.clock.reviews))
    return model._replace(
        controls=controls,
        control_route=np.concatenate([np.zeros(0, np.int64), *routes]).astype(np.uint64),
        wait_d=np.concatenate([empty, *waits]),
        queue_route=licensed[np.argsort(licence[licensed])].astype(np.uint64),
        queue_t=queue_t,
    )


def _license(
    model: Model,
    prepared: Prepared,
    replication: int,
    happening: Happening,
    k: int,
    into: tuple[np.void, list[Floats]],
) -> None:
    """Give a licensing row its licence times, and its routes their queues."""
    row, waits = into
    assert happening.wait is not None, "licensing comes with a licence time"
    now = draw_waits(prepared, replication, happening, k)
    row["wait_row"] = sum(block.shape[0] for block in waits)
    row["wait_d"] = now.mean() if now.size else 0.0
    waits.append(now)
    mine = happening.scope.routes[k]
    fresh = mine[model.lanes["licence"][mine] < 0]
    free = int(model.lanes["licence"].max(initial=-1)) + 1
    model.lanes["licence"][fresh] = np.arange(free, free + fresh.size)


def back_cast(
    model: Model, prepared: Prepared, replication: int, happenings: list[Happening]
) -> None:
    """Fill the queues of licensing that stands at the start with past applications.

    Each past review applied for the reference flow; what was approved and has not come
    through yet waits in its slot.
    """
    slots = model.way_t.shape[1]
    step_d = prepared.clock.step_d
    before = slots - 2
    for happening in happenings:
        if happening.form != "licensing" or not happening.settled or happening.onset_d >= 0.0:
            continue
        for k, mine in enumerate(happening.scope.routes):
            past = draw_past_waits(prepared, replication, happening, k, before)
            for i, x in enumerate(mine):
                queue, row = int(model.lanes[x]["licence"]), model.routes[x]
                left = past[i] / step_d - np.arange(1, before + 1)
                left = np.minimum(left, slots - 2.0)
                whole = np.floor(left).astype(np.int64)
                late = left - whole
                lot_t = happening.approval * model.flow_year[0, x] * step_d
                for slot, part in ((whole, 1.0 - late), (whole + 1, late)):
                    waits = slot >= 0
                    np.add.at(model.queue_t[queue], slot[waits], lot_t * part[waits])
                    model.pools[row["pool"]]["queued_t"] += lot_t * part[waits].sum()


@dataclass(frozen=True)
class Facing:
    """What follows from the controls in force.

    Attributes:
        active: 1 where a row of the controls holds, shape (C,).
        area: market area of each region, by product, shape (P, R).
        pool_area: the same for each pool, shape (H,).
        maker_area: and for each maker, shape (M,).
        faced: 1 where a control holds against a region, by product, shape (P, R).
        rush: multiple of each pool's target stock, ahead of announced controls, shape (H,).
    """

    active: np.ndarray
    area: np.ndarray
    pool_area: np.ndarray
    maker_area: np.ndarray
    faced: np.ndarray
    rush: np.ndarray


def facing_of(
    model: Model,
    happenings: list[Happening],
    in_force: frozenset[int],
    announced: frozenset[int],
    rush: float,
) -> Facing:
    """Return what follows when exactly these controls are in force, and these announced.

    A control that another lifts does not count while that one is in force. Regions that
    face the same controls on a product form one market area. Who will face an announced
    one orders up to a multiple of the target stock.
    """
    lifted = {name for i in in_force for name in happenings[i].lifts}
    counts = {i for i in in_force if _plain(happenings[i]) not in lifted}
    rows = [len(happening.scope.routes) for happening in happenings]
    faced = _faced(model, happenings, counts)
    ahead = _faced(model, happenings, set(announced))
    area = np.zeros_like(model.area)
    for p, sets in enumerate(faced.tolist()):
        numbers = {one: n for n, one in enumerate(sorted(set(sets)))}
        area[p] = [numbers[one] for one in sets]
    pools, makers = model.pools, model.makers
    return Facing(
        active=np.repeat([i in counts for i in range(len(happenings))], rows),
        area=area,
        pool_area=area[pools["product"], pools["region"]],
        maker_area=area[makers["product"], makers["region"]],
        faced=faced > 0,
        rush=np.where(ahead[pools["product"], pools["region"]] > 0, rush, 1.0),
    )


def switch(model: Model, facing: Facing) -> None:
    """Put these controls in force, and no others; redraw market areas."""
    model.controls["active"] = facing.active
    model.area[:] = facing.area
    model.pools["area"] = facing.pool_area
    model.makers["area"] = facing.maker_area
    model.under_control[:] = facing.faced
    model.pools["rush"] = facing.rush


def _plain(happening: Happening) -> str:
    return happening.source


def _faced(model: Model, happenings: list[Happening], counts: set[int]) -> np.ndarray:
    """Return a number for the set of controls that each region faces, by product, (P, R)."""
    faced = np.zeros(model.area.shape, np.int64)
    for bit, i in enumerate(sorted(counts)):
        faced[list(happenings[i].scope.products)] |= happenings[i].scope.targets << min(bit, 61)
    return faced
