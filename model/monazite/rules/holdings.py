"""What stockpiles hold: what it cost, how it is taken out, and what its market would use."""

from monazite.rules.compiled import compiled
from monazite.rules.records import OPEN, Model, Row


@compiled
def paid_t(stock: Row, pool: Row) -> float:
    """Return what `held_usd` of a stockpile has paid for [t].

    Goods are paid for in the review in which they are shipped, at its end.
    """
    return float(max(0.0, pool.stock_t + pool.way_t - stock.bought_t))


@compiled
def cost_of(stock: Row, pool: Row, amount_t: float) -> float:
    """Return what tonnes of a stockpile cost, at the mean of all that is paid for [USD]."""
    whole_t = paid_t(stock, pool)
    return float(stock.held_usd * (amount_t / whole_t if whole_t > amount_t else 1.0))


@compiled
def take_out(stock: Row, pool: Row, amount_t: float) -> None:
    """Take material out of a reserve, its good, clean and paid parts alike [t]."""
    left = max(0.0, 1.0 - amount_t / pool.stock_t)
    stock.usable_t *= left
    stock.held_usd -= cost_of(stock, pool, amount_t)
    pool.clean_t *= left
    pool.stock_t = max(0.0, pool.stock_t - amount_t)


@compiled
def market_t(model: Model, product: int, region: int) -> float:
    """Return what the market of a region uses in a review on the reference path [t]."""
    pools, pool_start = model.pools, model.pool_start
    found_t = 0.0
    for h in range(pool_start[product], pool_start[product + 1]):
        if pools[h].kind == OPEN and pools[h].region == region:
            found_t += pools[h].use_per_d * model.settings[0].review_d
    return found_t
