"""Licensing as a queue: applications wait, approvals are made and shipped."""

from math import ceil, floor

from monazite.rules.compiled import compiled, inlined
from monazite.rules.records import LICENSING, Floats, Model

QUARTER_D = 365.25 / 4


@compiled
def join_queue(queue_t: Floats, now: int, amount_t: float, wait_reviews: float) -> None:
    """Put an application into a ring of reviews; a fraction of a review splits it.

    Args:
        queue_t: approvals by slot, shape (L,).
        now: number of this review.
        amount_t: tonnes that will be approved.
        wait_reviews: processing time in reviews, at most L - 2.
    """
    whole = floor(wait_reviews)
    late = wait_reviews - whole
    slots = queue_t.size
    queue_t[(now + whole) % slots] += amount_t * (1.0 - late)
    queue_t[(now + whole + 1) % slots] += amount_t * late


@compiled
def set_regimes(model: Model, now: int) -> None:
    """Set what licensing holds on each route: approval shares multiply, the longest wait holds.

    `wait_d` is the mean of the regime, `waiting_d` the time of an application made now.
    """
    lanes, routes, controls = model.lanes, model.routes, model.controls
    control_route, waits_d, queue_route = model.control_route, model.wait_d, model.queue_route
    for q in range(queue_route.size):
        lane = lanes[queue_route[q]]
        routes[queue_route[q]].licensed = 0
        lane.approval = -1.0
        lane.wait_d = 0.0
        lane.waiting_d = 0.0
    for c in range(controls.size):
        control = controls[c]
        if control.active == 0 or control.form != LICENSING:
            continue
        for i in range(control.first, control.end):
            lane = lanes[control_route[i]]
            routes[control_route[i]].licensed = 1
            if lane.approval < 0.0:
                lane.approval = 1.0
            lane.approval *= control.approval
            lane.wait_d = max(lane.wait_d, control.wait_d)
            drawn_d = waits_d[control.wait_row + i - control.first, now]
            lane.waiting_d = max(lane.waiting_d, drawn_d)


@inlined
def begin_approvals(model: Model, now: int, day: float) -> None:
    """Count anew when a quarter, which is the reviews that begin in it, does.

    A short last review approves its part of what is due.
    """
    lanes, queue_route, queue_t = model.lanes, model.queue_route, model.queue_t
    settings = model.settings[0]
    quarter = int(day / QUARTER_D)
    if quarter != settings.quarter:
        settings.quarter = quarter
        step_d = settings.step_d
        reviews = ceil((quarter + 1) * QUARTER_D / step_d) - ceil(quarter * QUARTER_D / step_d)
        settings.quarter_d = reviews * step_d
        for q in range(queue_route.size):
            lanes[queue_route[q]].approved_quarter_t = 0.0
    if settings.review_d < settings.step_d:
        for q in range(queue_route.size):
            queue_t[q, now % queue_t.shape[1]] *= settings.review_d / settings.step_d


@inlined
def take_approvals(model: Model, p: int, now: int) -> float:
    """Order what is approved on routes of product p now; return the tonnes.

    Over a quarter no more than the regime's share of the reference flow. The excess
    lapses, and so does what its buyer may no longer use. What is approved after its
    regime has ended goes through unhindered.
    """
    lanes, routes, pools = model.lanes, model.routes, model.pools
    queue_t, queue_route, route_start = model.queue_t, model.queue_route, model.route_start
    settings = model.settings[0]
    slot = now % queue_t.shape[1]
    approved_t = 0.0
    for q in range(queue_route.size):
        x = queue_route[q]
        if x < route_start[p] or x >= route_start[p + 1]:
            continue
        lane = lanes[x]
        route = routes[x]
        ready_t = queue_t[q, slot]
        lane.approved_t = 0.0
        if ready_t <= 0.0:
            continue
        queue_t[q, slot] = 0.0
        pools[route.pool].queued_t -= ready_t
        if route.barred == 1:
            continue
        if route.licensed == 1:
            most_t = lane.approval * lane.flow_per_d * settings.quarter_d
            ready_t = min(ready_t, max(0.0, most_t - lane.approved_quarter_t))
        lane.approved_quarter_t += ready_t
        lane.approved_t = ready_t
        route.order_t = ready_t
        approved_t += ready_t
    return approved_t


@inlined
def apply_for_licences(model: Model, h: int, now: int) -> None:
    """Turn the licensed part of a pool's bid into applications.

    A buyer counts on the approved share only and orders the rest elsewhere at once.
    """
    lanes = model.lanes
    pools, queue_t, routes = model.pools, model.queue_t, model.routes
    settings = model.settings[0]
    pool = pools[h]
    total_t = pool.bid_use_t + pool.bid_gap_t
    if total_t <= 0.0:
        return
    slots = queue_t.shape[1]
    waiting_t = 0.0
    for x in range(pool.first_route, pool.end_route):
        route = routes[x]
        if route.licensed == 0 or route.barred == 1 or route.share <= 0.0:
            continue
        if lanes[x].approval <= 0.0:
            continue
        amount_t = lanes[x].approval * route.share * total_t
        wait = min(lanes[x].waiting_d / settings.step_d, slots - 2.0)
        join_queue(queue_t[lanes[x].licence], now, amount_t, wait)
        waiting_t += amount_t
    if waiting_t > 0.0:
        pool.queued_t += waiting_t
        left = 1.0 - waiting_t / total_t
        pool.bid_use_t *= left
        pool.bid_gap_t *= left
