"""Stocks that commercial holders must keep beyond their own, until they may run them down."""

from math import exp

from monazite.rules.compiled import compiled
from monazite.rules.money import spend
from monazite.rules.records import CONTROL, DECLARED, Model


@compiled
def set_obligations(model: Model, day: float) -> None:
    """Set the days of use that each pool must hold beyond its own cover, in this review.

    Once holders may run the stock down their target is their own cover again; they build it
    up anew when that is over.
    """
    obligations, pools = model.obligations, model.pools
    under_control = model.under_control
    for i in range(obligations.size):
        pools[obligations[i].pool].obliged_d = 0.0
    for i in range(obligations.size):
        row = obligations[i]
        if row.active == 0:
            continue
        row.now_d = row.days * risen(day, row.first_d, row.phase_d)
        pool = pools[row.pool]
        free = row.trigger == DECLARED and row.declared == 1
        if row.trigger == CONTROL:
            free = under_control[pool.product, pool.region] == 1
        if not free:
            pool.obliged_d += row.now_d


@compiled
def risen(day: float, first_d: float, length_d: float) -> float:
    """Return how far a straight rise from its first day has come, 0 to 1."""
    if day < first_d:
        return 0.0
    return 1.0 if length_d <= 0.0 else float(min(1.0, (day - first_d) / length_d))


@compiled
def pay_obligations(model: Model, day: float) -> None:
    """Book what holding the stocks beyond their own costs: the public part, as money reaches.

    Holders bear the rest, and the purchase, which they may sell again.
    """
    obligations, pools, instruments = model.obligations, model.pools, model.instruments
    settings = model.settings[0]
    for i in range(obligations.size):
        row = obligations[i]
        if row.active == 0 or row.now_d <= 0.0:
            continue
        pool = pools[row.pool]
        most_t = pool.use_per_d * row.now_d
        held_t = min(most_t, max(0.0, pool.stock_t - pool.use_per_d * pool.cover_d))
        price = model.price_usd_per_t[pool.product] * model.multiple[pool.product, pool.region]
        cost = held_t * price * row.holding_per_d * settings.review_d
        left = min(
            instruments[row.instrument].left_pv_usd,
            settings.pot_pv_usd - settings.promised_pv_usd,
        )
        left = max(0.0, left) / exp(-settings.discount_per_d * day)
        public = min(cost * row.public_share, left)
        spend(model, row.instrument, public, day)
        instruments[row.instrument].private_usd += cost - public
