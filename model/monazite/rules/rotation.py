"""Stock that does not keep: changed for fresh in time, or lost."""

from math import exp

from monazite.rules.bids import spare_pv_usd
from monazite.rules.compiled import compiled
from monazite.rules.money import market_usd_per_t, spend
from monazite.rules.records import OPEN, Model, Row
from monazite.rules.release import cost_of


@compiled
def rotate(model: Model, day: float) -> None:
    """Change the part of each stock whose time is over for fresh; what cannot be is lost.

    The market of the place takes no more in a review than it would use in one on the
    reference path, and the change costs a part of the price, out of money that is not bound.
    Tonnes do not change hands but once: old out, fresh in.
    """
    stockpiles, pools = model.stockpiles, model.pools
    pool_start, settings = model.pool_start, model.settings[0]
    for s in range(stockpiles.size):
        stock = stockpiles[s]
        held = pools[stock.pool]
        due_t = held.stock_t * min(1.0, stock.ageing_per_d * settings.review_d)
        if due_t <= 0.0:
            continue
        takes_t = 0.0
        for h in range(pool_start[stock.product], pool_start[stock.product + 1]):
            pool = pools[h]
            if pool.kind == OPEN and pool.region == stock.place:
                takes_t += pool.use_per_d * settings.review_d
        fresh_t = min(due_t, takes_t)
        cost = fresh_t * market_usd_per_t(model, s) * stock.rotation
        left = settings.pot_pv_usd - settings.promised_pv_usd
        left = max(0.0, min(left, spare_pv_usd(model, s, day)))
        left /= exp(-settings.discount_per_d * day)
        if cost > left:
            fresh_t *= left / cost
            cost = left
        spend(model, stock.instrument, cost, day)
        lose(stock, held, due_t - fresh_t)


@compiled
def lose(stock: Row, pool: Row, amount_t: float) -> None:
    """Take what has spoilt out of a stockpile, good and clean in proportion [t]."""
    if amount_t <= 0.0:
        return
    left = max(0.0, 1.0 - amount_t / pool.stock_t)
    stock.held_usd -= cost_of(stock, pool, amount_t)
    stock.usable_t *= left
    pool.clean_t *= left
    pool.stock_t = max(0.0, pool.stock_t - amount_t)
    stock.lost_t += amount_t
