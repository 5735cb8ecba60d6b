"""One drawn world: the network with its numbers, in balance, as tables for the rules."""

from dataclasses import dataclass

import numpy as np

from monazite.errors import BalanceError
from monazite.rules import balance
from monazite.world.inputs import Floats, Ints, pick
from monazite.world.network import Network
from monazite.world.plan import DAYS_PER_YEAR, Growth

MOST_UTILISED = 0.98
"""No plant starts above this part of its capacity: the start must leave room to breathe."""
MOST_MISS = 0.10
"""Trade that cannot be fitted to recorded output within this part is refused."""


@dataclass(frozen=True)
class Balanced:
    """The balance of one drawn world, before growth.

    Attributes:
        used: whole use of each pool [t/d], shape (H,).
        made: output of each maker [t/d], shape (M,).
        flow: flow of each route [t/d], shape (X,).
        share: part of a pool's use that comes along each route, shape (X,).
        demand: final use of each use [t/d], shape (U,).
        capacity: capacity of each maker [t/d], shape (M,).
        recorded: output of each maker as recorded [t/d], shape (M,).
        input_per_t: tonnes of input per tonne of output, shape (N,).
    """

    used: Floats
    made: Floats
    flow: Floats
    share: Floats
    demand: Floats
    capacity: Floats
    recorded: Floats
    input_per_t: Floats


def demands(network: Network, values: Floats) -> Floats:
    """Return the use of each sector in each region [t/d]; the remainder takes what is left."""
    total = values[network.use_columns[:, 0]] / DAYS_PER_YEAR
    share = pick(values, network.use_columns[:, 1], 0.0)
    rest = network.use_columns[:, 1] < 0
    whose = network.whole_of_use
    named = np.bincount(whose, share)
    share = np.where(rest, 1.0 - named[whose], share)
    return np.asarray(total * share)


def prior_shares(network: Network, values: Floats, barred: Ints, made: Floats) -> Floats:
    """Return prior shares of routes: below 0 where unknown, 0 where nothing may move."""
    shape = network.shape
    prior = pick(values, network.route_columns[:, 0], -1.0)
    whole = np.bincount(network.origin, made[shape.route_maker])[network.origin]
    part = np.divide(made[shape.route_maker], whole, out=np.zeros_like(prior), where=whole > 0)
    prior = np.where(prior >= 0.0, prior * part, prior)
    return np.where(barred == 1, 0.0, prior)


def balanced(network: Network, values: Floats, pools_of: Ints, barred: Ints) -> Balanced:
    """Bring one drawn world into balance.

    Args:
        network: the shape.
        values: one value for each input, shape (n,).
        pools_of: pool that each use draws on, shape (U,).
        barred: 1 where a route's origin is barred from its pool, shape (X,).

    Raises:
        BalanceError: where recorded numbers cannot be made to agree, with the place.
    """
    shape = network.shape
    demand = demands(network, values)
    used = np.bincount(pools_of, demand, len(network.pools)).astype(np.float64)
    recorded = np.nan_to_num(pick(values, network.maker_columns[:, 0])) / DAYS_PER_YEAR
    made = recorded.copy()
    flow = prior_shares(network, values, barred, made)
    fault = np.zeros((len(network.products), 2))
    inputs = values[network.need_column]
    balance.balance(shape, used, made, network.balances, flow, inputs, fault)
    for p, product in enumerate(network.products):
        if abs(fault[p, 0]) > 1e-9 * max(1.0, used.sum()):
            raise BalanceError(_does_not_close(product, fault[p, 0]))
        if fault[p, 1] > MOST_MISS:
            raise BalanceError(_does_not_fit(product, fault[p, 1]))
    share = np.divide(
        flow, used[shape.route_pool], out=np.zeros_like(flow), where=used[shape.route_pool] > 0
    )
    utilisation = np.minimum(
        np.nan_to_num(pick(values, network.maker_columns[:, 1]), nan=1.0), MOST_UTILISED
    )
    reported = np.nan_to_num(pick(values, network.maker_columns[:, 2])) / DAYS_PER_YEAR
    capacity = np.maximum(made / utilisation, np.minimum(reported, made / 0.05))
    return Balanced(used, made, flow, share, demand, capacity, recorded, inputs)


def _does_not_close(product: str, rest: float) -> str:
    t_per_yr = abs(rest) * DAYS_PER_YEAR
    what = "is made by nobody" if rest > 0 else "is made beyond what is used"
    return f"{product}: {t_per_yr:,.0f} t/yr {what}, and no maker balances it"


def _does_not_fit(product: str, miss: float) -> str:
    return f"{product}: trade misses recorded output by {miss:.0%}; a route may be missing"


def growth_indices(growth: Growth, values: Floats, uses: int) -> Floats:
    """Return demand of each use over that of the base year, shape (Y + 1, U).

    Straight lines in logs between the years of the record, level after the last.
    """
    index = np.ones((growth.at.size, uses))
    if not growth.grows:
        return index
    for alike in growth.alike:
        u = alike[0]
        known = growth.columns[u] >= 0
        level = np.log(values[growth.columns[u][known]])
        at = np.interp(growth.at, growth.years[known], level)
        base = np.interp(growth.base_year[u], growth.years[known], level)
        index[:, alike] = np.exp(at - base)[:, None]
    return index


def reference_tables(
    network: Network,
    start: Balanced,
    index: Floats,
    pools_of: Ints,
    stock_d: Floats,
    scrap: balance.Scrap,
) -> dict[str, Floats]:
    """Return the undisturbed path at the year borders.

    Args:
        network: the shape.
        start: the balance of the base year.
        index: growth of each use, shape (Y + 1, U).
        pools_of: pool that each use draws on.
        stock_d: days of use that stock and pipeline of each pool normally hold, (H,).
        scrap: what recyclers have to work up.

    Returns:
        Tables of `Model` by name: demand, use, flow, capacity and extra, in t/d.
    """
    shape, years, pools = network.shape, index.shape[0], len(network.pools)
    demand = index * start.demand
    cells = np.arange(years)[:, None] * pools + pools_of
    used = np.asarray(np.bincount(cells.ravel(), demand.ravel(), years * pools), np.float64)
    used = used.reshape(years, pools)
    flow, made = _carried(shape, used, start, scrap)
    grown = np.divide(made, start.made, out=np.ones_like(made), where=start.made > 0)
    slope = np.diff(used, axis=0) / DAYS_PER_YEAR
    extra = np.vstack([slope, np.zeros_like(slope[:1])]) * stock_d
    _carried(shape, extra, start, no_scrap(scrap))
    return {
        "demand_year": demand,
        "use_year": used,
        "flow_year": flow,
        "capacity_year": start.capacity * grown,
        "extra_year": extra,
    }


def no_scrap(scrap: balance.Scrap) -> balance.Scrap:
    """Return the same without any recycler that follows its scrap."""
    return scrap._replace(works=np.zeros_like(scrap.works))


def _carried(
    shape: balance.Chain, used: Floats, start: Balanced, scrap: balance.Scrap
) -> tuple[Floats, Floats]:
    flow = np.zeros((used.shape[0], shape.route_maker.size))
    made = np.zeros((used.shape[0], shape.maker_start[-1]))
    balance.propagate(shape, used, flow, made, start.share, start.input_per_t, scrap)
    return flow, made
