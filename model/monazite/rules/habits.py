"""Habitual shares: whom buyers order from first, and how that drifts toward who can sell."""

from math import exp

from monazite.rules.compiled import compiled
from monazite.rules.records import STRATEGIC, Model


@compiled
def set_pulls(model: Model) -> None:
    """Set the pull of each maker: start capacity x how far it outgrew its reference.

    Incumbents that grow with their reference keep their pull, so that shares hold still
    on the undisturbed path; qualified added capacity counts on top. An outage passes in
    weeks and moves no habit.
    """
    makers = model.makers
    for j in range(makers.size):
        maker = makers[j]
        if maker.reference_per_d > 0.0:
            grown = maker.reference_per_d / maker.start_per_d
            maker.pull = maker.start_per_d + maker.added_per_d / grown
        else:
            maker.pull = maker.added_per_d


@compiled
def set_landed(model: Model) -> None:
    """Set what a landed price does to a pull: (price / reference) ** -theta.

    Within a market area a seller asks its own region's price; what crosses into another
    area sells at the price there.
    """
    makers, log_prices, pools = model.makers, model.log_price, model.pools
    settings = model.settings[0]
    power = settings.supplier_power
    for j in range(makers.size):
        maker = makers[j]
        maker.landed = exp(-power * log_prices[maker.product, maker.region])
    for h in range(pools.size):
        pool = pools[h]
        pool.landed = exp(-power * log_prices[pool.product, pool.region])


@compiled
def adapt_shares(model: Model) -> None:
    """Move habitual shares one review toward weight x pull x landed price."""
    pools, _areas, routes = model.pools, model.area, model.routes
    makers = model.makers
    settings = model.settings[0]
    set_landed(model)
    step = settings.share_step
    for h in range(pools.size):
        pool = pools[h]
        area = pool.area
        total = 0.0
        for x in range(pool.first_route, pool.end_route):
            route = routes[x]
            maker = makers[route.maker]
            inside = maker.area == area
            route.order_t = route.weight * maker.pull * (maker.landed if inside else pool.landed)
            total += route.order_t
        if total <= 0.0:
            continue
        scale = 1.0 / total
        jump = step
        if pool.kind == STRATEGIC:
            jump = 1.0  # a purchasing office has no habits
        for x in range(pool.first_route, pool.end_route):
            route = routes[x]
            route.share += jump * (route.order_t * scale - route.share)
