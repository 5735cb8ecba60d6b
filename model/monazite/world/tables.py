"""The tables of the rules, filled for one drawn world at its start."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from monazite.rules import balance, records
from monazite.rules.balance import Chain as Shape
from monazite.rules.records import OPEN, STRATEGIC, TIER1, Model
from monazite.world.assemble import Balanced, growth_indices, reference_tables
from monazite.world.inputs import Floats, Ints
from monazite.world.network import Network
from monazite.world.plan import DAYS_PER_YEAR, MARKET, Growth

KG_PER_T = 1000.0


@dataclass(frozen=True)
class Ends:
    """Who draws on what: pools behind the uses, and rules on origin at the start.

    Attributes:
        use_pool: pool of each use, tier 1's own where it has one, shape (U,).
        open_pool: open pool of the use's region, shape (U,).
        tier: tier of each use, shape (U,).
        depth: 0 no rule, 1 the last step counts, 2 every step counts, shape (H,).
        barred: 1 where a route's origin is barred from its pool, shape (X,).
        controlled: 1 where some tier is barred from the maker's region, shape (M,).
        friends: 1 where two regions share a bloc, shape (R, R).
    """

    use_pool: Ints
    open_pool: Ints
    tier: Ints
    depth: Ints
    barred: Ints
    controlled: Ints
    friends: Ints


@dataclass(frozen=True)
class Clock:
    """Length of a review, of the run, and days before it that queues look back on."""

    step_d: float
    end_d: float

    @property
    def reviews(self) -> int:
        """Number of reviews; the last one may be short."""
        return int(np.ceil(self.end_d / self.step_d - 1e-9))


def empty_model(network: Network, clock: Clock) -> Model:
    """Return a model of the right sizes with every number 0, without instruments or controls."""
    shape = network.shape
    products, regions = len(network.products), len(network.regions)
    pools, routes = len(network.pools), shape.route_maker.size
    years = int(np.ceil(clock.end_d / DAYS_PER_YEAR)) + 1
    return Model(
        settings=np.zeros(1, records.SETTINGS),
        products=np.zeros(products, records.PRODUCT),
        pools=np.zeros(pools, records.POOL),
        routes=np.zeros(routes, records.ROUTE),
        lanes=np.zeros(routes, records.LANE),
        sent_t=np.zeros(routes),
        lead=np.zeros(routes),
        allowed=np.ones(routes),
        premium=np.zeros(routes),
        makers=np.zeros(len(network.makers), records.MAKER),
        needs=np.zeros(shape.need_pool.size, records.NEED),
        uses=np.zeros(len(network.uses), records.USE),
        own_use=np.zeros(0, np.uint64),
        open_use=np.zeros(0, np.uint64),
        use_pool=np.zeros(0, np.uint64),
        controls=np.zeros(0, records.CONTROL_ROW),
        stockpiles=np.zeros(0, records.STOCKPILE),
        release_order=np.zeros(0, np.uint64),
        projects=np.zeros(0, records.PROJECT),
        floors=np.zeros(0, records.FLOOR),
        within=np.zeros((0, regions), np.int64),
        tariffs=np.zeros(0, records.TARIFF),
        borders=np.zeros((products, regions), records.BORDER),
        instruments=np.zeros(0, records.INSTRUMENT),
        thrifts=np.zeros(0, records.THRIFT),
        switches=np.zeros(0, records.SWITCH),
        yards=np.zeros(0, records.YARD),
        worn=np.zeros(0, records.WORN),
        offcuts=np.zeros(0, records.OFFCUT),
        pool_start=shape.pool_start.astype(np.uint64),
        kind_start=_kinds(network),
        maker_start=shape.maker_start.astype(np.uint64),
        route_start=shape.route_start.astype(np.uint64),
        tight=np.zeros(products, np.int64),
        tariff_rate=np.zeros((0, routes)),
        duties=np.zeros(0, records.DUTY),
        control_route=np.zeros(0, np.uint64),
        claims=np.zeros(0, records.CLAIM),
        returns_t=np.zeros((0, 0)),
        obligations=np.zeros(0, records.OBLIGATION),
        swaps=np.zeros(0, records.SWAP),
        grants=np.zeros(0, records.GRANT),
        desk_d=np.zeros((0, 0)),
        entitled=np.zeros((0, regions), np.int64),
        offer_t=np.zeros((0, pools)),
        way_t=np.zeros((pools, 0)),
        way_clean_t=np.zeros((pools, 0)),
        way_more_t=np.zeros((0, 0)),
        queue_route=np.zeros(0, np.uint64),
        queue_start=np.zeros(products + 1, np.uint64),
        queue_t=np.zeros((0, 0)),
        wait_d=np.zeros((0, clock.reviews)),
        log_price=np.zeros((products, regions)),
        multiple=np.ones((products, regions)),
        landed=np.ones((products, regions)),
        price_target=np.zeros((products, regions)),
        pressed=np.zeros(products),
        area=np.zeros((products, regions), np.int64),
        markets=np.zeros(regions, records.MARKET),
        price_usd_per_t=np.zeros(products),
        made_from=made_from(shape),
        content=np.zeros((products, products)),
        under_control=np.zeros((products, regions), np.int64),
        year_d=np.arange(years, dtype=np.float64) * DAYS_PER_YEAR,
        demand_year=np.zeros((years, len(network.uses))),
        use_year=np.zeros((years, pools)),
        flow_year=np.zeros((years, routes)),
        flow_per_d=np.zeros((0, routes)),
        capacity_year=np.zeros((years, len(network.makers))),
        extra_year=np.zeros((years, pools)),
        plain_year=np.zeros((years, 0)),
        past_year=np.zeros((0, 0)),
        dies=np.zeros((0, 0)),
        delivered=np.zeros((0, 0)),
        up=np.ones((clock.reviews, len(network.makers))),
        curb=np.zeros((0, len(network.makers))),
        most_per_d=np.zeros((0, len(network.makers))),
        surge=np.zeros((0, len(network.uses))),
    )


def _kinds(network: Network) -> records.Rows:
    """Return where the pools of each kind of each product begin, and the end, (3 P + 1,)."""
    kinds = len((OPEN, TIER1, STRATEGIC))
    place = {product: kinds * p for p, product in enumerate(network.products)}
    at = [place[product] + kind for product, _, kind in network.pools]
    return np.searchsorted(at, np.arange(kinds * len(network.products) + 1)).astype(np.uint64)


def made_from(shape: Shape) -> Ints:
    """Return 1 where the second product is an input, at any step, of the first, (P, P)."""
    products = shape.maker_start.size - 1
    found = np.zeros((products, products), np.int64)
    input_of = np.searchsorted(shape.pool_start, shape.need_pool, side="right") - 1
    for p in range(products):
        first, last = shape.need_start[shape.maker_start[[p, p + 1]]]
        for q in input_of[first:last]:
            found[p, q] = 1
            found[p] |= found[q]
    return found


def without_draws(network: Network, ends: Ends, clock: Clock) -> Model:
    """Return the tables as far as no draw changes them, without instruments or controls.

    Args:
        network: the shape.
        ends: pools of uses and rules on origin.
        clock: steps.
    """
    model = empty_model(network, clock)
    settings = model.settings[0]
    settings["review_d"] = settings["step_d"] = clock.step_d
    settings["end_d"] = clock.end_d
    settings["quarter"] = -1
    _lay_makers(model, network, ends)
    _lay_pools(model, network, ends)
    _lay_routes(model, network, ends)
    shape, needs = network.shape, model.needs
    needs["maker"] = np.repeat(np.arange(len(network.makers)), np.diff(shape.need_start))
    needs["pool"] = shape.need_pool
    return model


def at_start(
    blank: Model,
    network: Network,
    values: Floats,
    start: Balanced,
    behaviour: Mapping[str, float],
) -> Model:
    """Return the tables of one drawn world at its start, without growth, stocks and use.

    Args:
        blank: what no draw changes; it stays as it is.
        network: the shape.
        values: one value for each input.
        start: the balance.
        behaviour: values of the behaviour records, by name.
    """
    model = Model(**{name: copied(table) for name, table in blank.arrays.items()})
    _fill_settings(model, behaviour)
    cover = network.cover_column
    model.pools["cover_d"] = np.where(cover < 0, 0.0, values[np.maximum(cover, 0)])
    fill_leads(model, values[network.route_columns[:, 1]])
    model.routes["share"] = start.share
    model.price_usd_per_t[:] = values[network.price_column] * KG_PER_T
    _fill_needs(model, start)
    return with_slots(model, model.lead.max(initial=0.0))


def copied(table: np.ndarray) -> np.ndarray:
    """Return a copy, byte by byte: rows of many fields would be copied field by field.

    >>> bool((copied(np.ones(2, records.MARKET)) == np.ones(2, records.MARKET)).all())
    True
    """
    if table.dtype.names is None or not table.size:
        return table.copy()
    return table.view(np.uint8).copy().view(table.dtype)


def fill_growth(
    model: Model,
    network: Network,
    ends: Ends,
    start: Balanced,
    drawn: tuple[Growth, Floats, balance.Scrap],
) -> None:
    """Fill in the undisturbed path, and what makers can make at the start."""
    growth, values, scrap = drawn
    index = growth_indices(growth, values, len(network.uses))
    routes, pools = model.routes, model.pools
    mean_d = np.bincount(routes["pool"], start.share * routes["lead_d"], pools.size)
    stock_d = pools["cover_d"] + mean_d
    tables = reference_tables(network, start, index, ends.use_pool, stock_d, scrap)
    for name, table in tables.items():
        model.arrays[name][:] = table
    model.makers["start_per_d"] = model.capacity_year[0]
    model.makers["reference_per_d"] = model.capacity_year[0]
    pools["lead_d"] = mean_d


def flow_path(model: Model) -> Floats:
    """Return the reference flow of each route in each review [t/d], shape (K, X).

    Straight lines between the years of `flow_year`, as for all of the undisturbed path.
    """
    step_d, year_d = float(model.settings[0]["step_d"]), model.year_d
    day = np.arange(model.up.shape[0]) * step_d
    flow_per_d = np.empty((day.size, model.routes.size))
    borders = np.searchsorted(day, year_d[1:-1]).tolist()
    for y, (first, end) in enumerate(pairwise([0, *borders, day.size])):
        low, high = model.flow_year[y], model.flow_year[y + 1]
        part = (day[first:end] - year_d[y]) / (year_d[y + 1] - year_d[y])
        rows = flow_per_d[first:end]
        np.multiply.outer(part, high - low, out=rows)
        rows += low
    return flow_per_d


def _fill_settings(model: Model, b: Mapping[str, float]) -> None:
    row = model.settings[0]
    row["close"] = closed_in(float(row["step_d"]), b["adjustment_time"])
    row["log_trigger"] = np.log(b["substitution_trigger"])
    row["discount_per_d"] = np.log1p(b["discount_rate"]) / DAYS_PER_YEAR
    row["selling_cost"] = b["selling_cost"]
    row["mothball_d"] = b["mothball_after"]
    row["restart_d"] = b["restart_time"]
    row["closure_d"] = b["closure_after"]


def closed_in(step_d: float, time_d: Floats | float) -> Floats:
    """Return the part of a gap that closes in one step, exactly: 1 - exp(-step / time)."""
    return np.asarray(-np.expm1(-step_d / np.asarray(time_d)))


def fill_products(model: Model, columns: Ints, values: Floats) -> None:
    """Fill how the market of each product moves, and how far its makers serve home first.

    Args:
        model: the tables.
        columns: of the records of `MARKET`, shape (P, len(MARKET)).
        values: one value for each input.
    """
    step_d = float(model.settings[0]["step_d"])
    of = {name: values[columns[:, i]] for i, name in enumerate(MARKET)}
    products = model.products
    products["price_step"] = closed_in(step_d, of["price_time"])
    products["share_step"] = closed_in(step_d, of["share_time"])
    products["cover_power"] = of["price_cover_elasticity"]
    products["tight_power"] = of["price_tightness_elasticity"]
    products["supplier_power"] = of["supplier_price_elasticity"]
    products["log_floor"] = np.log(of["price_floor_factor"])
    products["log_cap"] = np.log(of["price_cap_factor"])
    model.makers["home_first"] = of["home_first"][model.makers["product"]]


def _lay_makers(model: Model, network: Network, ends: Ends) -> None:
    shape, makers = network.shape, model.makers
    makers["product"] = np.repeat(np.arange(len(network.products)), np.diff(shape.maker_start))
    makers["region"] = [network.regions.index(region) for _, region in network.makers]
    makers["first_need"] = shape.need_start[:-1]
    makers["end_need"] = shape.need_start[1:]
    makers["controlled"] = ends.controlled
    makers["works"] = 1.0


def _lay_pools(model: Model, network: Network, ends: Ends) -> None:
    shape, pools = network.shape, model.pools
    pools["product"] = np.repeat(np.arange(len(network.products)), np.diff(shape.pool_start))
    pools["region"] = [network.regions.index(region) for _, region, _ in network.pools]
    pools["kind"] = [kind for _, _, kind in network.pools]
    pools["stockpile"] = network.pool_stockpile
    counts = np.bincount(shape.route_pool, minlength=pools.size)
    pools["end_route"] = np.cumsum(counts)
    pools["first_route"] = pools["end_route"] - counts
    pools["rush"] = 1.0
    pools["depth"] = ends.depth


def _lay_routes(model: Model, network: Network, ends: Ends) -> None:
    shape, routes = network.shape, model.routes
    routes["maker"] = shape.route_maker
    routes["pool"] = shape.route_pool
    routes["home"] = (
        model.makers["region"][shape.route_maker] == (model.pools["region"][shape.route_pool])
    )
    routes["barred"] = ends.barred | network.route_barred
    lanes = model.lanes
    lanes["cut"] = 1.0
    lanes["licence"] = -1
    lanes["approval"] = -1.0


def fill_leads(model: Model, lead_d: Floats) -> None:
    """Set how long goods take along each route, in days and in reviews."""
    model.routes["lead_d"] = lead_d
    steps = model.routes["lead_d"] / model.settings[0]["step_d"]
    whole = np.floor(steps + 1e-9)  # what is a hair short of a whole number is one
    model.lead[:] = np.maximum(whole, steps)


def slots(reviews: float) -> int:
    """Return the slots of a ring in which amounts lie for so many reviews at most.

    One beside for the rest of an amount that comes between two reviews, and the one of today.
    """
    return int(np.ceil(reviews - 1e-9)) + 2


def with_slots(model: Model, reviews: float) -> Model:
    """Return the model with rings of arrivals that reach so many reviews ahead, or further.

    To be asked for before a run: what is under way then lies in the first slots.
    """
    more = slots(reviews) - model.way_t.shape[1]
    if more <= 0:
        return model
    way_t, way_clean_t, way_more_t = (
        np.pad(ring, ((0, 0), (0, more)))
        for ring in (model.way_t, model.way_clean_t, model.way_more_t)
    )
    return replace(model, way_t=way_t, way_clean_t=way_clean_t, way_more_t=way_more_t)


def _fill_needs(model: Model, start: Balanced) -> None:
    needs = model.needs
    needs["input_per_t"] = start.input_per_t
    made = model.makers["product"][needs["maker"]]
    used = model.pools["product"][needs["pool"]]
    worth = start.input_per_t * model.price_usd_per_t[used]
    share = worth / model.price_usd_per_t[made]
    whole = np.bincount(needs["maker"], share, model.makers.size)[needs["maker"]]
    needs["cost_share"] = share / np.maximum(1.0, whole / 0.95)
    _fill_content(model, start, made, used)


def _fill_content(model: Model, start: Balanced, made: Ints, used: Ints) -> None:
    """Set the tonnes of each product in a tonne of another, itself and every step counted.

    The mean over makers, weighted by what they make at the start. Needs come in the order of what
    is made of them, so that what goes into an input is known before it is used.

    Args:
        model: changed in place.
        start: the balance.
        made: product that is made, of each need, shape (N,).
        used: product that goes into it, shape (N,).
    """
    rows = list(model.content)
    for p, row in enumerate(rows):
        row[p] = 1.0
    whole = np.bincount(model.makers["product"], start.made, len(rows))
    weight = start.made[model.needs["maker"]]
    taken = np.divide(
        start.input_per_t * weight, whole[made], out=np.zeros_like(weight), where=weight > 0.0
    )
    for p, q, part in zip(made.tolist(), used.tolist(), taken.tolist(), strict=True):
        if part > 0.0:
            rows[p] += part * rows[q]


def set_weights(model: Model, ends: Ends, behaviour: Mapping[str, float]) -> None:
    """Calibrate the weight of every maker with every buyer, so that the start is a fixed point.

    Incumbents keep their share per capacity. A plant added since, and any seller in need,
    gets a default by nearness (own region, bloc, other), such that a newcomer that sells
    to all buyers in reach comes to about the utilisation of its product. A buyer without
    any use yet spreads over all makers by nearness and capacity; a purchasing office by
    capacity alone.
    """
    routes, makers, pools = model.routes, model.makers, model.pools
    capacity = makers["start_per_d"][routes["maker"]]
    use = model.use_year[0][routes["pool"]]
    office = pools["kind"][routes["pool"]] == STRATEGIC
    allowed = (routes["barred"] == 0).astype(np.float64)
    near = _nearness(model, ends, behaviour) * allowed
    reach = np.bincount(routes["maker"], near * use, makers.size)[routes["maker"]]
    worked = _utilisation(model)[makers["product"][routes["maker"]]]
    newcomer = near * worked / np.where(reach > 0, reach, 1.0)
    own = np.divide(routes["share"], capacity, out=np.zeros_like(use), where=capacity > 0)
    unused = use <= 0
    lanes = model.lanes
    lanes["newcomer"] = np.where(office, allowed, newcomer)
    lanes["weight"] = np.where(unused | office, lanes["newcomer"], own)
    pull = np.where(unused, lanes["weight"] * capacity, 0.0)
    whole = np.bincount(routes["pool"], pull, pools.size)[routes["pool"]]
    spread = np.divide(pull, whole, out=np.zeros_like(pull), where=whole > 0)
    routes["share"] = np.where(unused, spread, routes["share"])


def _nearness(model: Model, ends: Ends, behaviour: Mapping[str, float]) -> Floats:
    seller = model.makers["region"][model.routes["maker"]]
    buyer = model.pools["region"][model.routes["pool"]]
    far = np.where(
        ends.friends[seller, buyer] == 1,
        behaviour["default_weight_bloc"],
        behaviour["default_weight_other"],
    )
    return np.where(seller == buyer, behaviour["default_weight_own"], far)


def _utilisation(model: Model) -> Floats:
    """Return use over capacity of each product at the start, shape (P,)."""
    products = model.price_usd_per_t.size
    use = np.bincount(model.pools["product"], model.use_year[0], products)
    capacity = np.bincount(model.makers["product"], model.capacity_year[0], products)
    return np.divide(use, capacity, out=np.ones(products), where=capacity > 0)


__all__ = ["OPEN", "TIER1", "Clock", "Ends", "at_start", "fill_growth", "flow_path", "set_weights"]
