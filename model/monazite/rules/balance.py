"""The start in balance: production, use and trade brought into agreement."""

from typing import NamedTuple

import numpy as np

from monazite.rules.compiled import allocating
from monazite.rules.records import Floats, Ints

MOST_ROUNDS = 500
CLOSE = 1e-9


class Chain(NamedTuple):
    """Who makes, needs and sells what: the shape of a chain as arrays.

    H pools, M makers, X routes, N needs, P products with mines first. Pools, makers and
    routes are sorted by product.
    """

    pool_start: Ints  # (P + 1,)
    maker_start: Ints  # (P + 1,)
    route_start: Ints  # (P + 1,)
    route_maker: Ints  # (X,)
    route_pool: Ints  # (X,)
    need_start: Ints  # (M + 1,)
    need_pool: Ints  # (N,)


@allocating
def ras(flow: Floats, seller: Ints, buyer: Ints, made: Floats, used: Floats) -> float:
    """Scale flows in turn to what sellers make and buyers use; zeros stay zero.

    Biproportional fitting (Bacharach 1970), which ends with the buyers exact.

    Args:
        flow: prior flows, changed in place, shape (X,), >= 0.
        seller: row of each flow, shape (X,).
        buyer: column of each flow, shape (X,).
        made: row totals, shape (M,).
        used: column totals, shape (H,), with the same sum as `made`.

    Returns:
        The largest relative miss of a row that has flows.
    """
    row = made * 0.0
    column = used * 0.0
    miss = 0.0
    for _ in range(MOST_ROUNDS):
        row[:] = 0.0
        for x in range(flow.size):
            row[seller[x]] += flow[x]
        miss = 0.0
        for i in range(row.size):
            if row[i] > 0.0:
                row[i] = made[i] / row[i]
                miss = max(miss, abs(row[i] - 1.0))
        column[:] = 0.0
        for x in range(flow.size):
            flow[x] *= row[seller[x]]
            column[buyer[x]] += flow[x]
        for j in range(column.size):
            if column[j] > 0.0:
                column[j] = used[j] / column[j]
        for x in range(flow.size):
            flow[x] *= column[buyer[x]]
        if miss < CLOSE:
            break
    return miss


@allocating
def close_product(recorded: Floats, balances: Ints, total: float, first: int, last: int) -> float:
    """Let the balancing makers of one product take what does not close.

    Args:
        recorded: output of every maker, changed in place, shape (M,).
        balances: 1 where a maker takes the rest, shape (M,).
        total: what all pools of the product use.
        first: first maker of the product.
        last: end of its makers.

    Returns:
        What would have to be made by nobody: above 0 where no maker can balance,
        below 0 where the others make too much.
    """
    fixed, free = 0.0, 0.0
    for m in range(first, last):
        if balances[m] == 1:
            free += recorded[m]
        else:
            fixed += recorded[m]
    rest = total - fixed
    if free <= 0.0 or rest < 0.0:
        return rest
    for m in range(first, last):
        if balances[m] == 1:
            recorded[m] *= rest / free
    return 0.0


@allocating
def set_priors(chain: Chain, p: int, prior: Floats, made: Floats, used: Floats) -> None:
    """Turn prior shares into prior flows of product p, in place.

    A share below 0 means that none is known: what known shares leave of a buyer's use
    then goes to these sellers by their output (gravity).
    """
    low, high = chain.route_start[p], chain.route_start[p + 1]
    known = used * 0.0
    pull = used * 0.0
    for x in range(low, high):
        if prior[x] >= 0.0:
            known[chain.route_pool[x]] += prior[x]
        else:
            pull[chain.route_pool[x]] += made[chain.route_maker[x]]
    for x in range(low, high):
        h, m = chain.route_pool[x], chain.route_maker[x]
        if made[m] <= 0.0:
            prior[x] = 0.0
        elif prior[x] >= 0.0:
            prior[x] *= used[h]
        else:
            prior[x] = max(0.02, 1.0 - known[h]) * used[h] * made[m] / pull[h]


@allocating
def balance(
    chain: Chain,
    used: Floats,
    made: Floats,
    balances: Ints,
    prior: Floats,
    input_per_t: Floats,
    fault: Floats,
) -> None:
    """Bring a chain into balance from its final uses up to its mines.

    Use is held; makers flagged as balancing take what does not close; trade is fitted to
    both. Everything is exact afterwards: flows add up to the use of each pool and to the
    output of each maker, and inputs to what their makers take.

    Args:
        chain: the shape.
        used: final use of each pool on entry, whole use on return, shape (H,) [t/d].
        made: recorded output on entry, balanced output on return, shape (M,) [t/d].
        balances: 1 where a maker takes the rest, shape (M,).
        prior: prior shares on entry (below 0: unknown), flows on return, shape (X,).
        input_per_t: tonnes of input per tonne of output, shape (N,).
        fault: per product what does not close [t/d] and the miss of the fit, shape (P, 2).
    """
    for p in range(chain.pool_start.size - 2, -1, -1):
        total = 0.0
        for h in range(chain.pool_start[p], chain.pool_start[p + 1]):
            total += used[h]
        first, last = chain.maker_start[p], chain.maker_start[p + 1]
        low, high = chain.route_start[p], chain.route_start[p + 1]
        fault[p, 0] = close_product(made, balances, total, first, last)
        set_priors(chain, p, prior, made, used)
        seller, buyer = chain.route_maker[low:high], chain.route_pool[low:high]
        fault[p, 1] = ras(prior[low:high], seller, buyer, made, used)
        for m in range(first, last):
            made[m] = 0.0
        for x in range(low, high):
            made[chain.route_maker[x]] += prior[x]
        for m in range(first, last):
            for n in range(chain.need_start[m], chain.need_start[m + 1]):
                used[chain.need_pool[n]] += input_per_t[n] * made[m]


class Scrap(NamedTuple):
    """What scrap allows recyclers on the undisturbed path; n pairs of makers.

    `plain` is filled with what they would make along fixed shares.
    """

    works: Ints  # (M,) 1 where a maker works up scrap
    worn: Floats  # (Y, M) output from worn-out goods [t/d]
    leaver: Ints  # (n,) maker that leaves scrap
    recycler: Ints  # (n,) maker that works it up
    part: Floats  # (n,) tonnes of output for a tonne that the first makes
    plain: Floats  # (Y, M)


MOST_RECYCLED = 0.95
"""Recyclers do not crowd all others out of a pool, however much scrap there is."""


@allocating
def follow_scrap(chain: Chain, p: int, y: int, flow: Floats, made: Floats, scrap: Scrap) -> None:
    """Bring recyclers of product p to what their scrap allows; others make up for it.

    In each pool, in proportion; a pool that no one else supplies is left as it is.
    """
    first, last = chain.maker_start[p], chain.maker_start[p + 1]
    if scrap.works[first:last].sum() == 0:
        return
    low, high = chain.route_start[p], chain.route_start[p + 1]
    scale = made[y] * 0.0
    for m in range(first, last):
        scrap.plain[y, m] = made[y, m]
        allowed = scrap.worn[y, m]
        for i in range(scrap.part.size):
            if scrap.recycler[i] == m:
                allowed += scrap.part[i] * made[y, scrap.leaver[i]]
        scale[m] = allowed / made[y, m] if made[y, m] > 0.0 else 0.0
        made[y, m] = 0.0
    before = np.zeros(chain.pool_start[-1])
    after = np.zeros(chain.pool_start[-1])
    other = np.zeros(chain.pool_start[-1])
    for x in range(low, high):
        h, m = chain.route_pool[x], chain.route_maker[x]
        if scrap.works[m] == 1:
            before[h] += flow[y, x]
            after[h] += flow[y, x] * scale[m]
        else:
            other[h] += flow[y, x]
    for x in range(low, high):
        h, m = chain.route_pool[x], chain.route_maker[x]
        if other[h] > 0.0 and after[h] > 0.0:
            most = MOST_RECYCLED * (before[h] + other[h])
            least = min(1.0, max(before[h], most) / after[h])
            if scrap.works[m] == 1:
                flow[y, x] *= scale[m] * least
            else:
                flow[y, x] *= (before[h] + other[h] - after[h] * least) / other[h]
        made[y, m] += flow[y, x]


@allocating
def propagate(
    chain: Chain,
    used: Floats,
    flow: Floats,
    made: Floats,
    share: Floats,
    input_per_t: Floats,
    scrap: Scrap,
) -> None:
    """Carry final use up the chain along fixed shares, year by year; recyclers follow scrap.

    Args:
        chain: the shape.
        used: use by final users on entry, whole use on return, shape (Y, H).
        flow: filled with the flows of routes, shape (Y, X).
        made: zeros on entry, output of makers on return, shape (Y, M).
        share: part of a pool's use that comes along each route, shape (X,).
        input_per_t: tonnes of input per tonne of output, shape (N,).
        scrap: what recyclers have to work up.
    """
    for p in range(chain.pool_start.size - 2, -1, -1):
        for y in range(used.shape[0]):
            for x in range(chain.route_start[p], chain.route_start[p + 1]):
                flow[y, x] = share[x] * used[y, chain.route_pool[x]]
                made[y, chain.route_maker[x]] += flow[y, x]
            follow_scrap(chain, p, y, flow, made, scrap)
            for m in range(chain.maker_start[p], chain.maker_start[p + 1]):
                for n in range(chain.need_start[m], chain.need_start[m + 1]):
                    used[y, chain.need_pool[n]] += input_per_t[n] * made[y, m]
