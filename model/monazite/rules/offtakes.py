"""Offtakes: what the market leaves of a volume goes into a stockpile, at the price agreed."""

from math import exp

from monazite.rules.bids import held_d, spare_pv_usd
from monazite.rules.compiled import compiled
from monazite.rules.plants import taken_first_per_d
from monazite.rules.records import Model


@compiled
def way_to(model: Model, s: int, j: int) -> int:
    """Return the open route from maker j to stockpile s, or -1."""
    routes, pool = model.routes, model.stockpiles[s].pool
    for x in range(routes.size):
        if routes[x].pool == pool and routes[x].maker == j and routes[x].open_pull > 0.0:
            return x
    return -1


@compiled
def capped_t(model: Model, x: int, amount_t: float) -> float:
    """Return what caps let pass on a route of an amount, and take it off their room."""
    controls, control_route = model.controls, model.control_route
    c = model.settings[0].first_cap
    while c >= 0:
        control = controls[c]
        for i in range(control.first, control.end):
            if control_route[i] == x:
                amount_t = min(amount_t, control.room_t)
        c = control.next_cap
    c = model.settings[0].first_cap
    while c >= 0:
        control = controls[c]
        for i in range(control.first, control.end):
            if control_route[i] == x:
                control.room_t = max(0.0, control.room_t - amount_t)
        c = control.next_cap
    return amount_t


@compiled
def cost_pv(model: Model, f: int, day: float) -> float:
    """Return the discounted cost of a tonne under offtake f, with its holding to the end [USD]."""
    stock, settings = model.stockpiles[model.floors[f].stockpile], model.settings[0]
    price = model.floors[f].strike_usd_per_t * exp(-settings.discount_per_d * day)
    return float(price * (1.0 + stock.holding_per_d * held_d(model, day)))


@compiled
def funds_t(model: Model, f: int, day: float) -> float:
    """Return how many tonnes offtake f can pay for, and its stockpile hold to the end."""
    floor, settings, instruments = model.floors[f], model.settings[0], model.instruments
    price = floor.strike_usd_per_t * exp(-settings.discount_per_d * day)
    holding = cost_pv(model, f, day) - price
    most_t = (settings.pot_pv_usd - settings.promised_pv_usd) / (price + holding)
    most_t = min(most_t, instruments[floor.instrument].left_pv_usd / price)
    if holding > 0.0:
        most_t = min(most_t, spare_pv_usd(model, floor.stockpile, day) / holding)
    return float(max(0.0, most_t))


@compiled
def part_wanted(model: Model, f: int, day: float) -> float:
    """Return the part of what plants of offtake f could still make that it wants and can pay."""
    floor, projects, makers = model.floors[f], model.projects, model.makers
    delta_d = model.settings[0].review_d
    sold_t, spare_t = 0.0, 0.0
    for i in range(projects.size):
        project = projects[i]
        if project.floor == f and project.running == 1 and project.capacity_per_d > 0.0:
            first_t = taken_first_per_d(model, project.maker) * delta_d
            full = min(1.0, makers[project.maker].accepted_t / first_t)
            sold_t += project.capacity_per_d * delta_d * full
            spare_t += project.capacity_per_d * delta_d * (1.0 - full)
    want_t = min(floor.cap_per_d * delta_d - sold_t, funds_t(model, f, day))
    if want_t <= 0.0 or spare_t <= 0.0:
        return 0.0
    return float(min(1.0, want_t / spare_t))


@compiled
def buy_rest(model: Model, p: int, day: float) -> None:
    """Order for stockpiles what the market leaves of the volumes of product p under offtake.

    As far as plants have room and input; for what they lack input for they want more.
    """
    floors, projects, makers = model.floors, model.projects, model.makers
    settings, stockpiles = model.settings[0], model.stockpiles
    for f in range(floors.size):
        floor = floors[f]
        if floor.product != p or floor.stockpile < 0 or floor.open == 0:
            continue
        part = part_wanted(model, f, day)
        for i in range(projects.size):
            project = projects[i]
            if part <= 0.0 or project.floor != f or project.capacity_per_d <= 0.0:
                continue
            j, stock = project.maker, stockpiles[floor.stockpile]
            x = way_to(model, floor.stockpile, j)
            if x < 0:
                continue
            first_per_d = taken_first_per_d(model, j)
            full = min(1.0, makers[j].accepted_t / (first_per_d * settings.review_d))
            asked_t = part * project.capacity_per_d * settings.review_d * (1.0 - full)
            room_t = makers[j].room_t * project.capacity_per_d / first_per_d
            project.contract_t = capped_t(model, x, min(asked_t, room_t))
            makers[j].turned_t += max(0.0, asked_t - room_t)
            model.sent_t[x] += project.contract_t
            model.pools[stock.pool].bid_t += project.contract_t
            stock.contract_t += project.contract_t
            stock.contract_usd += project.contract_t * floor.strike_usd_per_t
            settings.promised_pv_usd += project.contract_t * cost_pv(model, f, day)
    for i in range(projects.size):
        project = projects[i]
        if project.contract_t > 0.0 and makers[project.maker].product == p:
            maker = makers[project.maker]
            maker.accepted_t += project.contract_t
            maker.room_t = max(0.0, maker.room_t - project.contract_t)
