"""Who gets whose output: rounds of orders until no bid and no open room are left together."""

from monazite.rules.compiled import inlined
from monazite.rules.records import LICENSING, STRATEGIC, TIER1, Model, Row

TINY = 1e-12


@inlined
def see_room(model: Model, p: int) -> None:
    """See which makers have room for another order: 1 any, 2 clean too, 0 none."""
    maker_start, makers = model.maker_start, model.makers
    for j in range(maker_start[p], maker_start[p + 1]):
        maker = makers[j]
        least_t = TINY * maker.capacity_t
        maker.ready = 0
        if maker.room_t > least_t:
            maker.ready = 2 if maker.clean_room_t > least_t else 1


@inlined
def close_full_controls(model: Model, p: int) -> None:
    """Close the routes of every cap of product p that is used up."""
    controls, routes, control_route = model.controls, model.routes, model.control_route
    for c in range(controls.size):
        control = controls[c]
        if control.active == 0 or control.product != p or control.form == LICENSING:
            continue
        if control.room_t <= TINY * control.most_t:
            for i in range(control.first, control.end):
                routes[control_route[i]].open = 0


@inlined
def propose(model: Model, p: int, by_habit: bool) -> float:
    """Spread what pools still want over open routes; return the tonnes proposed.

    The first round goes by habitual shares, whatever part of them is closed; what needs
    a licence has been applied for apart, so that shares count among the others. Later
    rounds go by pull among the open routes.
    """
    pool_start, pools, routes = model.pool_start, model.pools, model.routes
    makers = model.makers
    see_room(model, p)
    proposed_t = 0.0
    for h in range(pool_start[p], pool_start[p + 1]):
        pool = pools[h]
        first, end = pool.first_route, pool.end_route
        if pool.left_t <= TINY * (pool.bid_use_t + pool.bid_gap_t):
            pool.left_t = 0.0
            for x in range(first, end):
                routes[x].order_t = 0.0
            continue
        least = 2 if needs_clean(pools[h]) else 1
        total = 0.0
        for x in range(first, end):
            route = routes[x]
            maker = makers[route.maker]
            pull = route.share if by_habit else route.pull
            pull = pull if route.open == 1 and maker.ready >= least else 0.0
            route.order_t = pull
            total += pull
        if total <= 0.0:
            continue
        scale = pool.left_t / (pool.free if by_habit else total)
        proposed_t += total * scale
        for x in range(first, end):
            routes[x].order_t *= scale
    return proposed_t


@inlined
def needs_clean(pool: Row) -> bool:
    """Return whether a pool may only take what no controlled country has touched."""
    return bool(pool.kind == TIER1 and pool.depth == 2)


@inlined
def cap_orders(model: Model, p: int) -> None:
    """Scale orders down to the caps: shared in proportion, the least cap of a route holds.

    Every cap looks at the orders as they came, so that it does not matter which is first.
    """
    controls, routes, control_route = model.controls, model.routes, model.control_route
    binds = False
    for c in range(controls.size):
        control = controls[c]
        control.scale = 1.0
        if control.active == 0 or control.product != p or control.form == LICENSING:
            continue
        order_t = 0.0
        for i in range(control.first, control.end):
            order_t += routes[control_route[i]].order_t
        if order_t > control.room_t:
            control.scale = control.room_t / order_t
            binds = True
    if not binds:
        return
    for c in range(controls.size):
        control = controls[c]
        if control.scale < 1.0:
            for i in range(control.first, control.end):
                route = routes[control_route[i]]
                route.cut = min(route.cut, control.scale)
    for c in range(controls.size):
        control = controls[c]
        if control.scale < 1.0:
            for i in range(control.first, control.end):
                route = routes[control_route[i]]
                route.order_t *= route.cut
                route.cut = 1.0


@inlined
def cap_clean_orders(model: Model, p: int) -> None:
    """Scale tier-1 orders down to what each maker can make from material open to tier 1."""
    maker_start, makers, pool_start = model.maker_start, model.makers, model.pool_start
    pools, routes = model.pools, model.routes
    for j in range(maker_start[p], maker_start[p + 1]):
        makers[j].home_t = 0.0
    for h in range(pool_start[p], pool_start[p + 1]):
        if needs_clean(pools[h]):
            for x in range(pools[h].first_route, pools[h].end_route):
                route = routes[x]
                makers[route.maker].home_t += route.order_t
    for h in range(pool_start[p], pool_start[p + 1]):
        if needs_clean(pools[h]):
            for x in range(pools[h].first_route, pools[h].end_route):
                route = routes[x]
                maker = makers[route.maker]
                if maker.home_t > maker.clean_room_t:
                    route.order_t *= maker.clean_room_t / maker.home_t


@inlined
def accept(model: Model, p: int) -> None:
    """Accept orders up to each maker's room, home first as far as its habit goes."""
    maker_start, pool_start, pools = model.maker_start, model.pool_start, model.pools
    routes, makers = model.routes, model.makers
    add_orders(model, p)
    for j in range(maker_start[p], maker_start[p + 1]):
        serve_orders(makers[j])
    for h in range(pool_start[p], pool_start[p + 1]):
        pool = pools[h]
        if pool.left_t <= 0.0:
            continue
        clean = needs_clean(pools[h])
        given_t = 0.0
        for x in range(pool.first_route, pool.end_route):
            route = routes[x]
            maker = makers[route.maker]
            sent_t = route.order_t * (maker.home_t if route.home == 1 else maker.away_t)
            route.order_t = sent_t
            route.sent_t += sent_t
            given_t += sent_t
            if clean:
                maker.clean_room_t = max(0.0, maker.clean_room_t - sent_t)
                maker.tier1_t += sent_t
        pool.left_t = max(0.0, pool.left_t - given_t)
    book_caps(model, p)


@inlined
def add_orders(model: Model, p: int) -> None:
    """Add up the orders of this round by maker, from home and from away [t]."""
    route_start = model.route_start
    maker_start, makers, routes = model.maker_start, model.makers, model.routes
    for j in range(maker_start[p], maker_start[p + 1]):
        makers[j].home_t = 0.0
        makers[j].away_t = 0.0
    for x in range(route_start[p], route_start[p + 1]):
        route = routes[x]
        maker = makers[route.maker]
        if route.home == 1:
            maker.home_t += route.order_t
        else:
            maker.away_t += route.order_t


@inlined
def serve_orders(maker: Row) -> None:
    """Take a maker's orders into its room; leave the parts served in `home_t` and `away_t`.

    A short maker serves a share `f = room / orders` of all; with home first at 1 it
    serves home in full before anyone else, in between it lies in between.
    """
    home_t, away_t, room_t = maker.home_t, maker.away_t, maker.room_t
    total_t = home_t + away_t
    maker.home_t = 1.0
    maker.away_t = 1.0
    if total_t > room_t:
        even_t = home_t * room_t / total_t
        served_t = even_t + maker.kept_first * (min(home_t, room_t) - even_t)
        maker.home_t = served_t / home_t if home_t > 0.0 else 0.0
        maker.away_t = max(0.0, room_t - served_t) / away_t if away_t > 0.0 else 0.0
        total_t = room_t
    maker.accepted_t += total_t
    maker.room_t = max(0.0, room_t - total_t)


@inlined
def book_caps(model: Model, p: int) -> None:
    """Take what was just accepted off the room of every cap."""
    controls, routes, control_route = model.controls, model.routes, model.control_route
    for c in range(controls.size):
        control = controls[c]
        if control.active == 0 or control.product != p or control.form == LICENSING:
            continue
        for i in range(control.first, control.end):
            control.room_t -= routes[control_route[i]].order_t
        control.room_t = max(0.0, control.room_t)


@inlined
def fill(model: Model, p: int) -> None:
    """Serve what pools of product p want (`left_t`) until no bid meets open room.

    Each round serves every bid or fills a maker or a cap, so that there are at most as
    many rounds as makers and caps.
    """
    maker_start, controls = model.maker_start, model.controls
    most = maker_start[p + 1] - maker_start[p] + controls.size + 2
    by_habit = True
    for _ in range(2 * most):
        close_full_controls(model, p)
        if propose(model, p, by_habit) <= 0.0:
            if not by_habit:
                return
            by_habit = False
            continue
        by_habit = False
        cap_orders(model, p)
        cap_clean_orders(model, p)
        accept(model, p)
        if not any_left(model, p):
            return


@inlined
def any_left(model: Model, p: int) -> bool:
    """Return whether any pool of product p still wants something."""
    pool_start, pools = model.pool_start, model.pools
    for h in range(pool_start[p], pool_start[p + 1]):
        pool = pools[h]
        if pool.left_t > TINY * (pool.bid_use_t + pool.bid_gap_t):
            return True
    return False


@inlined
def propose_all(model: Model, p: int) -> None:
    """Spread every commercial bid at once: by habit, and what is closed there by pull.

    Adds up by maker what that asks of it, tier-1 orders that need clean input apart.
    """
    pool_start, pools, routes = model.pool_start, model.pools, model.routes
    maker_start, makers = model.maker_start, model.makers
    close_full_controls(model, p)
    see_room(model, p)
    for j in range(maker_start[p], maker_start[p + 1]):
        makers[j].home_t = 0.0
        makers[j].away_t = 0.0
    for h in range(pool_start[p], pool_start[p + 1]):
        pool = pools[h]
        pool.left_t = 0.0 if pool.kind == STRATEGIC else pool.bid_use_t + pool.bid_gap_t
        clean = needs_clean(pool)
        least = 2 if clean else 1
        placed, pull = 0.0, 0.0
        for x in range(pool.first_route, pool.end_route):
            route = routes[x]
            maker = makers[route.maker]
            ready = route.open == 1 and maker.ready >= least
            route.order_t = route.share if ready else 0.0
            placed += route.order_t
            pull += route.pull if ready else 0.0
        by_habit = pool.left_t / pool.free if placed > 0.0 else 0.0
        left_t = pool.left_t - placed * by_habit
        by_pull = left_t / pull if left_t > TINY * pool.left_t and pull > 0.0 else 0.0
        for x in range(pool.first_route, pool.end_route):
            route = routes[x]
            maker = makers[route.maker]
            order_t = route.order_t * by_habit
            if by_pull > 0.0 and route.open == 1 and maker.ready >= least:
                order_t += route.pull * by_pull
            route.order_t = order_t
            maker.away_t += order_t
            maker.home_t += order_t if clean else 0.0


@inlined
def nothing_binds(model: Model, p: int) -> bool:
    """Return whether all that is proposed at once can be taken as it stands."""
    controls, maker_start, makers = model.controls, model.maker_start, model.makers
    routes, control_route = model.routes, model.control_route
    for j in range(maker_start[p], maker_start[p + 1]):
        maker = makers[j]
        if maker.away_t > maker.room_t or maker.home_t > maker.clean_room_t:
            return False
    for c in range(controls.size):
        control = controls[c]
        if control.active == 0 or control.product != p or control.form == LICENSING:
            continue
        order_t = 0.0
        for i in range(control.first, control.end):
            order_t += routes[control_route[i]].order_t
        if order_t > control.room_t:
            return False
    return True


@inlined
def take_all(model: Model, p: int) -> None:
    """Accept all that is proposed at once, as it stands."""
    pool_start, pools, routes = model.pool_start, model.pools, model.routes
    maker_start, makers = model.maker_start, model.makers
    for j in range(maker_start[p], maker_start[p + 1]):
        maker = makers[j]
        maker.accepted_t += maker.away_t
        maker.room_t = max(0.0, maker.room_t - maker.away_t)
        maker.tier1_t += maker.home_t
        maker.clean_room_t = max(0.0, maker.clean_room_t - maker.home_t)
    for h in range(pool_start[p], pool_start[p + 1]):
        pool = pools[h]
        given_t = 0.0
        for x in range(pool.first_route, pool.end_route):
            route = routes[x]
            route.sent_t += route.order_t
            given_t += route.order_t
        pool.left_t = max(0.0, pool.left_t - given_t)
    book_caps(model, p)
