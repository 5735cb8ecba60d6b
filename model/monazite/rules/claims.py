"""What owners may draw of a reserve, which of them goes first, and what they owe it."""

from monazite.rules.compiled import compiled
from monazite.rules.records import BY_FEES, Model, Row

LEAST = 1e-12


@compiled
def forget_lacks(model: Model, s: int) -> None:
    """Set what every owner of stockpile s lacks and is given to nothing."""
    claims, regions = model.claims, model.entitled.shape[1]
    for c in range(s * regions, (s + 1) * regions):
        claims[c].lack_t = 0.0
        claims[c].given_t = 0.0


@compiled
def share_among(model: Model, s: int, free_t: float) -> float:
    """Share tonnes among owners that lack them; set `given_t` and return the sum [t].

    By need, by what they pay, or by rank; nobody draws more than its right to what the
    reserve holds and is owed, less what it owes itself. What one owner cannot take passes
    on to the others, in rounds.
    """
    claims, stock = model.claims, model.stockpiles[s]
    regions = model.entitled.shape[1]
    first, last = s * regions, (s + 1) * regions
    whole_t = stock.usable_t + stock.owed_t
    for c in range(first, last):
        claim = claims[c]
        claim.open_t = min(claim.lack_t, max(0.0, claim.right * whole_t - claim.owed_t))
    shared_t = 0.0
    for _ in range(2 * regions + 1):
        rank = 1e300
        for c in range(first, last):
            if is_open(claims[c]):
                rank = min(rank, claims[c].rank)
        weights = 0.0
        for c in range(first, last):
            if is_open(claims[c]) and claims[c].rank == rank:
                weights += weight_of(claims[c], stock.share_by)
        if weights <= 0.0 or free_t <= LEAST * shared_t:
            break
        for_all_t = free_t
        for c in range(first, last):
            claim = claims[c]
            if is_open(claim) and claim.rank == rank:
                claim.next_t = for_all_t * weight_of(claim, stock.share_by) / weights
        for c in range(first, last):
            claim = claims[c]
            if claim.next_t > 0.0:
                more_t = min(claim.next_t, claim.open_t - claim.given_t)
                claim.given_t += more_t
                claim.next_t = 0.0
                shared_t += more_t
                free_t -= more_t
    return shared_t


@compiled
def is_open(claim: Row) -> bool:
    """Return whether an owner still lacks something that it may draw."""
    return bool(claim.open_t - claim.given_t > LEAST * claim.open_t)


@compiled
def weight_of(claim: Row, share_by: int) -> float:
    """Return what an owner counts for where there is not enough for all."""
    return float(claim.paid if share_by == BY_FEES else claim.open_t - claim.given_t)


@compiled
def owe(model: Model, s: int, region: int, amount_t: float) -> None:
    """Note that owners in a region have drawn what they must give back [t]."""
    claims, stock = model.claims, model.stockpiles[s]
    if stock.lends == 1 and amount_t > 0.0:
        claim = claims[s * model.entitled.shape[1] + region]
        claim.owed_t += amount_t
        claim.drawn_t += amount_t
        stock.owed_t += amount_t


@compiled
def keep_debts(model: Model, now: int) -> None:
    """Take what was bought for borrowers off what they owe, and set what is due next.

    A member gives back what it drew in even parts within its time; a loan comes back at the
    end of it. What could not be bought stays due.
    """
    stockpiles, claims, returns_t = model.stockpiles, model.claims, model.returns_t
    regions = model.entitled.shape[1]
    for s in range(stockpiles.size):
        stock = stockpiles[s]
        if stock.lends == 0 and stock.owed_t <= 0.0:
            continue
        back = min(1.0, stock.returned_t / stock.due_t) if stock.due_t > 0.0 else 0.0
        if stock.owed_t > 0.0:
            cost_usd = stock.owed_usd * min(1.0, stock.returned_t / stock.owed_t)
            stock.owed_usd -= cost_usd
            stock.held_usd += cost_usd
        stock.due_t = 0.0
        stock.owed_t = 0.0
        for c in range(s * regions, (s + 1) * regions):
            claim = claims[c]
            claim.owed_t = max(0.0, claim.owed_t - claim.due_t * back)
            claim.due_t *= 1.0 - back
            if claim.drawn_t > 0.0:
                plan_return(model, c, now)
            if now + 1 < returns_t.shape[1]:
                claim.due_t += returns_t[c, now + 1]
            stock.due_t += claim.due_t
            stock.owed_t += claim.owed_t


@compiled
def plan_return(model: Model, c: int, now: int) -> None:
    """Plan in which reviews what was drawn in this one is bought back."""
    claim, returns_t = model.claims[c], model.returns_t
    first = now + claim.reviews if claim.at_end == 1 else now + 1
    part_t = claim.drawn_t if claim.at_end == 1 else claim.drawn_t / claim.reviews
    for k in range(first, min(now + claim.reviews, returns_t.shape[1] - 1) + 1):
        returns_t[c, k] += part_t
    claim.drawn_t = 0.0
