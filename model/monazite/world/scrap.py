"""Scrap joined with the network: what wears out where, and what recyclers have of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, gamma, log
from typing import NamedTuple

import numpy as np

from monazite.evidence.behaviour import Behaviour
from monazite.evidence.chain import Chain
from monazite.rules import balance, records
from monazite.rules.records import Model
from monazite.world.assemble import Balanced
from monazite.world.inputs import NONE, Floats, Inputs, Ints
from monazite.world.network import Network, ints
from monazite.world.plan import DAYS_PER_YEAR, Growth
from monazite.world.tables import Clock, closed_in

COHORT_D = DAYS_PER_YEAR / 4
"""Length of a cohort of deliveries, about; a whole number of reviews is taken."""
MOST_AGES = 2000
"""Cohorts that a delivery is followed for; what lives longer is taken to end with the last."""
ALIVE = 1e-9
"""Part of a delivery that is still there when it is followed no further."""


@dataclass(frozen=True)
class YardPlan:
    """What one recycler works up; columns are NONE where the process has no such scrap.

    Attributes:
        maker: number of the recycler.
        known: whether it stood in the reference year.
        uses: final uses that leave worn-out goods.
        leavers: makers that leave manufacturing scrap.
    """

    maker: int
    known: bool
    end_of_life: int
    recovered: int
    delay: int
    uses: tuple[int, ...]
    leavers: tuple[int, ...]


@dataclass(frozen=True)
class ScrapPlan:
    """All yards of a chain, and the columns of lives.

    Attributes:
        yards: in the order of their makers.
        sectors: names of the sectors with lives.
        examples: a use of each.
        lives: mean life and shape of each, shape (sectors, 2).
        cover: column of the scrap in hand, NONE without yards.
        kept: column of the most that is kept.
    """

    yards: tuple[YardPlan, ...]
    sectors: tuple[str, ...]
    examples: tuple[int, ...]
    lives: Ints
    cover: int
    kept: int


def scrap_plan(chain: Chain, network: Network, behaviour: Behaviour, inputs: Inputs) -> ScrapPlan:
    """Return where the scrap of every recycler comes from, with the columns of its numbers.

    A plant in a region without a recycler so far takes what makers there leave, where no other one
    does, and goods that wear out there beside what others collect.
    """
    known = {(maker.process, maker.region) for maker in chain.makers}
    yards = []
    for m, (process, region) in enumerate(network.makers):
        scrap = chain.processes[process].scrap
        if scrap is None:
            continue
        regions = set(scrap.regions_of(region))
        if (process, region) not in known:
            for p, r in known:
                regions -= set(scrap.regions_of(r)) if p == process else set()
        uses = [
            u
            for u, (sector, where) in enumerate(network.uses)
            if where in scrap.regions_of(region)
            and chain.sectors[sector].product in scrap.used_in
            and chain.sectors[sector].life is not None
        ]
        leavers = [
            n
            for n, (maker, where) in enumerate(network.makers)
            if where in regions and chain.processes[maker].makes in scrap.made_in
        ]
        yards.append(
            YardPlan(
                maker=m,
                known=(process, region) in known,
                end_of_life=inputs.of(scrap.end_of_life),
                recovered=NONE if scrap.recovered is None else inputs.of(scrap.recovered),
                delay=NONE if scrap.delay is None else inputs.of(scrap.delay),
                uses=tuple(uses),
                leavers=tuple(leavers),
            )
        )
    worn = {network.uses[u][0] for yard in yards for u in yard.uses}
    sectors = [name for name in chain.sectors if name in worn]
    lives = [(chain.sectors[n].life, chain.sectors[n].life_shape) for n in sectors]
    rows = [[inputs.of(one) for one in pair if one is not None] for pair in lives]
    return ScrapPlan(
        tuple(yards),
        tuple(sectors),
        tuple(next(u for u, use in enumerate(network.uses) if use[0] == n) for n in sectors),
        ints(rows).reshape(-1, 2),
        inputs.of(behaviour.scrap_cover) if yards else NONE,
        inputs.of(behaviour.scrap_kept) if yards else NONE,
    )


def deaths(life_d: float, shape: float, cohort_d: float) -> Floats:
    """Return the part of a delivery that wears out in each cohort after it; they add up to 1.

    Weibull, of a mean life: `F(a) = 1 - exp(-(a / scale) ** shape)`.
    """
    scale_d = life_d / gamma(1.0 + 1.0 / shape)
    reach = scale_d * (-log(ALIVE)) ** (1.0 / shape)
    count = min(MOST_AGES, ceil(reach / cohort_d) + 1)
    ages = np.arange(count + 1) * cohort_d / scale_d
    with np.errstate(over="ignore"):
        gone = 1.0 - np.exp(-(ages**shape))
    gone[-1] = 1.0
    return np.asarray(np.diff(gone))


def index_at(years: Floats, levels: Floats, at: np.ndarray) -> Floats:
    """Return an index at some dates, straight in logs; before its first year by its first rate."""
    logs = np.log(levels)
    found = np.interp(at, years, logs)
    if years.size > 1:
        rate = (logs[1] - logs[0]) / (years[1] - years[0])
        found = np.where(at < years[0], logs[0] + rate * (at - years[0]), found)
    return np.asarray(np.exp(found))


class Worn(NamedTuple):
    """What wears out for each tonne of use in the reference year, by sector with a life.

    Attributes:
        dies: part that wears out at each age, shape (sectors, cohorts of the run).
        base: at the reference year, shape (sectors,).
        years: at the borders of the reference tables, shape (Y + 1, sectors).
        past: at the borders of cohorts, of deliveries before the run, (cohorts + 1, sectors).
    """

    dies: Floats
    base: Floats
    years: Floats
    past: Floats


class Cohorts(NamedTuple):
    """Reviews and length of a cohort, and how many the run has."""

    reviews: int
    length_d: float
    number: int


def wear(plan: ScrapPlan, growth: Growth, values: Floats, cohorts: Cohorts) -> Worn:
    """Follow the deliveries of each sector with a life from its first ones to the end of the run.

    Deliveries are those of the reference path, carried back before its first year.
    """
    count, length = cohorts.number, cohorts.length_d / DAYS_PER_YEAR
    start, size = float(growth.at[0]), len(plan.sectors)
    bases = growth.base_year[list(plan.examples)]
    back = ceil(max(0.0, start - min(bases, default=start)) / length) + 1
    borders = start + np.arange(-back, count + 1) * length
    found = Worn(
        np.zeros((size, count + 1)),
        np.zeros(size),
        np.zeros((growth.at.size, size)),
        np.zeros((count + 1, size)),
    )
    for s, columns in enumerate(growth.columns[u] for u in plan.examples):
        dies = deaths(values[plan.lives[s, 0]], values[plan.lives[s, 1]], cohorts.length_d)
        index, known = np.ones(back + dies.size + count), columns >= 0
        if growth.grows and known.any():
            years: Floats = np.asarray(growth.years[known], np.float64)
            at = start + (np.arange(-back - dies.size, count + 1) + 0.5) * length
            at[-1] = bases[s]
            levels = index_at(years, values[columns[known]], at)
            index = levels[:-1] / levels[-1]
        flow, most = _worn(index, dies), min(dies.size, count + 1)
        found.base[s] = np.interp(bases[s], borders, flow)
        found.years[:, s] = np.interp(growth.at, borders, flow)
        index[back + dies.size :] = 0.0  # from the start of the run on, deliveries are its own
        found.past[:, s] = _worn(index[back:], dies)
        found.dies[s, :most] = dies[:most]
    return found


def _worn(index: Floats, dies: Floats) -> Floats:
    """Return what wears out at each border of cohorts, as far back as deliveries are known.

    Args:
        index: deliveries of each cohort, shape (n,).
        dies: part that wears out at each age, shape (ages,).

    Returns:
        Shape (n - ages + 1,).
    """
    shape = (index.size - dies.size + 1, dies.size)
    windows: Floats = np.ndarray(shape, index.dtype, index, strides=index.strides * 2)
    return np.asarray(windows @ dies[::-1])


class Fed(NamedTuple):
    """What feeds the yards of one drawn world, in balance with what recyclers made.

    Attributes:
        collection: part of worn-out goods that is collected, shape (yards,).
        recovered: output from a tonne of them, shape (yards,).
        part: output for a tonne that a maker makes, shape (yards,).
        worn: all that is collected by year, as output, shape (Y + 1, yards).
    """

    collection: Floats
    recovered: Floats
    part: Floats
    worn: Floats


def fed(plan: ScrapPlan, network: Network, start: Balanced, worn: Worn, values: Floats) -> Fed:
    """Set collection and scrap of makers so that recyclers had what they made in their year.

    Where a draw would need more worn-out goods than there were, all were collected, and gave
    more. A recycler that is yet to come finds what makers leave at the mean of its process.
    """
    count = len(plan.yards)
    found = Fed(
        np.zeros(count), np.zeros(count), np.zeros(count), np.zeros((len(worn.years), count))
    )
    for s, yard in enumerate(plan.yards):
        made, share = start.made[yard.maker], values[yard.end_of_life]
        if not yard.known:
            continue
        if yard.uses and share > 0.0:
            base, later = used_up(plan, network, start, worn, yard)
            need = share * made / base / values[yard.recovered]
            found.collection[s] = min(1.0, need)
            found.recovered[s] = values[yard.recovered] * max(1.0, need)
            found.worn[:, s] = share * made * later / base
        left = start.made[list(yard.leavers)].sum()
        if left > 0.0:
            found.part[s] = (1.0 - share) * made / left
    for s, yard in enumerate(plan.yards):
        if yard.known:
            continue
        found.part[s] = mean_part(plan, network, start, found.part, yard)
        found.recovered[s] = values[yard.recovered] if yard.recovered != NONE else 0.0
    return found


def mean_part(
    plan: ScrapPlan, network: Network, start: Balanced, part: Floats, yard: YardPlan
) -> float:
    """Return what recyclers of the same process get for a tonne that is made, on the mean."""
    process = network.makers[yard.maker][0]
    left, whole = 0.0, 0.0
    for s, other in enumerate(plan.yards):
        if other.known and network.makers[other.maker][0] == process:
            made = float(start.made[list(other.leavers)].sum())
            left += part[s] * made
            whole += made
    return left / whole if whole > 0.0 else 0.0


def used_up(
    plan: ScrapPlan, network: Network, start: Balanced, worn: Worn, yard: YardPlan
) -> tuple[float, Floats]:
    """Return what wears out for a yard [t/d] in the reference year, and by year, (Y + 1,)."""
    sectors = [plan.sectors.index(network.uses[u][0]) for u in yard.uses]
    demand = start.demand[list(yard.uses)]
    return float(demand @ worn.base[sectors]), worn.years[:, sectors] @ demand


def on_reference(plan: ScrapPlan, network: Network, feed: Fed) -> balance.Scrap:
    """Return what scrap allows recyclers on the undisturbed path."""
    makers, years = len(network.makers), feed.worn.shape[0]
    known = [(s, yard) for s, yard in enumerate(plan.yards) if yard.known]
    works, worn = np.zeros(makers, np.int64), np.zeros((years, makers))
    for s, yard in known:
        works[yard.maker] = 1
        worn[:, yard.maker] = feed.worn[:, s]
    pairs = [(n, yard.maker, feed.part[s]) for s, yard in known for n in yard.leavers]
    return balance.Scrap(
        works,
        worn,
        ints([n for n, _, _ in pairs]),
        ints([m for _, m, _ in pairs]),
        np.array([part for _, _, part in pairs], float),
        np.zeros((years, makers)),
    )


class Told(NamedTuple):
    """What fills the yards: cohorts, what wears out, what feeds them, every input, and growth.

    `plain` is what makers would make along fixed shares, shape (Y + 1, M).
    """

    cohorts: Cohorts
    worn: Worn
    feed: Fed
    values: Floats
    plain: Floats


def with_yards(model: Model, plan: ScrapPlan, network: Network, cohorts: Cohorts) -> Model:
    """Return the model with a row for each yard and all that feeds it, as no draw changes it."""
    uses = [(s, u) for s, yard in enumerate(plan.yards) for u in yard.uses]
    leavers = [(s, n) for s, yard in enumerate(plan.yards) for n in yard.leavers]
    rows, offcuts = np.zeros(len(uses), records.WORN), np.zeros(len(leavers), records.OFFCUT)
    rows["use"] = [u for _, u in uses]
    rows["life"] = [plan.sectors.index(network.uses[u][0]) for _, u in uses]
    offcuts["maker"] = [n for _, n in leavers]
    yards = np.zeros(len(plan.yards), records.YARD)
    yards["maker"] = [yard.maker for yard in plan.yards]
    yards["product"] = model.makers["product"][yards["maker"]]
    yards["programme"] = NONE
    for ends, pairs in (("worn", uses), ("offcut", leavers)):
        owners = [s for s, _ in pairs]
        yards[f"first_{ends}"] = np.searchsorted(owners, np.arange(yards.size))
        yards[f"end_{ends}"] = np.searchsorted(owners, np.arange(yards.size), "right")
    model.settings["cohort_reviews"] = cohorts.reviews
    return replace(
        model,
        yards=yards,
        worn=rows,
        offcuts=offcuts,
        past_year=np.zeros((cohorts.number + 1, yards.size)),
        dies=np.zeros((len(plan.sectors), cohorts.number + 1)),
        delivered=np.zeros((cohorts.number, rows.size)),
        plain_year=np.zeros((model.year_d.size, yards.size)),
    )


def fill_yards(model: Model, plan: ScrapPlan, start: Balanced, told: Told) -> None:
    """Fill in scrap in hand, and all that will come to be scrap.

    Args:
        model: filled but for its yards.
        plan: where scrap comes from.
        start: the balance.
        told: what was worked out before.
    """
    worn, feed, yards, rows = told.worn, told.feed, model.yards, model.worn
    use, life = rows["use"].astype(np.int64), rows["life"].astype(np.int64)
    owner = np.repeat(np.arange(yards.size), yards["end_worn"] - yards["first_worn"])
    rows["recovered"] = feed.recovered[owner]
    rows["young"] = feed.recovered[owner] * worn.dies[life, 0] / told.cohorts.length_d
    comes = feed.recovered[owner] * start.demand[use] * worn.past[:, life]
    for row, s in enumerate(owner):
        model.past_year[:, s] += comes[:, row]
    leavers = yards["end_offcut"] - yards["first_offcut"]
    model.offcuts["part"] = np.repeat(feed.part, leavers)
    yards["collection"] = feed.collection
    model.dies[:] = worn.dies
    model.plain_year[:] = _grown(told.plain[:, yards["maker"]])
    _fill_hands(model, plan, told.values)


def _grown(made: Floats) -> Floats:
    """Return growth since the start, 1 where nothing was made then."""
    return np.asarray(
        np.divide(made, made[0], out=np.ones_like(made, order="C"), where=made[0] > 0)
    )


def _fill_hands(model: Model, plan: ScrapPlan, values: Floats) -> None:
    """Let scrap come in as it does on the undisturbed path, and lie as it usually does."""
    yards, makers, offcuts = model.yards, model.makers, model.offcuts
    made = np.bincount(model.routes["maker"], model.flow_year[0], makers.size)
    whole = np.bincount(makers["product"], made, model.price_usd_per_t.size)
    step_d = float(model.settings[0]["step_d"])
    for s, yard in enumerate(yards):
        left = offcuts[yard["first_offcut"] : yard["end_offcut"]]
        yard["offcut_per_d"] = left["part"] @ made[left["maker"]]
        if plan.yards[s].delay != NONE:
            yard["offcut_step"] = closed_in(step_d, values[plan.yards[s].delay])
        yard["most_d"] = values[plan.kept]
        capacity_per_d = makers["start_per_d"][yard["maker"]]
        if capacity_per_d <= 0.0:
            continue
        worn_per_d = yard["collection"] * model.past_year[0, s]
        yard["start_per_d"] = worn_per_d + yard["offcut_per_d"]
        yard["part_start"] = yard["start_per_d"] / whole[yard["product"]]
        held_t = values[plan.cover] * yard["start_per_d"]
        yard["hand_t"] = max(held_t, capacity_per_d * step_d)
        yard["most_d"] = max(yard["most_d"], yard["hand_t"] / capacity_per_d)


def cohorts_in(clock: Clock) -> Cohorts:
    """Return the cohorts of a run: each of a whole number of reviews, about a quarter."""
    reviews = max(1, round(COHORT_D / clock.step_d))
    return Cohorts(reviews, reviews * clock.step_d, ceil(clock.reviews / reviews))


def shares_at_start(model: Model, yards: Sequence[YardPlan]) -> None:
    """Let the shares of pools that recyclers serve begin where the undisturbed path has them."""
    routes, pools = model.routes, model.pools
    served = np.zeros(model.products.size, bool)
    served[model.makers["product"][[yard.maker for yard in yards if yard.known]]] = True
    use = model.use_year[0][routes["pool"]]
    mine = served[pools["product"][routes["pool"]]] & (use > 0)
    routes["share"][mine] = model.flow_year[0][mine] / use[mine]
    mean_d = np.bincount(routes["pool"], routes["share"] * routes["lead_d"], pools.size)
    pools["lead_d"] = mean_d
