"""Duties at borders: what they do to orders, to prices, and what they bring in."""

from math import exp, log, log1p

from monazite.rules.compiled import compiled
from monazite.rules.records import HOLD, STRATEGIC, Model


@compiled
def lift_borders(model: Model) -> None:
    """Let imports into the regions of a floor pay what their price lacks to the strike."""
    floors, within, rates, duties = model.floors, model.within, model.tariff_rate, model.duties
    routes, pools, makers = model.routes, model.pools, model.makers
    for f in range(floors.size):
        floor = floors[f]
        if floor.border < 0:
            continue
        power = model.products[floor.product].supplier_power
        for x in range(routes.size):
            maker, region = makers[routes[x].maker], pools[routes[x].pool].region
            inside = within[f, region] == 1 and within[f, maker.region] == 0
            if maker.product != floor.product or not inside:
                continue
            rate = 0.0
            if floor.open == 1:
                rate = max(
                    0.0, floor.strike_usd_per_t / bare_price(model, maker.product, region) - 1
                )
            if rate != rates[floor.border, x]:
                rates[floor.border, x] = rate
                duties[x].rate = 0.0
                for t in range(rates.shape[0]):
                    duties[x].rate += rates[t, x]
                duties[x].preference = (1.0 + duties[x].rate) ** -power


@compiled
def bare_price(model: Model, p: int, r: int) -> float:
    """Return the price of product p in region r, less what duties add to it [USD/t]."""
    return float(model.price_usd_per_t[p] * exp(model.log_price[p, r] - model.borders[p, r].log))


@compiled
def prefer(model: Model) -> None:
    """Let duties weaken the pull of routes, as a landed price that is higher by them does."""
    routes, duties = model.routes, model.duties
    for x in range(routes.size):
        routes[x].habit *= duties[x].preference
        routes[x].pull *= duties[x].preference
        routes[x].open_pull *= duties[x].preference


@compiled
def add_duties(model: Model) -> None:
    """Add to the target of every price the mean duty that users there pay at today's shares.

    Where imports are lifted to a floor, what is made there need not be sold below it.
    """
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
    for f in range(model.floors.size):
        floor = model.floors[f]
        if floor.border < 0 or floor.open == 0:
            continue
        p = floor.product
        least = log(floor.strike_usd_per_t / model.price_usd_per_t[p])
        for r in range(regions):
            if model.within[f, r] == 1 and targets[p, r] < least:
                step = products[p].price_step
                borders[p, r].log += step * (least - targets[p, r])
                targets[p, r] = least


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
    instruments, sent_t = model.instruments, model.sent_t
    for t in range(tariffs.size):
        if tariffs[t].instrument < 0:
            continue
        for x in range(routes.size):
            if rates[t, x] > 0.0 and sent_t[x] > 0.0:
                pool = pools[routes[x].pool]
                p, r = pool.product, pool.region
                due_usd = rates[t, x] * bare_price(model, p, r) * sent_t[x]
                instruments[tariffs[t].instrument].recovered_usd += due_usd
