"""Orders flow up: bids become accepted orders, product by product, magnets to mines."""

from monazite.rules.bids import set_bids
from monazite.rules.compiled import compiled, inlined
from monazite.rules.licences import (
    apply_for_licences,
    begin_approvals,
    file_in_turn,
    open_general,
    take_approvals,
)
from monazite.rules.offtakes import buy_rest
from monazite.rules.records import LICENSING, OPEN, STRATEGIC, TIER1, Model
from monazite.rules.release import offer_inputs, open_released, want_released
from monazite.rules.rounds import (
    HOME,
    TINY,
    begin_round,
    book_caps,
    cap_clean_orders,
    cap_orders,
    count,
    fill,
    fill_at_once,
    needs_clean,
    retire,
    serve_orders,
)
from monazite.rules.scrap import limit_capacity, limit_rooms

TIER1_USE, OPEN_USE, TIER1_GAP, OPEN_GAP, PURCHASES, RELEASED = range(6)
"""Classes of bids, in the order in which they are served."""


@compiled
def set_pull_of_pools(model: Model) -> None:
    """Set what all makers together could take from each pool in this review [t].

    What is there goes to users of tier 1 first. The rest stands ready for makers and other
    users in proportion: to what each maker could take, and to what users want.
    """
    pools, needs, makers = model.pools, model.needs, model.makers
    for h in range(pools.size):
        pools[h].pull_t = 0.0
    for n in range(needs.size):
        need = needs[n]
        pools[need.pool].pull_t += makers[need.maker].capacity_t * need.input_per_t
    for n in range(needs.size):
        need = needs[n]
        pool = pools[need.pool]
        asked_t = pool.pull_t + (pool.demand_t - pool.first_t)
        need.reach = makers[need.maker].capacity_t / asked_t if asked_t > 0.0 else 0.0
        if pool.first_t > 0.0:
            need.reach *= max(0.0, 1.0 - pool.first_t / pool.stock_t) if pool.stock_t > 0.0 else 0.0


@compiled
def set_capacity(model: Model, now: int) -> None:
    """Set what each maker could and may make in this review [t], input aside."""
    makers, curb, most_per_d = model.makers, model.curb, model.most_per_d
    settings = model.settings[0]
    bound = curb.shape[0] > 0
    for j in range(makers.size):
        maker = makers[j]
        capacity_per_d = maker.capacity_per_d + maker.added_per_d
        if bound:
            capacity_per_d = min(capacity_per_d * curb[now, j], most_per_d[now, j])
        maker.capacity_t = capacity_per_d * settings.review_d
        maker.accepted_t = 0.0
        maker.tier1_t = 0.0
        maker.turned_t = 0.0


@compiled
def set_rooms(model: Model, p: int) -> None:
    """Set the room of each maker of product p: the least of capacity and every input.

    Clean room counts input that no tier is barred from, kept apart for tier-1 orders.
    """
    maker_start, makers, pools = model.maker_start, model.makers, model.pools
    needs = model.needs
    for j in range(maker_start[p], maker_start[p + 1]):
        maker = makers[j]
        maker.room_t = maker.capacity_t
        maker.clean_room_t = 0.0 if maker.controlled == 1 else maker.capacity_t
        for n in range(maker.first_need, maker.end_need):
            need = needs[n]
            maker.room_t = min(maker.room_t, need.reach * pools[need.pool].stock_t)
            maker.clean_room_t = min(maker.clean_room_t, need.reach * pools[need.pool].clean_t)
        maker.limit_t = maker.room_t
    limit_rooms(model, p)


@compiled
def line_up_caps(model: Model, now: int) -> None:
    """Line up the caps on each product, with room: what each allows, and what comes round it."""
    controls, control_route, products = model.controls, model.control_route, model.products
    flow_per_d, settings = model.flow_per_d, model.settings[0]
    delta_d = settings.review_d
    for p in range(products.size):
        products[p].first_cap = -1
    for c in range(controls.size - 1, -1, -1):
        control = controls[c]
        if control.active == 0 or control.form == LICENSING:
            continue
        product = products[control.product]
        control.next_cap = product.first_cap
        product.first_cap = c
        allowed_per_d = control.allowed_per_d
        if allowed_per_d < 0.0:
            allowed_per_d = 0.0
            for i in range(control.first, control.end):
                allowed_per_d += control.allowed * flow_per_d[now, control_route[i]]
        direct_per_d = allowed_per_d
        if control.leak > 0.0:
            usual_per_d = 0.0
            for i in range(control.first, control.end):
                usual_per_d += flow_per_d[now, control_route[i]]
            allowed_per_d += control.leak * max(0.0, usual_per_d - allowed_per_d)
        control.direct_t = direct_per_d * delta_d
        control.most_t = allowed_per_d * delta_d
        control.room_t = control.most_t


@compiled
def send_approvals(model: Model, p: int, now: int) -> None:
    """Make and ship what licences allow now, before other orders.

    As far as the maker has room, and no cap that holds beside the regime is passed; the
    rest lapses.
    """
    routes, pools, settings = model.routes, model.pools, model.settings[0]
    makers, maker_start = model.makers, model.maker_start
    queue_route, first, end = model.queue_route, model.queue_start[p], model.queue_start[p + 1]
    if first == end or take_approvals(model, p, now) <= 0.0:
        return
    settings.first_pool, settings.end_pool = model.pool_start[p], model.pool_start[p + 1]
    for h in range(settings.first_pool, settings.end_pool):
        pools[h].live = 1
    begin_round(model, p)
    cap_orders(model)
    cap_clean_orders(model, p)
    for j in range(maker_start[p], maker_start[p + 1]):
        makers[j].orders_t[HOME] = 0.0
    for q in range(first, end):
        count(routes[queue_route[q]], makers)
    for j in range(maker_start[p], maker_start[p + 1]):
        serve_orders(makers[j])
    for q in range(first, end):
        route = routes[queue_route[q]]
        maker = makers[route.maker]
        route.order_t *= maker.orders_t[route.home]
        model.sent_t[queue_route[q]] += route.order_t
        if route.order_t > 0.0 and needs_clean(pools[route.pool]):
            maker.tier1_t += route.order_t
            maker.clean_room_t = max(0.0, maker.clean_room_t - route.order_t)
    book_caps(model)
    for q in range(first, end):
        routes[queue_route[q]].order_t = 0.0


@compiled
def turn_away(model: Model, p: int) -> None:
    """Tell makers what they lost for lack of input: unserved bids, by pull."""
    pool_start, pools, routes = model.pool_start, model.pools, model.routes
    makers = model.makers
    for h in range(pool_start[p], pool_start[p + 1]):
        pool = pools[h]
        left_t = pool.unserved_use_t + pool.unserved_gap_t
        if left_t <= 0.0:
            continue
        total = 0.0
        for x in range(pool.first_route, pool.end_route):
            route = routes[x]
            maker = makers[route.maker]
            route.order_t = route.open_pull if maker.limit_t < maker.capacity_t else 0.0
            total += route.order_t
        if total > 0.0:
            for x in range(pool.first_route, pool.end_route):
                route = routes[x]
                makers[route.maker].turned_t += left_t * route.order_t / total


@compiled
def want_inputs(model: Model, p: int) -> None:
    """Pass orders one step up: what makers of product p take and want of each input.

    `want = min(K, accepted + turned away, what the other inputs allow)`: an input is not
    piled up for want of its partner.
    """
    maker_start, makers, needs = model.maker_start, model.makers, model.needs
    pools = model.pools
    for j in range(maker_start[p], maker_start[p + 1]):
        maker = makers[j]
        wanted_t = min(maker.capacity_t, maker.accepted_t + maker.turned_t)
        for n in range(maker.first_need, maker.end_need):
            need = needs[n]
            least_t = wanted_t
            for other in range(maker.first_need, maker.end_need):
                if other != n:
                    pool = pools[needs[other].pool]
                    there_t = pool.stock_t + pool.offered_t
                    least_t = min(least_t, needs[other].reach * there_t)
            pools[need.pool].want_t += least_t * need.input_per_t
            pools[need.pool].taken_t += maker.accepted_t * need.input_per_t


@compiled
def serve_all(model: Model, p: int) -> bool:
    """Serve every commercial bid at once, if no room, cap or rule binds.

    The classes would then come to the same, since each of them is spread alike; so do many
    reviews of many products. What no open route can take stays unserved.
    """
    pools, settings = model.pools, model.settings[0]
    settings.first_pool = model.kind_start[3 * p + OPEN]
    settings.end_pool = model.kind_start[3 * p + STRATEGIC]
    for h in range(settings.first_pool, settings.end_pool):
        pool = pools[h]
        pool.left_t = pool.bid_use_t + pool.bid_gap_t
        pool.live = 1 if pool.left_t > 0.0 else 0
    served = fill_at_once(model, p)
    for h in range(settings.first_pool, settings.end_pool):
        pool = pools[h]
        bid_t = pool.bid_use_t + pool.bid_gap_t
        if served and pool.left_t > TINY * bid_t:
            pool.unserved_use_t = pool.left_t * pool.bid_use_t / bid_t
            pool.unserved_gap_t = pool.left_t * pool.bid_gap_t / bid_t
        retire(model, h)
    return served


@compiled
def classes_of(model: Model, p: int) -> int:
    """Return which classes of bids want any of product p, a bit for each."""
    pool_start, pools = model.pool_start, model.pools
    classes = 0
    for h in range(pool_start[p], pool_start[p + 1]):
        pool = pools[h]
        if pool.bid_use_t > 0.0:
            classes |= 1 << (TIER1_USE if pool.kind == TIER1 else OPEN_USE)
        if pool.bid_gap_t > 0.0:
            if pool.kind == STRATEGIC:
                classes |= 1 << PURCHASES
            else:
                classes |= 1 << (TIER1_GAP if pool.kind == TIER1 else OPEN_GAP)
    return classes


@compiled
def begin_class(model: Model, p: int, step: int) -> None:
    """Set which pools order in one class of bids, and what each of them wants (`left_t`)."""
    pools, settings = model.pools, model.settings[0]
    if step == RELEASED:
        settings.first_pool, settings.end_pool = model.pool_start[p], model.pool_start[p + 1]
        want_released(model, p)
    else:
        place = 3 * p + class_kind(step)
        settings.first_pool = model.kind_start[place]
        settings.end_pool = model.kind_start[place + 1]
    for h in range(settings.first_pool, settings.end_pool):
        pool = pools[h]
        if step == RELEASED:
            pool.stuck = 0
        else:
            pool.left_t = pool.bid_use_t if step <= OPEN_USE else pool.bid_gap_t
        pool.live = 1 if pool.left_t > 0.0 and pool.stuck == 0 else 0


@compiled
def class_kind(step: int) -> int:
    """Return the kind of pool whose bids a class holds."""
    if step == PURCHASES:
        return STRATEGIC
    return TIER1 if step in (TIER1_USE, TIER1_GAP) else OPEN


@compiled
def end_class(model: Model, step: int) -> None:
    """Keep what one class could not place beside its pools, for the makers to see."""
    pools, settings = model.pools, model.settings[0]
    for h in range(settings.first_pool, settings.end_pool):
        pool = pools[h]
        if pool.live == 1:
            retire(model, h)
        if step == RELEASED:
            pool.unserved_use_t += pool.left_t
        elif step <= OPEN_USE:
            pool.unserved_use_t = pool.left_t
        elif step <= OPEN_GAP:
            pool.unserved_gap_t = pool.left_t


@inlined
def order_product(model: Model, p: int, now: int, day: float) -> None:
    """Run the order pass of product p.

    In this order: rooms, bids, applications for licences, what is approved now, what
    general licences open, then bids by class: tier-1 use, open use, tier-1 rebuilding,
    open rebuilding, strategic purchases; then use that only a strategic stock can still
    serve; then the inputs that all this asks for. A class goes by rounds where some room was
    too small for it in this review, or in the last one (`tight`), and else in one step.
    """
    pool_start, pools, settings = model.pool_start, model.pools, model.settings[0]
    set_rooms(model, p)
    set_bids(model, p, day)
    settings.first_cap = model.products[p].first_cap
    if settings.offices == 1:
        file_in_turn(model, p, now)
    for h in range(pool_start[p], pool_start[p + 1]):
        pools[h].unserved_use_t = 0.0
        pools[h].unserved_gap_t = 0.0
        pools[h].stuck = 0
    apply_for_licences(model, p, now)
    send_approvals(model, p, now)
    if settings.general == 1:
        open_general(model, p, now)
    first = TIER1_USE
    if model.tight[p] == 0 and serve_all(model, p):
        first = PURCHASES
    classes = classes_of(model, p)
    if settings.released == 1:
        classes |= 1 << RELEASED
    bound = 0
    for step in range(first, RELEASED + 1):
        if step == RELEASED and model.floors.size > 0:
            buy_rest(model, p, day)
        if not (classes >> step) & 1 or (step == RELEASED and not open_released(model, p)):
            continue
        begin_class(model, p, step)
        hurried = (model.tight[p] >> step) & 1 == 0 and fill_at_once(model, p)
        if not hurried and fill(model, p):
            bound |= 1 << step
        end_class(model, step)
    model.tight[p] = bound
    turn_away(model, p)
    want_inputs(model, p)


@compiled
def place_orders(model: Model, now: int, day: float) -> None:
    """Run the order pass from final products up to mines."""
    pools, pool_start, sent_t = model.pools, model.pool_start, model.sent_t
    set_capacity(model, now)
    limit_capacity(model)
    set_pull_of_pools(model)
    for h in range(pools.size):
        pool = pools[h]
        pool.want_t = 0.0
        pool.taken_t = 0.0
        pool.drawn_t = 0.0
    for x in range(sent_t.size):
        sent_t[x] = 0.0
    offer_inputs(model, day)
    begin_approvals(model, now, day)
    line_up_caps(model, now)
    for p in range(pool_start.size - 2, -1, -1):
        order_product(model, p, now, day)
