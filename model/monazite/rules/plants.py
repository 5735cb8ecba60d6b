"""What plants added since the start can make, and whether they run."""

from monazite.rules.compiled import compiled, inlined
from monazite.rules.records import Model


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


@inlined
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
def set_plants(model: Model, day: float) -> None:
    """Set what each project adds to its maker [t/d], and the planned use of its input.

    A plant sells what its customers have qualified. It runs where price and support
    cover its cost. Planned use counts from the ramp on, so that a plant in a region
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
        paid = 0.0
        if gap > 0.0 and day < project.support_until_d:
            paid = min(gap, project.support_usd_per_t)
            if project.instrument >= 0 and settings.pot_pv_usd <= settings.promised_pv_usd:
                paid = 0.0
        project.pay_usd_per_t = paid
        if gap > paid:
            continue
        project.running = 1
        project.capacity_per_d = project.nameplate_per_d * project.plateau * reached
        maker.added_per_d += project.capacity_per_d
        for n in range(maker.first_need, maker.end_need):
            pool = pools[needs[n].pool]
            made_per_d = project.nameplate_per_d * project.plateau * built
            pool.planned_per_d += made_per_d * needs[n].input_per_t


@compiled
def credit_projects(model: Model) -> None:
    """Share out what each maker made among its projects: supported plants run first."""
    projects, makers = model.projects, model.makers
    settings = model.settings[0]
    for i in range(projects.size):
        projects[i].made_t = 0.0
    for j in range(makers.size):
        maker = makers[j]
        if maker.added_per_d <= 0.0:
            continue
        full = min(1.0, maker.accepted_t / (maker.added_per_d * settings.review_d))
        for i in range(projects.size):
            project = projects[i]
            if project.maker == j and project.running == 1:
                project.made_t = project.capacity_per_d * settings.review_d * full
