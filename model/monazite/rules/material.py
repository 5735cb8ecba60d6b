"""Material flows down: what was accepted is made, shipped and arrives after its lead time."""

from monazite.rules.claims import owe
from monazite.rules.compiled import compiled
from monazite.rules.records import STRATEGIC, Model, Row, Table
from monazite.rules.release import draw
from monazite.rules.rings import wrapped
from monazite.rules.rounds import needs_clean


@compiled
def receive(model: Model, now: int) -> None:
    """Book what arrives during review `now` into stock; a short last review gets its part."""
    pools, stockpiles = model.pools, model.stockpiles
    way_t, way_clean_t, way_more_t = model.way_t, model.way_clean_t, model.way_more_t
    settings = model.settings[0]
    part = settings.review_d / settings.step_d
    slot = now % way_t.shape[1]
    for h in range(pools.size):
        amount_t = way_t[h, slot] * part
        if amount_t > 0.0:
            put(pools[h], stockpiles, amount_t, way_clean_t[h, slot] * part)
            if way_more_t.shape[0] > 0 and pools[h].kind == STRATEGIC:
                s = pools[h].stockpile
                stockpiles[s].usable_t += way_more_t[s, slot] * part
                way_more_t[s, slot] = 0.0
            pools[h].way_t -= amount_t
            way_t[h, slot] = 0.0
            way_clean_t[h, slot] = 0.0


@compiled
def put(pool: Row, stockpiles: Table, amount_t: float, clean_t: float) -> None:
    """Add material to the stock of a pool; of a strategic stock only a share fits its users."""
    pool.stock_t += amount_t
    pool.clean_t += clean_t
    if pool.kind == STRATEGIC:
        stock = stockpiles[pool.stockpile]
        stock.usable_t += amount_t * stock.usable_share


@compiled
def set_clean_shares(model: Model) -> None:
    """Set the clean share of each maker's output that is not reserved for tier 1.

    Clean input for tier-1 orders is kept apart first; the rest is mixed. A lot is clean
    only if its region is not controlled and none of its inputs is barred.
    """
    pools, needs, makers = model.pools, model.needs, model.makers
    for h in range(pools.size):
        pools[h].reserved_t = 0.0
    for n in range(needs.size):
        need = needs[n]
        tier1_t = makers[need.maker].tier1_t
        pools[need.pool].reserved_t += tier1_t * need.input_per_t
    for h in range(pools.size):
        pool = pools[h]
        pool.apart_t = min(pool.offered_clean_t, max(0.0, pool.reserved_t - pool.clean_t))
        pool.drawn_t = pool.apart_t + max(0.0, pool.taken_t - pool.apart_t - pool.stock_t)
        clean_t = pool.clean_t + pool.apart_t
        mixed_t = pool.drawn_t - pool.apart_t
        if mixed_t > 0.0 and pool.offered_t > pool.apart_t:
            rest_t = pool.offered_clean_t - pool.apart_t
            clean_t += mixed_t * (rest_t / (pool.offered_t - pool.apart_t))
        left_t = pool.stock_t + pool.drawn_t - pool.reserved_t
        pool.mix = 0.0
        if left_t > 0.0:
            pool.mix = min(1.0, max(0.0, (clean_t - pool.reserved_t) / left_t))
    for j in range(makers.size):
        maker = makers[j]
        maker.clean_share = 0.0 if maker.controlled == 1 else 1.0
        for n in range(maker.first_need, maker.end_need):
            maker.clean_share = min(maker.clean_share, pools[needs[n].pool].mix)


@compiled
def consume(model: Model) -> None:
    """Take inputs out of stock for what was accepted, then out of released stock.

    Released input also serves tier-1 orders that the pool has too little clean input for.
    Returns nothing; raises no error: acceptance has seen every input, so that a cut
    here would be a fault, which the mass balance check reports.
    """
    pools, stockpiles, offers_t = model.pools, model.stockpiles, model.offer_t
    for h in range(pools.size):
        pool = pools[h]
        if pool.taken_t <= 0.0:
            continue
        own_t = min(pool.taken_t - pool.apart_t, pool.stock_t)
        reserved_t = min(own_t, pool.reserved_t - pool.apart_t)
        pool.stock_t -= own_t
        pool.clean_t -= min(pool.clean_t, reserved_t + pool.mix * (own_t - reserved_t))
        pool.clean_t = min(pool.clean_t, pool.stock_t)
        if pool.drawn_t > 0.0 and pool.offered_t > 0.0:
            for s in range(stockpiles.size):
                part = offers_t[s, h] / pool.offered_t
                held = pools[stockpiles[s].pool]
                draw(stockpiles[s], held, pool.apart_t * part, True)
                draw(stockpiles[s], held, (pool.drawn_t - pool.apart_t) * part, False)
                owe(model, s, pool.region, pool.drawn_t * part)


@compiled
def ship(model: Model, now: int) -> None:
    """Send what was accepted on its way; a fraction of a review splits a shipment in two."""
    routes, makers, pools, stockpiles = model.routes, model.makers, model.pools, model.stockpiles
    way_t, way_clean_t, shipped_t, lead = model.way_t, model.way_clean_t, model.sent_t, model.lead
    slots = way_t.shape[1]
    today = now % slots
    for h in range(pools.size):
        pool = pools[h]
        clean = needs_clean(pool)
        sent_t, here_t, here_clean_t = 0.0, 0.0, 0.0
        for x in range(pool.first_route, pool.end_route):
            amount_t = shipped_t[x]
            if amount_t <= 0.0:
                continue
            clean_share = 1.0 if clean else makers[routes[x].maker].clean_share
            whole = int(lead[x])
            soon_t = amount_t * (1.0 - (lead[x] - whole))
            late_t = amount_t - soon_t
            slot = wrapped(today + whole, slots)
            after = wrapped(today + whole + 1, slots)
            sent_t += amount_t
            if whole == 0:
                here_t += soon_t
                here_clean_t += soon_t * clean_share
            else:
                way_t[h, slot] += soon_t
                way_clean_t[h, slot] += soon_t * clean_share
            way_t[h, after] += late_t
            way_clean_t[h, after] += late_t * clean_share
        put(pool, stockpiles, here_t, here_clean_t)
        pool.way_t += sent_t - here_t
        pool.sent_t = sent_t
        if pool.kind == STRATEGIC:
            stockpiles[pool.stockpile].bought_t += sent_t


@compiled
def move_material(model: Model, now: int) -> None:
    """Run the material pass: consume inputs, make, ship."""
    set_clean_shares(model)
    consume(model)
    ship(model, now)
