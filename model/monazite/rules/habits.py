"""Habitual shares: whom buyers order from first, and how that drifts toward who can sell."""

from monazite.rules.compiled import compiled
from monazite.rules.records import STRATEGIC, Model
from monazite.rules.reference import open_pool
from monazite.rules.scrap import pull_recyclers
from monazite.rules.trade import prefer


@compiled
def set_pulls(model: Model) -> None:
    """Set what every maker, and so every route, pulls on habits and on orders turned away.

    Incumbents pull habits with their capacity at the start: as long as they grow with their
    reference, shares hold still on the undisturbed path, and an outage, which passes in
    weeks, moves no habit; what stands idle does. Plants added since pull with their
    qualified capacity, scaled back by that growth, and with the weight of a newcomer.
    Recyclers pull with what their scrap allows.
    """
    makers = model.makers
    for j in range(makers.size):
        maker = makers[j]
        maker.pull = 0.0
        maker.fresh = maker.added_per_d
        if maker.reference_per_d > 0.0:
            maker.pull = maker.start_per_d * maker.works
            maker.fresh *= maker.start_per_d / maker.reference_per_d
    pull_recyclers(model)
    for p in range(model.products.size):
        if has_news(model, p) or model.tariffs.size > 0:
            pull_along_routes(model, p)
    if model.tariffs.size > 0:
        prefer(model)


@compiled
def has_news(model: Model, p: int) -> bool:
    """Return whether a maker of product p pulls otherwise than its routes know; note what now."""
    makers, maker_start = model.makers, model.maker_start
    news = False
    for j in range(maker_start[p], maker_start[p + 1]):
        maker = makers[j]
        news |= (maker.known_pull != maker.pull) | (maker.known_fresh != maker.fresh)
        maker.known_pull = maker.pull
        maker.known_fresh = maker.fresh
    return news


@compiled
def pull_along_routes(model: Model, p: int) -> None:
    """Set what the routes of product p pull on habits, and on orders turned away.

    An order that finds its habitual seller closed goes to any qualified one, with history or
    without.
    """
    routes, lanes, route_start = model.routes, model.lanes, model.route_start
    for x in range(route_start[p], route_start[p + 1]):
        route, lane = routes[x], lanes[x]
        maker = model.makers[route.maker]
        added = lane.newcomer * maker.fresh
        route.habit = lane.weight * maker.pull + added
        route.pull = max(lane.weight, lane.newcomer) * maker.pull + added
        route.open_pull = route.pull * (1.0 - (route.licensed | route.barred))


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
    """Move habitual shares one review toward what pulls them, at landed prices.

    What follows from them for the next review is set on the way.
    """
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
        if total > 0.0:
            jump = products[pool.product].share_step
            if pool.kind == STRATEGIC:
                jump = 1.0  # a purchasing office has no habits
            open_pool(model, h, jump, 1.0 / total)
        else:
            open_pool(model, h, 0.0, 0.0)
