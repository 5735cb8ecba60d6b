"""Regional prices: scarcity of stock, tightness of capacity, and the cost of inputs."""

from math import exp, log

from monazite.rules.compiled import compiled, inlined
from monazite.rules.records import LICENSING, STRATEGIC, Model

LEAST = 1e-9
HOLD = 1e300
"""Stands for a price that nothing moves."""


@compiled
def set_allowed(model: Model) -> None:
    """Set the part of its reference flow that every cap together leaves a route."""
    lanes, controls, control_route = model.lanes, model.controls, model.control_route
    settings = model.settings[0]
    if settings.capped == 1:
        for x in range(lanes.size):
            lanes[x].allowed = 1.0
        settings.capped = 0
    for c in range(controls.size):
        control = controls[c]
        if control.active == 0 or control.form == LICENSING:
            continue
        settings.capped = 1
        part = control.allowed
        if control.allowed_per_d >= 0.0:
            flow_per_d = 0.0
            for i in range(control.first, control.end):
                flow_per_d += lanes[control_route[i]].flow_per_d
            part = min(1.0, control.allowed_per_d / flow_per_d) if flow_per_d > 0.0 else 1.0
        for i in range(control.first, control.end):
            lane = lanes[control_route[i]]
            lane.allowed = min(lane.allowed, part)


@compiled
def set_costs(model: Model) -> None:
    """Set each maker's cost as a multiple of that at the start, through its input prices."""
    makers, needs, log_prices = model.makers, model.needs, model.log_price
    pools = model.pools
    for j in range(makers.size):
        maker = makers[j]
        maker.cost = 1.0
        for n in range(maker.first_need, maker.end_need):
            need = needs[n]
            price = log_prices[pools[need.pool].product, maker.region]
            maker.cost += need.cost_share * (exp(price) - 1.0)
        maker.cost = max(maker.cost, LEAST)


@inlined
def area_target(model: Model, p: int, area: int) -> float:
    """Return the log price that product p tends to in one market area.

    `ln P = ln P_cost - beta ln(cover) + gamma ln(u / u_ref)` (model description, prices):
    cover is commercial stock and what is under way over their normal; u is what is bid
    for, purchases of strategic stocks included, over what can be reached; u_ref is the
    same on the undisturbed path. Where nothing is normally held the price holds.
    """
    lanes = model.lanes
    pool_start, pools, _areas = model.pool_start, model.pools, model.area
    routes, makers, maker_start = model.routes, model.makers, model.maker_start
    settings = model.settings[0]
    delta_d = settings.review_d
    there_t, normal_t, bids_t, bids_ref = 0.0, 0.0, 0.0, 0.0
    reach, reach_ref, cost, weight = 0.0, 0.0, 0.0, 0.0
    for h in range(pool_start[p], pool_start[p + 1]):
        pool = pools[h]
        inside = pool.area == area
        if inside:
            bids_t += pool.bid_t
            if pool.kind != STRATEGIC:
                there_t += pool.stock_t + pool.way_t
                use_per_d = pool.use_per_d + pool.slope_per_d * delta_d
                normal_t += use_per_d * (pool.cover_d + pool.lead_d)
                bids_ref += pool.use_per_d + pool.extra_per_d
        for x in range(pool.first_route, pool.end_route):
            route = routes[x]
            maker = makers[route.maker]
            local = maker.area == area
            if inside and lanes[x].flow_per_d > 0.0:
                cost += lanes[x].flow_per_d * maker.cost
                weight += lanes[x].flow_per_d
            if local and not inside:
                bids_t += route.sent_t
                bids_ref += lanes[x].flow_per_d
            elif inside and not local:
                part = min(1.0, lanes[x].approval) if route.licensed == 1 else 1.0
                reach += lanes[x].flow_per_d * part * lanes[x].allowed
                reach_ref += lanes[x].flow_per_d
    for j in range(maker_start[p], maker_start[p + 1]):
        maker = makers[j]
        if maker.area == area:
            reach += maker.capacity_t / delta_d
            reach_ref += maker.reference_per_d
    if normal_t <= 0.0 or bids_ref <= 0.0 or reach_ref <= 0.0:
        return HOLD
    target = -settings.cover_power * log(max(LEAST, there_t / normal_t))
    tight = max(LEAST, bids_t / delta_d) * reach_ref / (max(LEAST, reach) * bids_ref)
    target += settings.tight_power * log(tight)
    if weight > 0.0:
        target += log(cost / weight)
    return float(target)


@compiled
def move_prices(model: Model) -> None:
    """Move every regional price one review toward the target of its area.

    All targets are set before any price moves, so that no listing order matters.
    """
    targets, log_prices, areas = model.price_target, model.log_price, model.area
    settings = model.settings[0]
    set_allowed(model)
    set_costs(model)
    products, regions = log_prices.shape
    for p in range(products):
        for r in range(regions):
            area = areas[p, r]
            first = r
            for other in range(r):
                if areas[p, other] == area:
                    first = other
                    break
            if first < r:
                targets[p, r] = targets[p, first]
            else:
                targets[p, r] = area_target(model, p, area)
    for p in range(products):
        for r in range(regions):
            if targets[p, r] != HOLD:
                target = min(settings.log_cap, max(settings.log_floor, targets[p, r]))
                log_prices[p, r] += settings.price_step * (target - log_prices[p, r])
