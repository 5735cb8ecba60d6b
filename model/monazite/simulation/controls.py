"""Controls as rows of the rules, and what changes when one comes or goes."""

from dataclasses import dataclass, replace

import numpy as np

from monazite.rules import records
from monazite.rules.records import Model
from monazite.simulation.draws import Floats, draw_waits
from monazite.simulation.licensing import longest_d
from monazite.simulation.lives import Happening
from monazite.world.controls import FORMS
from monazite.world.ends import EndUse
from monazite.world.plan import DAYS_PER_YEAR
from monazite.world.prepare import Prepared
from monazite.world.tables import Ends, slots


def fill_controls(
    model: Model, prepared: Prepared, replication: int, happenings: list[Happening]
) -> Model:
    """Return the model with a row for each control and product, all lifted.

    Licensing rows carry the licence times of their routes; every route that licensing
    may touch gets a queue, and every office a desk for each officer.
    """
    rows: list[tuple[int, int]] = [
        (i, k) for i, happening in enumerate(happenings) for k in range(len(happening.scope.bound))
    ]
    routes = [happenings[i].scope.bound[k] for i, k in rows]
    controls = _rows(happenings, rows, routes)
    waits: list[Floats] = []
    for c, (i, k) in enumerate(rows):
        if happenings[i].form == "licensing":
            _license(model, prepared, replication, happenings[i], k, (controls[c], waits))
    control_route = np.concatenate([np.zeros(0, np.int64), *routes])
    empty = np.zeros((0, prepared.clock.reviews))
    desk_d = _desks(controls, rows, happenings)
    model.settings["leaks"] = int((controls["leak"] > 0.0).any())
    queue_route = _queues(model, prepared, desk_d)
    wait_d = min(longest_d(one.terms for one in happenings), prepared.end_d)
    if desk_d.size:
        wait_d = prepared.end_d
    return replace(
        model,
        controls=controls,
        control_route=control_route.astype(np.uint64),
        grants=_grants(model, happenings, control_route),
        wait_d=np.concatenate([empty, *waits]),
        desk_d=desk_d,
        queue_route=queue_route.astype(np.uint64),
        queue_start=np.searchsorted(
            _product_of(model, queue_route), np.arange(model.route_start.size)
        ).astype(np.uint64),
        queue_t=np.zeros((queue_route.size, slots(wait_d / prepared.clock.step_d))),
    )


def _rows(
    happenings: list[Happening], rows: list[tuple[int, int]], routes: list[np.ndarray]
) -> np.ndarray:
    """Return the rows of controls but for what licensing has beside; each binds some routes."""
    controls = np.zeros(len(rows), records.CONTROL_ROW)
    each = [happenings[i] for i, _ in rows]
    sizes = [mine.size for mine in routes]
    controls["form"] = [FORMS[one.form] for one in each]
    controls["product"] = [happenings[i].scope.products[k] for i, k in rows]
    controls["end"] = np.cumsum(sizes)
    controls["first"] = controls["end"] - np.array(sizes, np.uint64)
    controls["allowed"] = [
        one.scope.allowed[k] if one.scope.allowed else one.allowed
        for one, (_, k) in zip(each, rows, strict=True)
    ]
    controls["office"] = -1
    controls["leak"] = [one.leak for one in each]
    controls["premium"] = [one.premium for one in each]
    controls["allowed_per_d"] = [
        one.allowed_t_per_yr / DAYS_PER_YEAR if one.allowed_t_per_yr >= 0 else -1.0 for one in each
    ]
    return controls


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
    assert happening.terms is not None, "licensing comes with licences"
    now = draw_waits(prepared, replication, happening, k)
    row["wait_row"] = sum(block.shape[0] for block in waits)
    row["wait_d"] = now.mean() if now.size else 0.0
    row["shipment_t"] = happening.terms.shipment_t
    row["general"] = happening.terms.general.any()
    waits.append(now)
    mine = happening.scope.bound[k]
    fresh = mine[model.lanes["licence"][mine] < 0]
    free = int(model.lanes["licence"].max(initial=-1)) + 1
    model.lanes["licence"][fresh] = np.arange(free, free + fresh.size)


def _grants(model: Model, happenings: list[Happening], control_route: np.ndarray) -> np.ndarray:
    """Return what each regime grants on each of its routes, in the order of `control_route`."""
    grants = np.zeros(control_route.size, records.GRANT)
    first = 0
    for happening in happenings:
        for mine in happening.scope.bound:
            if happening.terms is not None:
                buyer = model.pools["region"][model.routes["pool"][mine]]
                part = grants[first : first + mine.size]
                part["approval"] = happening.terms.approval[buyer]
                part["general"] = happening.terms.general[buyer]
            first += mine.size
    return grants


def _desks(
    controls: np.ndarray, rows: list[tuple[int, int]], happenings: list[Happening]
) -> Floats:
    """Number the offices in the rows; return when each desk is free, inf where there is none.

    A regime keeps its office over all products and suspensions.
    """
    offices: dict[str, int] = {}
    officers: list[int] = []
    for c, (i, _) in enumerate(rows):
        terms = happenings[i].terms
        if terms is not None and terms.officers > 0:
            if terms.office not in offices:
                offices[terms.office] = len(officers)
                officers.append(terms.officers)
            controls[c]["office"] = offices[terms.office]
    desk_d = np.full((len(officers), max(officers, default=0)), np.inf)
    for office, count in enumerate(officers):
        desk_d[office, :count] = -np.inf
    return desk_d


def _queues(model: Model, prepared: Prepared, desk_d: Floats) -> np.ndarray:
    """Return the route of each queue, one for each licensed route.

    Queues are sorted by product. Where an office may be busy the queues of a product are
    numbered by the names of their routes, so that the turn in which applications are filed is
    not that of a list in a file.
    """
    licence = model.lanes["licence"]
    licensed = np.flatnonzero(licence >= 0)
    if desk_d.size:
        model.settings["offices"] = 1
        product = _product_of(model, licensed)
        names = [prepared.layout.routes[x] for x in licensed.tolist()]
        turn = sorted(range(licensed.size), key=lambda k: (product[k], names[k]))
        licensed = licensed[turn]
    licence[licensed] = np.arange(licensed.size)
    return licensed


def _product_of(model: Model, routes: np.ndarray) -> np.ndarray:
    """Return the product that goes along each of these routes."""
    product: np.ndarray = model.pools["product"][model.routes["pool"][routes]]
    return product


@dataclass(frozen=True)
class Facing:
    """What follows from the controls in force.

    Attributes:
        active: 1 where a row of the controls holds, shape (C,).
        area: market area of each region, by product, shape (P, R).
        pool_area: the same for each pool, shape (H,).
        maker_area: and for each maker, shape (M,).
        faced: 1 where a control holds against a region, by product, shape (P, R); a rule of its own
            is none.
        rush: multiple of each pool's target stock, ahead of announced controls, shape (H,).
        ends: what the end-use bans do together, None without any.
    """

    active: np.ndarray
    area: np.ndarray
    pool_area: np.ndarray
    maker_area: np.ndarray
    faced: np.ndarray
    rush: np.ndarray
    ends: EndUse | None


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
    rows = [len(happening.scope.bound) for happening in happenings]
    end_uses = {i for i in counts if happenings[i].scope.ends}
    splits = _faced(model, happenings, counts - end_uses)
    rules = {i for i in counts if happenings[i].form == "procurement"}
    faced = _faced(model, happenings, counts - rules) if rules | end_uses else splits
    area = np.zeros_like(model.area)
    for p in np.flatnonzero((splits != splits[:, :1]).any(axis=1)).tolist():
        sets = splits[p].tolist()
        numbers = {one: n for n, one in enumerate(sorted(set(sets)))}
        area[p] = [numbers[one] for one in sets]
    pools, makers = model.pools, model.makers
    return Facing(
        active=np.repeat([i in counts for i in range(len(happenings))], rows),
        area=area,
        pool_area=area[pools["product"], pools["region"]],
        maker_area=area[makers["product"], makers["region"]],
        faced=faced > 0,
        rush=np.where(_ahead(model, happenings, announced), rush, 1.0),
        ends=_together([end for i in sorted(end_uses) for end in happenings[i].scope.ends]),
    )


def _ahead(model: Model, happenings: list[Happening], announced: frozenset[int]) -> np.ndarray:
    """Return whether a pool will face an announced control, shape (H,)."""
    pools = model.pools
    if not announced:
        return np.zeros(pools.size, np.bool_)
    end_uses = {i for i in announced if happenings[i].scope.ends}
    found = _faced(model, happenings, set(announced - end_uses))[pools["product"], pools["region"]]
    for i in end_uses:
        found = found + sum(end.depth for end in happenings[i].scope.ends)
    return np.asarray(found > 0)


def _together(ends: list[EndUse]) -> EndUse | None:
    """Return what several end-use bans do: who is barred by any is barred."""
    if not ends:
        return None
    names = ("controlled", "depth", "barred")
    return EndUse(*(np.maximum.reduce([getattr(one, name) for one in ends]) for name in names))


def switch(model: Model, facing: Facing) -> None:
    """Put these controls in force, and no others; redraw market areas."""
    model.controls["active"] = facing.active
    model.area[:] = facing.area
    model.pools["area"] = facing.pool_area
    model.makers["area"] = facing.maker_area
    model.under_control[:] = facing.faced
    model.pools["rush"] = facing.rush


def bar_origins(model: Model, rules: Ends, closed: np.ndarray, facing: Facing) -> None:
    """Let procurement rules and end-use bans hold; the stricter of both counts.

    Args:
        model: changed in place.
        rules: procurement rules of the day.
        closed: 1 for routes that no rule opens, shape (X,).
        facing: what follows from the controls in force.
    """
    depth, barred, controlled = rules.depth, rules.barred | closed, rules.controlled
    if facing.ends is not None:
        depth = np.maximum(depth, facing.ends.depth)
        barred = barred | facing.ends.barred
        controlled = controlled | facing.ends.controlled
    model.pools["depth"] = depth
    model.routes["barred"] = barred
    model.makers["controlled"] = controlled


def _plain(happening: Happening) -> str:
    return happening.source


def _faced(model: Model, happenings: list[Happening], counts: set[int]) -> np.ndarray:
    """Return a number for the set of controls that each region faces, by product, (P, R)."""
    faced = np.zeros(model.area.shape, np.int64)
    for bit, i in enumerate(sorted(counts)):
        scope = happenings[i].scope
        targets = scope.targets << min(bit, 61)
        for p in scope.products:
            faced[p] |= targets
    return faced
