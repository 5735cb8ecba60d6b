"""Terms of reserves in plain Python: claims, debts, money set aside, obligations, rotation."""

from collections.abc import Callable
from math import exp

from reference.state import OPEN, STRATEGIC, State, Thing

BY_NEED, BY_FEES, BY_RANK = range(3)
ALONE, BY_PRIORITY, BY_GAP, BY_COVER, BY_HERFINDAHL, ALIKE = range(6)
CONTROL, DECLARED = 4, 5

Spend = Callable[[Thing, float], None]
Spare = Callable[[Thing], float]


def price_at(state: State, product: int, region: int) -> float:
    """Return the price of a product in a region."""
    return float(state.usd_per_t[product] * exp(state.log_price[product][region]))


def share(stock: Thing, lacks: dict[int, float], free: float) -> dict[int, float]:
    """Return what each owner gets of the tonnes free: ranks in turn, rights as bounds."""
    whole = stock.usable_t + stock.owed_t
    most = {
        r: min(t, max(0.0, stock.claims[r].right * whole - stock.claims[r].owed_t))
        for r, t in lacks.items()
    }
    given = dict.fromkeys(lacks, 0.0)
    for rank in sorted({stock.claims[r].rank for r in lacks}):
        mine = [r for r in lacks if stock.claims[r].rank == rank and most[r] > 0]
        while mine and free > 0:
            weight = {r: most[r] - given[r] for r in mine}
            if stock.share_by == BY_FEES:
                weight = {r: stock.claims[r].paid for r in mine}
            parts = {r: free * w / sum(weight.values()) for r, w in weight.items()}
            full = [r for r in mine if parts[r] >= most[r] - given[r]]
            for r in full or mine:
                more = min(parts[r], most[r] - given[r])
                given[r] += more
                free -= more
            if not full:
                return given
            mine = [r for r in mine if r not in full]
    return given


def unit_cost(stock: Thing) -> float:
    """Return what a tonne cost, of all that is paid for, under way or in hand."""
    paid = stock.pool.stock_t + stock.pool.way_t - stock.bought_t
    return float(stock.held_usd / paid) if paid > 0 else 0.0


def owe(stock: Thing, region: int, tonnes: float) -> None:
    """Note what owners in a region must give back."""
    if stock.lends:
        stock.claims[region].owed_t += tonnes
        stock.claims[region].drawn_t += tonnes
        stock.owed_t += tonnes


def keep_debts(state: State, now: int) -> None:
    """Settle what was bought back, and plan what was drawn."""
    for stock in (stock for stock in state.stocks if stock.lends or stock.owed_t > 0):
        back = min(1.0, stock.returned_t / stock.due_t) if stock.due_t > 0 else 0.0
        if stock.owed_t > 0:
            cost = stock.owed_usd * min(1.0, stock.returned_t / stock.owed_t)
            stock.owed_usd, stock.held_usd = stock.owed_usd - cost, stock.held_usd + cost
        for claim in stock.claims:
            claim.owed_t = max(0.0, claim.owed_t - claim.due_t * back)
            claim.due_t *= 1 - back
            plan = state.returns[claim.no]
            last = now + claim.reviews
            times = [last] if claim.at_end else list(range(now + 1, last + 1))
            for k in times:
                if k < len(plan) and claim.drawn_t > 0:
                    plan[k] += claim.drawn_t / len(times)
            claim.drawn_t = 0.0
            claim.due_t += plan[now + 1] if now + 1 < len(plan) else 0.0
        stock.due_t = sum(claim.due_t for claim in stock.claims)
        stock.owed_t = sum(claim.owed_t for claim in stock.claims)


def fees(state: State, stock: Thing) -> float:
    """Return what members and borrowers pay in a review."""
    own = sum(claim.fee_per_d * claim.right for claim in stock.claims)
    paid = own * (stock.held_usd + stock.owed_usd) + stock.loan_fee_per_d * stock.owed_usd
    return float(paid * state.settings.review_d)


def wanted(state: State, stock: Thing) -> float:
    """Return what a stock lacks to its target and may buy now."""
    closed = not stock.active or not stock.buying or stock.called
    if closed or (stock.has_released and not stock.refill):
        return 0.0
    if exp(state.log_price[stock.product][stock.place]) > stock.ceiling:
        return 0.0
    return float(max(0.0, stock.target_t - stock.pool.stock_t - stock.pool.way_t - stock.owed_t))


def would_buy(state: State, stock: Thing, cost: float, holding: float) -> float:
    """Return what a stock would buy now if the strategy's money reached for all."""
    accessible = stock.accessible_per_d * state.settings.review_d
    free = accessible - min(stock.due_t, accessible)
    own = state.instruments[stock.instrument].left_pv_usd - holding
    most = [stock.pace_per_d * state.settings.review_d, free, wanted(state, stock), own / cost]
    return max(0.0, min(most))


def set_aside(state: State, cost_pv: Callable[[Thing], float], holding: dict[int, float]) -> None:
    """Set money aside for what stocks lack: by priority, then by the rule, equals alike."""
    s = state.settings
    if s.buy_rule == ALONE:
        return
    if s.buy_rule == ALIKE:
        costs = {
            k: would_buy(state, k, cost_pv(k), holding[k.no]) * cost_pv(k) for k in state.stocks
        }
        left = max(0.0, s.pot_pv_usd - s.promised_pv_usd)
        whole = sum(costs.values())
        for stock, cost in costs.items():
            stock.allot_usd = left * cost / whole if whole > left else left
        return
    needs: dict[tuple[float, float], list[tuple[Thing, float]]] = {}
    for stock in state.stocks:
        own = state.instruments[stock.instrument].left_pv_usd - holding[stock.no]
        need = max(0.0, min(wanted(state, stock) * cost_pv(stock), own))
        stock.allot_usd = 0.0
        if need > 0:
            needs.setdefault((stock.turn, _score(state, stock)), []).append((stock, need))
    left = s.pot_pv_usd - s.promised_pv_usd
    for _, group in sorted(needs.items(), key=lambda item: item[0]):
        whole = sum(need for _, need in group)
        for stock, need in group:
            stock.allot_usd = need * min(1.0, max(0.0, left) / whole)
        left -= min(left, whole)


def _score(state: State, stock: Thing) -> float:
    rule = state.settings.buy_rule
    if rule == BY_GAP:
        return -round(wanted(state, stock) / stock.target_t, 9)
    if rule == BY_HERFINDAHL:
        return -round(stock.herfindahl, 9)
    if rule == BY_COVER:
        mine = [p for p in state.pools_of(stock.product) if p.kind != STRATEGIC]
        use = sum(p.use_per_d for p in mine if p.region in stock.owners)
        return price_at(state, stock.product, stock.place) * use
    return 0.0


def set_obligations(state: State, day: float) -> None:
    """Set what holders must keep beyond their own stock."""
    for pool in state.pools:
        pool.obliged_d = 0.0
    for row in (row for row in state.obligations if row.active):
        rise = 1.0 if row.phase_d <= 0 else min(1.0, (day - row.first_d) / row.phase_d)
        row.now_d = row.days * (rise if day >= row.first_d else 0.0)
        controlled = row.trigger == CONTROL
        free = controlled and state.under_control[row.pool.product][row.pool.region] == 1
        if not free and not (row.trigger == DECLARED and row.declared):
            row.pool.obliged_d += row.now_d


def pay_obligations(state: State, worth: float, spend: Spend) -> None:
    """Share the cost of holding obliged stocks between the budget and the holders."""
    s = state.settings
    for row in (row for row in state.obligations if row.active and row.now_d > 0):
        pool, instrument = row.pool, state.instruments[row.instrument]
        over = max(0.0, pool.stock_t - pool.use_per_d * pool.cover_d)
        held = min(over, pool.use_per_d * row.now_d)
        price = price_at(state, pool.product, pool.region)
        cost = held * price * row.holding_per_d * s.review_d
        left = min(instrument.left_pv_usd, s.pot_pv_usd - s.promised_pv_usd)
        public = min(cost * row.public_share, max(0.0, left) / worth)
        spend(instrument, public)
        instrument.private_usd += cost - public


def rotate(state: State, spare: Spare, worth: float, spend: Spend) -> None:
    """Change what is too old for fresh, as far as market and money go; lose the rest."""
    s = state.settings
    for stock in (stock for stock in state.stocks if stock.ageing_per_d > 0):
        pool, instrument = stock.pool, state.instruments[stock.instrument]
        due = pool.stock_t * min(1.0, stock.ageing_per_d * s.review_d)
        home = [p for p in state.pools_of(stock.product) if p.kind == OPEN]
        takes = sum(p.use_per_d for p in home if p.region == stock.place) * s.review_d
        fresh = min(due, takes)
        cost = fresh * price_at(state, stock.product, stock.place) * stock.rotation
        left = min(spare(stock), s.pot_pv_usd - s.promised_pv_usd)
        left = max(0.0, left) / worth
        if cost > left:
            fresh, cost = fresh * left / cost, left
        spend(instrument, cost)
        if due > fresh:
            kept = max(0.0, 1 - (due - fresh) / pool.stock_t)
            stock.held_usd -= (due - fresh) * unit_cost(stock)
            stock.usable_t *= kept
            pool.clean_t, pool.stock_t = pool.clean_t * kept, pool.stock_t - (due - fresh)
            stock.lost_t += due - fresh


def swap(state: State, now: int, spare: Spare, days: float, spend: Spend) -> None:
    """Move reserves elsewhere, or give them to the market for a debt of another product."""
    s = state.settings
    for row in (row for row in state.swaps if row.open):
        gives, takes = state.stocks[row.gives], state.stocks[row.takes]
        instrument = state.instruments[row.instrument]
        same = gives.product == takes.product
        market = [
            p for p in state.pools_of(gives.product) if p.kind == OPEN and p.region == gives.place
        ]
        most = [row.left_t, gives.pool.stock_t]
        if gives.pool.stock_t <= 0:
            continue
        worth = exp(-s.discount_per_d * now * s.step_d)
        freight = row.freight_usd_per_t * worth
        unit = unit_cost(gives) * days
        rates = (takes.holding_per_d, takes.holding_per_d - gives.holding_per_d)
        for left, per_tonne in (
            (instrument.left_pv_usd, freight),
            (spare(takes), unit * rates[0]),
            (s.pot_pv_usd - s.promised_pv_usd, freight + unit * rates[1]),
        ):
            if per_tonne > 0:
                most.append(max(0.0, left) / per_tonne)
        if not same:
            most.append(sum(p.use_per_d for p in market) * s.review_d)
        tonnes = min(most)
        if tonnes <= 0:
            continue
        part = tonnes / gives.pool.stock_t
        clean, cost = gives.pool.clean_t * part, tonnes * unit_cost(gives)
        usable = gives.usable_t * part
        gives.pool.clean_t, gives.held_usd = gives.pool.clean_t - clean, gives.held_usd - cost
        gives.pool.stock_t, gives.usable_t = (
            gives.pool.stock_t - tonnes,
            gives.usable_t * (1 - part),
        )
        if same:
            takes.held_usd += cost
            takes.pool.way_t += tonnes
            for slot, share_ in ((row.slot, 1 - row.late), (row.slot + 1, row.late)):
                state.way[takes.pool.no][(now + slot) % state.slots] += tonnes * share_
                state.way_clean[takes.pool.no][(now + slot) % state.slots] += clean * share_
                more = usable - tonnes * takes.usable_share
                state.way_more[takes.no][(now + slot) % state.slots] += more * share_
        else:
            market[0].stock_t += tonnes
            market[0].clean_t += clean
            takes.owed_usd += cost
            for debt in (takes, takes.claims[gives.place]):
                debt.owed_t += tonnes * row.ratio
                debt.due_t += tonnes * row.ratio
        row.left_t -= tonnes
        s.promised_pv_usd += cost * rates[1] * days
        spend(instrument, tonnes * row.freight_usd_per_t)
