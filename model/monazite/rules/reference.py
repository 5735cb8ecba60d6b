"""Where the undisturbed world stands now: demand, use, flows and capacity under growth."""

from monazite.rules.compiled import compiled
from monazite.rules.records import Model


@compiled
def set_reference(model: Model, now: int, day: float) -> None:
    """Read the reference path at a day; straight lines between the years of the tables.

    Writes demand of uses [t], use and its growth of pools and capacity of incumbents [t/d],
    less what stands idle or is out of order in this review. In a surge, demand is a multiple
    of its path, and the rest is what it would be. Flows of routes are read from `flow_per_d`.
    """
    year_d, uses, demand_year = model.year_d, model.uses, model.demand_year
    pools, use_year, extra_year = model.pools, model.use_year, model.extra_year
    makers, capacity_year = model.makers, model.capacity_year
    up, surge = model.up, model.surge
    settings = model.settings[0]
    delta_d = settings.review_d
    y = 0
    while y < year_d.size - 2 and day >= year_d[y + 1]:
        y += 1
    span_d = year_d[y + 1] - year_d[y]
    part = (day - year_d[y]) / span_d
    for u in range(uses.size):
        low, high = demand_year[y, u], demand_year[y + 1, u]
        uses[u].reference_t = (low + (high - low) * part) * delta_d
        if surge.shape[0] > 0:
            uses[u].reference_t *= surge[now, u]
    for h in range(pools.size):
        pool = pools[h]
        rise = use_year[y + 1, h] - use_year[y, h]
        pool.use_per_d = use_year[y, h] + rise * part + pool.planned_per_d
        pool.slope_per_d = rise / span_d
        pool.extra_per_d = extra_year[y, h]
    for j in range(makers.size):
        low, high = capacity_year[y, j], capacity_year[y + 1, j]
        maker = makers[j]
        maker.reference_per_d = low + (high - low) * part
        maker.capacity_per_d = maker.reference_per_d * up[now, j] * maker.works
    yards, plain_year = model.yards, model.plain_year
    for s in range(yards.size):
        low, high = plain_year[y, s], plain_year[y + 1, s]
        yards[s].grown = low + (high - low) * part


@compiled
def open_routes(model: Model) -> None:
    """Open the routes of every pool at the shares of today."""
    for h in range(model.pools.size):
        open_pool(model, h, 0.0, 0.0)


@compiled
def open_pool(model: Model, h: int, jump: float, scale: float) -> None:
    """Move the shares of one pool, and open its routes but barred and licensed ones.

    Averages what goods take to the pool: lead time and licence wait at its new shares [d].

    Args:
        model: changed in place.
        h: the pool.
        jump: part of the gap to their goal that shares close.
        scale: makes what stands in `order_t` that goal.
    """
    pool, routes, lanes = model.pools[h], model.routes, model.lanes
    lead_d = 0.0
    queue_d = 0.0
    free = 0.0
    for x in range(pool.first_route, pool.end_route):
        route = routes[x]
        share = route.share + jump * (route.order_t * scale - route.share)
        opens = 1.0 - (route.licensed | route.barred)
        route.share = share
        route.open_share = share * opens
        route.open_pull = route.pull * opens
        route.order_t = 0.0
        lead_d += share * route.lead_d
        if route.licensed == 1:
            lane = lanes[x]
            queue_d += share * lane.approval * (1.0 - lane.general) * lane.wait_d
            free += share * lane.general
        else:
            free += share
    pool.lead_d = lead_d
    pool.queue_d = queue_d
    pool.free = free
