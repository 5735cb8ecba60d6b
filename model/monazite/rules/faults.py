"""Mass balance of every pool in every review: nothing appears, nothing vanishes."""

from monazite.rules.compiled import compiled
from monazite.rules.records import STRATEGIC, Model

ROUNDING = 1e-9


@compiled
def open_accounts(model: Model) -> None:
    """Note what each pool holds, in hand and under way, before the review."""
    pools = model.pools
    for h in range(pools.size):
        pool = pools[h]
        pool.before_t = pool.stock_t + pool.way_t
        pool.used_t = 0.0
        pool.sold_t = 0.0


@compiled
def close_accounts(model: Model, now: int) -> None:
    """Compare each pool with what was sent to it and taken from it.

    A difference above rounding, or a stock below 0, is kept as the fault of this review;
    whoever runs the reviews stops on it.
    """
    pools, stockpiles = model.pools, model.stockpiles
    settings = model.settings[0]
    for h in range(pools.size):
        pool = pools[h]
        expected_t = pool.before_t + pool.sent_t - pool.used_t + pool.sold_t
        moved_t = pool.before_t + pool.sent_t
        if pool.kind == STRATEGIC:
            stock = stockpiles[pool.stockpile]
            expected_t -= stock.drawn_t + stock.lost_t + stock.moved_t
        else:
            expected_t -= pool.taken_t - pool.drawn_t
        off_t = pool.stock_t + pool.way_t - expected_t
        wrong = abs(off_t) > ROUNDING * (1.0 + moved_t)
        if wrong or pool.stock_t < -ROUNDING * (1.0 + moved_t):
            settings.fault = now + 1
            settings.fault_pool = h
            settings.fault_t = off_t if wrong else pool.stock_t
