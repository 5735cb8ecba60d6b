"""Licensing as a queue: applications wait, approvals are made and shipped."""

from math import floor

from monazite.rules.compiled import compiled
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
    routes, controls, control_route = model.routes, model.controls, model.control_route
    waits_d = model.wait_d
    for x in range(routes.size):
        route = routes[x]
        route.approval = -1.0
        route.wait_d = 0.0
        route.waiting_d = 0.0
    for c in range(controls.size):
        control = controls[c]
        if control.active == 0 or control.form != LICENSING:
            continue
        for i in range(control.first, control.end):
            route = routes[control_route[i]]
            if route.approval < 0.0:
                route.approval = 1.0
            route.approval *= control.approval
            route.wait_d = max(route.wait_d, control.wait_d)
            drawn_d = waits_d[control.wait_row + i - control.first, now]
            route.waiting_d = max(route.waiting_d, drawn_d)


@compiled
def take_approvals(model: Model, now: int, day: float) -> None:
    """Set what is approved on each route now; over a quarter no more than the regime's share.

    The excess lapses. What is approved after its regime has ended goes through unhindered.
    """
    queue_t, routes, pools = model.queue_t, model.routes, model.pools
    settings = model.settings[0]
    slots = queue_t.shape[1]
    quarter = int(day / QUARTER_D)
    fresh = quarter != settings.quarter
    settings.quarter = quarter
    for x in range(routes.size):
        route = routes[x]
        route.approved_t = 0.0
        if route.licence < 0:
            continue
        if fresh:
            route.approved_quarter_t = 0.0
        ready_t = queue_t[route.licence, now % slots]
        if ready_t <= 0.0:
            continue
        queue_t[route.licence, now % slots] = 0.0
        pools[route.pool].queued_t -= ready_t
        if route.approval >= 0.0:
            most_t = route.approval * route.flow_per_d * QUARTER_D
            ready_t = min(ready_t, max(0.0, most_t - route.approved_quarter_t))
        route.approved_quarter_t += ready_t
        route.approved_t = ready_t


@compiled
def apply_for_licences(model: Model, h: int, now: int) -> None:
    """Turn the licensed part of a pool's bid into applications.

    A buyer counts on the approved share only and orders the rest elsewhere at once.
    """
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
        if route.licence < 0 or route.approval <= 0.0 or route.share <= 0.0:
            continue
        amount_t = route.approval * route.share * total_t
        wait = min(route.waiting_d / settings.step_d, slots - 2.0)
        join_queue(queue_t[route.licence], now, amount_t, wait)
        waiting_t += amount_t
    if waiting_t > 0.0:
        pool.queued_t += waiting_t
        left = 1.0 - waiting_t / total_t
        pool.bid_use_t *= left
        pool.bid_gap_t *= left
