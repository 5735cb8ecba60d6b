"""The world as plain objects that know each other, read out of a model."""

from types import SimpleNamespace

import numpy as np

from monazite.rules import records

OPEN, TIER1, STRATEGIC = records.OPEN, records.TIER1, records.STRATEGIC
BAN, QUOTA, LICENSING = records.BAN, records.QUOTA, records.LICENSING


class Thing(SimpleNamespace):
    """A row of a table; told apart by identity, so that it can be a key."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def rows(table: np.ndarray) -> list[Thing]:
    """Return the rows of a table as things with the same names."""
    names = table.dtype.names or ()
    return [Thing(no=i, **{n: row[n].tolist() for n in names}) for i, row in enumerate(table)]


class State:
    """Everything a review reads and changes."""

    def __init__(self, model: records.Model) -> None:
        self.settings = rows(model.settings)[0]
        self.moves = rows(model.products)
        self.pools, self.routes = rows(model.pools), rows(model.routes)
        for route, lane in zip(self.routes, rows(model.lanes), strict=True):
            vars(route).update(vars(lane))
            route.slot, route.late = divmod(float(model.lead[route.no]), 1.0)
            route.slot = int(route.slot)
            route.allowed, route.premium = model.allowed[route.no], model.premium[route.no]
        self.makers, self.uses = rows(model.makers), rows(model.uses)
        self.needs, self.controls = rows(model.needs), rows(model.controls)
        self.stocks, self.projects = rows(model.stockpiles), rows(model.projects)
        self.floors = rows(model.floors)
        self.claims, self.obligations = rows(model.claims), rows(model.obligations)
        self.swaps = rows(model.swaps)
        self.returns = [list(map(float, plan)) for plan in model.returns_t]
        self.instruments = rows(model.instruments)
        self.tariffs, self.rates = rows(model.tariffs), model.tariff_rate.tolist()
        self.duty_log = model.borders["log"].tolist()
        self.within = model.within.tolist()
        self.switches = rows(model.switches)
        self.thrifts, self.yards = rows(model.thrifts), rows(model.yards)
        self.worn, self.offcuts = rows(model.worn), rows(model.offcuts)
        self.past, self.dies = model.past_year.tolist(), model.dies.tolist()
        self.delivered = model.delivered.tolist()
        self.way = [list(map(float, ring)) for ring in model.way_t]
        self.way_clean = [list(map(float, ring)) for ring in model.way_clean_t]
        self.way_more = [list(map(float, ring)) for ring in model.way_more_t]
        self.release_order = [self.stocks[s] for s in model.release_order.tolist()]
        self.queue = [list(map(float, ring)) for ring in model.queue_t]
        self.slots, self.queue_slots = model.way_t.shape[1], model.queue_t.shape[1]
        self.desks = [list(map(float, desks)) for desks in model.desk_d]
        self.wait_d = model.wait_d
        self.log_price = model.log_price.tolist()
        self.target = model.price_target.tolist()
        self.pressed = model.pressed.tolist()
        self.area = model.area.tolist()
        self.under_control = model.under_control.tolist()
        self.usd_per_t = model.price_usd_per_t.tolist()
        self.entitled = model.entitled.tolist()
        self.content = model.content.tolist()
        self.products, self.regions = model.log_price.shape
        self.up = model.up.tolist()
        self.curb, self.most_per_d = model.curb.tolist(), model.most_per_d.tolist()
        self.surge = model.surge.tolist()
        self.years = Years(model)
        self._link(model)

    def _link(self, model: records.Model) -> None:
        """Let things know each other in place of row numbers."""
        for route in self.routes:
            route.maker, route.pool = self.makers[route.maker], self.pools[route.pool]
        for pool in self.pools:
            pool.routes = [r for r in self.routes if r.pool is pool]
        for need in self.needs:
            need.maker, need.pool = self.makers[need.maker], self.pools[need.pool]
        for maker in self.makers:
            maker.needs = [n for n in self.needs if n.maker is maker]
        for control in self.controls:
            mine = model.control_route[control.first : control.end]
            control.routes = [self.routes[x] for x in mine]
            granted = rows(model.grants[control.first : control.end])
            control.grants = dict(zip(control.routes, granted, strict=True))
        for use in self.uses:
            use.pool, use.open_pool = self.pools[use.pool], self.pools[use.open_pool]
        for stock in self.stocks:
            stock.pool = self.pools[stock.pool]
            stock.owners = {r for r in range(self.regions) if self.entitled[stock.no][r]}
            stock.claims = self.claims[stock.no * self.regions : (stock.no + 1) * self.regions]
            stock.may_draw = {tier for tier in (1, 2, 3) if stock.tiers & (1 << tier)}
        for row in self.obligations:
            row.pool = self.pools[row.pool]
        for project in self.projects:
            project.maker = self.makers[project.maker]
        for row in self.switches:
            row.of, row.to = self.uses[row.of], self.uses[row.to]
        for row in self.worn:
            row.use = self.uses[row.use]
        for row in self.offcuts:
            row.maker = self.makers[row.maker]
        for yard in self.yards:
            yard.maker = self.makers[yard.maker]
            yard.worn = self.worn[yard.first_worn : yard.end_worn]
            yard.offcuts = self.offcuts[yard.first_offcut : yard.end_offcut]

    def duty(self, route: Thing) -> float:
        """Return all duties in force on a route, as a part of the price."""
        return float(sum(rates[route.no] for rates in self.rates))

    def feeds(self, product: int, other: int) -> bool:
        """Return whether a product is an input, at any step, of another."""
        direct = {n.pool.product for n in self.needs if n.maker.product == other}
        return product in direct or any(self.feeds(product, q) for q in direct)

    def pools_of(self, product: int) -> list[Thing]:
        """Return the pools of a product."""
        return [pool for pool in self.pools if pool.product == product]

    def makers_of(self, product: int) -> list[Thing]:
        """Return the makers of a product."""
        return [maker for maker in self.makers if maker.product == product]

    def routes_of(self, product: int) -> list[Thing]:
        """Return the routes of a product."""
        return [route for route in self.routes if route.maker.product == product]


class Years:
    """The undisturbed path: levels at the borders of years."""

    def __init__(self, model: records.Model) -> None:
        self.day = model.year_d.tolist()
        self.demand, self.use = model.demand_year.tolist(), model.use_year.tolist()
        self.flow, self.capacity = model.flow_year.tolist(), model.capacity_year.tolist()
        self.extra = model.extra_year.tolist()
        self.plain = model.plain_year.tolist()

    def at(self, day: float) -> tuple[int, float]:
        """Return the year that a day lies in, and how far into it."""
        year = max(y for y in range(len(self.day) - 1) if y == 0 or self.day[y] <= day)
        return year, (day - self.day[year]) / (self.day[year + 1] - self.day[year])

    @staticmethod
    def between(table: list[list[float]], i: int, where: tuple[int, float]) -> float:
        """Return the level of one thing there."""
        year, part = where
        return table[year][i] + (table[year + 1][i] - table[year][i]) * part


def needs_clean(pool: Thing) -> bool:
    """Return whether a pool takes only what no barred origin has touched at any step."""
    return bool(pool.kind == TIER1 and pool.depth == 2)
