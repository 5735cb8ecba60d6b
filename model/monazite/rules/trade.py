"""Duties at borders: what they do to orders, to prices, and what they bring in."""

from math import exp, log1p

from monazite.rules.compiled import compiled
from monazite.rules.records import HOLD, STRATEGIC, Model


@compiled
def prefer(model: Model) -> None:
    """Let duties weaken the pull of routes, as a landed price that is higher by them does."""
    routes, duties = model.routes, model.duties
    for x in range(routes.size):
        routes[x].habit *= duties[x].preference
        routes[x].pull *= duties[x].preference


@compiled
def add_duties(model: Model) -> None:
    """Add to the target of every price the mean duty that users there pay at today's shares."""
    pools, routes, duties = model.pools, model.routes, model.duties
    borders, targets, products = model.borders, model.price_target, model.products
    count, regions = targets.shape
    for p in range(count):
        for r in range(regions):
            borders[p, r].paid = 0.0
            borders[p, r].used = 0.0
    for h in range(pools.size):
        pool = pools[h]
        if pool.kind == STRATEGIC:
            continue
        rate = 0.0
        for x in range(pool.first_route, pool.end_route):
            rate += routes[x].share * duties[x].rate
        border = borders[pool.product, pool.region]
        border.paid += rate * pool.use_per_d
        border.used += pool.use_per_d
    for p in range(count):
        for r in range(regions):
            border = borders[p, r]
            if targets[p, r] != HOLD and border.used > 0.0:
                added = log1p(border.paid / border.used)
                targets[p, r] += added
                border.log += products[p].price_step * (added - border.log)


@compiled
def set_asked(model: Model) -> None:
    """Take duties out of what sellers are seen to ask: each route has its own."""
    borders, landed, log_prices = model.borders, model.landed, model.log_price
    count, regions = landed.shape
    for p in range(count):
        power = model.products[p].supplier_power
        for r in range(regions):
            if borders[p, r].log != 0.0:
                landed[p, r] = exp(-power * (log_prices[p, r] - borders[p, r].log))


@compiled
def take_duties(model: Model) -> None:
    """Book what the tariffs of instruments bring in on what was shipped, apart from budgets.

    On the price where the goods are sold, less what duties add to it.
    """
    tariffs, rates, routes, pools = model.tariffs, model.tariff_rate, model.routes, model.pools
    price_usd_per_t, log_prices, borders = model.price_usd_per_t, model.log_price, model.borders
    instruments = model.instruments
    for t in range(tariffs.size):
        if tariffs[t].instrument < 0:
            continue
        for x in range(routes.size):
            if rates[t, x] > 0.0 and routes[x].sent_t > 0.0:
                pool = pools[routes[x].pool]
                p, r = pool.product, pool.region
                price = price_usd_per_t[p] * exp(log_prices[p, r] - borders[p, r].log)
                due_usd = rates[t, x] * price * routes[x].sent_t
                instruments[tariffs[t].instrument].recovered_usd += due_usd
