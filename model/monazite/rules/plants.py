"""What plants added since the start can make, and whether they run."""

from monazite.rules.compiled import compiled
from monazite.rules.records import CLOSED, MOTHBALLED, WORKING, Model, Row, Table


@compiled
def ramped(day: float, output_d: float, ramp_d: float) -> float:
    """Return the part of its plateau that a plant has reached.

    A straight ramp from first output, 0 before it.

    >>> [ramped(d, 100.0, 200.0) for d in (50.0, 200.0, 400.0)]
    [0.0, 0.5, 1.0]
    """
    if day <= output_d:
        return 0.0
    if ramp_d <= 0.0:
        return 1.0
    return min(1.0, (day - output_d) / ramp_d)


@compiled
def cost_usd_per_t(model: Model, j: int, opex_usd_per_t: float) -> float:
    """Return what a tonne costs maker j now: opex and inputs at the prices of its region."""
    makers, pools, needs = model.makers, model.pools, model.needs
    price_usd_per_t, multiples = model.price_usd_per_t, model.multiple
    maker = makers[j]
    cost = opex_usd_per_t
    for n in range(maker.first_need, maker.end_need):
        pool = pools[needs[n].pool]
        price = price_usd_per_t[pool.product]
        price *= multiples[pool.product, maker.region]
        cost += needs[n].input_per_t * price
    return cost


@compiled
def set_state(project: Row, settings: Row, short_usd_per_t: float) -> None:
    """Let a plant mothball, restart or close, and count how long it loses, gains or idles.

    A plant in loss works on until it has lost for `mothball_d`. A mothballed one restarts
    when price and support have covered its cost and the restart for `restart_d` without a
    break, and closes for good where it has idled for `closure_d` and they do not.

    Args:
        project: the plant.
        settings: times, and the length of the review.
        short_usd_per_t: what price and support leave of its cost, below 0 for a gain.
    """
    delta_d = settings.review_d
    if project.state == WORKING:
        if short_usd_per_t <= 0.0:
            project.loss_d = 0.0
        elif project.loss_d >= settings.mothball_d:
            project.state = MOTHBALLED
            project.good_d = 0.0
            project.idle_d = delta_d
        else:
            project.loss_d += delta_d
    elif project.state == MOTHBALLED:
        if short_usd_per_t + project.restart_usd_per_t <= 0.0:
            if project.good_d >= settings.restart_d:
                project.state = WORKING
                project.loss_d = 0.0
            project.good_d += delta_d
        else:
            project.good_d = 0.0
            if project.idle_d >= settings.closure_d:
                project.state = CLOSED
        project.idle_d += delta_d


@compiled
def set_plants(model: Model, day: float) -> None:
    """Set what each project adds to its maker [t/d], and the planned use of its input.

    A plant sells what its customers have qualified. It runs while it is neither mothballed
    nor closed, also at a loss. Planned use counts from the ramp on, so that a plant in a region
    without any use before orders its input.
    """
    makers, pools, projects = model.makers, model.pools, model.projects
    price_usd_per_t, multiples, needs = model.price_usd_per_t, model.multiple, model.needs
    settings = model.settings[0]
    for j in range(makers.size):
        makers[j].added_per_d = 0.0
    for h in range(pools.size):
        pools[h].planned_per_d = 0.0
    for i in range(projects.size):
        project = projects[i]
        project.capacity_per_d = 0.0
        project.running = 0
        if project.on == 0:
            continue
        maker = makers[project.maker]
        built = ramped(day, project.output_d, project.ramp_d)
        reached = min(built, ramped(day, project.qualified_d, project.qualify_d))
        if built <= 0.0:
            continue
        price = price_usd_per_t[maker.product]
        price *= multiples[maker.product, maker.region]
        gap = cost_usd_per_t(model, project.maker, project.opex_usd_per_t) - price
        gap -= project.floor_usd_per_t * project.floor_part + project.credit_usd_per_t
        paid = 0.0
        if gap > 0.0 and day < project.support_until_d:
            paid = min(gap, project.support_usd_per_t)
            if project.instrument >= 0 and settings.pot_pv_usd <= settings.promised_pv_usd:
                paid = 0.0
        project.pay_usd_per_t = paid
        project.margin_usd_per_t = paid - gap
        set_state(project, settings, gap - paid)
        if project.state != WORKING:
            continue
        project.running = 1
        project.capacity_per_d = project.nameplate_per_d * project.plateau * reached
        maker.added_per_d += project.capacity_per_d
        for n in range(maker.first_need, maker.end_need):
            pool = pools[needs[n].pool]
            made_per_d = project.nameplate_per_d * project.plateau * built
            pool.planned_per_d += made_per_d * needs[n].input_per_t


@compiled
def runs_first(project: Row, floors: Table) -> bool:
    """Return whether a plant stands under an offtake in force."""
    if project.floor < 0:
        return False
    return bool(floors[project.floor].offtake == 1 and floors[project.floor].open == 1)


@compiled
def taken_first_per_d(model: Model, j: int) -> float:
    """Return what plants of maker j under an offtake in force can make [t/d]."""
    projects, floors = model.projects, model.floors
    total = 0.0
    for i in range(projects.size):
        project = projects[i]
        if project.maker == j and project.running == 1 and runs_first(project, floors):
            total += project.capacity_per_d
    return total


@compiled
def credit_projects(model: Model) -> None:
    """Share out what each maker made among its projects: those under an offtake run first."""
    projects, makers, floors = model.projects, model.makers, model.floors
    delta_d = model.settings[0].review_d
    for i in range(projects.size):
        projects[i].made_t = 0.0
    for j in range(makers.size):
        maker = makers[j]
        if maker.added_per_d <= 0.0:
            continue
        first_per_d = taken_first_per_d(model, j)
        rest_per_d = maker.added_per_d - first_per_d
        left_t = max(0.0, maker.accepted_t - first_per_d * delta_d)
        full = min(1.0, left_t / (rest_per_d * delta_d)) if rest_per_d > 0.0 else 1.0
        first = min(1.0, maker.accepted_t / (first_per_d * delta_d)) if first_per_d > 0.0 else 1.0
        for i in range(projects.size):
            project = projects[i]
            if project.maker == j and project.running == 1:
                part = first if runs_first(project, floors) else full
                project.made_t = project.capacity_per_d * delta_d * part
