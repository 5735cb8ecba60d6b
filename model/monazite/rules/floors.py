"""Floors: what contracts on the price leave plants, pay them, and take back."""

from math import exp

from monazite.rules.compiled import compiled
from monazite.rules.money import spend
from monazite.rules.plants import ramped
from monazite.rules.records import CLOSED, STRATEGIC, Model, Row


@compiled
def set_floors(model: Model, day: float) -> None:
    """Open the floors that hold now, and set what each leaves its plants [USD/t].

    A floor holds within its term, while its instrument and the strategy have money that is
    not promised. A plant counts on the part of its output that the cap covers when all
    plants of the floor that are there, incumbents too, work in full.
    """
    floors, projects, instruments = model.floors, model.projects, model.instruments
    settings = model.settings[0]
    for f in range(floors.size):
        floor = floors[f]
        floor.open = 0
        if floor.active == 1 and floor.first_d <= day < floor.until_d:
            left = min(
                instruments[floor.instrument].left_pv_usd,
                settings.pot_pv_usd - settings.promised_pv_usd,
            )
            floor.open = 1 if left > 0.0 else 0
        floor.could_per_d = incumbents_per_d(model, f)
    for i in range(projects.size):
        project = projects[i]
        if project.floor >= 0 and project.on == 1 and project.state != CLOSED:
            built = ramped(day, project.output_d, project.ramp_d)
            could_per_d = project.nameplate_per_d * project.plateau * built
            floors[project.floor].could_per_d += could_per_d
    for i in range(projects.size):
        project = projects[i]
        project.floor_usd_per_t = 0.0
        project.floor_part = 0.0
        project.contract_t = 0.0
        if project.floor < 0 or floors[project.floor].open == 0:
            continue
        project.floor_part = part_covered(floors[project.floor])
        project.floor_usd_per_t = difference(model, project.floor, project.maker)


@compiled
def covers(model: Model, f: int, j: int) -> bool:
    """Return whether floor f, in force, covers the incumbents of maker j."""
    floor, maker = model.floors[f], model.makers[j]
    if floor.open == 0 or floor.incumbents == 0 or maker.product != floor.product:
        return False
    return bool(model.within[f, maker.region] == 1)


@compiled
def incumbents_per_d(model: Model, f: int) -> float:
    """Return what the incumbents under floor f could make, without those lost [t/d]."""
    makers = model.makers
    could_per_d = 0.0
    if model.floors[f].incumbents == 1:
        for j in range(makers.size):
            if covers(model, f, j):
                could_per_d += makers[j].reference_per_d * (1.0 - makers[j].lost)
    return could_per_d


@compiled
def part_covered(floor: Row) -> float:
    """Return the part of their output that the cap of a floor covers where all its plants work."""
    return float(min(1.0, floor.cap_per_d / max(floor.could_per_d, 1e-12)))


@compiled
def relief_usd_per_t(model: Model, j: int) -> float:
    """Return what floors leave incumbents of maker j on a tonne, below 0 what they take."""
    relief = 0.0
    for f in range(model.floors.size):
        if covers(model, f, j):
            relief += difference(model, f, j) * part_covered(model.floors[f])
    return relief


@compiled
def difference(model: Model, f: int, j: int) -> float:
    """Return what floor f pays maker j on a tonne at the price now, below 0 what it takes."""
    floor, multiples = model.floors[f], model.multiple
    region = floor.reference if floor.reference >= 0 else model.makers[j].region
    price = model.price_usd_per_t[floor.product] * multiples[floor.product, region]
    gap = floor.strike_usd_per_t - price
    if gap < 0.0:
        gap *= floor.upside
    return float(gap)


@compiled
def to_users(model: Model, j: int) -> float:
    """Return the part of what maker j sent that went to no strategic stock."""
    routes, pools, shipped_t = model.routes, model.pools, model.sent_t
    sent_t, kept_t = 0.0, 0.0
    for x in range(routes.size):
        if routes[x].maker == j:
            sent_t += shipped_t[x]
            if pools[routes[x].pool].kind == STRATEGIC:
                kept_t += shipped_t[x]
    return 1.0 - kept_t / sent_t if sent_t > 0.0 else 1.0


@compiled
def incumbents_t(model: Model, j: int) -> float:
    """Return what the incumbents of maker j made: what its projects did not [t]."""
    projects = model.projects
    made_t = model.makers[j].accepted_t
    for i in range(projects.size):
        if projects[i].maker == j:
            made_t -= projects[i].made_t
    return float(max(0.0, made_t))


@compiled
def not_taken_t(model: Model, f: int, sold_t: float, bought_t: float) -> float:
    """Return what offtake f pays for without taking it [t], as far as its plants could make it."""
    floor, projects = model.floors[f], model.projects
    delta_d = model.settings[0].review_d
    could_t = 0.0
    for i in range(projects.size):
        if projects[i].floor == f and projects[i].running == 1:
            could_t += projects[i].capacity_per_d * delta_d
    due_t = min(floor.take_or_pay * floor.cap_per_d * delta_d, could_t)
    return float(max(0.0, due_t - sold_t - bought_t))


@compiled
def pay_contracts(model: Model, day: float) -> None:
    """Pay for what offtakes took into stockpiles in this review, at their price."""
    floors, projects = model.floors, model.projects
    for f in range(floors.size):
        floor = floors[f]
        bought_t = 0.0
        for i in range(projects.size):
            if floor.open == 1 and projects[i].floor == f:
                bought_t += projects[i].contract_t
        if bought_t > 0.0:
            spend(model, floor.instrument, bought_t * floor.strike_usd_per_t, day)


@compiled
def pay_floors(model: Model, day: float) -> None:
    """Pay or take the difference on what plants sold, up to each cap, all plants alike.

    An offtake also pays for what it did not take.
    Payments stop where the money ends; receipts are booked apart and refill nothing.
    """
    floors, projects, instruments = model.floors, model.projects, model.instruments
    makers, settings = model.makers, model.settings[0]
    for f in range(floors.size):
        floor = floors[f]
        if floor.open == 0:
            continue
        sold_t, bought_t, owed_usd, due_usd = 0.0, 0.0, 0.0, 0.0
        for i in range(projects.size):
            project = projects[i]
            if project.floor == f:
                made_t = project.made_t - project.contract_t
                if floor.stockpiled == 0:
                    made_t *= to_users(model, project.maker)
                sold_t += made_t
                bought_t += project.contract_t
                owed_usd += made_t * max(0.0, project.floor_usd_per_t)
                due_usd += made_t * max(0.0, -project.floor_usd_per_t)
        for j in range(makers.size if floor.incumbents == 1 else 0):
            if covers(model, f, j):
                made_t = incumbents_t(model, j)
                if floor.stockpiled == 0:
                    made_t *= to_users(model, j)
                sold_t += made_t
                owed_usd += made_t * max(0.0, difference(model, f, j))
                due_usd += made_t * max(0.0, -difference(model, f, j))
        part = 1.0
        if sold_t > 0.0:
            part = min(1.0, floor.cap_per_d * settings.review_d / sold_t)
        owed_usd *= part
        if floor.take_or_pay > 0.0:
            owed_usd += not_taken_t(model, f, sold_t, bought_t) * floor.strike_usd_per_t
        left = min(
            instruments[floor.instrument].left_pv_usd,
            settings.pot_pv_usd - settings.promised_pv_usd,
        )
        left = max(0.0, left) / exp(-settings.discount_per_d * day)
        if owed_usd > 0.0:
            spend(model, floor.instrument, min(owed_usd, left), day)
        instruments[floor.instrument].recovered_usd += part * due_usd
