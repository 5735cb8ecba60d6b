"""Strategic stock set free: when, to whom, and never more than the entitled still lack."""

from monazite.rules.claims import forget_lacks, owe, share_among
from monazite.rules.compiled import compiled
from monazite.rules.holdings import cost_of
from monazite.rules.records import (
    CONTROL,
    COVER,
    DECLARED,
    NEVER,
    OPEN,
    PRICE,
    SHORTFALL,
    STRATEGIC,
    Ints,
    Model,
    Row,
)
from monazite.rules.rounds import TINY, needs_clean


@compiled
def entitled_cover(model: Model, s: int) -> float:
    """Return commercial cover of the stockpile's product among its owners, 1 is normal."""
    stockpiles, pool_start, pools = model.stockpiles, model.pool_start, model.pools
    entitled = model.entitled
    stock = stockpiles[s]
    there_t = 0.0
    normal_t = 0.0
    for h in range(pool_start[stock.product], pool_start[stock.product + 1]):
        pool = pools[h]
        if pool.kind != STRATEGIC and entitled[s, pool.region] == 1:
            there_t += pool.stock_t + pool.way_t
            normal_t += pool.use_per_d * (pool.cover_d + pool.obliged_d + pool.lead_d)
    return there_t / normal_t if normal_t > 0.0 else 1.0


@compiled
def is_triggered(model: Model, s: int) -> bool:
    """Return whether the release rule of stockpile s lets material out in this review."""
    stockpiles, multiples, entitled = model.stockpiles, model.multiple, model.entitled
    under_control = model.under_control
    stock = stockpiles[s]
    if stock.active == 0 or stock.trigger == NEVER:
        return False
    if stock.trigger == DECLARED:
        return bool(stock.declared == 1)
    if stock.trigger == COVER:
        return bool(entitled_cover(model, s) < stock.level)
    if stock.trigger == PRICE:
        return bool(multiples[stock.product, stock.place] > stock.level)
    for r in range(entitled.shape[1]):
        if stock.trigger == CONTROL and entitled[s, r] == 1 and under_control[stock.product, r]:
            return True
    if stock.trigger == SHORTFALL:
        return goes_short(model, s, entitled[s])
    return False


@compiled
def goes_short(model: Model, s: int, whose: Ints) -> bool:
    """Return whether some regions lacked what stockpile s is held against, in the last review.

    Their users of the product, or of what is made of it, were short or lived on strategic
    stock, or their makers lacked it.

    Args:
        model: read only.
        s: the stockpile.
        whose: 1 for those regions, shape (R,).
    """
    stock, uses, made_from = model.stockpiles[s], model.uses, model.made_from
    for u in range(uses.size):
        use = uses[u]
        held = whose[use.region] == 1 and (stock.tiers >> use.tier) & 1
        held = held and (use.product == stock.product or made_from[use.product, stock.product])
        if held and use.short_t + use.released_t > 0.0:
            return True
    return lacks_input(model, stock.product, whose)


@compiled
def lacks_input(model: Model, p: int, whose: Ints) -> bool:
    """Return whether makers in some regions lacked product p in the last review."""
    pool_start, pools = model.pool_start, model.pools
    for h in range(pool_start[p], pool_start[p + 1]):
        pool = pools[h]
        mine = pool.kind == OPEN and whose[pool.region] == 1
        if mine and pool.use_per_d > 0.0 and pool.stock_t < 0.5 * pool.want_t:
            return True
    return False


@compiled
def set_releases(model: Model) -> None:
    """Decide for each stockpile whether it releases in this review.

    While an owner releases an input, its makers downstream serve home before exports,
    so that what is made from the stock reaches those it was held for.
    """
    makers, stockpiles, entitled = model.makers, model.stockpiles, model.entitled
    made_from, settings = model.made_from, model.settings[0]
    settings.released = 0
    settings.selling = 0
    for j in range(makers.size):
        makers[j].kept_first = makers[j].home_first
    for s in range(stockpiles.size):
        stock = stockpiles[s]
        stock.called = 1 if is_triggered(model, s) else 0
        stock.releasing = 1 if stock.called == 1 and stock.usable_t > 0.0 else 0
        if stock.releasing == 1 and stock.trigger != SHORTFALL:
            settings.selling = 1
        if stock.releasing == 0 or stock.final == 1:
            continue
        settings.released = 1
        for j in range(makers.size):
            maker = makers[j]
            if made_from[maker.product, stock.product] and entitled[s, maker.region] == 1:
                maker.kept_first = 1.0


@compiled
def offer_inputs(model: Model, day: float) -> None:
    """Offer released input to the pools of the owners' makers, by what they could take [t]."""
    pools, stockpiles, offers_t = model.pools, model.stockpiles, model.offer_t
    pool_start, entitled = model.pool_start, model.entitled
    claims, regions = model.claims, model.entitled.shape[1]
    settings = model.settings[0]
    if settings.released == 0 and settings.offered == 0:
        return
    settings.offered = settings.released
    for h in range(pools.size):
        pools[h].offered_t = 0.0
        pools[h].offered_clean_t = 0.0
    for s in range(stockpiles.size):
        for h in range(pools.size):
            offers_t[s, h] = 0.0
        stock = stockpiles[s]
        if stock.releasing == 0 or stock.final == 1:
            continue
        pull_t = 0.0
        first, last = pool_start[stock.product], pool_start[stock.product + 1]
        for h in range(first, last):
            pool = pools[h]
            if pool.kind == OPEN and entitled[s, pool.region] == 1:
                pull_t += pool.pull_t
        if pull_t <= 0.0:
            continue
        free_t = min(stock.usable_t, stock.rate_per_d * settings.review_d)
        held = pools[stock.pool]
        clean = held.clean_t / held.stock_t
        if stock.claimed == 1:
            forget_lacks(model, s)
            for h in range(first, last):
                pool = pools[h]
                if pool.kind == OPEN and entitled[s, pool.region] == 1:
                    claims[s * regions + pool.region].lack_t = pool.pull_t
            share_among(model, s, free_t)
        for h in range(first, last):
            pool = pools[h]
            if pool.kind == OPEN and entitled[s, pool.region] == 1:
                offers_t[s, h] = free_t * pool.pull_t / pull_t
                if stock.claimed == 1:
                    offers_t[s, h] = claims[s * regions + pool.region].given_t
                pool.offered_t += offers_t[s, h]
                pool.offered_clean_t += offers_t[s, h] * clean


@compiled
def owner_of(model: Model, h: int, region: int) -> bool:
    """Return whether a stock offered at pool h is held for users of a region."""
    stockpiles, offers_t, entitled = model.stockpiles, model.offer_t, model.entitled
    for s in range(stockpiles.size):
        if offers_t[s, h] > 0.0 and entitled[s, region] == 1:
            return True
    return False


@compiled
def extra_room_t(model: Model, j: int) -> float:
    """Return the room that released input opens at maker j beyond what it has accepted [t]."""
    makers, needs, pools = model.makers, model.needs, model.pools
    maker = makers[j]
    reach_t = maker.capacity_t
    offered = False
    for n in range(maker.first_need, maker.end_need):
        need = needs[n]
        pool = pools[need.pool]
        reach_t = min(reach_t, need.reach * (pool.stock_t + pool.offered_t))
        offered = offered or pool.offered_t > 0.0
    if not offered:
        return 0.0
    return float(max(0.0, reach_t - maker.accepted_t))


@compiled
def clean_reach_t(model: Model, j: int) -> float:
    """Return what maker j can make for tier 1 of clean input, released input included [t]."""
    makers, needs, pools = model.makers, model.needs, model.pools
    maker = makers[j]
    if maker.controlled == 1:
        return 0.0
    reach_t = maker.capacity_t
    for n in range(maker.first_need, maker.end_need):
        need = needs[n]
        pool = pools[need.pool]
        reach_t = min(reach_t, need.reach * (pool.clean_t + pool.offered_clean_t))
    return float(reach_t)


@compiled
def open_released(model: Model, p: int) -> bool:
    """Open the room that released input gives the makers of p; return whether there is any."""
    maker_start, makers = model.maker_start, model.makers
    opened = False
    for j in range(maker_start[p], maker_start[p + 1]):
        maker = makers[j]
        extra_t = extra_room_t(model, j)
        maker.room_t = extra_t
        maker.clean_room_t = 0.0
        if extra_t > 0.0:
            maker.clean_room_t = max(0.0, min(extra_t, clean_reach_t(model, j) - maker.tier1_t))
        opened = opened or extra_t > 0.0
    return opened


@compiled
def want_released(model: Model, p: int) -> None:
    """Set what the owners' pools of product p may take of the released input."""
    pool_start, pools = model.pool_start, model.pools
    for h in range(pool_start[p], pool_start[p + 1]):
        pool = pools[h]
        pool.left_t = 0.0
        if pool.kind != STRATEGIC and is_held_for(model, p, pool.region):
            pool.left_t = entitled_lack_t(model, h, p)
            pool.unserved_use_t -= pool.left_t


@compiled
def is_held_for(model: Model, p: int, region: int) -> bool:
    """Return whether input of product p is being released for a region."""
    maker_start, makers, needs = model.maker_start, model.makers, model.needs
    for j in range(maker_start[p], maker_start[p + 1]):
        for n in range(makers[j].first_need, makers[j].end_need):
            if owner_of(model, needs[n].pool, region):
                return True
    return False


@compiled
def entitled_lack_t(model: Model, h: int, p: int) -> float:
    """Return the unserved use of pool h that belongs to entitled tiers [t].

    A pool without final users feeds makers and counts whole.
    """
    pools, stockpiles, entitled = model.pools, model.stockpiles, model.entitled
    uses, made_from = model.uses, model.made_from
    pool = pools[h]
    if pool.demand_t <= 0.0:
        return float(pool.unserved_use_t)
    tiers = 0
    for s in range(stockpiles.size):
        stock = stockpiles[s]
        if stock.releasing == 0 or entitled[s, pool.region] == 0:
            continue
        if made_from[p, stock.product]:
            tiers |= stock.tiers
    held_t = 0.0
    for u in range(uses.size):
        use = uses[u]
        if use.pool == h and (tiers >> use.tier) & 1:
            held_t += use.demand_t
    return float(min(pool.unserved_use_t, held_t))


@compiled
def release_to_users(model: Model) -> None:
    """Release final products to users who still lack them, best tier first.

    Of several stocks those with the fewest owners go first: others may yet help more.

    A stock held against shortfall is there in the review in which users first lack; the
    other triggers open it from the review after they are passed. Never more is released
    than is lacking.
    """
    stockpiles, uses, pools = model.stockpiles, model.uses, model.pools
    settings, release_order = model.settings[0], model.release_order
    for k in range(release_order.size):
        s = release_order[k]
        stock = stockpiles[s]
        if stock.final == 0 or stock.active == 0:
            continue
        if stock.releasing == 0 and stock.trigger != SHORTFALL:
            continue
        free_t = min(stock.usable_t, stock.rate_per_d * settings.review_d)
        for tier in range(1, 4):
            if free_t <= 0.0 or not (stock.tiers >> tier) & 1:
                continue
            lack_t = 0.0
            clean = False
            for u in range(uses.size):
                if is_served_by(model, s, u, tier):
                    lack_t += uses[u].short_t
                    clean = clean or needs_clean(pools[uses[u].pool])
            given_t = min(lack_t, min(free_t, pools[stock.pool].clean_t) if clean else free_t)
            if given_t <= 0.0:
                continue
            if stock.claimed == 1:
                given_t = give_by_claims(model, s, tier, given_t)
            else:
                part = given_t / lack_t
                for u in range(uses.size):
                    if is_served_by(model, s, u, tier):
                        give(uses[u], part)
            draw(stock, pools[stock.pool], given_t, clean)
            free_t -= given_t


@compiled
def give_by_claims(model: Model, s: int, tier: int, free_t: float) -> float:
    """Give final products to users of one tier within their owners' claims; return the sum [t]."""
    claims, uses, regions = model.claims, model.uses, model.entitled.shape[1]
    forget_lacks(model, s)
    for u in range(uses.size):
        if is_served_by(model, s, u, tier):
            claims[s * regions + uses[u].region].lack_t += uses[u].short_t
    given_t = share_among(model, s, free_t)
    for u in range(uses.size):
        if is_served_by(model, s, u, tier):
            claim = claims[s * regions + uses[u].region]
            give(uses[u], claim.given_t / claim.lack_t)
    for r in range(regions):
        owe(model, s, r, claims[s * regions + r].given_t)
    return given_t


@compiled
def give(use: Row, part: float) -> None:
    """Serve a part of what a use lacks out of a strategic stock."""
    use.served_t += use.short_t * part
    use.released_t += use.short_t * part
    use.short_t = 0.0 if part >= 1.0 else use.short_t * (1.0 - part)


@compiled
def is_served_by(model: Model, s: int, u: int, tier: int) -> bool:
    """Return whether use u of this tier lacks what stockpile s holds for it."""
    uses, stockpiles, entitled = model.uses, model.stockpiles, model.entitled
    use = uses[u]
    if use.tier != tier or use.product != stockpiles[s].product or use.short_t <= 0.0:
        return False
    return bool(entitled[s, use.region] == 1)


@compiled
def draw(stock: Row, pool: Row, amount_t: float, clean: bool) -> None:
    """Take usable material out of a stockpile [t].

    Its clean part goes in proportion, or alone where tier 1 may use nothing else.
    """
    if amount_t <= 0.0:
        return
    part = min(1.0, amount_t / pool.stock_t)
    cost_usd = cost_of(stock, pool, amount_t)
    if stock.lends == 1:
        stock.owed_usd += cost_usd
    stock.held_usd -= cost_usd
    pool.clean_t -= min(pool.clean_t, amount_t if clean else pool.clean_t * part)
    pool.stock_t = max(0.0, pool.stock_t - amount_t)
    left_t = stock.usable_t - amount_t
    stock.usable_t = left_t if left_t > TINY * stock.usable_t else 0.0
    stock.drawn_t += amount_t
    stock.has_released = 1
