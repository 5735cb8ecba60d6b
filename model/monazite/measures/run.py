"""One run in numbers: by group, tier and calendar year, by source and by instrument."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from monazite.errors import BrokenInvariantError
from monazite.measures.faced import Faced
from monazite.measures.items import ANY, MARKETS, NEED, PRICES
from monazite.measures.lookup import Members, Plan
from monazite.trajectories import Floats, Trajectories

SIDE_BY_SIDE = 8
"""Bins of a year up to which numpy adds one after the other."""


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


@dataclass(frozen=True, slots=True)
class Years:
    """Which bins make each year.

    Attributes:
        starts: the first bin of each year.
        bins: how many bins each year has; 0 where they differ in it.
    """

    starts: NDArray[np.intp]
    bins: int


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
    years = years_of(run.edges_d, plan)
    yearly = _yearly(run, plan, years)
    costs = (
        run.spent_usd,
        run.recovered_usd,
        run.spent_pv_usd,
        run.recovered_pv_usd,
        run.committed_usd,
        run.private_usd,
    )
    return Measures(
        yearly=yearly,
        headline=_headline(run, plan, yearly, faced.onset_d),
        supply=_supply(run, plan, years),
        prices=_prices(run, plan, years),
        costs=_each_by_year(costs, years),
        salvage=run.salvage_pv_usd,
        forgone=by_year(run.forgone_usd, years),
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


def _yearly(run: Trajectories, plan: Plan, years: Years) -> Floats:
    base_t = _each_by_year(
        (
            run.reference_t,
            run.delivered_t,
            run.substituted_t,
            run.curtailed_t,
            run.shortfall_t,
            run.released_t,
        ),
        years,
    )
    price_usd_per_t = 1000.0 * run.reference_price_usd_per_kg
    lost_usd = np.stack([base_t[4], base_t[3] + base_t[4]]) * run.value_added_usd_per_t
    stack = np.concatenate([base_t, base_t * price_usd_per_t[plan.used], lost_usd])
    sums = _over(plan.uses, stack)
    short_d = _over(plan.uses, by_year(run.days_short_d, years), np.maximum)
    rows = [*_need(sums[:6]), *_need(sums[6:12]), *sums[12:], short_d]
    return np.stack(rows).reshape(plan.shapes["yearly"])


def _need(base: Floats) -> tuple[Floats, ...]:
    reference, delivered, substituted, curtailed, shortfall, released = base
    commercial = delivered - released
    return (
        reference,
        commercial,
        reference - commercial,
        substituted,
        curtailed,
        released,
        shortfall,
        shortfall + curtailed,
        delivered,
    )


def _headline(run: Trajectories, plan: Plan, yearly: Floats, onset_d: float) -> Floats:
    whole = yearly.sum(axis=1)
    by = whole.shape[1:]
    need, lost_and_days = whole[: len(NEED)], whole[2 * len(NEED) :]
    reference, shortfall, not_served = need[0], need[6], need[7]
    short_t, asked_t = _over(plan.uses, np.stack([run.shortfall_t, run.reference_t]))
    survive, recover = _times(run, plan, onset_d)
    lost_and_days[-1] = _over(plan.uses, run.days_short_d.sum(axis=0), np.maximum).reshape(by)
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
    ends_d = np.stack([-run.first_short_d, run.last_short_d])
    before_d, last_d = _over(plan.uses, ends_d, np.maximum, -np.inf)
    first_d = -before_d
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


def _supply(run: Trajectories, plan: Plan, years: Years) -> Floats:
    ends = np.append(years.starts[1:], len(run.edges_d) - 1) - 1
    before_t = np.concatenate([run.start_stock_t[None], run.stock_t[ends[:-1]]])
    leaked_t = run.leaked_t[:, list(plan.layout.leaky)]
    flows_t = [run.shipped_t - run.leaked_t, run.drawn_t, run.bought_t, leaked_t]
    yearly_t = [by_year(flow_t, years) for flow_t in flows_t]
    yearly_t.insert(3, run.stock_t[ends] - before_t)
    return _over(plan.flows, np.concatenate(yearly_t, axis=1))


def _prices(run: Trajectories, plan: Plan, years: Years) -> Floats:
    """Return prices by year, product and market [USD/kg], and the days at a bound."""
    bins, products, _ = run.price.shape
    usd_per_kg = run.price * run.reference_price_usd_per_kg[:, None]
    by_place = usd_per_kg.reshape(bins, -1)
    days = np.diff(run.edges_d)[:, None]
    sold = (run.shipped_t, run.shipped_t * by_place[:, plan.sold_at])
    sold_t, sold_usd = _over(plan.sales, np.stack([by_year(each, years) for each in sold]))
    quote = by_year(by_place * days, years) / by_year(days, years)
    dearest = by_year(by_place, years, np.maximum)
    highest = _over(plan.markets, np.stack([quote, dearest]), np.maximum, -np.inf)
    by = (len(plan.years), products, len(MARKETS))
    rows = np.full((len(PRICES), *by), np.nan)
    np.divide(sold_usd.reshape(by), sold_t.reshape(by), out=rows[0], where=sold_t.reshape(by) > 0)
    rows[1:3] = np.where(np.isfinite(highest), highest, np.nan).reshape(2, *by)
    rows[3, :, :, -1] = by_year(run.at_bound_d, years)
    return rows


def _each_by_year(amounts: Sequence[Floats], years: Years) -> Floats:
    """Add up several amounts of the same shape by year, shape (len(amounts), years, columns)."""
    summed = by_year(np.concatenate(amounts, axis=1), years)
    return summed.reshape(len(years.starts), len(amounts), -1).swapaxes(0, 1)


def by_year(amounts: Floats, years: Years, combine: np.ufunc = np.add) -> Floats:
    """Combine the bins of each year, shape (years, columns).

    Years of as many bins are combined side by side: quicker than one by one, and in the order
    in which numpy combines each of them, the first bin with what the others make.

    Args:
        amounts: shape (bins, columns).
        years: where each year starts.
        combine: how; adds unless said.
    """
    if not 1 < years.bins <= SIDE_BY_SIDE:
        return np.asarray(combine.reduceat(amounts, years.starts, axis=0))
    later = amounts[1 :: years.bins]
    for k in range(2, years.bins):
        later = combine(later, amounts[k :: years.bins])
    return np.asarray(combine(amounts[:: years.bins], later))


def _over(
    members: Members, amounts: Floats, combine: np.ufunc = np.add, empty: float = 0.0
) -> Floats:
    """Combine columns by membership; an empty sum is `empty`."""
    if members.starts.size == 0:
        return np.zeros((*amounts.shape[:-1], 0))
    padded = np.empty((*amounts.shape[:-1], amounts.shape[-1] + 1))
    padded[..., :-1], padded[..., -1] = amounts, empty
    combined: Floats = combine.reduceat(padded[..., members.columns], members.starts, axis=-1)
    return combined


def years_of(edges_d: Floats, plan: Plan) -> Years:
    """Return which bins make each year; a bin belongs to the year of its middle."""
    middle_d = (edges_d[:-1] + edges_d[1:]) / 2
    year = np.searchsorted(plan.year_start_d, middle_d, side="right") - 1
    bins = np.bincount(year, minlength=len(plan.years))
    if len(bins) > len(plan.years) or not bins.all():
        raise BrokenInvariantError(
            f"bins from day {edges_d[0]:g} to {edges_d[-1]:g} leave a year out"
        )
    even = int(bins[0]) if (bins == bins[0]).all() else 0
    return Years(np.cumsum(bins) - bins, even)


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
