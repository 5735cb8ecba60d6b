"""One reserve against another: the same product elsewhere, or another product."""

from math import exp

from monazite.rules.bids import held_d, spare_pv_usd
from monazite.rules.compiled import compiled
from monazite.rules.holdings import market_t, paid_t, take_out
from monazite.rules.money import spend
from monazite.rules.records import OPEN, Model
from monazite.rules.rings import wrapped


@compiled
def swap(model: Model, now: int, day: float) -> None:
    """Carry out every swap whose day has come, as far as its stock, money and market reach.

    Held in another place, material goes there by ship. Against another product it goes to
    the market of its place, and whoever takes it owes the other stockpile `ratio` tonnes
    of its product a tonne, to buy at his own cost.
    """
    swaps, stockpiles, pools = model.swaps, model.stockpiles, model.pools
    settings = model.settings[0]
    for i in range(swaps.size):
        row = swaps[i]
        if row.open == 0 or pools[stockpiles[row.gives].pool].stock_t <= 0.0:
            continue
        gives, takes = stockpiles[row.gives], stockpiles[row.takes]
        held = pools[gives.pool]
        amount_t = min(row.left_t, held.stock_t, affordable_t(model, i, day))
        if gives.product != takes.product:
            amount_t = min(amount_t, market_t(model, gives.product, gives.place))
        if amount_t <= 0.0:
            continue
        clean_t, usable_t, cost_usd = held.clean_t, gives.usable_t, gives.held_usd
        take_out(gives, held, amount_t)
        gives.moved_t += amount_t
        clean_t -= held.clean_t
        usable_t -= gives.usable_t
        cost_usd -= gives.held_usd
        if gives.product == takes.product:
            takes.held_usd += cost_usd
            send(model, i, amount_t, (clean_t, usable_t), now)
        else:
            sell_for_debt(model, i, amount_t, clean_t)
            takes.owed_usd += cost_usd
        row.left_t -= amount_t
        dearer = (takes.holding_per_d - gives.holding_per_d) * held_d(model, day)
        settings.promised_pv_usd += cost_usd * dearer * exp(-settings.discount_per_d * day)
        spend(model, row.instrument, amount_t * row.freight_usd_per_t, day)


@compiled
def affordable_t(model: Model, i: int, day: float) -> float:
    """Return what money is left for, freight and holding to the end in the other stock [t]."""
    row, settings = model.swaps[i], model.settings[0]
    gives, takes = model.stockpiles[row.gives], model.stockpiles[row.takes]
    now = exp(-settings.discount_per_d * day)
    most_t = 1e300
    freight = row.freight_usd_per_t * now
    if freight > 0.0:
        most_t = max(0.0, model.instruments[row.instrument].left_pv_usd) / freight
    whole_t = paid_t(gives, model.pools[gives.pool])
    held = gives.held_usd / whole_t * held_d(model, day) * now if whole_t > 0.0 else 0.0
    if held * takes.holding_per_d > 0.0:
        spare = max(0.0, spare_pv_usd(model, row.takes, day))
        most_t = min(most_t, spare / (held * takes.holding_per_d))
    more = freight + held * (takes.holding_per_d - gives.holding_per_d)
    if more > 0.0:
        left = max(0.0, settings.pot_pv_usd - settings.promised_pv_usd)
        most_t = min(most_t, left / more)
    return float(most_t)


@compiled
def send(model: Model, i: int, amount_t: float, parts_t: tuple[float, float], now: int) -> None:
    """Ship material to the other reserve, of it so much clean and so much usable [t]."""
    row, way_t, way_clean_t = model.swaps[i], model.way_t, model.way_clean_t
    clean_t, usable_t = parts_t
    h = model.stockpiles[row.takes].pool
    more_t = usable_t - amount_t * model.stockpiles[row.takes].usable_share
    model.pools[h].sold_t += amount_t
    model.pools[h].way_t += amount_t
    slots = way_t.shape[1]
    today = now % slots
    for k in range(2):
        part = row.late if k == 1 else 1.0 - row.late
        slot = wrapped(today + row.slot + k, slots)
        way_t[h, slot] += amount_t * part
        way_clean_t[h, slot] += clean_t * part
        model.way_more_t[row.takes, slot] += more_t * part


@compiled
def sell_for_debt(model: Model, i: int, amount_t: float, clean_t: float) -> None:
    """Give material to the market of its place, for a debt of the other product [t]."""
    row, pools, pool_start = model.swaps[i], model.pools, model.pool_start
    gives, takes = model.stockpiles[row.gives], model.stockpiles[row.takes]
    for h in range(pool_start[gives.product], pool_start[gives.product + 1]):
        if pools[h].kind == OPEN and pools[h].region == gives.place:
            pools[h].stock_t += amount_t
            pools[h].clean_t += clean_t
            pools[h].sold_t += amount_t
    owed_t = amount_t * row.ratio
    claim = model.claims[row.takes * model.entitled.shape[1] + gives.place]
    claim.owed_t += owed_t
    claim.due_t += owed_t
    takes.owed_t += owed_t
    takes.due_t += owed_t
