"""Strategic stock sold to its owners' market, for use that the price keeps from happening."""

from monazite.rules.claims import forget_lacks, owe, share_among
from monazite.rules.compiled import compiled
from monazite.rules.records import OPEN, SHORTFALL, Model, Row
from monazite.rules.release import draw


@compiled
def sell_released(model: Model) -> None:
    """Sell what open stocks have left to give, as far as the price keeps their owners from use.

    After users were served, so that want comes before price. What is sold lies in the
    commercial stock of an owner, where it stands against bids and counts as cover from the
    next review on. A stock held against shortfall waits for those who lack at any price.
    """
    stockpiles, settings = model.stockpiles, model.settings[0]
    release_order = model.release_order
    for k in range(release_order.size):
        s = release_order[k]
        stock = stockpiles[s]
        if stock.releasing == 0 or stock.trigger == SHORTFALL:
            continue
        free_t = min(stock.usable_t, stock.rate_per_d * settings.review_d - stock.drawn_t)
        if free_t > 0.0:
            lack_t = set_lacks(model, s)
            if lack_t > 0.0:
                sell(model, s, min(1.0, free_t / lack_t), free_t)


@compiled
def set_lacks(model: Model, s: int) -> float:
    """Set what each owner's market lacks of stockpile s (`left_t`); return the sum [t].

    Final use that the price curtails counts where it would be, use of what is made of the
    product where makers could work it, both by entitled tiers only. A market lacks no more
    than it would take on the reference path.
    """
    stockpiles, uses, pools = model.stockpiles, model.uses, model.pools
    entitled, content = model.entitled, model.content
    pool_start, delta_d = model.pool_start, model.settings[0].review_d
    stock = stockpiles[s]
    first, last = pool_start[stock.product], pool_start[stock.product + 1]
    pull_t = 0.0
    for h in range(first, last):
        pools[h].left_t = 0.0
        if pools[h].kind == OPEN and entitled[s, pools[h].region] == 1:
            pull_t += pools[h].pull_t
    made_t = 0.0
    for u in range(uses.size):
        use = uses[u]
        if entitled[s, use.region] == 0 or not (stock.tiers >> use.tier) & 1:
            continue
        curtailed_t = use.reference_t * (1.0 - use.substituted) - use.demand_t
        if use.product == stock.product:
            pools[use.open_pool].left_t += curtailed_t
        else:
            made_t += curtailed_t * content[use.product, stock.product]
    lack_t = 0.0
    for h in range(first, last):
        pool = pools[h]
        if pool.kind == OPEN and entitled[s, pool.region] == 1:
            if pull_t > 0.0:
                pool.left_t += made_t * pool.pull_t / pull_t
            pool.left_t = min(pool.left_t, pool.use_per_d * delta_d)
            lack_t += pool.left_t
    return lack_t


@compiled
def sell(model: Model, s: int, part: float, free_t: float) -> None:
    """Move what each owner's market lacks out of stockpile s into it: the same part of it.

    Where owners have claims of their own, these decide what each gets of the tonnes free.
    """
    stockpiles, pools, pool_start = model.stockpiles, model.pools, model.pool_start
    entitled, claims = model.entitled, model.claims
    stock, regions = stockpiles[s], entitled.shape[1]
    first, last = pool_start[stock.product], pool_start[stock.product + 1]
    if stock.claimed == 1:
        forget_lacks(model, s)
        for h in range(first, last):
            if pools[h].kind == OPEN and entitled[s, pools[h].region] == 1:
                claims[s * regions + pools[h].region].lack_t = pools[h].left_t
        share_among(model, s, free_t)
    for h in range(first, last):
        pool = pools[h]
        if pool.kind == OPEN and entitled[s, pool.region] == 1 and pool.left_t > 0.0:
            amount_t = pool.left_t * part
            if stock.claimed == 1:
                amount_t = claims[s * regions + pool.region].given_t
            hand_over(stock, pools[stock.pool], pool, amount_t)
            owe(model, s, pool.region, amount_t)


@compiled
def hand_over(stock: Row, held: Row, pool: Row, amount_t: float) -> None:
    """Take material out of a stockpile into a commercial stock, its clean part in proportion."""
    clean_t = held.clean_t
    draw(stock, held, amount_t, False)
    pool.stock_t += amount_t
    pool.clean_t += clean_t - held.clean_t
    pool.sold_t += amount_t
