"""What instruments cost on paper: at central values and the prices of the start, discounted.

Everything goes as planned: no project stalls or ends, none learns from those before it, plants
sell all that they can make, no price moves, and an office gets what its market lets it reach. What
comes after the run is not counted, as in the ledger.
"""

from dataclasses import dataclass
from functools import cached_property
from math import exp, expm1
from typing import TYPE_CHECKING, Any

import numpy as np

from monazite.rules.records import Model
from monazite.scenario.backing import Backstop
from monazite.scenario.contracts import Floor, Offtake
from monazite.scenario.instruments import Project, Stockpile
from monazite.scenario.programmes import Recycling, Thrift
from monazite.scenario.reserves import Obligation, Swap
from monazite.scenario.trade import Bloc
from monazite.world.inputs import Floats
from monazite.world.plan import RAMP_RECORDED_TO, public_part
from monazite.world.tables import KG_PER_T
from monazite.world.trade import stay_d

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared

DAY = 1.0
TINY = 1e-12


def risen(days: Floats, first_d: float, length_d: float) -> Floats:
    """Return how far a straight rise from its first day has come on each day, 0 to 1.

    >>> risen(np.array([5.0, 15.0, 25.0]), 10.0, 10.0).tolist()
    [0.0, 0.5, 1.0]
    """
    if length_d <= 0.0:
        return np.asarray(days >= first_d, float)
    return np.clip((days - first_d) / length_d, 0.0, 1.0)


def discounted_d(rate_per_d: float, span_d: tuple[float, float]) -> float:
    """Return the days of a span, each for what it is worth at the start of the run.

    >>> discounted_d(0.0, (10.0, 30.0))
    20.0
    >>> round(discounted_d(0.1, (0.0, 10.0)), 4)
    6.3212
    """
    from_d, until_d = span_d
    length_d = max(0.0, until_d - from_d)
    if rate_per_d == 0.0:
        return length_d
    return exp(-rate_per_d * from_d) * -expm1(-rate_per_d * length_d) / rate_per_d


@dataclass(frozen=True)
class Paper:
    """A scenario at central values, to work out what its instruments would cost."""

    prepared: "Prepared"

    @cached_property
    def values(self) -> Floats:
        """The central value of every number."""
        return self.prepared.central()

    @cached_property
    def model(self) -> Model:
        """The tables of the start."""
        return self.prepared.model(self.values)

    @cached_property
    def days(self) -> Floats:
        """The middle of every day of the run."""
        return np.arange(0.5, self.prepared.end_d)

    @property
    def rate_per_d(self) -> float:
        """The discount rate, continuous."""
        return float(self.model.settings[0]["discount_per_d"])

    def cost_usd(self, strategy: str, scale: float = 1.0) -> dict[str, float]:
        """Return what each instrument of a strategy would cost, discounted, by its name.

        Args:
            strategy: its name.
            scale: what the sizes of its instruments are multiplied by.
        """
        parts = self.prepared.scenario.strategies[strategy].instruments
        return {part.name: self._capped(strategy, part, scale) for part in parts}

    def capital_usd(self, number: int) -> float:
        """Return the public capital of a project, its overrun as the record has it."""
        planned = self._planned_usd(number)
        plan = self.prepared.projects[number]
        cost = planned * self._value(number, "overrun")
        return public_part(plan.funded.share, plan.part.overrun_borne, planned, cost)

    def _planned_usd(self, number: int) -> float:
        capacity = self.prepared.projects[number].part.capacity.central
        return self._value(number, "capex") * capacity

    def margin_usd_per_t(self, number: int) -> float:
        """Return what the price leaves over opex and inputs on a tonne of a project."""
        row, model = self.model.projects[number], self.model
        needs = model.needs[model.needs["maker"] == row["maker"]]
        bought = model.price_usd_per_t[model.pools["product"][needs["pool"]]]
        inputs = float((needs["input_per_t"] * bought).sum())
        price = model.price_usd_per_t[model.makers["product"][row["maker"]]]
        return float(price - row["opex_usd_per_t"] - inputs)

    def project(self, strategy: str, name: str) -> int:
        """Return the number of a project."""
        plans = [(plan.strategy, plan.part.name) for plan in self.prepared.projects]
        return plans.index((strategy, name))

    def stockpile(self, strategy: str, name: str) -> int:
        """Return the number of a stockpile."""
        plans = [(plan.strategy, plan.part.name) for plan in self.prepared.stockpiles]
        return plans.index((strategy, name))

    def _value(self, number: int, name: str) -> float:
        """Return the central value of a phase, of odds or a cost of a project."""
        return float(self.values[self.prepared.projects[number].columns[name]])

    def _capped(self, strategy: str, part: Any, scale: float) -> float:
        cost, own = self._cost(strategy, part, scale), getattr(part, "budget", None)
        if own is None:
            return cost
        whole = self.prepared.budget_usd[strategy] if own.unit == "share" else 1.0
        return float(min(cost, own.central * whole))

    def _cost(self, strategy: str, part: Any, scale: float) -> float:
        if isinstance(part, Project):
            return scale * self._project(strategy, part)
        if isinstance(part, Floor | Offtake):
            return self._contract(strategy, part, scale)
        if isinstance(part, Stockpile):
            return self._stockpile(strategy, part, scale)
        if isinstance(part, Obligation):
            return scale * self._obligation(strategy, part)
        if isinstance(part, Swap):
            return scale * self._swap(part)
        if isinstance(part, Thrift):
            first_d = self.prepared.day(part.start, 0.0)
            return self._even(part.cost.central, (first_d, first_d + part.term.central))
        if isinstance(part, Bloc):
            return self._bloc(part)
        if isinstance(part, Backstop):
            return scale * self._backstop(part)
        return np.inf if isinstance(part, Recycling) else 0.0

    def _even(self, usd: float, span_d: tuple[float, float]) -> float:
        """Return the worth of an outlay that runs evenly over a span, as far as the run goes."""
        from_d, until_d = span_d
        within = (from_d, min(until_d, self.prepared.end_d))
        return usd * discounted_d(self.rate_per_d, within) / (until_d - from_d)

    def _worth(self, usd_per_d: Floats) -> float:
        """Return the worth of an outlay by day."""
        return float(usd_per_d @ np.exp(-self.rate_per_d * self.days))

    def _bloc(self, part: Bloc) -> float:
        if part.cost is None:
            return 0.0
        first_d = max(0.0, min(stay_d(self.prepared, member)[0] for member in part.members))
        return self._even(part.cost.central, (first_d, max(first_d + DAY, self.prepared.end_d)))

    def _backstop(self, part: Backstop) -> float:
        """Return the worth of its part of the capital of the plants that it covers."""
        covered = [i for i, plan in enumerate(self.prepared.projects) if plan.backstop is part]
        return part.cost.central * sum(
            self._planned_usd(i)
            * self._value(i, "overrun")
            * exp(-self.rate_per_d * self._milestones(i)[1])
            for i in covered
        )

    def _swap(self, part: Swap) -> float:
        if part.freight is None:
            return 0.0
        freight = part.tonnes.central * part.freight.central * KG_PER_T
        return freight * exp(-self.rate_per_d * self.prepared.day(part.start, 0.0))

    def _obligation(self, strategy: str, part: Obligation) -> float:
        """Return the worth of the public part of holding, the stock at its days as they rise."""
        rows = self.model.obligations
        rows = rows[rows["instrument"] == self.prepared.layout.instrument(strategy, part.name)]
        pools = rows["pool"]
        price = self.model.price_usd_per_t[self.model.pools["product"][pools]]
        a_day = self.model.use_year[0][pools] * rows["holding_per_d"] * rows["public_share"]
        phase_d = 0.0 if part.phase_in is None else part.phase_in.central
        days = part.days.central * risen(self.days, self.prepared.day(part.start, 0.0), phase_d)
        return self._worth(float((a_day * price).sum()) * days)

    def _stockpile(self, strategy: str, part: Stockpile, scale: float) -> float:
        """Return the worth of buying up to the target at the price of the start, and of holding."""
        number = self.stockpile(strategy, part.name)
        row, from_d = self.model.stockpiles[number], self.prepared.day(part.start, 0.0)
        until_d = self.prepared.day(part.until)
        rate_t = self._offices(strategy, scale)[number]
        if rate_t <= 0.0:
            return 0.0
        buying_d = min(until_d, self.prepared.end_d) - from_d
        buying_d = min(buying_d, float(row["target_t"]) * scale / rate_t)
        price = float(self.model.price_usd_per_t[row["product"]])
        bought = rate_t * discounted_d(self.rate_per_d, (from_d, from_d + buying_d))
        held_t = rate_t * np.clip(self.days - from_d, 0.0, buying_d)
        upkeep = float(row["holding_per_d"] + row["ageing_per_d"] * row["rotation"])
        return price * (bought + self._worth(held_t * upkeep))

    def _offices(self, strategy: str, scale: float) -> dict[int, float]:
        """Return what each stockpile of a strategy buys [t/d].

        Those that buy the same product share the largest market that one of them reaches.
        """
        rows = self.model.stockpiles
        mine = [s for s, plan in enumerate(self.prepared.stockpiles) if plan.strategy == strategy]
        wanted = np.minimum(rows["pace_per_d"] * scale, rows["accessible_per_d"])
        wanted = np.where(rows["ceiling"] < 1.0, 0.0, wanted)
        found = {}
        for s in mine:
            beside = [other for other in mine if rows[other]["product"] == rows[s]["product"]]
            reach = max(float(rows[other]["accessible_per_d"]) for other in beside)
            total = max(float(wanted[beside].sum()), TINY)
            found[s] = float(wanted[s]) * min(1.0, reach / total)
        return found

    def _project(self, strategy: str, part: Project) -> float:
        """Return the worth of a project's public capital and support."""
        number = self.project(strategy, part.name)
        begin_d, planned_d, built_d = self._milestones(number)
        capital = self.capital_usd(number)
        first = capital * self._value(number, "development_share")
        return (
            self._even(first, (begin_d, max(begin_d + DAY, planned_d)))
            + self._even(capital - first, (planned_d, max(planned_d + DAY, built_d)))
            + self._support(strategy, number, built_d)
        )

    def _milestones(self, number: int) -> tuple[float, float, float]:
        """Return the days on which a project begins, is planned, and puts out first."""
        plan = self.prepared.projects[number]
        begin_d = max(0.0, self.prepared.day(plan.part.start))
        quicker = 1.0 if plan.backstop is None else plan.backstop.financing_factor.central
        planned_d = begin_d + self._value(number, "permitting")
        planned_d += self._value(number, "financing") * quicker
        built_d = self._value(number, "construction") + self._value(number, "commissioning")
        return begin_d, planned_d, planned_d + built_d

    def _output(self, number: int) -> Floats:
        """Return what a project makes and sells on each day [t]."""
        plan, built_d = self.prepared.projects[number], self._milestones(number)[2]
        ramp_d = self._value(number, "ramp")
        ramp_d /= RAMP_RECORDED_TO if plan.part.ramp is None else 1.0
        half_d = 0.5 * self._value(number, "qualification")
        sold = np.minimum(
            risen(self.days, built_d, ramp_d), risen(self.days, built_d + half_d, half_d)
        )
        return sold * float(self.model.projects[number]["nameplate_per_d"])

    def _support(self, strategy: str, number: int, built_d: float) -> float:
        """Return the worth of the support that a project needs beside what contracts pay it."""
        support = self.prepared.projects[number].part.support
        if support is None:
            return 0.0
        relief = np.zeros(self.days.size)
        for f, contract in enumerate(self.prepared.floors):
            if contract.strategy == strategy and number in contract.projects:
                sold = self._sold(f, 1.0)
                covered = self._covered(f, sold, 1.0)
                relief = self._difference(f) * covered / np.maximum(sold, TINY)
        gap = np.maximum(0.0, -self.margin_usd_per_t(number) - relief)
        paid = np.minimum(gap, support.per_kg.central * KG_PER_T)
        paid *= (self.days >= built_d) & (self.days < built_d + support.years.central)
        return self._worth(self._output(number) * paid)

    def _contract(self, strategy: str, part: Floor | Offtake, scale: float) -> float:
        """Return the worth of what a floor or an offtake pays on what its plants sell."""
        plans = [(plan.strategy, plan.part.name) for plan in self.prepared.floors]
        f = plans.index((strategy, part.name))
        covered = self._covered(f, self._sold(f, scale), scale)
        return self._worth(covered * self._difference(f))

    def _sold(self, f: int, scale: float) -> Floats:
        """Return what the plants of a contract sell on each day [t].

        Those under way, and those of today, keep their size.
        """
        sold = np.zeros(self.days.size)
        if self.prepared.floors[f].has_incumbents:
            makers, model = self.model.makers, self.model
            mine = makers["product"] == model.floors[f]["product"]
            mine &= model.within[f][makers["region"]] == 1
            sold += float(model.flow_year[0][mine[model.routes["maker"]]].sum())
        for i in self.prepared.floors[f].projects:
            sold += self._output(i) * (scale if self.prepared.projects[i].strategy else 1.0)
        return sold

    def _difference(self, f: int) -> float:
        """Return what a contract pays on a tonne at the price of the start."""
        row = self.model.floors[f]
        price = self.model.price_usd_per_t[row["product"]]
        return max(0.0, float(row["strike_usd_per_t"] - price))

    def _covered(self, f: int, sold: Floats, scale: float) -> Floats:
        """Return what of their sales a contract covers on each day [t]."""
        row = self.model.floors[f]
        holds = (self.days >= row["first_d"]) & (self.days < row["until_d"])
        return np.asarray(np.minimum(sold, row["cap_per_d"] * scale) * holds)
