"""What each pool bids for: current use, closing of gaps, growth; and what offices buy."""

from math import exp

from monazite.rules.compiled import compiled
from monazite.rules.records import ALONE, STRATEGIC, Model


@compiled
def set_commercial_bid(model: Model, h: int) -> None:
    """Set the bid of a commercial pool [t], never below 0.

    Use now, plus the part of the gap in stock and on the way that is closed in a review,
    plus the growth of both targets. On the way counts what waits for a licence, beside
    the reference wait. Both are taken after the use of this review: on the normal side
    that is reference use, and what growth downstream asks for beside it. Ahead of an
    announced control the target stock is a multiple of itself.
    """
    pools = model.pools
    settings = model.settings[0]
    pool = pools[h]
    delta_d = settings.review_d
    pool.bid_use_t = pool.demand_t + pool.want_t
    ahead_d = pool.lead_d + pool.queue_d
    cover_d = pool.cover_d * pool.rush + pool.obliged_d
    building_per_d = pool.extra_per_d - pool.slope_per_d * (pool.cover_d + pool.lead_d)
    normal_t = pool.use_per_d * (cover_d + ahead_d - delta_d) - building_per_d * delta_d
    there_t = pool.stock_t - pool.demand_t - pool.taken_t + pool.way_t + pool.queued_t
    growth_t = pool.slope_per_d * (cover_d + ahead_d) * delta_d
    gap_t = settings.close * (normal_t - there_t) + growth_t
    if gap_t < 0.0:
        pool.bid_use_t = max(0.0, pool.bid_use_t + gap_t)
        gap_t = 0.0
    pool.bid_gap_t = gap_t
    pool.bid_t = pool.bid_use_t + gap_t


@compiled
def set_strategic_bid(model: Model, h: int, day: float) -> None:
    """Set what a purchasing office bids for in this review [t].

    For borrowers what they have to give back, at their cost; then its own purchases.
    Suspended while its own release rule holds, also when nothing is left to release.
    """
    pools, stockpiles = model.pools, model.stockpiles
    pool = pools[h]
    stock = stockpiles[pool.stockpile]
    stock.bid_t = 0.0
    stock.back_t = 0.0
    if stock.active == 1 and stock.called == 0:
        stock.back_t = min(stock.due_t, stock.accessible_per_d * model.settings[0].review_d)
        set_purchase(model, h, day)
    pool.bid_use_t = 0.0
    pool.bid_gap_t = stock.bid_t + stock.back_t
    pool.bid_t = pool.bid_gap_t


@compiled
def set_purchase(model: Model, h: int, day: float) -> None:
    """Set what a stockpile buys for itself in this review [t], as far as money reaches."""
    settings = model.settings[0]
    s = model.pools[h].stockpile
    stock = model.stockpiles[s]
    if wanted_t(model, s) > 0.0:
        cost = purchase_cost_pv(model, s, day)
        money = settings.pot_pv_usd - settings.promised_pv_usd
        if settings.buy_rule != ALONE:
            money = min(money, stock.allot_usd)
        stock.bid_t = max(0.0, min(asked_t(model, s, cost, day), money / cost))
        settings.promised_pv_usd += stock.bid_t * cost


@compiled
def asked_t(model: Model, s: int, cost: float, day: float) -> float:
    """Return what stockpile s would buy now if the strategy's money reached for all [t].

    Bounded by target, pace, the share of the accessible market, price ceiling and its own
    budget.

    Args:
        model: read only.
        s: the stockpile.
        cost: of a tonne, with its holding to the end of the run, so that the stock can always
            be kept [discounted USD].
        day: of the review.
    """
    stock, delta_d = model.stockpiles[s], model.settings[0].review_d
    reach_t = stock.accessible_per_d * delta_d
    most_t = min(stock.pace_per_d * delta_d, reach_t - min(stock.due_t, reach_t))
    own = model.instruments[stock.instrument].left_pv_usd - holding_pv(model, s, day)
    return float(max(0.0, min(most_t, wanted_t(model, s), own / cost)))


@compiled
def wanted_t(model: Model, s: int) -> float:
    """Return what stockpile s lacks to its target and may buy now; what is owed it is there [t]."""
    stock, multiples = model.stockpiles[s], model.multiple
    if stock.active == 0 or stock.buying == 0 or stock.called == 1:
        return 0.0
    if stock.refill == 0 and stock.has_released == 1:
        return 0.0
    if multiples[stock.product, stock.place] > stock.ceiling:
        return 0.0
    pool = model.pools[stock.pool]
    return float(max(0.0, stock.target_t - pool.stock_t - pool.way_t - stock.owed_t))


@compiled
def purchase_cost_pv(model: Model, s: int, day: float) -> float:
    """Return the discounted cost of buying a tonne now and holding it to the end [USD/t]."""
    stockpiles, price_usd_per_t = model.stockpiles, model.price_usd_per_t
    settings = model.settings[0]
    stock = stockpiles[s]
    price = price_usd_per_t[stock.product]
    price *= model.multiple[stock.product, stock.place]
    rate = settings.discount_per_d
    return float(price * exp(-rate * day) * (1.0 + stock.holding_per_d * held_d(model, day)))


@compiled
def held_d(model: Model, day: float) -> float:
    """Return the discounted days from now to the end of the run, paid review by review."""
    settings = model.settings[0]
    rate, step_d = settings.discount_per_d, settings.step_d
    left_d = max(0.0, settings.end_d - day)
    if rate > 0.0:
        return float(step_d * (1.0 - exp(-rate * left_d)) / (1.0 - exp(-rate * step_d)))
    return float(left_d)


@compiled
def holding_pv(model: Model, s: int, day: float) -> float:
    """Return the discounted cost of holding what stockpile s has or is owed to the end [USD]."""
    stockpiles = model.stockpiles
    settings = model.settings[0]
    stock = stockpiles[s]
    worth_usd = stock.held_usd + stock.owed_usd
    if worth_usd <= 0.0:
        return 0.0
    now = exp(-settings.discount_per_d * day)
    return float(worth_usd * stock.holding_per_d * held_d(model, day) * now)


@compiled
def spare_pv_usd(model: Model, s: int, day: float) -> float:
    """Return what stockpile s's own budget leaves beside what it is bound to [discounted USD].

    Bound to is the holding to the end of what it has and is owed, what it bids for in this
    review, and the holding of what comes under contract.
    """
    stock, settings = model.stockpiles[s], model.settings[0]
    left = model.instruments[stock.instrument].left_pv_usd - holding_pv(model, s, day)
    left -= stock.bid_t * purchase_cost_pv(model, s, day)
    now = exp(-settings.discount_per_d * day)
    return float(left - stock.contract_usd * stock.holding_per_d * held_d(model, day) * now)


@compiled
def promise_holding(model: Model, day: float) -> None:
    """Keep back from the budget what holding today's stocks to the end will cost."""
    stockpiles = model.stockpiles
    settings = model.settings[0]
    settings.promised_pv_usd = 0.0
    for s in range(stockpiles.size):
        settings.promised_pv_usd += holding_pv(model, s, day)


@compiled
def set_bids(model: Model, p: int, day: float) -> None:
    """Set the bids of all pools of product p."""
    pool_start, pools = model.pool_start, model.pools
    offices = 0
    for h in range(pool_start[p], pool_start[p + 1]):
        if pools[h].kind == STRATEGIC:
            set_strategic_bid(model, h, day)
            offices += 1 if pools[h].bid_t > 0.0 else 0
        else:
            set_commercial_bid(model, h)
    if offices > 1:
        share_access(model, p)


@compiled
def share_access(model: Model, p: int) -> None:
    """Scale the bids of offices that buy the same product down to the market they reach.

    Together they get no more than the largest part of it that one of them can reach.
    """
    pool_start, pools, stockpiles = model.pool_start, model.pools, model.stockpiles
    reach_t, bids_t = 0.0, 0.0
    for h in range(pool_start[p], pool_start[p + 1]):
        if pools[h].kind == STRATEGIC and pools[h].bid_t > 0.0:
            stock = stockpiles[pools[h].stockpile]
            reach_t = max(reach_t, stock.accessible_per_d * model.settings[0].review_d)
            bids_t += pools[h].bid_t
    if bids_t <= reach_t:
        return
    part = reach_t / bids_t
    for h in range(pool_start[p], pool_start[p + 1]):
        if pools[h].kind == STRATEGIC:
            stock = stockpiles[pools[h].stockpile]
            stock.bid_t *= part
            stock.back_t *= part
            pools[h].bid_gap_t *= part
            pools[h].bid_t *= part
