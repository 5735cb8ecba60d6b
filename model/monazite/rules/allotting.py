"""What a strategy buys next where its money does not reach for all of its stockpiles."""

from monazite.rules.bids import asked_t, holding_pv, purchase_cost_pv, wanted_t
from monazite.rules.compiled import compiled
from monazite.rules.records import (
    BY_COVER,
    BY_GAP,
    BY_HERFINDAHL,
    STRATEGIC,
    Model,
    Row,
)

SAME = 1e-9
"""Scores that differ by no more are equal: neither stockpile goes before the other."""


@compiled
def set_aside(model: Model, day: float) -> None:
    """Set money aside for what stockpiles still lack, in the order of the strategy's rule.

    Each gets what it needs to its target at today's price before the next one gets any;
    equals share by what they need. What nobody may buy now holds no money back.
    """
    stockpiles, instruments = model.stockpiles, model.instruments
    settings = model.settings[0]
    for s in range(stockpiles.size):
        stock = stockpiles[s]
        own = instruments[stock.instrument].left_pv_usd - holding_pv(model, s, day)
        need = wanted_t(model, s) * purchase_cost_pv(model, s, day)
        stock.need_usd = max(0.0, min(need, own))
        stock.allot_usd = 0.0
        stock.score = score_of(model, s)
    left = settings.pot_pv_usd - settings.promised_pv_usd
    for _ in range(stockpiles.size):
        turn, score, need = 2**31 - 1, 1e300, 0.0
        for s in range(stockpiles.size):
            stock = stockpiles[s]
            sooner = stock.turn < turn or (stock.turn == turn and stock.score < score)
            if stock.need_usd > 0.0 and sooner:
                turn, score = stock.turn, stock.score
        for s in range(stockpiles.size):
            if is_next(stockpiles[s], turn, score):
                need += stockpiles[s].need_usd
        if need <= 0.0 or left <= 0.0:
            return
        part = min(1.0, left / need)
        for s in range(stockpiles.size):
            stock = stockpiles[s]
            if is_next(stock, turn, score):
                stock.allot_usd = stock.need_usd * part
                stock.need_usd = 0.0
        left -= need * part


@compiled
def share_money(model: Model, day: float) -> None:
    """Leave every stockpile the same part of what it would buy now, where money does not reach.

    For strategies that say nothing of what comes first.
    """
    stockpiles, settings = model.stockpiles, model.settings[0]
    left = max(0.0, settings.pot_pv_usd - settings.promised_pv_usd)
    whole = 0.0
    for s in range(stockpiles.size):
        stock = stockpiles[s]
        stock.need_usd = 0.0
        stock.allot_usd = left
        if stock.active == 1:
            cost = purchase_cost_pv(model, s, day)
            stock.need_usd = asked_t(model, s, cost, day) * cost
            whole += stock.need_usd
    if whole > left:
        for s in range(stockpiles.size):
            stockpiles[s].allot_usd = stockpiles[s].need_usd * left / whole


@compiled
def is_next(stock: Row, turn: int, score: float) -> bool:
    """Return whether a stockpile's turn it is."""
    near = stock.score <= score + SAME * abs(score)
    return bool(stock.need_usd > 0.0 and stock.turn == turn and near)


@compiled
def score_of(model: Model, s: int) -> float:
    """Return where stockpile s stands among those of its priority; the least comes first."""
    settings, stock = model.settings[0], model.stockpiles[s]
    if settings.buy_rule == BY_GAP:
        return float(-wanted_t(model, s) / stock.target_t)
    if settings.buy_rule == BY_HERFINDAHL:
        return float(-stock.herfindahl)
    if settings.buy_rule == BY_COVER:
        return day_of_cover_usd(model, s)
    return 0.0


@compiled
def day_of_cover_usd(model: Model, s: int) -> float:
    """Return what a day of its owners' use of stockpile s costs to buy now [USD/d]."""
    pools, pool_start, entitled = model.pools, model.pool_start, model.entitled
    stock = model.stockpiles[s]
    use_per_d = 0.0
    for h in range(pool_start[stock.product], pool_start[stock.product + 1]):
        if pools[h].kind != STRATEGIC and entitled[s, pools[h].region] == 1:
            use_per_d += pools[h].use_per_d
    price = model.price_usd_per_t[stock.product] * model.multiple[stock.product, stock.place]
    return float(price * use_per_d)
