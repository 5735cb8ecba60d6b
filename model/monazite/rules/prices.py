"""Regional prices: scarcity of stock, tightness of capacity, and the cost of inputs."""

from math import exp, log

from monazite.rules.compiled import compiled
from monazite.rules.records import HOLD, LICENSING, STRATEGIC, Model, Row
from monazite.rules.trade import add_duties, set_asked

LEAST = 1e-9


@compiled
def set_allowed(model: Model, now: int) -> None:
    """Set the part of its reference flow that every cap together leaves a route, and its premium.

    What comes round a cap counts as left by it: of a part `a` allowed and `l` of the rest that
    leaks, `a + l (1 - a)`. The premium is paid on the second.
    """
    controls, control_route = model.controls, model.control_route
    allowed, premiums = model.allowed, model.premium
    for c in range(controls.size):
        control = controls[c]
        if control.capped == 1:
            for i in range(control.first, control.end):
                allowed[control_route[i]] = 1.0
                premiums[control_route[i]] = 0.0
    for c in range(controls.size):
        control = controls[c]
        control.capped = control.active == 1 and control.form != LICENSING
        if control.capped == 0:
            continue
        part = control.allowed
        if control.allowed_per_d >= 0.0:
            usual_per_d = 0.0
            for i in range(control.first, control.end):
                usual_per_d += model.flow_per_d[now, control_route[i]]
            part = min(1.0, control.allowed_per_d / usual_per_d) if usual_per_d > 0.0 else 1.0
        premium = 0.0
        if control.leak > 0.0 and part < 1.0:
            round_part = control.leak * (1.0 - part)
            part += round_part
            premium = control.premium * round_part / part
        for i in range(control.first, control.end):
            x = control_route[i]
            allowed[x] = min(allowed[x], part)
            premiums[x] = max(premiums[x], premium)


@compiled
def set_costs(model: Model) -> None:
    """Set each maker's cost as a multiple of that at the start, through its input prices."""
    makers, needs, multiples = model.makers, model.needs, model.multiple
    pools = model.pools
    for j in range(makers.size):
        maker = makers[j]
        maker.cost = 1.0
        for n in range(maker.first_need, maker.end_need):
            need = needs[n]
            multiple = multiples[pools[need.pool].product, maker.region]
            maker.cost += need.cost_share * (multiple - 1.0)
        maker.cost = max(maker.cost, LEAST)


@compiled
def sum_markets(model: Model, p: int, now: int) -> int:
    """Add up, by market area of product p, what its price depends on; return how many areas.

    What crosses a border is a bid where it is sold and within reach where it is bought; it
    counts with what controls leave of it.
    """
    areas, markets = model.area, model.markets
    count = 0
    for r in range(areas.shape[1]):
        count = max(count, areas[p, r] + 1)
    for a in range(count):
        market = markets[a]
        market.there_t = 0.0
        market.normal_t = 0.0
        market.bids_t = 0.0
        market.bids_ref = 0.0
        market.reach = 0.0
        market.reach_ref = 0.0
        market.cost = 0.0
        market.weight = 0.0
    sum_stocks(model, p)
    sum_trade(model, p, now)
    return count


@compiled
def sum_stocks(model: Model, p: int) -> None:
    """Add stocks, bids and capacity of product p to their areas."""
    pool_start, pools, markets = model.pool_start, model.pools, model.markets
    maker_start, makers = model.maker_start, model.makers
    delta_d = model.settings[0].review_d
    for h in range(pool_start[p], pool_start[p + 1]):
        pool = pools[h]
        market = markets[pool.area]
        market.bids_t += pool.bid_t
        if pool.kind != STRATEGIC:
            market.there_t += pool.stock_t + pool.way_t
            use_per_d = pool.use_per_d + pool.slope_per_d * delta_d
            market.normal_t += use_per_d * (pool.cover_d + pool.obliged_d + pool.lead_d)
            market.bids_ref += pool.use_per_d - pool.planned_per_d + pool.extra_per_d
    for j in range(maker_start[p], maker_start[p + 1]):
        maker = makers[j]
        market = markets[maker.area]
        market.reach += maker.capacity_t / delta_d
        market.reach_ref += maker.reference_per_d


@compiled
def sum_trade(model: Model, p: int, now: int) -> None:
    """Add the routes of product p to the areas of its seller and its buyer.

    Within reach of the buyer is what controls leave of the reference flow, and what comes beyond.
    """
    pool_start, routes, lanes = model.pool_start, model.routes, model.lanes
    pools, makers, markets = model.pools, model.makers, model.markets
    flows_per_d, sent_t = model.flow_per_d, model.sent_t
    allowed, premium = model.allowed, model.premium
    delta_d = model.settings[0].review_d
    for h in range(pool_start[p], pool_start[p + 1]):
        pool = pools[h]
        buying = markets[pool.area]
        cost, weight = 0.0, 0.0
        for x in range(pool.first_route, pool.end_route):
            route, flow_per_d = routes[x], flows_per_d[now, x]
            maker = makers[route.maker]
            cost += flow_per_d * maker.cost * (1.0 + premium[x])
            weight += flow_per_d
            if maker.area != pool.area:
                selling = markets[maker.area]
                selling.bids_t += sent_t[x]
                selling.bids_ref += flow_per_d
                part = 1.0
                if route.licensed == 1:
                    lane = lanes[x]
                    part = lane.general + (1.0 - lane.general) * min(1.0, lane.approval)
                buying.reach += max(flow_per_d * part * allowed[x], sent_t[x] / delta_d)
                buying.reach_ref += flow_per_d
        buying.cost += cost
        buying.weight += weight


@compiled
def target_of(market: Row, product: Row, review_d: float) -> float:
    """Return the log price that a product tends to in one market area.

    `ln P = ln P_cost - beta ln(cover) + gamma ln(u / u_ref)` (model description, prices):
    cover is commercial stock and what is under way over their normal; u is what is bid
    for, purchases of strategic stocks included, over what can be reached; u_ref is the
    same on the undisturbed path. Where nothing is normally held the price holds.
    """
    if market.normal_t <= 0.0 or market.bids_ref <= 0.0 or market.reach_ref <= 0.0:
        return HOLD
    target = -product.cover_power * log(max(LEAST, market.there_t / market.normal_t))
    tight = max(LEAST, market.bids_t / review_d) * market.reach_ref
    tight /= max(LEAST, market.reach) * market.bids_ref
    target += product.tight_power * log(tight)
    if market.weight > 0.0:
        target += log(market.cost / market.weight)
    return float(target)


@compiled
def set_multiples(model: Model) -> None:
    """Set every price as a multiple of its reference, and what that does to a seller's pull.

    A landed price pulls with (price / reference) ** -theta. Neighbours in the table mostly
    share a price, so most of the powers are taken over.
    """
    log_prices, multiples, landed = model.log_price, model.multiple, model.landed
    count, regions = log_prices.shape
    for p in range(count):
        power = model.products[p].supplier_power
        for r in range(regions):
            if r > 0 and log_prices[p, r] == log_prices[p, r - 1]:
                multiples[p, r] = multiples[p, r - 1]
                landed[p, r] = landed[p, r - 1]
            else:
                multiples[p, r] = exp(log_prices[p, r])
                landed[p, r] = exp(-power * log_prices[p, r])


@compiled
def move_prices(model: Model, now: int) -> None:
    """Move every regional price one review toward the target of its area.

    All targets are set before any price moves, so that no listing order matters.
    """
    targets, log_prices, areas = model.price_target, model.log_price, model.area
    products, markets, pressed = model.products, model.markets, model.pressed
    review_d = model.settings[0].review_d
    set_allowed(model, now)
    set_costs(model)
    count, regions = log_prices.shape
    for p in range(count):
        for a in range(sum_markets(model, p, now)):
            markets[a].target = target_of(markets[a], products[p], review_d)
        for r in range(regions):
            targets[p, r] = markets[areas[p, r]].target
            if targets[p, r] != HOLD:
                targets[p, r] += pressed[p]
    if model.tariffs.size > 0:
        add_duties(model)
    for p in range(count):
        product = products[p]
        for r in range(regions):
            if targets[p, r] != HOLD:
                target = min(product.log_cap, max(product.log_floor, targets[p, r]))
                log_prices[p, r] += product.price_step * (target - log_prices[p, r])
    set_multiples(model)
    if model.tariffs.size > 0:
        set_asked(model)
