"""Recording, once, at the end of a review; a review across a border of bins is split."""

from math import exp

from monazite.rules.compiled import compiled
from monazite.rules.records import Books, Model

SHORT = 1e-9
"""Part of reference demand below which a gap is rounding and no day counts as short."""


@compiled
def record(model: Model, books: Books, bin_: int, part: float, day: float) -> None:
    """Add `part` of this review to one bin."""
    uses, sent_t, makers = model.uses, model.sent_t, model.makers
    pools, stockpiles = model.pools, model.stockpiles
    settings = model.settings[0]
    delta_d = settings.review_d
    for u in range(uses.size):
        use = uses[u]
        row = books.uses[bin_, u]
        row.reference_t += part * use.reference_t
        row.delivered_t += part * use.served_t
        row.substituted_t += part * use.reference_t * use.spared
        kept_t = use.reference_t * (1.0 - use.spared)
        row.curtailed_t += part * (kept_t - use.demand_t)
        row.shortfall_t += part * use.short_t
        row.released_t += part * use.released_t
        if use.short_t > SHORT * use.reference_t:
            row.days_short_d += part * delta_d
            row.first_short_d = min(row.first_short_d, max(day, books.edges_d[bin_]))
            row.last_short_d = max(row.last_short_d, min(day + delta_d, books.edges_d[bin_ + 1]))
    for x in range(sent_t.size):
        books.shipped_t[bin_, x] += part * sent_t[x]
    for j in range(makers.size):
        books.made_t[bin_, j] += part * makers[j].accepted_t
    for h in range(pools.size):
        books.stock_t[bin_, h] = pools[h].stock_t
    for s in range(stockpiles.size):
        books.bought_t[bin_, s] += part * stockpiles[s].bought_t
        books.drawn_t[bin_, s] += part * stockpiles[s].drawn_t
    if settings.leaks == 1:
        record_leaks(model, books, bin_, part)
    record_scrap(model, books, bin_, part)
    record_prices(model, books, bin_, part)
    record_money(model, books, bin_, part, day)


@compiled
def record_scrap(model: Model, books: Books, bin_: int, part: float) -> None:
    """Add what came to each yard, what did not, and what left it for good to one bin."""
    yards = model.yards
    for s in range(yards.size):
        yard = yards[s]
        row = books.scrap[bin_, s]
        row.worn_t += part * yard.worn_per_d * model.settings[0].review_d
        row.collected_t += part * yard.collected_t
        row.offcut_t += part * yard.offcut_t
        row.lost_t += part * yard.lost_t
        row.scrap_t = yard.hand_t


@compiled
def record_leaks(model: Model, books: Books, bin_: int, part: float) -> None:
    """Add to one bin what came round a control: what was sent beyond what it allows.

    The routes of a control share it by what was sent; of several controls the largest
    part holds.
    """
    controls, control_route, lanes = model.controls, model.control_route, model.lanes
    shipped_t = model.sent_t
    for c in range(controls.size):
        control = controls[c]
        if control.active == 0 or control.leak <= 0.0:
            continue
        sent_t = 0.0
        for i in range(control.first, control.end):
            sent_t += shipped_t[control_route[i]]
        if sent_t > control.direct_t:
            for i in range(control.first, control.end):
                lane = lanes[control_route[i]]
                lane.leaked = max(lane.leaked, 1.0 - control.direct_t / sent_t)
    for c in range(controls.size):
        control = controls[c]
        if control.active == 1 and control.leak > 0.0:
            for i in range(control.first, control.end):
                x = control_route[i]
                books.leaked_t[bin_, x] += part * lanes[x].leaked * shipped_t[x]
                lanes[x].leaked = 0.0


@compiled
def record_prices(model: Model, books: Books, bin_: int, part: float) -> None:
    """Add prices to one bin, and the days that any region's price spent at a bound."""
    multiples, targets = model.multiple, model.price_target
    settings = model.settings[0]
    count, regions = multiples.shape
    for p in range(count):
        product = model.products[p]
        bound = False
        for r in range(regions):
            books.price_d[bin_, p, r] += part * settings.review_d * multiples[p, r]
            target = targets[p, r]
            if target >= product.log_cap or target <= product.log_floor:
                bound = bound or target < 1e299
        if bound:
            books.at_bound_d[bin_, p] += part * settings.review_d


@compiled
def record_money(model: Model, books: Books, bin_: int, part: float, day: float) -> None:
    """Add outlays and receipts to one bin, as they are and discounted to the start."""
    instruments = model.instruments
    settings = model.settings[0]
    now = exp(-settings.discount_per_d * day)
    for i in range(instruments.size):
        instrument = instruments[i]
        row = books.money[bin_, i]
        row.spent_usd += part * instrument.spent_usd
        row.committed_usd += part * instrument.spent_usd
        row.private_usd += part * instrument.private_usd
        row.recovered_usd += part * instrument.recovered_usd
        row.spent_pv_usd += part * instrument.spent_usd * now
        row.recovered_pv_usd += part * instrument.recovered_usd * now


@compiled
def clear_flows(model: Model) -> None:
    """Forget the flows of the last review."""
    stockpiles, instruments = model.stockpiles, model.instruments
    for s in range(stockpiles.size):
        stockpiles[s].bought_t = 0.0
        stockpiles[s].drawn_t = 0.0
        stockpiles[s].contract_t = 0.0
        stockpiles[s].contract_usd = 0.0
        stockpiles[s].lost_t = 0.0
        stockpiles[s].moved_t = 0.0
    for i in range(instruments.size):
        instruments[i].spent_usd = 0.0
        instruments[i].recovered_usd = 0.0
        instruments[i].private_usd = 0.0


@compiled
def record_plants(model: Model, books: Books, now: int) -> None:
    """Record the state of every plant in review `now`."""
    projects, states = model.projects, books.plant_state
    for i in range(projects.size):
        states[now, i] = projects[i].state


@compiled
def record_review(model: Model, books: Books, day: float) -> None:
    """Record this review in the bins that it touches, split by days."""
    settings = model.settings[0]
    delta_d = settings.review_d
    edges_d = books.edges_d
    last = edges_d.size - 2
    low, high = 0, last
    while low < high:
        middle = (low + high + 1) // 2
        if edges_d[middle] <= day:
            low = middle
        else:
            high = middle - 1
    end_d = day + delta_d
    while True:
        until_d = min(end_d, edges_d[low + 1]) if low < last else end_d
        from_d = max(day, edges_d[low])
        record(model, books, low, (until_d - from_d) / delta_d, day)
        if until_d >= end_d:
            return
        low += 1
