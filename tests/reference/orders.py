"""The order pass: bids of every product, from final products up to mines."""

from collections import defaultdict
from math import ceil, exp, floor

from reference.market import Market, Tonnes
from reference.reserves import share, would_buy
from reference.state import OPEN, STRATEGIC, TIER1, State, Thing

QUARTER_D = 365.25 / 4


def place_orders(
    state: State, now: int, day: float, offers: dict[tuple[Thing, Thing], float]
) -> None:
    """Run the order pass; leaves what was sent, accepted, taken and wanted on the things.

    Args:
        state: changed in place.
        now: number of the review.
        day: day on which it begins.
        offers: strategic input offered by a stock to a pool.
    """
    for pool in state.pools:
        pool.want_t = pool.taken_t = 0.0
        mine = {s: t for (s, at), t in offers.items() if at is pool}
        pool.offered_t = sum(mine.values())
        pool.offered_clean_t = sum(t * s.pool.clean_t / s.pool.stock_t for s, t in mine.items())
    begin_approvals(state, now, day)
    for product in reversed(range(state.products)):
        _order_product(state, product, now, day, offers)


def part_of(state: State, need: Thing) -> float:
    """Return the part of a pool that stands ready for one need.

    Tier 1 comes first; the rest goes by what makers could take and other users want.
    """
    pool = need.pool
    final = [u for u in state.uses if u.pool is pool]
    first = sum(u.demand_t for u in final if u.tier == 1)
    rivals = [n for n in state.needs if n.pool is pool]
    whole = sum(n.maker.capacity_t * n.input_per_t for n in rivals)
    whole += sum(u.demand_t for u in final if u.tier != 1)
    if whole <= 0 or pool.stock_t <= first:
        return 0.0
    rest = (pool.stock_t - first) / pool.stock_t
    return rest * need.maker.capacity_t * need.input_per_t / whole


def _order_product(
    state: State, product: int, now: int, day: float, offers: dict[tuple[Thing, Thing], float]
) -> None:
    market = Market(state, product)
    for maker in market.makers:
        stock = [
            (part_of(state, n) * n.pool.stock_t / n.input_per_t,
             part_of(state, n) * n.pool.clean_t / n.input_per_t)
            for n in maker.needs
        ]  # fmt: skip
        market.room[maker] = min([maker.capacity_t, *(whole for whole, _ in stock)])
        clean = min([maker.capacity_t, *(part for _, part in stock)])
        market.clean_room[maker] = 0.0 if maker.controlled else clean
    lacking = {m for m in market.makers if market.room[m] < m.capacity_t}
    for yard in (yard for yard in state.yards if yard.product == product):
        market.room[yard.maker] = min(market.room[yard.maker], yard.hand_t)
        market.clean_room[yard.maker] = min(market.clean_room[yard.maker], yard.hand_t)
    pools = state.pools_of(product)
    for pool in pools:
        if pool.kind == STRATEGIC:
            _strategic_bid(state, pool, day)
        else:
            _commercial_bid(state, pool)
    _share_access(state, [pool for pool in pools if pool.kind == STRATEGIC])
    for pool in pools:
        pool.bid_t = pool.bid_use_t + pool.bid_gap_t
    asked: dict[Thing, float] = {}
    for pool in pools:
        if pool.kind != STRATEGIC:
            asked |= _apply(state, pool)
    _file(state, asked, now)
    approved = _approved(state, market, now)
    market.cut_to_caps(approved)
    market.cut_to_clean(approved)
    market.accept(approved)
    market.open_general()
    use, gap = _by_class(market, pools)
    missed = _buy_rest(state, market, day)
    _released(state, market, use, offers)
    unserved = {pool: use[pool] + gap[pool] for pool in use}
    lost = market.lost_for_lack_of_input(unserved, lacking)
    for route in market.routes:
        route.sent_t = market.sent[route]
    for maker in market.makers:
        maker.accepted_t, maker.tier1_t = market.accepted[maker], market.for_tier1[maker]
        _want_inputs(state, maker, lost.get(maker, 0.0) + missed.get(maker, 0.0))


def _commercial_bid(state: State, pool: Thing) -> None:
    """Bid for use now, the gap to the targets, and their growth."""
    s = state.settings
    ahead_d = pool.lead_d + pool.queue_d
    growth_downstream = pool.extra_per_d - pool.slope_per_d * (pool.cover_d + pool.lead_d)
    usual = (pool.use_per_d + growth_downstream) * s.review_d
    held_d = pool.rush * pool.cover_d + pool.obliged_d
    target = pool.use_per_d * (held_d + ahead_d) - usual
    there = pool.stock_t + pool.way_t + pool.queued_t - pool.demand_t - pool.taken_t
    gap = s.close * (target - there) + pool.slope_per_d * (held_d + ahead_d) * s.review_d
    use = pool.demand_t + pool.want_t
    pool.bid_use_t, pool.bid_gap_t = max(0.0, use + min(0.0, gap)), max(0.0, gap)


def held_d(state: State, day: float) -> float:
    """Return the discounted days that a stock is held from now to the end."""
    s = state.settings
    left_d, rate = max(0.0, s.end_d - day), s.discount_per_d
    if rate <= 0:
        return left_d
    return s.step_d * (1 - exp(-rate * left_d)) / (1 - exp(-rate * s.step_d))


def holding_pv(state: State, stock: Thing, day: float) -> float:
    """Return the worth today of holding a stock to the end."""
    worth = exp(-state.settings.discount_per_d * day)
    value = stock.held_usd + stock.owed_usd
    return float(value * stock.holding_per_d * held_d(state, day) * worth)


def spare_pv(state: State, stock: Thing, day: float) -> float:
    """Return what a stock's own budget leaves beside what it is bound to."""
    worth = exp(-state.settings.discount_per_d * day)
    bound = holding_pv(state, stock, day) + stock.bid_t * cost_pv(state, stock, day)
    bound += stock.contract_usd * stock.holding_per_d * held_d(state, day) * worth
    return float(state.instruments[stock.instrument].left_pv_usd - bound)


def price_of(state: State, stock: Thing) -> float:
    """Return the price of a stock's product at its place."""
    level = exp(state.log_price[stock.product][stock.place])
    return float(state.usd_per_t[stock.product] * level)


def cost_pv(state: State, stock: Thing, day: float) -> float:
    """Return the worth today of buying a tonne and holding it to the end."""
    worth = exp(-state.settings.discount_per_d * day)
    return price_of(state, stock) * worth * (1 + stock.holding_per_d * held_d(state, day))


def _strategic_bid(state: State, pool: Thing, day: float) -> None:
    """Bid for what borrowers owe, and for what target, pace, market, ceiling and money allow."""
    s, stock = state.settings, state.stocks[pool.stockpile]
    accessible = stock.accessible_per_d * s.review_d
    lent = stock.active and not stock.called
    stock.back_t = min(stock.due_t, accessible) if lent else 0.0
    stock.bid_t = 0.0
    cost = cost_pv(state, stock, day)
    most = would_buy(state, stock, cost, holding_pv(state, stock, day))
    if most > 0:
        money = s.pot_pv_usd - s.promised_pv_usd
        if s.buy_rule:
            money = min(money, stock.allot_usd)
        stock.bid_t = max(0.0, min(most, money / cost))
        s.promised_pv_usd += stock.bid_t * cost
    pool.bid_use_t, pool.bid_gap_t = 0.0, stock.bid_t + stock.back_t


def _share_access(state: State, offices: list[Thing]) -> None:
    """Let offices that buy the same product share the market that they reach."""
    bidding = [state.stocks[pool.stockpile] for pool in offices if pool.bid_gap_t > 0]
    bids = sum(stock.bid_t + stock.back_t for stock in bidding)
    reach = max((s.accessible_per_d for s in bidding), default=0.0) * state.settings.review_d
    if bids > reach:
        for stock in bidding:
            stock.bid_t, stock.back_t = stock.bid_t * reach / bids, stock.back_t * reach / bids
            stock.pool.bid_gap_t *= reach / bids


def _apply(state: State, pool: Thing) -> dict[Thing, float]:
    """Return applications along habitual routes; the approved share leaves the bid."""
    bid = pool.bid_use_t + pool.bid_gap_t
    asked = {
        route: (1 - route.general) * route.share * bid
        for route in pool.routes
        if route.licensed and not route.barred and route.approval > 0 and route.share * bid > 0
    }
    applied = sum(route.approval * tonnes for route, tonnes in asked.items())
    if applied > 0:
        pool.queued_t += applied
        pool.bid_use_t *= 1 - applied / bid
        pool.bid_gap_t *= 1 - applied / bid
    return asked


def _file(state: State, asked: dict[Thing, float], now: int) -> None:
    """File applications by the numbers of their queues, from the last on in every other review."""
    for route in sorted(asked, key=lambda route: route.licence, reverse=now % 2 == 1):
        if route.general >= 1:
            continue
        sizes = [c.shipment_t for c, _ in route.offices if c.shipment_t > 0]
        count = max([1, *(ceil(asked[route] / size - 1e-9) for size in sizes)])
        for _ in range(count):
            wait_d = max([route.waiting_d, *(worked_on(state, now, *o) for o in route.offices)])
            wait = min(wait_d / state.settings.step_d, state.queue_slots - 2)
            whole, amount = floor(wait), route.approval * asked[route] / count
            ring = state.queue[route.licence]
            ring[(now + whole) % state.queue_slots] += amount * (1 - (wait - whole))
            ring[(now + whole + 1) % state.queue_slots] += amount * (wait - whole)


def worked_on(state: State, now: int, control: Thing, work_d: float) -> float:
    """Let the officer who is free first work on an application; return its days to a decision."""
    desks, today = state.desks[control.office], now * state.settings.step_d
    soonest = desks.index(min(desks))
    desks[soonest] = max(today, desks[soonest]) + work_d
    return desks[soonest] - today


def begin_approvals(state: State, now: int, day: float) -> None:
    """Count the days of a quarter, anew from its first review; a short review gets its part."""
    s = state.settings
    for ring in state.queue:
        ring[now % state.queue_slots] *= s.review_d / s.step_d
    if floor(day / QUARTER_D) != s.quarter:
        s.quarter, s.quarter_d = floor(day / QUARTER_D), 0.0
        for route in state.routes:
            if route.licence >= 0:
                route.approved_quarter_t = 0.0
    s.quarter_d += s.review_d


def _approved(state: State, market: Market, now: int) -> Tonnes:
    """Return what is approved by route: of a quarter no more than their share of its days."""
    found: Tonnes = {}
    for route in market.routes:
        if route.licence < 0:
            continue
        ring = state.queue[route.licence]
        slot = now % state.queue_slots
        ready, ring[slot] = ring[slot], 0.0
        route.pool.queued_t -= ready
        if route.barred:
            ready = 0.0
        if route.licensed:
            usual = route.approval * (1 - route.general) * route.flow_per_d
            most = max(0.0, usual * state.settings.quarter_d - route.approved_quarter_t)
            later = min(max(0.0, ready - most), usual * QUARTER_D)
            ring[(now + 1) % state.queue_slots] += later
            route.pool.queued_t += later
            ready = min(ready, most)
        route.approved_t = ready
        route.approved_quarter_t += ready
        found[route] = ready
    return found


def _by_class(market: Market, pools: list[Thing]) -> tuple[Tonnes, Tonnes]:
    """Serve bids class by class; return what stays unserved of use and of rebuilding."""
    sizes = {pool: pool.bid_use_t + pool.bid_gap_t for pool in pools}
    use: Tonnes = dict.fromkeys((p for p in pools if p.kind != STRATEGIC), 0.0)
    gap = dict(use)
    for into, kind, name in (
        (use, TIER1, "bid_use_t"),
        (use, OPEN, "bid_use_t"),
        (gap, TIER1, "bid_gap_t"),
        (gap, OPEN, "bid_gap_t"),
        ({}, STRATEGIC, "bid_gap_t"),
    ):
        wants = {p: getattr(p, name) for p in pools if p.kind == kind}
        if any(wants.values()):
            into.update(market.serve(wants, sizes))
    return use, gap


def taken_first(state: State, maker: Thing) -> list[Thing]:
    """Return the running plants of a maker that stand under an offtake in force."""
    return [
        p
        for p in state.projects
        if p.maker is maker
        and p.running
        and p.floor >= 0
        and state.floors[p.floor].offtake
        and state.floors[p.floor].open
    ]


def _buy_rest(state: State, market: Market, day: float) -> Tonnes:
    """Order what the market leaves of offtakes for their stockpiles; return what input lacks."""
    s, missed, took = state.settings, {}, {}
    accepted, room = dict(market.accepted), dict(market.room)
    for deal in state.floors:
        plants = [p for m in market.makers for p in taken_first(state, m) if p.floor == deal.no]
        plants = [p for p in plants if p.capacity_per_d > 0]
        if deal.stockpile < 0 or not plants:
            continue
        stock = state.stocks[deal.stockpile]
        could = {p: p.capacity_per_d * s.review_d for p in plants}
        first = {
            p: sum(q.capacity_per_d for q in taken_first(state, p.maker)) * s.review_d
            for p in plants
        }
        sold = {p: could[p] * min(1.0, accepted[p.maker] / first[p]) for p in plants}
        spare = sum(could[p] - sold[p] for p in plants)
        want = min(deal.cap_per_d * s.review_d - sum(sold.values()), _funds(state, deal, day))
        if want <= 0 or spare <= 0:
            continue
        for plant in plants:
            ways = [r for r in stock.pool.routes if r.maker is plant.maker]
            ways = [r for r in ways if r not in market.closed]
            if not ways:
                continue
            asked = min(1.0, want / spare) * (could[plant] - sold[plant])
            free = room[plant.maker] * could[plant] / first[plant]
            missed[plant.maker] = missed.get(plant.maker, 0.0) + max(0.0, asked - free)
            caps = [c for c in market.caps if ways[0] in c.routes]
            tonnes = min([asked, free, *(market.caps[c] for c in caps)])
            for control in caps:
                market.caps[control] -= tonnes
            market.sent[ways[0]] += tonnes
            stock.pool.bid_t += tonnes
            stock.contract_t += tonnes
            stock.contract_usd += tonnes * deal.strike_usd_per_t
            s.promised_pv_usd += tonnes * _contract_cost(state, deal, day)
            plant.contract_t = took[plant] = tonnes
    for plant, tonnes in took.items():
        market.accepted[plant.maker] += tonnes
        market.room[plant.maker] = max(0.0, market.room[plant.maker] - tonnes)
    return missed


def _contract_cost(state: State, floor: Thing, day: float) -> float:
    """Return the worth today of a tonne at the price of an offtake, and of holding it."""
    held = state.stocks[floor.stockpile].holding_per_d * held_d(state, day)
    return float(floor.strike_usd_per_t * exp(-state.settings.discount_per_d * day) * (1 + held))


def _funds(state: State, floor: Thing, day: float) -> float:
    """Return the tonnes that an offtake can pay and its stockpile can hold."""
    s, stock = state.settings, state.stocks[floor.stockpile]
    price = floor.strike_usd_per_t * exp(-s.discount_per_d * day)
    holding = _contract_cost(state, floor, day) - price
    most = [
        (s.pot_pv_usd - s.promised_pv_usd) / (price + holding),
        state.instruments[floor.instrument].left_pv_usd / price,
    ]
    if holding > 0:
        most.append(spare_pv(state, stock, day) / holding)
    return max(0.0, min(most))


def _released(
    state: State, market: Market, use: Tonnes, offers: dict[tuple[Thing, Thing], float]
) -> None:
    """Serve use that only released input can still serve, for the owners' entitled users."""
    opened = False
    for maker in market.makers:
        extra = 0.0
        if any(n.pool.offered_t > 0 for n in maker.needs):
            reach = [
                part_of(state, n) * (n.pool.stock_t + n.pool.offered_t) / n.input_per_t
                for n in maker.needs
            ]
            extra = max(0.0, min([maker.capacity_t, *reach]) - market.accepted[maker])
        market.room[maker] = extra
        clean = [
            part_of(state, n) * (n.pool.clean_t + n.pool.offered_clean_t) / n.input_per_t
            for n in maker.needs
        ]
        reach_clean = min([maker.capacity_t, *clean]) - market.for_tier1[maker]
        market.clean_room[maker] = max(0.0, min(extra, reach_clean))
        if maker.controlled:
            market.clean_room[maker] = 0.0
        opened = opened or extra > 0
    if not opened:
        return
    fed = {n.pool for maker in market.makers for n in maker.needs}
    owners = {r for (s, at), t in offers.items() if t > 0 and at in fed for r in s.owners}
    wants: Tonnes = {}
    for pool in use:
        if pool.region in owners:
            wants[pool] = _entitled_lack(state, pool, use[pool])
            use[pool] -= wants[pool]
    sizes = {pool: pool.bid_use_t + pool.bid_gap_t for pool in wants}
    for pool, left in market.serve(wants, sizes).items():
        use[pool] += left


def _entitled_lack(state: State, pool: Thing, unserved: float) -> float:
    """Return the part of unserved use that may draw on what is being released."""
    if pool.demand_t <= 0:
        return unserved
    tiers = {
        tier
        for s in state.stocks
        if s.releasing and state.feeds(s.product, pool.product) and pool.region in s.owners
        for tier in s.may_draw
    }
    held = sum(u.demand_t for u in state.uses if u.pool is pool and u.tier in tiers)
    return float(min(unserved, held))


def _want_inputs(state: State, maker: Thing, turned_away: float) -> None:
    """Want each input for what could be made if only that input were there."""
    could = min(maker.capacity_t, maker.accepted_t + turned_away)
    for need in maker.needs:
        others = [
            part_of(state, n) * (n.pool.stock_t + n.pool.offered_t) / n.input_per_t
            for n in maker.needs
            if n is not need
        ]
        need.pool.want_t += min([could, *others]) * need.input_per_t
        need.pool.taken_t += maker.accepted_t * need.input_per_t


def offer_inputs(state: State) -> dict[tuple[Thing, Thing], float]:
    """Offer released input to the owners' makers, by what they could take."""
    offers: dict[tuple[Thing, Thing], float] = defaultdict(float)
    for stock in state.stocks:
        if not stock.releasing or stock.final:
            continue
        pull = {
            pool: sum(n.maker.capacity_t * n.input_per_t for n in state.needs if n.pool is pool)
            for pool in state.pools_of(stock.product)
            if pool.kind == OPEN and pool.region in stock.owners
        }
        free = min(stock.usable_t, stock.rate_per_d * state.settings.review_d)
        given = share(stock, {pool.region: t for pool, t in pull.items()}, free)
        for pool, tonnes in pull.items():
            if sum(pull.values()) > 0:
                offers[stock, pool] = free * tonnes / sum(pull.values())
                if stock.claimed:
                    offers[stock, pool] = given[pool.region]
    return offers
