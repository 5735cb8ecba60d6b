"""Habitual shares: whom buyers order from first, and how that drifts toward who can sell."""

from monazite.rules.compiled import compiled
from monazite.rules.records import STRATEGIC, Model
from monazite.rules.scrap import pull_recyclers
from monazite.rules.trade import prefer


@compiled
def set_pulls(model: Model) -> None:
    """Set what every maker, and so every route, pulls on habits and on orders turned away.

    Incumbents pull habits with their capacity at the start: as long as they grow with their
    reference, shares hold still on the undisturbed path, and an outage, which passes in
    weeks, moves no habit; what stands idle does. Plants added since pull with their
    qualified capacity, scaled back by that growth, and with the weight of a newcomer. An
    order that finds its habitual seller closed goes to any qualified one, with history or
    without. Recyclers pull with what their scrap allows.
    """
    makers, routes, lanes, pools = model.makers, model.routes, model.lanes, model.pools
    for j in range(makers.size):
        maker = makers[j]
        maker.pull = 0.0
        maker.fresh = maker.added_per_d
        if maker.reference_per_d > 0.0:
            maker.pull = maker.start_per_d * maker.works
            maker.fresh *= maker.start_per_d / maker.reference_per_d
    pull_recyclers(model)
    for h in range(pools.size):
        for x in range(pools[h].first_route, pools[h].end_route):
            route, lane = routes[x], lanes[x]
            maker = makers[route.maker]
            added = lane.newcomer * maker.fresh
            route.habit = lane.weight * maker.pull + added
            route.pull = max(lane.weight, lane.newcomer) * maker.pull + added
    if model.tariffs.size > 0:
        prefer(model)


@compiled
def set_landed(model: Model) -> None:
    """Set what a landed price does to a pull.

    Within a market area a seller asks its own region's price; what crosses into another
    area sells at the price there.
    """
    makers, landed, pools = model.makers, model.landed, model.pools
    for j in range(makers.size):
        maker = makers[j]
        maker.landed = landed[maker.product, maker.region]
    for h in range(pools.size):
        pool = pools[h]
        pool.landed = landed[pool.product, pool.region]


@compiled
def adapt_shares(model: Model) -> None:
    """Move habitual shares one review toward what pulls them, at landed prices."""
    pools, routes = model.pools, model.routes
    makers, products = model.makers, model.products
    set_landed(model)
    for h in range(pools.size):
        pool = pools[h]
        area = pool.area
        total = 0.0
        for x in range(pool.first_route, pool.end_route):
            route = routes[x]
            maker = makers[route.maker]
            inside = maker.area == area
            route.order_t = route.habit * (maker.landed if inside else pool.landed)
            total += route.order_t
        if total <= 0.0:
            continue
        scale = 1.0 / total
        jump = products[pool.product].share_step
        if pool.kind == STRATEGIC:
            jump = 1.0  # a purchasing office has no habits
        for x in range(pool.first_route, pool.end_route):
            route = routes[x]
            route.share += jump * (route.order_t * scale - route.share)
