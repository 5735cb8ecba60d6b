"""Stock that does not keep: changed for fresh in time, or lost."""

from math import exp

from monazite.rules.bids import spare_pv_usd
from monazite.rules.compiled import compiled
from monazite.rules.holdings import market_t, take_out
from monazite.rules.money import market_usd_per_t, spend
from monazite.rules.records import Model


@compiled
def rotate(model: Model, day: float) -> None:
    """Change the part of each stock whose time is over for fresh; what cannot be is lost.

    The market of the place takes no more in a review than it would use in one on the
    reference path, and the change costs a part of the price, out of money that is not bound.
    Tonnes do not change hands but once: old out, fresh in.
    """
    stockpiles, pools, settings = model.stockpiles, model.pools, model.settings[0]
    for s in range(stockpiles.size):
        stock = stockpiles[s]
        held = pools[stock.pool]
        due_t = held.stock_t * min(1.0, stock.ageing_per_d * settings.review_d)
        if due_t <= 0.0:
            continue
        fresh_t = min(due_t, market_t(model, stock.product, stock.place))
        cost = fresh_t * market_usd_per_t(model, s) * stock.rotation
        left = settings.pot_pv_usd - settings.promised_pv_usd
        left = max(0.0, min(left, spare_pv_usd(model, s, day)))
        left /= exp(-settings.discount_per_d * day)
        if cost > left:
            fresh_t *= left / cost
            cost = left
        spend(model, stock.instrument, cost, day)
        spoilt_t = due_t - fresh_t
        if spoilt_t > 0.0:
            take_out(stock, held, spoilt_t)
            stock.lost_t += spoilt_t
