"""What is in hand and under way at the start, and which part of it is clean."""

import numpy as np

from monazite.rules.records import STRATEGIC, Model
from monazite.world.inputs import Floats, Ints


def fill_stocks(model: Model) -> None:
    """Fill stocks to their targets and pipelines with what the reference path has sent.

    A shipment sent n reviews ago along each route lies in the slot in which it will
    arrive. In hand is what is left at the end of a review: the target.
    """
    pools, routes = model.pools, model.routes
    pools["use_per_d"] = model.use_year[0]
    pools["stock_t"] = pools["cover_d"] * pools["use_per_d"]
    sent_t = model.flow_year[0] * float(model.settings[0]["step_d"])
    _fill_way(model, model.way_t, sent_t)
    pools["way_t"] = model.way_t.sum(axis=1)
    share, made = _clean_shares(model)
    pools["clean_t"] = pools["stock_t"] * share
    model.makers["clean_share"] = made
    _fill_way(model, model.way_clean_t, sent_t * made[routes["maker"]])


def _fill_way(model: Model, way_t: Floats, sent_t: Floats) -> None:
    """Lay each route's past shipments into the slots in which they will arrive."""
    pool, slot = model.routes["pool"], model.lead.astype(np.int64)
    late = model.lead - slot
    first = slot >= 1
    np.add.at(way_t, (pool[first], slot[first] - 1), (sent_t * (1.0 - late))[first])
    np.add.at(way_t, (pool, slot), sent_t * late)
    way_t[:] = way_t[:, ::-1].cumsum(axis=1)[:, ::-1]


def _clean_shares(model: Model) -> tuple[Floats, Floats]:
    """Return the clean share that suppliers keep up, of pools (H,) and of makers (M,).

    From the mines down: a lot is clean if its region is not controlled and no input is
    barred; the least clean input decides.
    """
    makers, pools, inputs = model.makers, model.pools, model.needs["pool"].tolist()
    controlled = makers["controlled"].tolist()
    needs = _spans(makers["first_need"], makers["end_need"])
    routes = _spans(pools["first_route"], pools["end_route"])
    part, seller = model.routes["share"], model.routes["maker"].astype(np.int64)
    held = (pools["kind"] == STRATEGIC).tolist()
    share, made = [0.0] * pools.size, np.zeros(makers.size)
    for p in range(model.pool_start.size - 1):
        for m in range(int(model.maker_start[p]), int(model.maker_start[p + 1])):
            if not controlled[m]:
                made[m] = min([1.0, *(share[h] for h in inputs[needs[m]])])
        for h in range(int(model.pool_start[p]), int(model.pool_start[p + 1])):
            if not held[h]:
                share[h] = float(part[routes[h]] @ made[seller[routes[h]]])
    return np.array(share), made


def _spans(first: Ints, end: Ints) -> list[slice]:
    return [slice(*pair) for pair in zip(first.tolist(), end.tolist(), strict=True)]
