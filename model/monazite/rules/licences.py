"""Licensing as a queue: applications wait, approvals are made and shipped."""

from math import ceil

from monazite.rules.compiled import compiled
from monazite.rules.records import LICENSING, STRATEGIC, Floats, Model, Row, Rows
from monazite.rules.rings import wrapped

QUARTER_D = 365.25 / 4


@compiled
def join_queue(queue_t: Floats, today: int, amount_t: float, wait_reviews: float) -> None:
    """Put an application into a ring of reviews; a fraction of a review splits it.

    Args:
        queue_t: approvals by slot, shape (L,).
        today: slot of this review.
        amount_t: tonnes that will be approved.
        wait_reviews: processing time in reviews, at most L - 2.
    """
    whole = int(wait_reviews)
    late = wait_reviews - whole
    slots = queue_t.size
    queue_t[wrapped(today + whole, slots)] += amount_t * (1.0 - late)
    queue_t[wrapped(today + whole + 1, slots)] += amount_t * late


@compiled
def applications(amount_t: float, shipment_t: float) -> int:
    """Return how many applications an order needs: one for each shipment, and one at least."""
    if shipment_t <= 0.0:
        return 1
    return max(1, ceil(amount_t / shipment_t - 1e-9))


@compiled
def take_desk(desks_d: Floats, day: float, work_d: float) -> float:
    """Give an application to the officer who is free first; return its time to a decision.

    First come, first served: it lies until then, and takes its own working time.

    Args:
        desks_d: day on which each officer is free, shape (D,).
        day: of the application.
        work_d: working time.
    """
    first = 0
    for k in range(1, desks_d.size):
        if desks_d[k] < desks_d[first]:
            first = k
    desks_d[first] = max(day, desks_d[first]) + work_d
    return float(desks_d[first] - day)


@compiled
def set_regimes(model: Model) -> None:
    """Set what licensing holds on each route: approval shares multiply, the longest wait holds.

    `wait_d` is what the regime takes on the mean. The least general licence holds.
    """
    lanes, routes, controls = model.lanes, model.routes, model.controls
    control_route, queue_route = model.control_route, model.queue_route
    grants, settings = model.grants, model.settings[0]
    settings.general = 0
    for q in range(queue_route.size):
        lane = lanes[queue_route[q]]
        routes[queue_route[q]].licensed = 0
        lane.approval = -1.0
        lane.general = 0.0
        lane.wait_d = 0.0
    for c in range(controls.size):
        control = controls[c]
        if control.active == 0 or control.form != LICENSING:
            continue
        settings.general |= control.general
        for i in range(control.first, control.end):
            lane, grant = lanes[control_route[i]], grants[i]
            routes[control_route[i]].licensed = 1
            if lane.approval < 0.0:
                lane.approval = 1.0
                lane.general = 1.0
            lane.approval *= grant.approval
            lane.general = min(lane.general, grant.general)
            lane.wait_d = max(lane.wait_d, control.wait_d)


@compiled
def set_waits(model: Model, now: int) -> None:
    """Set how long an application made now takes on each route: the longest time holds.

    But for offices that may be busy: what lies before an office is in no wait that buyers
    stock up for, or else longer queues would breed larger orders, and these longer queues.
    """
    lanes, controls, control_route = model.lanes, model.controls, model.control_route
    waits_d, queue_route = model.wait_d, model.queue_route
    for q in range(queue_route.size):
        lanes[queue_route[q]].waiting_d = 0.0
    for c in range(controls.size):
        control = controls[c]
        if control.active == 0 or control.form != LICENSING or control.office >= 0:
            continue
        for i in range(control.first, control.end):
            lane = lanes[control_route[i]]
            drawn_d = waits_d[control.wait_row + i - control.first, now]
            lane.waiting_d = max(lane.waiting_d, drawn_d)


@compiled
def begin_approvals(model: Model, now: int, day: float) -> None:
    """Count the days of a quarter, anew when one begins: it is the reviews that begin in it.

    A short last review approves its part of what is due.
    """
    lanes, queue_route, queue_t = model.lanes, model.queue_route, model.queue_t
    settings = model.settings[0]
    quarter = int(day / QUARTER_D)
    if quarter != settings.quarter:
        settings.quarter = quarter
        settings.quarter_d = 0.0
        for q in range(queue_route.size):
            lanes[queue_route[q]].approved_quarter_t = 0.0
    settings.quarter_d += settings.review_d
    if settings.review_d < settings.step_d:
        for q in range(queue_route.size):
            queue_t[q, now % queue_t.shape[1]] *= settings.review_d / settings.step_d


@compiled
def take_approvals(model: Model, p: int, now: int) -> float:
    """Order what is approved on routes of product p now; return the tonnes.

    Of a quarter no more than the regime's share of the reference flow of its days so far,
    but for what general licences let pass. What is decided beyond that waits for the next
    review, up to a quarter's worth; the rest lapses, and so does what its buyer may no
    longer use. What is approved after its regime has ended goes through unhindered.
    """
    lanes, routes, pools = model.lanes, model.routes, model.pools
    queue_t, queue_route, queue_start = model.queue_t, model.queue_route, model.queue_start
    settings = model.settings[0]
    slots = queue_t.shape[1]
    slot = wrapped(now % slots, slots)
    next_slot = wrapped(now % slots + 1, slots)
    approved_t = 0.0
    for q in range(queue_start[p], queue_start[p + 1]):
        x = queue_route[q]
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
            usual_per_d = lane.approval * (1.0 - lane.general) * model.flow_per_d[now, x]
            left_t = usual_per_d * settings.quarter_d - lane.approved_quarter_t
            later_t = min(max(0.0, ready_t - max(0.0, left_t)), usual_per_d * QUARTER_D)
            ready_t = min(ready_t, max(0.0, left_t))
            queue_t[q, next_slot] += later_t
            pools[route.pool].queued_t += later_t
        lane.approved_quarter_t += ready_t
        lane.approved_t = ready_t
        route.order_t = ready_t
        approved_t += ready_t
    return approved_t


@compiled
def apply_for_licences(model: Model, p: int, now: int) -> None:
    """Turn the licensed part of the bids for product p into applications.

    A buyer counts on the approved share only and orders the rest elsewhere at once. What
    general licences cover needs no application. With offices they are filed already.
    """
    pools, pool_start, queue_start = model.pools, model.pool_start, model.queue_start
    queue_t, queue_route, settings = model.queue_t, model.queue_route, model.settings[0]
    if queue_start[p] == queue_start[p + 1]:
        return
    today = now % queue_t.shape[1]
    for h in range(pool_start[p], pool_start[p + 1]):
        pools[h].applied_t = 0.0
    for q in range(queue_start[p], queue_start[p + 1]):
        x = queue_route[q]
        amount_t = applied_t(model, x)
        if amount_t > 0.0 and settings.offices == 0:
            wait = min(model.lanes[x].waiting_d / settings.step_d, queue_t.shape[1] - 2.0)
            join_queue(queue_t[q], today, amount_t, wait)
        pools[model.routes[x].pool].applied_t += amount_t
    for h in range(pool_start[p], pool_start[p + 1]):
        pool = pools[h]
        if pool.applied_t > 0.0:
            pool.queued_t += pool.applied_t
            left = 1.0 - pool.applied_t / (pool.bid_use_t + pool.bid_gap_t)
            pool.bid_use_t *= left
            pool.bid_gap_t *= left


@compiled
def applied_t(model: Model, x: int) -> float:
    """Return what will be approved of the part of its buyer's bid that goes along a route [t].

    Purchasing offices apply for nothing, and nobody for what they may not use.
    """
    route, lane = model.routes[x], model.lanes[x]
    pool = model.pools[route.pool]
    bid_t = pool.bid_use_t + pool.bid_gap_t
    if route.licensed == 0 or route.barred == 1 or route.share <= 0.0 or bid_t <= 0.0:
        return 0.0
    if pool.kind == STRATEGIC or lane.approval <= 0.0 or lane.general >= 1.0:
        return 0.0
    if not pool.first_route <= x < pool.end_route:
        return 0.0
    return float(lane.approval * (1.0 - lane.general) * route.share * bid_t)


@compiled
def file_in_turn(model: Model, p: int, now: int) -> None:
    """File the applications of this review for product p where offices may be busy.

    In the order of the queues in one review, the other way round in the next: so nobody
    comes before another more often than after.
    """
    queue_route, queue_start = model.queue_route, model.queue_start
    first, last = queue_start[p], queue_start[p + 1] - 1
    for q in range(first, last + 1):
        x = queue_route[q if now % 2 == 0 else first + last - q]
        amount_t = applied_t(model, x)
        if amount_t > 0.0:
            file_applications(model, x, now, amount_t)


@compiled
def place_of(control: Row, control_route: Rows, x: int) -> int:
    """Return where a route stands in the run of a control, or its end where it does not."""
    for i in range(control.first, control.end):
        if control_route[i] == x:
            return int(i)
    return int(control.end)


@compiled
def file_applications(model: Model, x: int, now: int, amount_t: float) -> None:
    """Apply for an order on a route where offices may be busy: each shipment by itself.

    Every office that licenses the route works on it, granted or not; the longest wait holds.

    Args:
        model: changed in place.
        x: the route.
        now: number of this review.
        amount_t: tonnes that will be approved.
    """
    lane, controls, control_route = model.lanes[x], model.controls, model.control_route
    queue_t, waits_d, desk_d = model.queue_t, model.wait_d, model.desk_d
    step_d, today = model.settings[0].step_d, now % queue_t.shape[1]
    count = 1
    for c in range(controls.size):
        control = controls[c]
        busy = control.active == 1 and control.form == LICENSING and control.office >= 0
        if busy and place_of(control, control_route, x) < control.end:
            count = max(count, applications(amount_t / lane.approval, control.shipment_t))
    for _ in range(count):
        wait_d = lane.waiting_d
        for c in range(controls.size):
            control = controls[c]
            if control.active == 0 or control.form != LICENSING or control.office < 0:
                continue
            i = place_of(control, control_route, x)
            if i < control.end:
                work_d = waits_d[control.wait_row + i - control.first, now]
                decided_d = take_desk(desk_d[control.office], now * step_d, work_d)
                wait_d = max(wait_d, decided_d)
        wait = min(wait_d / step_d, queue_t.shape[1] - 2.0)
        join_queue(queue_t[lane.licence], today, amount_t / count, wait)


@compiled
def open_general(model: Model, p: int, now: int) -> None:
    """Open what general licences let pass of product p, beside what is applied for.

    A cap for each regime, over its routes together. Of a habitual share only that part
    counts which needs no application.
    """
    lanes, routes, queue_route = model.lanes, model.routes, model.queue_route
    controls, control_route, grants = model.controls, model.control_route, model.grants
    settings, queue_start = model.settings[0], model.queue_start
    for q in range(queue_start[p], queue_start[p + 1]):
        lane, route = lanes[queue_route[q]], routes[queue_route[q]]
        if route.licensed == 1 and lane.general > 0.0 and route.barred == 0:
            route.open_share = route.share * lane.general
            route.open_pull = route.pull
    for c in range(controls.size):
        control = controls[c]
        if control.active == 0 or control.general == 0 or control.product != p:
            continue
        control.next_cap = settings.first_cap
        settings.first_cap = c
        usual_per_d = 0.0
        for i in range(control.first, control.end):
            usual_per_d += grants[i].general * model.flow_per_d[now, control_route[i]]
        control.most_t = usual_per_d * settings.review_d
        control.room_t = control.most_t
