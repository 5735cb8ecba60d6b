"""What users want now: demand falls with the smoothed price and with substitution."""

from math import exp

from monazite.rules.compiled import compiled
from monazite.rules.money import spend
from monazite.rules.records import Model


@compiled
def set_demand(model: Model) -> None:
    """Set the demand of each use [t] in this review.

    `D = D_ref * (1 - s) * max(1, P/P_ref)**-e` (model description, demand): demand does
    not rise above its reference when the price is low, since a need is met, not created.
    Uses that answer alike mostly see the same price, so that few powers are worked out.
    """
    pools, uses = model.pools, model.uses
    for h in range(pools.size):
        pools[h].demand_t = 0.0
        pools[h].first_t = 0.0
    for u in range(uses.size):
        use = uses[u]
        wanted_t = use.reference_t * (1.0 - use.substituted)
        before = uses[use.alike]
        if use.log_price <= 0.0:
            use.kept = 1.0
        elif use.alike < u and before.log_price == use.log_price:
            use.kept = before.kept
        else:
            use.kept = exp(-use.elasticity * use.log_price)
        wanted_t *= use.kept
        use.demand_t = wanted_t
        use.spared = use.substituted
        pools[use.pool].demand_t += wanted_t
        if use.tier == 1:
            pools[use.pool].first_t += wanted_t


@compiled
def pay_thrifts(model: Model, day: float) -> None:
    """Pay for programmes of thrift, and see which of them run: in their term, and paid in full."""
    thrifts, instruments, settings = model.thrifts, model.instruments, model.settings[0]
    for t in range(thrifts.size):
        thrift = thrifts[t]
        thrift.open = 0
        last_d = min(day + settings.review_d, thrift.until_d)
        length_d = last_d - max(day, thrift.first_d)
        if thrift.active == 0 or length_d <= 0.0:
            continue
        cost = thrift.cost_usd_per_d * length_d
        left = instruments[thrift.instrument].left_pv_usd
        left = min(left, settings.pot_pv_usd - settings.promised_pv_usd)
        if cost * exp(-settings.discount_per_d * day) <= left * (1.0 + 1e-12):
            thrift.open = 1
            spend(model, thrift.instrument, cost, day)


@compiled
def adapt_uses(model: Model) -> None:
    """Let the smoothed price of each use and its substituted share move one review.

    Above the trigger the share rises to its ceiling, below it falls back to nothing, slower.
    A programme of thrift raises the ceiling, hastens the rise and pays at any price; what lies
    above the ceiling when it ends falls back too.
    """
    uses, log_prices, thrifts = model.uses, model.log_price, model.thrifts
    settings = model.settings[0]
    for u in range(uses.size):
        use = uses[u]
        price = log_prices[use.product, use.region]
        use.log_price += use.smooth * (price - use.log_price)
        goal = use.ceiling if use.log_price > settings.log_trigger else 0.0
        rise = use.rise
        if use.thrift >= 0 and thrifts[use.thrift].open == 1:
            thrift = thrifts[use.thrift]
            if use.log_price > thrift.log_trigger:
                goal = min(1.0, use.ceiling + thrift.more)
            rise = max(rise, use.quick)
        step = rise if goal > use.substituted else use.fall
        use.substituted += step * (goal - use.substituted)
