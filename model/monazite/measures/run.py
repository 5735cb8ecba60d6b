"""One run in numbers: by group, tier and calendar year, by source and by instrument."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from monazite.errors import BrokenInvariantError
from monazite.measures.faced import Faced
from monazite.measures.items import ANY, MARKETS, NEED, PRICES
from monazite.measures.lookup import Members, Plan
from monazite.trajectories import Floats, Trajectories


@dataclass(frozen=True, slots=True)
class Measures:
    """One run in numbers; Y years, G groups, T tiers, K sources, I instruments.

    Attributes:
        yearly: shape (len(YEARLY), Y, G, T).
        headline: shape (len(HEADLINE), G, T); NaN where a time is not defined.
        supply: shape (Y, K).
        prices: shape (len(PRICES), Y, P, len(MARKETS)); NaN where nothing is sold or no
            region belongs to the market.
        costs: shape (len(COSTS), Y, I).
        salvage: shape (I,).
        forgone: shape (Y, C), for C suppressions.
        totals: shape (len(TOTALS),).
        world: shape (len(WORLD),); NaN where no control came.
    """

    yearly: Floats
    headline: Floats
    supply: Floats
    prices: Floats
    costs: Floats
    salvage: Floats
    forgone: Floats
    totals: Floats
    world: Floats

    def flat(self) -> Floats:
        """Return all numbers in one row, in the order of `Plan.shapes`."""
        names = [field.name for field in fields(self)]
        return np.concatenate([getattr(self, name).ravel() for name in names])


def measure(run: Trajectories, plan: Plan, faced: Faced) -> Measures:
    """Turn one run into numbers.

    Args:
        run: what the run left behind.
        plan: the lookup for its layout.
        faced: the controls of its world.

    Raises:
        BrokenInvariantError: where demand is not delivered, substituted, curtailed or short.
    """
    check_demand(run)
    starts = _year_starts(run.edges_d, plan)
    yearly = _yearly(run, plan, starts)
    costs = np.stack(
        [
            run.spent_usd,
            run.recovered_usd,
            run.spent_pv_usd,
            run.recovered_pv_usd,
            run.committed_usd,
            run.private_usd,
        ]
    )
    return Measures(
        yearly=yearly,
        headline=_headline(run, plan, yearly, faced.onset_d),
        supply=_supply(run, plan, starts),
        prices=_prices(run, plan, starts),
        costs=np.add.reduceat(costs, starts, axis=1),
        salvage=run.salvage_pv_usd,
        forgone=np.add.reduceat(run.forgone_usd, starts, axis=0),
        totals=np.array(
            [run.spent_pv_usd.sum(), run.recovered_pv_usd.sum(), run.salvage_pv_usd.sum()]
        ),
        world=np.array([faced.first_control_d, faced.under_control_d]),
    )


def check_demand(run: Trajectories) -> None:
    """Check that reference = delivered + substituted + curtailed + shortfall, everywhere.

    Raises:
        BrokenInvariantError: naming the use, the days and the tonnes that are missing.
    """
    met_t = run.delivered_t + run.substituted_t + run.curtailed_t + run.shortfall_t
    missing_t = run.reference_t - met_t
    wrong = ~(np.abs(missing_t) <= ANY * np.maximum(1.0, np.abs(run.reference_t)))
    if wrong.any():
        b, u = (int(i) for i in np.argwhere(wrong)[0])
        sector, region, product, _ = run.layout.uses[u]
        raise BrokenInvariantError(
            f"demand of {sector} in {region} for {product}, days {run.edges_d[b]:g} to "
            f"{run.edges_d[b + 1]:g}: {missing_t[b, u]:.6g} t neither delivered, "
            "substituted, curtailed nor short"
        )


def _yearly(run: Trajectories, plan: Plan, starts: NDArray[np.intp]) -> Floats:
    base_t = np.stack(
        [
            run.reference_t,
            run.delivered_t,
            run.substituted_t,
            run.curtailed_t,
            run.shortfall_t,
            run.released_t,
        ]
    )
    base_t = np.add.reduceat(base_t, starts, axis=1)
    price_usd_per_t = 1000.0 * run.reference_price_usd_per_kg
    product = [plan.layout.products.index(use[2]) for use in plan.layout.uses]
    lost_usd = np.stack([base_t[4], base_t[3] + base_t[4]]) * run.value_added_usd_per_t
    stack = np.concatenate([base_t, base_t * price_usd_per_t[product], lost_usd])
    sums = _over(plan.uses, stack)
    short_d = _over(plan.uses, run.days_short_d, np.maximum)
    days = np.add.reduceat(short_d, starts, axis=0)[None]
    rows = np.concatenate([_need(sums[:6]), _need(sums[6:12]), sums[12:], days])
    return rows.reshape(plan.shapes["yearly"])


def _need(base: Floats) -> Floats:
    reference, delivered, substituted, curtailed, shortfall, released = base
    commercial = delivered - released
    return np.stack(
        [
            reference,
            commercial,
            reference - commercial,
            substituted,
            curtailed,
            released,
            shortfall,
            shortfall + curtailed,
            delivered,
        ]
    )


def _headline(run: Trajectories, plan: Plan, yearly: Floats, onset_d: float) -> Floats:
    whole = yearly.sum(axis=1)
    by = whole.shape[1:]
    need, lost_and_days = whole[: len(NEED)], whole[2 * len(NEED) :]
    reference, shortfall, not_served = need[0], need[6], need[7]
    short_t, asked_t = _over(plan.uses, np.stack([run.shortfall_t, run.reference_t]))
    survive, recover = _times(run, plan, onset_d)
    rows = [
        _share(shortfall, reference),
        _share(not_served, reference),
        (shortfall > ANY).astype(np.float64),
        short_t.max(axis=0).reshape(by),
        _share(short_t, asked_t).max(axis=0).reshape(by),
        survive.reshape(by),
        recover.reshape(by),
    ]
    return np.concatenate([need, lost_and_days, np.stack(rows)])


def _times(run: Trajectories, plan: Plan, onset_d: float) -> tuple[Floats, Floats]:
    first_d = _over(plan.uses, run.first_short_d, np.minimum, np.inf)
    last_d = _over(plan.uses, run.last_short_d, np.maximum, -np.inf)
    after = last_d > onset_d  # all False where no control came
    short = after & (first_d < np.inf)
    begin = short.argmax(axis=0)
    bins = np.arange(short.shape[0])[:, None]
    calm = ~short & (bins > begin)
    stop = np.where(calm.any(axis=0), calm.argmax(axis=0), short.shape[0]) - 1
    column = np.arange(short.shape[1])
    first = np.maximum(first_d[begin, column], onset_d)
    some = short.any(axis=0)
    survive = np.where(some, first - onset_d, np.nan)
    return survive, np.where(some, last_d[stop, column] - first, np.nan)


def _supply(run: Trajectories, plan: Plan, starts: NDArray[np.intp]) -> Floats:
    ends = np.append(starts[1:], len(run.edges_d) - 1) - 1
    before_t = np.concatenate([run.start_stock_t[None], run.stock_t[ends[:-1]]])
    leaked_t = run.leaked_t[:, list(plan.layout.leaky)]
    flows_t = [run.shipped_t - run.leaked_t, run.drawn_t, run.bought_t, leaked_t]
    yearly_t = [np.add.reduceat(flow_t, starts, axis=0) for flow_t in flows_t]
    yearly_t.insert(3, run.stock_t[ends] - before_t)
    return _over(plan.flows, np.concatenate(yearly_t, axis=1))


def _prices(run: Trajectories, plan: Plan, starts: NDArray[np.intp]) -> Floats:
    """Return prices by year, product and market [USD/kg], and the days at a bound."""
    bins, products, _ = run.price.shape
    usd_per_kg = run.price * run.reference_price_usd_per_kg[:, None]
    by_place = usd_per_kg.reshape(bins, -1)
    days = np.diff(run.edges_d)[:, None]
    sold = np.stack([run.shipped_t, run.shipped_t * by_place[:, plan.sold_at]])
    sold_t, sold_usd = _over(plan.sales, np.add.reduceat(sold, starts, axis=1))
    yearly = np.add.reduceat(by_place * days, starts, axis=0)
    quote = yearly / np.add.reduceat(days, starts, axis=0)
    dearest = np.maximum.reduceat(by_place, starts, axis=0)
    highest = _over(plan.markets, np.stack([quote, dearest]), np.maximum, -np.inf)
    by = (len(plan.years), products, len(MARKETS))
    rows = np.full((len(PRICES), *by), np.nan)
    np.divide(sold_usd.reshape(by), sold_t.reshape(by), out=rows[0], where=sold_t.reshape(by) > 0)
    rows[1:3] = np.where(np.isfinite(highest), highest, np.nan).reshape(2, *by)
    rows[3, :, :, -1] = np.add.reduceat(run.at_bound_d, starts, axis=0)
    return rows


def _over(
    members: Members, amounts: Floats, combine: np.ufunc = np.add, empty: float = 0.0
) -> Floats:
    """Combine columns by membership; an empty sum is `empty`."""
    if members.starts.size == 0:
        return np.zeros((*amounts.shape[:-1], 0))
    edge = np.full((*amounts.shape[:-1], 1), empty)
    padded = np.concatenate([amounts, edge], axis=-1)
    combined: Floats = combine.reduceat(padded[..., members.columns], members.starts, axis=-1)
    return combined


def _year_starts(edges_d: Floats, plan: Plan) -> NDArray[np.intp]:
    """Return the first bin of each year; a bin belongs to the year of its middle."""
    middle_d = (edges_d[:-1] + edges_d[1:]) / 2
    year = np.searchsorted(plan.year_start_d, middle_d, side="right") - 1
    if not np.array_equal(np.unique(year), np.arange(len(plan.years))):
        raise BrokenInvariantError(
            f"bins from day {edges_d[0]:g} to {edges_d[-1]:g} leave a year out"
        )
    return np.searchsorted(year, np.arange(len(plan.years)))


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
