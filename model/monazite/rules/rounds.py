"""Who gets whose output: rounds of orders until no bid and no open room are left together."""

from monazite.rules.compiled import compiled
from monazite.rules.records import STRATEGIC, TIER1, Model, Row, Table

TINY = 1e-12
AWAY, HOME = 0, 1
"""Where an order comes from, as the maker sees it."""

ANY, CLEAN = 0, 1
"""What a pool takes: any origin, or only what no controlled country has touched."""


@compiled
def begin_round(model: Model, p: int) -> bool:
    """See which makers have room for another order, and for a clean one; return whether any has."""
    maker_start, makers = model.maker_start, model.makers
    some = False
    for j in range(maker_start[p], maker_start[p + 1]):
        maker = makers[j]
        least_t = TINY * maker.capacity_t
        takes = maker.room_t > least_t
        some |= takes
        maker.takes[ANY] = takes
        maker.takes[CLEAN] = takes & (maker.clean_room_t > least_t)
        for kind in range(2):
            maker.orders_t[kind] = 0.0
            maker.asked_t[kind] = 0.0
    return some


@compiled
def give_up(model: Model) -> None:
    """Let every pool that still orders find that nobody has room."""
    pools, settings = model.pools, model.settings[0]
    for h in range(settings.first_pool, settings.end_pool):
        if pools[h].live == 1:
            pools[h].stuck = 1
            retire(model, h)


@compiled
def retire(model: Model, h: int) -> None:
    """Let a pool take no part in a round; take its orders back where anyone would count them."""
    pool, routes = model.pools[h], model.routes
    pool.live = 0
    if model.settings[0].first_cap >= 0 or needs_clean(pool):
        for x in range(pool.first_route, pool.end_route):
            routes[x].order_t = 0.0


@compiled
def close_full_controls(model: Model) -> None:
    """Close the routes of every cap of product p that is used up."""
    controls, routes, control_route = model.controls, model.routes, model.control_route
    c = model.settings[0].first_cap
    while c >= 0:
        control = controls[c]
        if control.room_t <= TINY * control.most_t:
            for i in range(control.first, control.end):
                routes[control_route[i]].open_share = 0.0
                routes[control_route[i]].open_pull = 0.0
        c = control.next_cap


@compiled
def propose(model: Model, p: int, by_habit: bool) -> float:
    """Spread what pools still want over open routes; return the tonnes proposed.

    The first round goes by habitual shares, whatever part of them is closed; what needs
    a licence has been applied for apart, so that shares count among the others. Later
    rounds go by pull among the open routes. A pool that finds none of them with room is
    stuck: room only shrinks while a product is ordered.
    """
    pools, routes, makers = model.pools, model.routes, model.makers
    settings = model.settings[0]
    if not begin_round(model, p):
        give_up(model)
        return 0.0
    proposed_t = 0.0
    for h in range(settings.first_pool, settings.end_pool):
        pool = pools[h]
        if pool.live == 0:
            continue
        if pool.left_t <= TINY * (pool.bid_use_t + pool.bid_gap_t):
            pool.left_t = 0.0
            retire(model, h)
            continue
        only = CLEAN if needs_clean(pool) else ANY
        if by_habit:
            proposed_t += order_by_habit(pool, routes, makers, only)
            continue
        total = 0.0
        for x in range(pool.first_route, pool.end_route):
            route = routes[x]
            route.order_t = route.open_pull * makers[route.maker].takes[only]
            total += route.order_t
        if total <= 0.0:
            pool.stuck = 1
            pool.live = 0
            continue
        scale = pool.left_t / total
        proposed_t += pool.left_t
        for x in range(pool.first_route, pool.end_route):
            route = routes[x]
            route.order_t *= scale
            count(route, makers)
    return proposed_t


@compiled
def order_by_habit(pool: Row, routes: Table, makers: Table, only: int) -> float:
    """Order what a pool still wants by its shares, as far as they are open; return it [t]."""
    scale = pool.left_t / pool.free if pool.free > 0.0 else 0.0
    ordered_t = 0.0
    for x in range(pool.first_route, pool.end_route):
        route = routes[x]
        route.order_t = route.open_share * scale * makers[route.maker].takes[only]
        ordered_t += route.order_t
        count(route, makers)
    return ordered_t


@compiled
def count(route: Row, makers: Table) -> None:
    """Count the order on a route for its maker, as one from home or from away [t]."""
    makers[route.maker].orders_t[route.home] += route.order_t


@compiled
def needs_clean(pool: Row) -> bool:
    """Return whether a pool may only take what no controlled country has touched."""
    return bool(pool.kind == TIER1 and pool.depth == 2)


@compiled
def cap_orders(model: Model) -> bool:
    """Scale orders down to the caps: shared in proportion, the least cap of a route holds.

    Every cap looks at the orders as they came, so that it does not matter which is first.
    Return whether any cap binds.
    """
    controls, routes, control_route = model.controls, model.routes, model.control_route
    lanes = model.lanes
    first = model.settings[0].first_cap
    binds = False
    c = first
    while c >= 0:
        control = controls[c]
        control.scale = 1.0
        order_t = 0.0
        for i in range(control.first, control.end):
            order_t += routes[control_route[i]].order_t
        if order_t > control.room_t:
            control.scale = control.room_t / order_t
            binds = True
        c = control.next_cap
    if not binds:
        return False
    c = first
    while c >= 0:
        control = controls[c]
        if control.scale < 1.0:
            for i in range(control.first, control.end):
                lane = lanes[control_route[i]]
                lane.cut = min(lane.cut, control.scale)
        c = control.next_cap
    c = first
    while c >= 0:
        control = controls[c]
        if control.scale < 1.0:
            for i in range(control.first, control.end):
                lane = lanes[control_route[i]]
                routes[control_route[i]].order_t *= lane.cut
                lane.cut = 1.0
        c = control.next_cap
    return True


@compiled
def cap_clean_orders(model: Model, p: int) -> bool:
    """Scale tier-1 orders down to what each maker can make from material open to tier 1.

    Return whether there are any.
    """
    maker_start, makers, settings = model.maker_start, model.makers, model.settings[0]
    pools, routes = model.pools, model.routes
    first = max(settings.first_pool, model.kind_start[3 * p + TIER1])
    end = min(settings.end_pool, model.kind_start[3 * p + STRATEGIC])
    found = False
    for h in range(first, end):
        found = found or (pools[h].live == 1 and needs_clean(pools[h]))
    if not found:
        return False
    for j in range(maker_start[p], maker_start[p + 1]):
        makers[j].orders_t[HOME] = 0.0
    for h in range(first, end):
        if needs_clean(pools[h]):
            for x in range(pools[h].first_route, pools[h].end_route):
                route = routes[x]
                makers[route.maker].orders_t[HOME] += route.order_t
    for h in range(first, end):
        if needs_clean(pools[h]):
            for x in range(pools[h].first_route, pools[h].end_route):
                route = routes[x]
                maker = makers[route.maker]
                if maker.orders_t[HOME] > maker.clean_room_t:
                    route.order_t *= maker.clean_room_t / maker.orders_t[HOME]
    return True


@compiled
def accept(model: Model, p: int) -> bool:
    """Accept orders up to each maker's room, home first as far as its habit goes.

    Return whether any maker had too little room.
    """
    maker_start, settings, pools = model.maker_start, model.settings[0], model.pools
    routes, makers, shipped_t = model.routes, model.makers, model.sent_t
    short = False
    for j in range(maker_start[p], maker_start[p + 1]):
        short |= serve_orders(makers[j])
    for h in range(settings.first_pool, settings.end_pool):
        pool = pools[h]
        if pool.live == 0:
            continue
        clean = needs_clean(pool)
        given_t = 0.0
        for x in range(pool.first_route, pool.end_route):
            route = routes[x]
            maker = makers[route.maker]
            sent_t = route.order_t * maker.orders_t[route.home]
            route.order_t = sent_t
            shipped_t[x] += sent_t
            given_t += sent_t
            if clean:
                maker.clean_room_t = max(0.0, maker.clean_room_t - sent_t)
                maker.tier1_t += sent_t
        pool.left_t = max(0.0, pool.left_t - given_t)
    book_caps(model)
    return short


@compiled
def count_anew(model: Model, p: int) -> None:
    """Count orders for their makers again, after caps have cut them."""
    maker_start, makers, routes = model.maker_start, model.makers, model.routes
    pools, settings = model.pools, model.settings[0]
    for j in range(maker_start[p], maker_start[p + 1]):
        makers[j].orders_t[AWAY] = 0.0
        makers[j].orders_t[HOME] = 0.0
    for h in range(settings.first_pool, settings.end_pool):
        if pools[h].live == 1:
            for x in range(pools[h].first_route, pools[h].end_route):
                count(routes[x], makers)


@compiled
def serve_orders(maker: Row) -> bool:
    """Take a maker's orders into its room; leave the parts served in `orders_t`.

    Return whether it is too small for them.

    A short maker serves a share `f = room / orders` of all; with home first at 1 it
    serves home in full before anyone else, in between it lies in between.
    """
    away_t, home_t, room_t = maker.orders_t[AWAY], maker.orders_t[HOME], maker.room_t
    total_t = home_t + away_t
    maker.orders_t[AWAY] = 1.0
    maker.orders_t[HOME] = 1.0
    short = total_t > room_t
    if short:
        even_t = home_t * room_t / total_t
        served_t = even_t + maker.kept_first * (min(home_t, room_t) - even_t)
        maker.orders_t[HOME] = served_t / home_t if home_t > 0.0 else 0.0
        left_t = max(0.0, room_t - served_t)
        maker.orders_t[AWAY] = left_t / away_t if away_t > 0.0 else 0.0
        total_t = room_t
    maker.accepted_t += total_t
    maker.room_t = max(0.0, room_t - total_t)
    return bool(short)


@compiled
def book_caps(model: Model) -> None:
    """Take what was just accepted off the room of every cap."""
    controls, routes, control_route = model.controls, model.routes, model.control_route
    c = model.settings[0].first_cap
    while c >= 0:
        control = controls[c]
        for i in range(control.first, control.end):
            control.room_t -= routes[control_route[i]].order_t
        control.room_t = max(0.0, control.room_t)
        c = control.next_cap


@compiled
def fill(model: Model, p: int) -> bool:
    """Serve what pools of product p want (`left_t`) until no bid meets open room.

    Return whether a maker or a cap had too little room for what was ordered.
    Each round serves every bid or fills a maker or a cap, so that there are at most as
    many rounds as makers and caps.
    """
    most = model.makers.size + model.controls.size + 2
    by_habit = True
    binds = False
    for _ in range(2 * most):
        close_full_controls(model)
        if propose(model, p, by_habit) <= 0.0:
            if not by_habit:
                return binds
            by_habit = False
            continue
        by_habit = False
        capped = cap_orders(model)
        if cap_clean_orders(model, p) or capped:
            count_anew(model, p)
        binds |= accept(model, p) or capped
        if not any_left(model):
            return binds
    return binds


@compiled
def any_left(model: Model) -> bool:
    """Return whether any pool still wants something and may find it."""
    pools, settings = model.pools, model.settings[0]
    for h in range(settings.first_pool, settings.end_pool):
        pool = pools[h]
        if pool.live == 1 and pool.left_t > TINY * (pool.bid_use_t + pool.bid_gap_t):
            return True
    return False


@compiled
def fill_at_once(model: Model, p: int) -> bool:
    """Serve what pools of product p want (`left_t`) in one step, if no room, cap or rule binds.

    Return whether it did. Rounds would come to the same then: what is closed of the habitual
    shares goes by pull, and nobody's order takes another's room.
    """
    propose_at_once(model, p)
    if not nothing_binds(model, p):
        return False
    take_all(model, p)
    return True


@compiled
def propose_at_once(model: Model, p: int) -> None:
    """Spread what pools want: by habit, and what is closed there by pull.

    Adds up by maker what that asks of it, tier-1 orders that need clean input apart.
    """
    pools, routes, makers = model.pools, model.routes, model.makers
    settings = model.settings[0]
    close_full_controls(model)
    if not begin_round(model, p):
        give_up(model)
        return
    for h in range(settings.first_pool, settings.end_pool):
        pool = pools[h]
        if pool.live == 0:
            continue
        only = CLEAN if needs_clean(pool) else ANY
        by_habit = pool.left_t / pool.free if pool.free > 0.0 else 0.0
        placed_t, pull = 0.0, 0.0
        for x in range(pool.first_route, pool.end_route):
            route = routes[x]
            maker = makers[route.maker]
            order_t = route.open_share * by_habit * maker.takes[only]
            pull += route.open_pull * maker.takes[only]
            placed_t += order_t
            route.order_t = order_t
            maker.asked_t[only] += order_t
        left_t = pool.left_t - placed_t
        if left_t <= TINY * pool.left_t:
            continue
        if pull <= 0.0:
            pool.stuck = 1
            continue
        scale = left_t / pull
        for x in range(pool.first_route, pool.end_route):
            route = routes[x]
            maker = makers[route.maker]
            more_t = route.open_pull * maker.takes[only] * scale
            route.order_t += more_t
            maker.asked_t[only] += more_t


@compiled
def nothing_binds(model: Model, p: int) -> bool:
    """Return whether all that is proposed at once can be taken as it stands."""
    controls, maker_start, makers = model.controls, model.maker_start, model.makers
    routes, control_route = model.routes, model.control_route
    for j in range(maker_start[p], maker_start[p + 1]):
        maker = makers[j]
        clean_t = maker.asked_t[CLEAN]
        if maker.asked_t[ANY] + clean_t > maker.room_t or clean_t > maker.clean_room_t:
            return False
    c = model.settings[0].first_cap
    while c >= 0:
        control = controls[c]
        order_t = 0.0
        for i in range(control.first, control.end):
            order_t += routes[control_route[i]].order_t
        if order_t > control.room_t:
            return False
        c = control.next_cap
    return True


@compiled
def take_all(model: Model, p: int) -> None:
    """Accept all that is proposed at once, as it stands."""
    pools, routes, settings = model.pools, model.routes, model.settings[0]
    maker_start, makers, shipped_t = model.maker_start, model.makers, model.sent_t
    for j in range(maker_start[p], maker_start[p + 1]):
        maker = makers[j]
        clean_t = maker.asked_t[CLEAN]
        all_t = maker.asked_t[ANY] + clean_t
        maker.accepted_t += all_t
        maker.room_t = max(0.0, maker.room_t - all_t)
        maker.tier1_t += clean_t
        maker.clean_room_t = max(0.0, maker.clean_room_t - clean_t)
    for h in range(settings.first_pool, settings.end_pool):
        pool = pools[h]
        if pool.live == 0:
            continue
        given_t = 0.0
        for x in range(pool.first_route, pool.end_route):
            route = routes[x]
            shipped_t[x] += route.order_t
            given_t += route.order_t
        pool.left_t = max(0.0, pool.left_t - given_t)
    book_caps(model)
