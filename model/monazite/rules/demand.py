"""What users want now: demand falls with the smoothed price and with substitution."""

from math import exp

from monazite.rules.compiled import compiled
from monazite.rules.records import Model


@compiled
def set_demand(model: Model) -> None:
    """Set the demand of each use [t] in this review.

    `D = D_ref * (1 - s) * max(1, P/P_ref)**-e` (model description, demand): demand does
    not rise above its reference when the price is low, since a need is met, not created.
    """
    pools, uses = model.pools, model.uses
    for h in range(pools.size):
        pools[h].demand_t = 0.0
    for u in range(uses.size):
        use = uses[u]
        wanted_t = use.reference_t * (1.0 - use.substituted)
        if use.log_price > 0.0:
            wanted_t *= exp(-use.elasticity * use.log_price)
        use.demand_t = wanted_t
        pools[use.pool].demand_t += wanted_t


@compiled
def adapt_uses(model: Model) -> None:
    """Let the smoothed price of each use and its substituted share move one review."""
    uses, log_prices = model.uses, model.log_price
    settings = model.settings[0]
    trigger = settings.log_trigger
    for u in range(uses.size):
        use = uses[u]
        price = log_prices[use.product, use.region]
        use.log_price += use.smooth * (price - use.log_price)
        if use.log_price > trigger:
            use.substituted += use.rise * (use.ceiling - use.substituted)
        else:
            use.substituted -= use.fall * use.substituted
