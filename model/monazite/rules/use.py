"""Users draw on stock: tier 1 on its own, then best tier first, then on strategic stock."""

from monazite.rules.compiled import compiled
from monazite.rules.records import Model, Row
from monazite.rules.release import release_to_users
from monazite.rules.sales import sell_released


@compiled
def serve_own(model: Model) -> None:
    """Serve tier 1 from its own stock, then from the clean part of the open one.

    Where no procurement rule holds for the region it may take from all of the open stock.
    Uses of one stock are served in proportion.
    """
    uses, pools, own_use = model.uses, model.pools, model.own_use
    for u in range(uses.size):
        use = uses[u]
        use.served_t = 0.0
        use.released_t = 0.0
        use.short_t = use.demand_t
    for common in range(2):
        for i in range(own_use.size):
            use = uses[own_use[i]]
            pools[use.open_pool if common else use.pool].left_t = 0.0
        lacks = False
        for i in range(own_use.size):
            use = uses[own_use[i]]
            if use.short_t > 0.0:
                pools[use.open_pool if common else use.pool].left_t += use.short_t
                lacks = True
        if not lacks:
            return
        for i in range(own_use.size):
            use = uses[own_use[i]]
            if use.short_t > 0.0:
                rule = common == 1 and pools[use.pool].depth > 0
                pool = pools[use.open_pool if common else use.pool]
                take(use, pool, use.short_t / pool.left_t, common == 1, rule)


@compiled
def take(use: Row, pool: Row, part: float, clean_first: bool, clean_only: bool) -> None:
    """Serve a use from a pool: its part of what those still to be served there lack."""
    there_t = min(pool.clean_t, pool.stock_t) if clean_only else pool.stock_t
    amount_t = min(use.short_t, part * there_t, there_t)
    pool.left_t -= use.short_t
    if amount_t <= 0.0:
        return
    clean_t = pool.clean_t * (amount_t / pool.stock_t)
    if clean_first:
        clean_t = min(pool.clean_t, amount_t)
    pool.clean_t -= clean_t
    pool.stock_t -= amount_t
    pool.used_t += amount_t
    use.served_t += amount_t
    use.short_t -= amount_t


@compiled
def serve_open(model: Model) -> None:
    """Serve the uses of open pools, tier by tier, in proportion within a tier."""
    pools, uses, open_use, use_pool = model.pools, model.uses, model.open_use, model.use_pool
    for i in range(use_pool.size):
        for tier in range(3):
            pools[use_pool[i]].tier_t[tier] = 0.0
    for i in range(open_use.size):
        use = uses[open_use[i]]
        pools[use.pool].tier_t[use.tier - 1] += use.short_t
    for i in range(use_pool.size):
        for tier in range(3):
            serve_tier(pools[use_pool[i]], tier)
    for i in range(open_use.size):
        use = uses[open_use[i]]
        if use.short_t > 0.0:
            part = pools[use.pool].tier_t[use.tier - 1]
            use.served_t += use.short_t * part
            use.short_t = 0.0 if part >= 1.0 else use.short_t * (1.0 - part)


@compiled
def serve_tier(pool: Row, tier: int) -> None:
    """Take what one tier gets of a pool out of it; leave the part of its need in `tier_t`."""
    lack_t = pool.tier_t[tier]
    if lack_t <= 0.0:
        return
    served_t = min(lack_t, pool.stock_t)
    if served_t > 0.0:
        pool.clean_t -= pool.clean_t * (served_t / pool.stock_t)
    pool.stock_t = max(0.0, pool.stock_t - served_t)
    pool.used_t += served_t
    pool.tier_t[tier] = served_t / lack_t


@compiled
def serve(model: Model) -> None:
    """Run the use pass; what is still missing after strategic release is shortfall."""
    serve_own(model)
    serve_open(model)
    release_to_users(model)
    if model.settings[0].selling == 1:
        sell_released(model)
