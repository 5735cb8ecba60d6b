"""Users draw on stock: tier 1 on its own, then best tier first, then on strategic stock."""

from monazite.rules.compiled import compiled
from monazite.rules.records import OPEN, TIER1, Model
from monazite.rules.release import release_to_users


@compiled
def serve_own(model: Model) -> None:
    """Serve tier 1 from its own stock, then from the clean part of the open one.

    Where no procurement rule holds for the region it may take from all of the open stock.
    """
    uses, pools = model.uses, model.pools
    for u in range(uses.size):
        use = uses[u]
        use.served_t = 0.0
        use.released_t = 0.0
        use.short_t = use.demand_t
        if pools[use.pool].kind != TIER1:
            continue
        take(model, u, use.pool, pools[use.pool].stock_t)
        if use.short_t > 0.0:
            common = pools[use.open_pool]
            most_t = common.clean_t if pools[use.pool].depth > 0 else common.stock_t
            take_clean_first(model, u, use.open_pool, most_t)


@compiled
def take(model: Model, u: int, h: int, most_t: float) -> None:
    """Serve use u from pool h, its clean part in proportion [t]."""
    uses, pools = model.uses, model.pools
    use = uses[u]
    pool = pools[h]
    amount_t = min(use.short_t, most_t, pool.stock_t)
    if amount_t <= 0.0:
        return
    pool.clean_t -= pool.clean_t * (amount_t / pool.stock_t)
    pool.stock_t -= amount_t
    pool.used_t += amount_t
    use.served_t += amount_t
    use.short_t -= amount_t


@compiled
def take_clean_first(model: Model, u: int, h: int, most_t: float) -> None:
    """Serve use u from the clean part of pool h before the rest of it [t]."""
    uses, pools = model.uses, model.pools
    use = uses[u]
    pool = pools[h]
    amount_t = min(use.short_t, most_t, pool.stock_t)
    if amount_t <= 0.0:
        return
    pool.clean_t -= min(pool.clean_t, amount_t)
    pool.stock_t -= amount_t
    pool.used_t += amount_t
    use.served_t += amount_t
    use.short_t -= amount_t


@compiled
def serve_open(model: Model) -> None:
    """Serve the uses of open pools, tier by tier, in proportion within a tier."""
    pools, uses = model.pools, model.uses
    for tier in range(1, 4):
        for h in range(pools.size):
            pools[h].left_t = 0.0
        for u in range(uses.size):
            use = uses[u]
            if use.tier == tier and pools[use.pool].kind == OPEN:
                pools[use.pool].left_t += use.short_t
        for h in range(pools.size):
            pool = pools[h]
            if pool.left_t > 0.0:
                served_t = min(pool.left_t, pool.stock_t)
                part = served_t / pool.left_t
                if served_t > 0.0:
                    pool.clean_t -= pool.clean_t * (served_t / pool.stock_t)
                pool.stock_t = max(0.0, pool.stock_t - served_t)
                pool.used_t += served_t
                pool.left_t = part
        for u in range(uses.size):
            use = uses[u]
            if use.tier == tier and pools[use.pool].kind == OPEN and use.short_t > 0.0:
                part = pools[use.pool].left_t
                use.served_t += use.short_t * part
                use.short_t = 0.0 if part >= 1.0 else use.short_t * (1.0 - part)


@compiled
def serve(model: Model) -> None:
    """Run the use pass; what is still missing after strategic release is shortfall."""
    serve_own(model)
    serve_open(model)
    release_to_users(model)
