"""One review in plain Python, written from the model's description.

It shares nothing with the compiled rules but the names of the numbers.
"""

from math import exp, log

from reference.orders import (
    cost_pv,
    held_d,
    holding_pv,
    offer_inputs,
    place_orders,
    price_of,
    spare_pv,
    taken_first,
)
from reference.reserves import (
    fees,
    keep_debts,
    owe,
    pay_obligations,
    rotate,
    set_aside,
    set_obligations,
    share,
    swap,
    unit_cost,
)
from reference.scrap import age_scrap, bring_scrap, limit_recyclers, pay_programmes
from reference.state import (
    LICENSING,
    OPEN,
    STRATEGIC,
    TIER1,
    State,
    Thing,
    Years,
    needs_clean,
)

NEVER, SHORTFALL, COVER, PRICE, CONTROL, DECLARED = range(6)
WORKING, MOTHBALLED, CLOSED = range(3)


def review(state: State, now: int) -> None:
    """Run one review."""
    s = state.settings
    day = now * s.step_d
    s.review_d = min(s.step_d, s.end_d - day)
    for stock in state.stocks:
        stock.bought_t = stock.drawn_t = stock.contract_t = stock.contract_usd = 0.0
        stock.lost_t = 0.0
    for instrument in state.instruments:
        instrument.spent_usd = instrument.recovered_usd = instrument.private_usd = 0.0
    receive(state, now)
    s.promised_pv_usd = sum(holding_pv(state, stock, day) for stock in state.stocks)
    set_obligations(state, day)
    bring_scrap(state, now, day)
    open_floors(state, day)
    lift_borders(state)
    run_plants(state, day)
    run_incumbents(state)
    read_reference(state, now, day)
    read_licensing(state, now)
    average_leads(state)
    set_demand(state)
    decide_releases(state)
    holding = {stock.no: holding_pv(state, stock, day) for stock in state.stocks}
    set_aside(state, lambda stock: cost_pv(state, stock, day), holding)
    offers = offer_inputs(state)
    place_orders(state, now, day, offers)
    make_and_ship(state, now, offers)
    for project in state.projects:
        project.made_t = made_by(state, project)
    use(state)
    settle(state, day, now)
    pay_programmes(state, day)
    move_prices(state)
    move_shares(state)
    average_leads(state)
    adapt(state)
    age_scrap(state, now)


def receive(state: State, now: int) -> None:
    """Take in what arrives; a short last review gets its part."""
    part = state.settings.review_d / state.settings.step_d
    slot = now % state.slots
    for pool in state.pools:
        arrives = state.way[pool.no][slot] * part
        if arrives > 0:
            put(state, pool, arrives, state.way_clean[pool.no][slot] * part)
            if pool.kind == STRATEGIC and state.way_more:
                more = state.way_more[pool.stockpile]
                state.stocks[pool.stockpile].usable_t += more[slot] * part
                more[slot] = 0.0
            pool.way_t -= arrives
            state.way[pool.no][slot] = state.way_clean[pool.no][slot] = 0.0


def put(state: State, pool: Thing, tonnes: float, clean: float) -> None:
    """Add to a stock; of a strategic one, only a part fits its users."""
    pool.stock_t += tonnes
    pool.clean_t += clean
    if pool.kind == STRATEGIC:
        stock = state.stocks[pool.stockpile]
        stock.usable_t += tonnes * stock.usable_share


def risen(day: float, first_d: float, length_d: float) -> float:
    """Return how far a straight rise has come."""
    if day <= first_d:
        return 0.0
    return 1.0 if length_d <= 0 else min(1.0, (day - first_d) / length_d)


def run_plants(state: State, day: float) -> None:
    """Let added plants run unless they are mothballed or closed."""
    s = state.settings
    for maker in state.makers:
        maker.added_per_d = 0.0
    for pool in state.pools:
        pool.planned_per_d = 0.0
    for project in state.projects:
        project.capacity_per_d, project.running = 0.0, 0
        maker = project.maker
        built = risen(day, project.output_d, project.ramp_d)
        reached = min(built, risen(day, project.qualified_d, project.qualify_d))
        if not project.on or built <= 0:
            continue

        def price(product: int, maker: Thing = maker) -> float:
            return float(state.usd_per_t[product] * exp(state.log_price[product][maker.region]))

        cost = project.opex_usd_per_t
        cost += sum(n.input_per_t * price(n.pool.product) for n in maker.needs)
        loss = cost - price(maker.product) - project.floor_usd_per_t * project.floor_part
        loss -= project.credit_usd_per_t
        supported = day < project.support_until_d and loss > 0
        if project.instrument >= 0 and s.pot_pv_usd <= s.promised_pv_usd:
            supported = False
        project.pay_usd_per_t = min(loss, project.support_usd_per_t) if supported else 0.0
        project.margin_usd_per_t = project.pay_usd_per_t - loss
        turn(project, loss - project.pay_usd_per_t, s)
        if project.state != WORKING:
            continue
        project.running = 1
        project.capacity_per_d = project.nameplate_per_d * project.plateau * reached
        maker.added_per_d += project.capacity_per_d
        for need in maker.needs:
            ramped = project.nameplate_per_d * project.plateau * built
            need.pool.planned_per_d += ramped * need.input_per_t


def run_incumbents(state: State) -> None:
    """Let a part of the plants of today stop, come back or close, as their price pays."""
    s = state.settings
    for maker in state.makers if s.idling else ():
        if maker.spread_usd_per_t == 0:
            continue
        inputs = sum(
            n.input_per_t * state.usd_per_t[n.pool.product]
            * exp(state.log_price[n.pool.product][maker.region])
            for n in maker.needs
        )  # fmt: skip
        price = state.usd_per_t[maker.product] * exp(state.log_price[maker.product][maker.region])
        over = price - inputs - maker.cheapest_usd_per_t
        for floor in state.floors:
            if floor.open and maker in incumbents_of(state, floor):
                over += covered_part(floor) * gap_of(state, floor, maker)
        pays = sorted([0.0, over / maker.spread_usd_per_t, 1.0])[1]
        if pays < maker.works:
            maker.works = pays + (maker.works - pays) * (1.0 - s.idle_step)
        elif pays > maker.works and 1.0 - maker.lost > maker.works:
            most = min(pays, 1.0 - maker.lost)
            maker.works = most + (maker.works - most) * (1.0 - s.back_step)
        maker.lost += ((1.0 - maker.works) - maker.lost) * s.lost_step


def open_floors(state: State, day: float) -> None:
    """Set what floors in force and in money leave the plants that they cover."""
    s = state.settings
    for floor in state.floors:
        money = min(state.instruments[floor.instrument].left_pv_usd, s.pot_pv_usd)
        money = min(money, s.pot_pv_usd - s.promised_pv_usd)
        in_term = floor.first_d <= day < floor.until_d
        floor.open = int(bool(floor.active and in_term and money > 0))
        floor.could_per_d = sum(
            p.nameplate_per_d * p.plateau * risen(day, p.output_d, p.ramp_d)
            for p in state.projects
            if p.floor == floor.no and p.on and p.state != CLOSED
        )
        for maker in incumbents_of(state, floor) if floor.open else ():
            floor.could_per_d += maker.reference_per_d * (1 - maker.lost)
    for project in state.projects:
        project.floor_usd_per_t = project.floor_part = project.contract_t = 0.0
        if project.floor < 0 or not state.floors[project.floor].open:
            continue
        floor = state.floors[project.floor]
        project.floor_part = covered_part(floor)
        project.floor_usd_per_t = gap_of(state, floor, project.maker)


def covered_part(floor: Thing) -> float:
    """Return the part of what its plants could make that the cap of a floor covers."""
    within = floor.could_per_d <= floor.cap_per_d
    return 1.0 if within else float(floor.cap_per_d / floor.could_per_d)


def gap_of(state: State, floor: Thing, maker: Thing) -> float:
    """Return what a floor owes a maker on a tonne now, below 0 what it is owed."""
    where = maker.region if floor.reference < 0 else floor.reference
    level = exp(state.log_price[floor.product][where])
    gap = floor.strike_usd_per_t - state.usd_per_t[floor.product] * level
    return float(gap if gap >= 0 else gap * floor.upside)


def incumbents_of(state: State, floor: Thing) -> list[Thing]:
    """Return the makers whose incumbents a floor covers."""
    made = state.makers_of(floor.product) if floor.incumbents else []
    return [maker for maker in made if state.within[floor.no][maker.region]]


def lift_borders(state: State) -> None:
    """Let imports pay what the price lacks to floors that are held at the border."""
    for floor in (floor for floor in state.floors if floor.border >= 0):
        for route in state.routes:
            inside, outside = route.pool.region, route.maker.region
            within = state.within[floor.no]
            if route.maker.product == floor.product and within[inside] and not within[outside]:
                bare = bare_price(state, floor.product, inside)
                lack = max(0.0, floor.strike_usd_per_t / bare - 1) if floor.open else 0.0
                state.rates[floor.border][route.no] = lack


def bare_price(state: State, product: int, region: int) -> float:
    """Return a price less what duties add to it."""
    level = exp(state.log_price[product][region] - state.duty_log[product][region])
    return float(state.usd_per_t[product] * level)


def turn(project: Thing, loss: float, s: Thing) -> None:
    """Let a plant mothball after long loss, come back after long gain, or close."""
    if project.state == WORKING:
        if loss > 0 and project.loss_d >= s.mothball_d:
            project.state, project.good_d, project.idle_d = MOTHBALLED, 0.0, s.review_d
        else:
            project.loss_d = project.loss_d + s.review_d if loss > 0 else 0.0
    elif project.state == MOTHBALLED:
        pays = loss + project.restart_usd_per_t <= 0
        if pays and project.good_d >= s.restart_d:
            project.state, project.loss_d = WORKING, 0.0
        if not pays and project.idle_d >= s.closure_d:
            project.state = CLOSED
        project.good_d = project.good_d + s.review_d if pays else 0.0
        project.idle_d += s.review_d


def made_by(state: State, project: Thing) -> float:
    """Return what a project made: those under an offtake, other added plants, incumbents."""
    maker, delta_d = project.maker, state.settings.review_d
    if not project.running or maker.added_per_d <= 0:
        return 0.0
    first = taken_first(state, maker)
    ahead = sum(p.capacity_per_d for p in first) * delta_d
    whole, left = maker.added_per_d * delta_d - ahead, max(0.0, maker.accepted_t - ahead)
    if project in first:
        whole, left = ahead, maker.accepted_t
    full = min(1.0, left / whole) if whole > 0 else 1.0
    return float(project.capacity_per_d * delta_d * full)


def read_reference(state: State, now: int, day: float) -> None:
    """Read the undisturbed path at this day, and what it means for capacity and pull."""
    years, delta_d = state.years, state.settings.review_d
    where = years.at(day)
    year = where[0]
    span_d = years.day[year + 1] - years.day[year]
    for use_ in state.uses:
        use_.reference_t = Years.between(years.demand, use_.no, where) * delta_d
        if state.surge:
            use_.reference_t *= state.surge[now][use_.no]
    for pool in state.pools:
        pool.use_per_d = Years.between(years.use, pool.no, where) + pool.planned_per_d
        pool.slope_per_d = (years.use[year + 1][pool.no] - years.use[year][pool.no]) / span_d
        pool.extra_per_d = years.extra[year][pool.no]
    for route in state.routes:
        route.flow_per_d = Years.between(years.flow, route.no, where)
    for maker in state.makers:
        maker.reference_per_d = Years.between(years.capacity, maker.no, where)
        maker.capacity_per_d = maker.reference_per_d * state.up[now][maker.no] * maker.works
        could_per_d = maker.capacity_per_d + maker.added_per_d
        if state.curb:
            could_per_d *= state.curb[now][maker.no]
            could_per_d = min(could_per_d, state.most_per_d[now][maker.no])
        maker.capacity_t = could_per_d * delta_d
        maker.pull, maker.fresh = 0.0, maker.added_per_d
        if maker.reference_per_d > 0:
            grown = maker.reference_per_d / maker.start_per_d
            maker.pull = maker.start_per_d * maker.works
            maker.fresh = maker.added_per_d / grown
    limit_recyclers(state, where)
    for route in state.routes:
        added = route.newcomer * route.maker.fresh
        route.habit = route.weight * route.maker.pull + added
        route.pull = max(route.weight, route.newcomer) * route.maker.pull + added
        dearer = (1 + state.duty(route)) ** -state.moves[route.pool.product].supplier_power
        route.habit, route.pull = route.habit * dearer, route.pull * dearer


def licences_on(state: State, route: Thing) -> list[tuple[Thing, int]]:
    """Return the licensing controls in force on a route, with its place in each."""
    return [
        (c, c.routes.index(route))
        for c in state.controls
        if c.active and c.form == LICENSING and route in c.routes
    ]


def read_licensing(state: State, now: int) -> None:
    """Approval shares multiply; the longest wait and the least general licence hold."""
    for route in state.routes:
        route.approval, route.wait_d, route.waiting_d = -1.0, 0.0, 0.0
        route.licensed, route.general, route.offices = 0, 0.0, []
        if held := licences_on(state, route):
            route.licensed, route.approval = 1, 1.0
            route.general = min(control.grants[route].general for control, _ in held)
            for control, place in held:
                route.approval *= control.grants[route].approval
                drawn_d = float(state.wait_d[control.wait_row + place, now])
                if control.office >= 0:
                    route.offices.append((control, drawn_d))
                else:
                    route.waiting_d = max(route.waiting_d, drawn_d)
                route.wait_d = max(route.wait_d, control.wait_d)


def average_leads(state: State) -> None:
    """Average lead times and licence waits by habitual shares."""
    for pool in state.pools:
        pool.lead_d = sum(r.share * r.lead_d for r in pool.routes)
        under = [r for r in pool.routes if r.approval >= 0]
        pool.queue_d = sum(r.share * (1 - r.general) * r.approval * r.wait_d for r in under)


def set_demand(state: State) -> None:
    """Demand falls with price and substitution; what is substituted may be needed elsewhere."""
    for pool in state.pools:
        pool.demand_t = 0.0
    for switch in state.switches:
        left_t = switch.of.reference_t * switch.of.substituted
        switch.to.reference_t += left_t * switch.ratio
    for use_ in state.uses:
        price = max(1.0, exp(use_.log_price))
        saved = 1 - use_.substituted
        use_.demand_t = use_.reference_t * saved * price**-use_.elasticity
        use_.pool.demand_t += use_.demand_t


def decide_releases(state: State) -> None:
    """Open stocks by their rule; makers that work on released input serve home first."""
    for maker in state.makers:
        maker.kept_first = maker.home_first
    for stock in state.stocks:
        stock.called = int(opens(state, stock))
        stock.releasing = int(stock.called and stock.usable_t > 0)
        if stock.releasing and not stock.final:
            for maker in state.makers:
                downstream = state.feeds(stock.product, maker.product)
                if downstream and maker.region in stock.owners:
                    maker.kept_first = 1.0


def opens(state: State, stock: Thing) -> bool:
    """Return whether the release rule of a stock is met."""
    mine = [
        pool
        for pool in state.pools_of(stock.product)
        if pool.kind != STRATEGIC and pool.region in stock.owners
    ]
    if not stock.active or stock.trigger == NEVER:
        return False
    if stock.trigger == DECLARED:
        return bool(stock.declared)
    if stock.trigger == COVER:
        normal = sum(p.use_per_d * (p.cover_d + p.obliged_d + p.lead_d) for p in mine)
        there = sum(p.stock_t + p.way_t for p in mine)
        return bool((there / normal if normal > 0 else 1.0) < stock.level)
    if stock.trigger == PRICE:
        return bool(exp(state.log_price[stock.product][stock.place]) > stock.level)
    if stock.trigger == CONTROL:
        return any(state.under_control[stock.product][r] for r in stock.owners)
    short = any(
        u.region in stock.owners and u.tier in stock.may_draw and u.short_t + u.released_t > 0
        for u in state.uses
        if u.pool.product == stock.product or state.feeds(stock.product, u.pool.product)
    )
    dry = any(p.kind == OPEN and p.use_per_d > 0 and p.stock_t < 0.5 * p.want_t for p in mine)
    return short or dry


def make_and_ship(state: State, now: int, offers: dict[tuple[Thing, Thing], float]) -> None:
    """Consume input, mix origins, and send what was accepted on its way."""
    mix = {}
    for pool in state.pools:
        pool.reserved_t = sum(
            n.maker.tier1_t * n.input_per_t for n in state.needs if n.pool is pool
        )
        mix[pool] = mixed(pool)
    for maker in state.makers:
        maker.clean_share = min([1.0, *(mix[n.pool] for n in maker.needs)])
        if maker.controlled:
            maker.clean_share = 0.0
    for pool in state.pools:
        consume(state, pool, mix[pool], offers)
    for route in state.routes:
        ship(state, route, now)


def mixed(pool: Thing) -> float:
    """Return the clean share of the input that is not kept apart for tier 1."""
    apart = min(pool.offered_clean_t, max(0.0, pool.reserved_t - pool.clean_t))
    more = max(0.0, pool.taken_t - apart - pool.stock_t)
    pool.apart_t, pool.drawn_t = apart, apart + more
    whole, clean = pool.stock_t + pool.drawn_t, pool.clean_t + apart
    if more > 0 and pool.offered_t > apart:
        clean += more * (pool.offered_clean_t - apart) / (pool.offered_t - apart)
    if whole <= pool.reserved_t:
        return 0.0
    return min(1.0, max(0.0, (clean - pool.reserved_t) / (whole - pool.reserved_t)))


def consume(
    state: State, pool: Thing, mix: float, offers: dict[tuple[Thing, Thing], float]
) -> None:
    """Take input out of a pool, clean input for tier 1 first, then out of released stock."""
    own = min(pool.taken_t - pool.apart_t, pool.stock_t)
    kept = min(own, pool.reserved_t - pool.apart_t)
    pool.stock_t -= own
    pool.clean_t -= min(pool.clean_t, kept + mix * (own - kept))
    pool.clean_t = min(pool.clean_t, pool.stock_t)
    given = {stock: t for (stock, at), t in offers.items() if at is pool}
    for stock, tonnes in given.items():
        if pool.drawn_t > 0 and tonnes > 0:
            part = tonnes / sum(given.values())
            draw(stock, pool.apart_t * part, clean_only=True)
            draw(stock, (pool.drawn_t - pool.apart_t) * part, clean_only=False)
            owe(stock, pool.region, pool.drawn_t * part)


def draw(stock: Thing, tonnes: float, clean_only: bool) -> None:
    """Take usable material out of a strategic stock, at its mean cost."""
    if tonnes <= 0:
        return
    part = min(1.0, tonnes / stock.pool.stock_t)
    clean = tonnes if clean_only else stock.pool.clean_t * part
    cost = tonnes * unit_cost(stock)
    if stock.lends:
        stock.owed_usd += cost
    stock.held_usd -= cost
    stock.pool.clean_t -= min(stock.pool.clean_t, clean)
    stock.pool.stock_t = max(0.0, stock.pool.stock_t - tonnes)
    rest = stock.usable_t - tonnes
    stock.usable_t = 0.0 if rest <= 1e-12 * stock.usable_t else rest
    stock.drawn_t += tonnes
    stock.has_released = 1


def ship(state: State, route: Thing, now: int) -> None:
    """Send what was accepted; a part of a review splits a shipment over two arrivals."""
    pool, tonnes = route.pool, route.sent_t
    if tonnes <= 0:
        return
    clean = 1.0 if needs_clean(pool) else route.maker.clean_share
    soon = tonnes * (1 - route.late)
    for arrives, amount in ((route.slot, soon), (route.slot + 1, tonnes - soon)):
        if arrives == 0:
            put(state, pool, amount, amount * clean)
        else:
            pool.way_t += amount
            state.way[pool.no][(now + arrives) % state.slots] += amount
            state.way_clean[pool.no][(now + arrives) % state.slots] += amount * clean
    if pool.kind == STRATEGIC:
        state.stocks[pool.stockpile].bought_t += tonnes


def use(state: State) -> None:
    """Serve tier 1 from its own stock, then by tier from the open one, then release."""
    for use_ in state.uses:
        use_.served_t = use_.released_t = 0.0
        use_.short_t = use_.demand_t
    for own in (p for p in state.pools if p.kind == TIER1):
        mine = [u for u in state.uses if u.pool is own]
        share_out(mine, own, own.stock_t, clean_first=False)
        for common in {u.open_pool for u in mine}:
            open_to = common.clean_t if own.depth > 0 else common.stock_t
            share_out(mine, common, open_to, clean_first=True)
    for tier in (1, 2, 3):
        for pool in state.pools:
            mine = [u for u in state.uses if u.pool is pool and u.tier == tier]
            if pool.kind != OPEN or not mine:
                continue
            share_out(mine, pool, pool.stock_t, clean_first=False)
    for stock in state.release_order:
        opened = stock.releasing or (stock.active and stock.trigger == SHORTFALL)
        if opened and stock.final:
            release(state, stock)
    for stock in state.release_order:
        if stock.releasing and stock.trigger != SHORTFALL:
            sell(state, stock)


def share_out(mine: list[Thing], pool: Thing, there: float, clean_first: bool) -> None:
    """Serve uses from a pool in proportion to what they lack."""
    wanted = sum(u.short_t for u in mine)
    part = min(1.0, there / wanted) if wanted > 0 else 1.0
    for use_, tonnes in [(u, u.short_t * part) for u in mine]:
        take(use_, pool, tonnes, clean_first)
        use_.short_t = 0.0 if part >= 1.0 else use_.short_t


def take(use_: Thing, pool: Thing, tonnes: float, clean_first: bool) -> None:
    """Serve a use from a pool."""
    if tonnes <= 0:
        return
    clean = tonnes if clean_first else pool.clean_t * tonnes / pool.stock_t
    pool.clean_t -= min(pool.clean_t, clean)
    pool.stock_t -= tonnes
    use_.served_t += tonnes
    use_.short_t -= tonnes


def release(state: State, stock: Thing) -> None:
    """Give final products out of a strategic stock, best tier first."""
    free = min(stock.usable_t, stock.rate_per_d * state.settings.review_d)
    for tier in sorted(stock.may_draw):
        mine = [
            u
            for u in state.uses
            if u.tier == tier
            and u.product == stock.product
            and u.short_t > 0
            and u.region in stock.owners
        ]
        lack = sum(u.short_t for u in mine)
        clean_only = any(needs_clean(u.pool) for u in mine)
        given = min(lack, free, stock.pool.clean_t) if clean_only else min(lack, free)
        if lack <= 0 or given <= 0:
            continue
        parts = dict.fromkeys(stock.owners, given / lack)
        if stock.claimed:
            lacks = {r: sum(u.short_t for u in mine if u.region == r) for r in stock.owners}
            got = share(stock, lacks, given)
            parts = {r: got[r] / t if t > 0 else 0.0 for r, t in lacks.items()}
            given = sum(got.values())
            for r, tonnes in got.items():
                owe(stock, r, tonnes)
        for use_ in mine:
            tonnes = use_.short_t * parts[use_.region]
            use_.served_t += tonnes
            use_.released_t += tonnes
            use_.short_t -= tonnes
        draw(stock, given, clean_only)
        free -= given


def sell(state: State, stock: Thing) -> None:
    """Sell to the owners' markets what the price keeps entitled users from using."""
    free = min(stock.usable_t, stock.rate_per_d * state.settings.review_d - stock.drawn_t)
    pull = {
        pool: sum(n.maker.capacity_t * n.input_per_t for n in state.needs if n.pool is pool)
        for pool in state.pools_of(stock.product)
        if pool.kind == OPEN and pool.region in stock.owners
    }
    lack = dict.fromkeys(pull, 0.0)
    for use_ in state.uses:
        if use_.region not in stock.owners or use_.tier not in stock.may_draw:
            continue
        curtailed = use_.reference_t * (1 - use_.substituted) - use_.demand_t
        if use_.product == stock.product:
            lack[use_.open_pool] += curtailed
        elif sum(pull.values()) > 0:
            inside = curtailed * state.content[use_.product][stock.product]
            for pool in lack:
                lack[pool] += inside * pull[pool] / sum(pull.values())
    for pool in lack:
        lack[pool] = min(lack[pool], pool.use_per_d * state.settings.review_d)
    wanted = sum(lack.values())
    if free <= 0 or wanted <= 0:
        return
    given = {pool.region: lack[pool] * min(1.0, free / wanted) for pool in lack}
    if stock.claimed:
        given = share(stock, {pool.region: t for pool, t in lack.items()}, free)
    for pool in lack:
        tonnes = given[pool.region]
        owe(stock, pool.region, tonnes)
        before = stock.pool.clean_t
        draw(stock, tonnes, clean_only=False)
        pool.stock_t += tonnes
        pool.clean_t += before - stock.pool.clean_t


def settle(state: State, day: float, now: int) -> None:
    """Pay for purchases, holding and support; book what releases bring in."""
    s = state.settings
    worth = exp(-s.discount_per_d * day)

    def spend(instrument: Thing, usd: float) -> None:
        instrument.spent_usd += usd
        instrument.left_pv_usd -= usd * worth
        s.pot_pv_usd -= usd * worth

    def spare(stock: Thing) -> float:
        return spare_pv(state, stock, day)

    rotate(state, spare, worth, spend)
    swap(state, now, spare, held_d(state, day) * worth, spend)
    for stock in state.stocks:
        instrument = state.instruments[stock.instrument]
        market = max(0.0, stock.bought_t - stock.contract_t)
        price = price_of(state, stock)
        paid = fees(state, stock) if stock.lends else stock.drawn_t * price
        asked = stock.bid_t + stock.back_t
        lent = asked > 0 and (stock.lends or stock.owed_t > 0)
        stock.returned_t = market * stock.back_t / asked if lent else 0.0
        bought = (market - stock.returned_t) * price
        spend(instrument, bought + stock.held_usd * stock.holding_per_d * s.review_d)
        stock.held_usd += bought + stock.contract_usd
        instrument.recovered_usd += paid
        instrument.private_usd += stock.returned_t * price + (paid if stock.lends else 0.0)
    for floor in (floor for floor in state.floors if floor.open):
        bought = sum(p.contract_t for p in state.projects if p.floor == floor.no)
        spend(state.instruments[floor.instrument], bought * floor.strike_usd_per_t)
    s.promised_pv_usd = sum(holding_pv(state, stock, day + s.review_d) for stock in state.stocks)
    pay_obligations(state, worth, spend)
    keep_debts(state, now)
    for floor in (floor for floor in state.floors if floor.open):
        instrument = state.instruments[floor.instrument]
        mine = [p for p in state.projects if p.floor == floor.no]
        sales = [
            ((p.made_t - p.contract_t) * counting(state, floor, p.maker), p.floor_usd_per_t)
            for p in mine
        ]
        for maker in incumbents_of(state, floor):
            built = sum(p.made_t for p in state.projects if p.maker is maker)
            made = max(0.0, maker.accepted_t - built) * counting(state, floor, maker)
            sales.append((made, gap_of(state, floor, maker)))
        bought, sold = sum(p.contract_t for p in mine), sum(t for t, _ in sales)
        most = floor.cap_per_d * s.review_d
        part = 1.0 if sold <= most else most / sold
        owed = part * sum(t * max(0.0, gap) for t, gap in sales)
        due = part * sum(t * max(0.0, -gap) for t, gap in sales)
        if floor.take_or_pay > 0:
            could = sum(p.capacity_per_d for p in mine if p.running) * s.review_d
            must = min(floor.take_or_pay * most, could)
            owed += max(0.0, must - sold - bought) * floor.strike_usd_per_t
        left = min(instrument.left_pv_usd, s.pot_pv_usd - s.promised_pv_usd)
        spend(instrument, min(owed, max(0.0, left) / worth))
        instrument.recovered_usd += due
    for project in state.projects:
        if project.running and project.pay_usd_per_t > 0 and project.instrument >= 0:
            instrument = state.instruments[project.instrument]
            left = min(instrument.left_pv_usd, s.pot_pv_usd - s.promised_pv_usd)
            spend(instrument, min(project.made_t * project.pay_usd_per_t, max(0.0, left) / worth))
    for tariff in (tariff for tariff in state.tariffs if tariff.instrument >= 0):
        for route in state.routes:
            product, region = route.pool.product, route.pool.region
            value = route.sent_t * bare_price(state, product, region)
            due = state.rates[tariff.no][route.no] * value
            state.instruments[tariff.instrument].recovered_usd += due
    for project in state.projects:
        if project.repaid and project.on and project.state != CLOSED:
            state.instruments[project.instrument].recovered_usd += paid_back(project, day, s)


def paid_back(project: Thing, day: float, s: Thing) -> float:
    """Return what a plant pays on its loan, arrears included, and to its public owner."""
    gone_d = day + s.review_d - project.loan_first_d
    gone_d = min(max(gone_d, 0.0), project.loan_until_d - project.loan_first_d)
    earned = project.made_t * project.margin_usd_per_t if project.running else 0.0
    earned = max(earned, 0.0)
    due = max(0.0, gone_d * project.loan_usd_per_d - project.paid_back_usd)
    project.paid_back_usd += min(due, earned)
    return float(min(due, earned) + project.equity * max(0.0, earned - due))


def counting(state: State, floor: Thing, maker: Thing) -> float:
    """Return the part of a maker's sales that counts: without what goes into strategic stock."""
    mine = [r for r in state.routes if r.maker is maker]
    sent = sum(r.sent_t for r in mine)
    if floor.stockpiled or sent <= 0:
        return 1.0
    return 1 - sum(r.sent_t for r in mine if r.pool.kind == STRATEGIC) / sent


def allowed_parts(state: State) -> dict[Thing, float]:
    """Return the part of its reference flow that the tightest cap leaves each route.

    What comes round a cap counts in; the dearest way round sets the premium of a route.
    """
    found = dict.fromkeys(state.routes, 1.0)
    for route in state.routes:
        route.premium = 0.0
    for control in state.controls:
        if not control.active or control.form == LICENSING:
            continue
        part, flow = control.allowed, sum(r.flow_per_d for r in control.routes)
        if control.allowed_per_d >= 0:
            part = min(1.0, control.allowed_per_d / flow) if flow > 0 else 1.0
        leaks = control.leak * (1 - part)
        for route in control.routes:
            found[route] = min(found[route], part + leaks)
            if leaks > 0:
                route.premium = max(route.premium, control.premium * leaks / (part + leaks))
    return found


def move_prices(state: State) -> None:
    """Move every price toward the target of its market area."""
    allowed = allowed_parts(state)
    for route in state.routes:
        route.allowed = allowed[route]
    for maker in state.makers:
        rises = [
            n.cost_share * (exp(state.log_price[n.pool.product][maker.region]) - 1)
            for n in maker.needs
        ]
        maker.cost = max(1e-9, 1 + sum(rises))
    targets = [
        {a: area_target(state, p, a) for a in set(state.area[p])} for p in range(state.products)
    ]
    for p in range(state.products):
        s = state.moves[p]
        for r in range(state.regions):
            target = targets[p][state.area[p][r]]
            target = None if target is None else target + state.pressed[p]
            if target is not None and state.tariffs:
                bare = target
                target += log(mean_duty(state, p, r))
                target = max([target, *floors_held(state, p, r)])
                state.duty_log[p][r] += s.price_step * (target - bare - state.duty_log[p][r])
            state.target[p][r] = 1e300 if target is None else target
            if target is not None:
                bounded = min(s.log_cap, max(s.log_floor, target))
                state.log_price[p][r] += s.price_step * (bounded - state.log_price[p][r])


def floors_held(state: State, product: int, region: int) -> list[float]:
    """Return the log prices at which floors are held at the border of a region."""
    held = [f for f in state.floors if f.border >= 0 and f.open and f.product == product]
    mine = [f for f in held if state.within[f.no][region]]
    return [log(f.strike_usd_per_t / state.usd_per_t[product]) for f in mine]


def mean_duty(state: State, product: int, region: int) -> float:
    """Return what users in a region pay over the price, at today's shares."""
    mine = [p for p in state.pools_of(product) if p.region == region and p.kind != STRATEGIC]
    used = sum(p.use_per_d for p in mine)
    paid = sum(p.use_per_d * r.share * state.duty(r) for p in mine for r in p.routes)
    return 1 + paid / used if used > 0 else 1.0


def area_target(state: State, product: int, area: int) -> float | None:
    """Return the log price of cover, tightness and cost in an area; None where it holds."""
    s, moves = state.settings, state.moves[product]

    def inside(thing: Thing) -> bool:
        return bool(state.area[product][thing.region] == area)

    pools = [p for p in state.pools_of(product) if inside(p)]
    held = [p for p in pools if p.kind != STRATEGIC]
    makers = [m for m in state.makers_of(product) if inside(m)]
    exports = [r for r in state.routes_of(product) if inside(r.maker) and not inside(r.pool)]
    imports = [r for r in state.routes_of(product) if inside(r.pool) and not inside(r.maker)]
    supplied = [r for r in state.routes_of(product) if inside(r.pool) and r.flow_per_d > 0]

    normal = sum(
        (p.use_per_d + p.slope_per_d * s.review_d) * (p.cover_d + p.obliged_d + p.lead_d)
        for p in held
    )
    cover = sum(p.stock_t + p.way_t for p in held) / normal if normal > 0 else 0.0
    bids = sum(p.bid_t for p in pools) + sum(r.sent_t for r in exports)
    usual = sum(p.use_per_d - p.planned_per_d + p.extra_per_d for p in held)
    usual += sum(r.flow_per_d for r in exports)
    reach = sum(m.capacity_t for m in makers) / s.review_d
    for r in imports:
        left = r.general + (1 - r.general) * r.approval if r.licensed else 1
        reach += max(r.flow_per_d * r.allowed * left, r.sent_t / s.review_d)
    usual_reach = sum(m.reference_per_d for m in makers) + sum(r.flow_per_d for r in imports)
    if normal <= 0 or usual <= 0 or usual_reach <= 0:
        return None
    tightness = (max(1e-9, bids / s.review_d) / usual) / (max(1e-9, reach) / usual_reach)
    target = -moves.cover_power * log(max(1e-9, cover)) + moves.tight_power * log(tightness)
    if supplied:
        flow = sum(r.flow_per_d for r in supplied)
        target += log(sum(r.flow_per_d * r.maker.cost * (1 + r.premium) for r in supplied) / flow)
    return target


def move_shares(state: State) -> None:
    """Move habitual shares toward what pulls them, at landed price."""
    for pool in state.pools:
        s = state.moves[pool.product]
        here = state.area[pool.product][pool.region]
        pulls = {}
        for route in pool.routes:
            maker = route.maker
            inside = state.area[pool.product][maker.region] == here
            seller = maker.region if inside else pool.region
            duty_log = state.duty_log[pool.product][seller]
            price = exp(state.log_price[pool.product][seller] - duty_log)
            pulls[route] = route.habit * price**-s.supplier_power
        whole = sum(pulls.values())
        step = 1.0 if pool.kind == STRATEGIC else s.share_step
        for route, pull in pulls.items():
            if whole > 0:
                route.share += step * (pull / whole - route.share)


def adapt(state: State) -> None:
    """Smooth the price of each use; substitution rises above the trigger, else falls back."""
    for use_ in state.uses:
        price = state.log_price[use_.product][use_.region]
        use_.log_price += use_.smooth * (price - use_.log_price)
        goal = use_.ceiling if use_.log_price > state.settings.log_trigger else 0.0
        rise = use_.rise
        programme = state.thrifts[use_.thrift] if use_.thrift >= 0 else None
        if programme is not None and programme.open:
            if use_.log_price > programme.log_trigger:
                goal = min(1.0, use_.ceiling + programme.more)
            rise = max(rise, use_.quick)
        use_.substituted += (rise if goal > use_.substituted else use_.fall) * (
            goal - use_.substituted
        )
