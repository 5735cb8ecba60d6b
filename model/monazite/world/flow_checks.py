"""Every check that needs the flows of the start: what touches none of them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from monazite.errors import BalanceError, Problem
from monazite.rules.records import STRATEGIC
from monazite.scenario.contracts import Floor
from monazite.scenario.disruptions import Suppression
from monazite.scenario.parts import Scenario
from monazite.world.backing import unbacked
from monazite.world.contracts import excluded, unsaved
from monazite.world.controls import OneControl, ScopePlan, Source
from monazite.world.escalation import loops
from monazite.world.inputs import Floats
from monazite.world.licence_checks import too_many
from monazite.world.procurement import vain
from monazite.world.shocks import idle
from monazite.world.switches import unswitched
from monazite.world.unfit import unfit
from monazite.world.wording import called

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared


LONGEST_LEAD_D = 3652.5
"""Longest lead time that an override may give: a unit is wrong beyond it."""


class FlowChecks:
    """Finds every place where a scenario that fits its chain would change nothing in it."""

    def __init__(self, scenario: Scenario, prepared: "Prepared") -> None:
        self.scenario = scenario
        self.prepared = prepared
        self.network = prepared.network

    def all(self) -> list[Problem]:
        """Return every control, plant, stock and pool that touches no flow at the start."""
        try:
            flow = self.prepared.balance(self.prepared.central()).flow
        except BalanceError as error:
            text = f"the start cannot be balanced: {error}"
            text += "; see 'overrides'" if self.scenario.overrides else ""
            return [self.scenario.problem("chain", text, "balance")]
        found = [*self._unfed(), *self._unsold(), *self._uncovered()]
        found += [self.scenario.problem(path, text, "loop") for path, text in loops(self.prepared)]
        found += self._untaxed()
        found += [self.scenario.problem(*told) for told in unswitched(self.prepared)]
        found += [self.scenario.problem(*told) for told in unbacked(self.prepared)]
        found += [*self._unpressed(), *self._unfailing()]
        for shock in self.prepared.shocks:
            for text in idle(shock, self.prepared.chain, self.network, flow):
                found.append(self.scenario.problem(shock.path, text, "touches-no-flow"))
        for rule in self.prepared.procurement:
            for key, text, code in vain(rule, self.network, flow):
                found.append(self.scenario.problem(f"{rule.path}.{key}", text, code))
        found += [*self._unheld(), *self._unsized(flow), *self._outlasted(flow)]
        for strategy, name, text, code in unfit(self.prepared):
            path = self._path_of(strategy, name) if name else "chain"
            found.append(self.scenario.problem(path, text, code))
        for one in self.prepared.controls.ones:
            found += self._touches(one.path, one.part.controller, one.scope, flow)
        for source in self.prepared.controls.sources:
            for j, scope in enumerate(source.scopes):
                path = f"{source.path}.scopes.{j}"
                found += self._touches(path, source.part.controller, scope, flow)
        plan = self.prepared.controls
        each: list[OneControl | Source] = [*plan.ones, *plan.sources]
        for control in each:
            for at, text, code in too_many(control, flow, self.prepared.clock.step_d):
                found.append(self.scenario.problem(at, text, code))
        return [*found, *self._unread(), *self._endless()]

    def _unread(self) -> Iterator[Problem]:
        """Yield every override of a record that nothing in this scenario reads."""
        for name in self.scenario.overrides:
            if name not in self.prepared.inputs.names:
                text = "nothing here reads this record, so the override would change nothing"
                yield self.scenario.problem(f"overrides.{name}", text, "touches-no-flow")

    def _endless(self) -> Iterator[Problem]:
        """Yield every override of a lead time that is too long to be one."""
        inputs = self.prepared.inputs
        for column in np.unique(self.network.route_columns[:, 1]):
            name, days = inputs.names[column], inputs.quantities[column].high
            if name in self.scenario.overrides and days > LONGEST_LEAD_D:
                text = f"a lead time of {days:,.0f} days; more than 10 years is refused"
                yield self.scenario.problem(f"overrides.{name}", text, "too-large")

    def _touches(
        self, path: str, controller: str, scope: ScopePlan, flow: Floats
    ) -> Iterator[Problem]:
        if scope.ends:
            yield from self._end_use(path, controller, scope)
            return
        for p, routes in zip(scope.products, scope.routes, strict=True):
            if not routes.size or flow[routes].sum() <= 0.0:
                product = self.network.products[p]
                makers = [
                    r
                    for q, r in self.network.makers
                    if self.prepared.chain.processes[q].makes == product
                ]
                why = (
                    "sells none of it to the targets"
                    if controller in makers
                    else f"makes none; {', '.join(dict.fromkeys(makers))} do"
                )
                text = f"touches no flow of {product}: {controller} {why}"
                yield self.scenario.problem(f"{path}.products", text, "touches-no-flow")

    def _end_use(self, path: str, controller: str, scope: ScopePlan) -> Iterator[Problem]:
        """Yield what an end-use ban has no hold on: goods that are not made, users that are not."""
        processes = self.prepared.chain.processes
        made = {processes[q].makes for q, r in self.network.makers if r == controller}
        for name in (self.network.products[p] for p in scope.products):
            if name not in made:
                text = f"touches no flow of {name}: {controller} makes none"
                yield self.scenario.problem(f"{path}.products", text, "touches-no-flow")
        if not any(end.depth.any() for end in scope.ends):
            text = "touches no user: no target has a stock of its own for tier 1 of these products"
            yield self.scenario.problem(f"{path}.tiers", text, "touches-no-flow")

    def _unfed(self) -> Iterator[Problem]:
        network = self.network
        fed = set(network.shape.route_pool[network.route_barred == 0].tolist())
        for h, (product, region, kind) in enumerate(network.pools):
            if h in fed:
                continue
            if kind == STRATEGIC:
                plan = self.prepared.stockpiles[int(network.pool_stockpile[h])]
                path = self._path_of(plan.strategy, plan.part.name)
                text = f"nobody outside the controllers sells {product}; nothing can be bought"
                yield self.scenario.problem(path, text, "touches-no-flow")
            else:
                text = f"{region} uses {product}, but no route brings it there"
                yield self.scenario.problem("chain", text, "missing-feedstock")

    def _unsold(self) -> Iterator[Problem]:
        network = self.network
        selling = set(network.shape.route_maker.tolist())
        for plan in self.prepared.projects:
            if network.maker(plan.process, plan.part.region) not in selling:
                path = self._path_of(plan.strategy, plan.part.name)
                text = (
                    f"no route takes {plan.product} from {plan.part.region} to any user; "
                    "the plant would touch no flow"
                )
                yield self.scenario.problem(path, text, "touches-no-flow")

    def _unheld(self) -> Iterator[Problem]:
        """Yield every obligation on regions that neither use nor work its product."""
        for plan in self.prepared.obligations:
            pools = [self.network.pool(plan.part.product, region) for region in plan.regions]
            if max(pools) < 0:
                text = f"{', '.join(plan.regions)} use no {plan.part.product}; nobody would hold it"
                path = self._path_of(plan.strategy, plan.part.name)
                yield self.scenario.problem(f"{path}.obligation.regions", text, "touches-no-flow")

    def _unsized(self, flow: Floats) -> Iterator[Problem]:
        """Yield every stockpile that is sized by a use which its owners do not have."""
        bought_in = self.network.shape.route_pool
        for plan, reach in zip(self.prepared.stockpiles, self.prepared.reaches, strict=True):
            by_use = self.prepared.inputs.quantities[plan.target].unit != "t"
            if by_use and flow[np.isin(bought_in, reach.owners)].sum() <= 0.0:
                text = f"0 t: {plan.part.owner} uses no {plan.part.product} at the start"
                path = self._path_of(plan.strategy, plan.part.name)
                text += "; give tonnes, such as '500 t'"
                yield self.scenario.problem(f"{path}.stockpile.target", text, "touches-no-flow")

    def _outlasted(self, flow: Floats) -> Iterator[Problem]:
        """Yield a review that is longer than makers may be able to run on what they hold.

        Makers run on what is in hand as a review begins: their cover, and what their last
        orders brought by then. At the low ends of both, so in any world.
        """
        network, step_d = self.network, self.prepared.clock.step_d
        bought_in, column = network.shape.route_pool, network.cover_column
        low = np.array([quantity.low for quantity in self.prepared.inputs.quantities])
        lead_d = np.minimum(low[network.route_columns[:, 1]], step_d)
        count = len(network.pools)
        use = np.bincount(bought_in, flow, count)
        ready_d = np.where(column < 0, 0.0, low[np.maximum(column, 0)])
        ready_d += np.bincount(bought_in, flow * lead_d, count) / np.where(use > 0.0, use, 1.0)
        feeding = [h for h in np.unique(network.shape.need_pool) if use[h] > 0.0]
        least = min(feeding, key=lambda h: ready_d[h], default=None)
        if least is not None and ready_d[least] < step_d:
            product, region, _ = network.pools[least]
            text = f"longer than makers in {region} may be able to run on the {product} that "
            text += f"they hold; at most {int(ready_d[least])} days here"
            yield self.scenario.problem("review", text, "value")

    def _unpressed(self) -> Iterator[Problem]:
        """Yield every suppression by a region that makes nothing of its product."""
        processes = self.prepared.chain.processes
        for i, part in enumerate(self.scenario.disruptions.suppression):
            made = {(r, processes[q].makes) for q, r in self.network.makers}
            if (part.controller, part.product) not in made:
                text = f"{part.controller} makes no {part.product} to sell below its price"
                path = f"disruptions.suppression.{i}.controller"
                yield self.scenario.problem(path, text, "touches-no-flow")
            elif part.when is not None and part.when.rivals is not None:
                rivals = self._rivals(part)
                if rivals >= part.when.rivals.central:
                    text = f"rivals hold {rivals:.0%} of capacity at the start already"
                    text += "; give a higher share"
                    path = f"disruptions.suppression.{i}.when.rivals"
                    yield self.scenario.problem(path, text, "order")

    def _rivals(self, part: Suppression) -> float:
        """Return the part of all capacity for a product outside its controller, at the start."""
        capacity = self.prepared.balance(self.prepared.central()).capacity
        processes, found = self.prepared.chain.processes, {True: 0.0, False: 0.0}
        for (process, region), could in zip(self.network.makers, capacity, strict=True):
            if processes[process].makes == part.product:
                found[region == part.controller] += float(could)
        return found[False] / sum(found.values())

    def _unfailing(self) -> Iterator[Problem]:
        """Yield every factor of outages for plants too many to tell apart, which never fail."""
        for name in self.scenario.disruptions.outage_factors:
            if not any(called(m.process, [name]) and m.plants for m in self.prepared.chain.makers):
                text = f"no plants of {name} are counted, so that they never fail"
                path = f"disruptions.outage_factors.{name}"
                yield self.scenario.problem(path, text, "touches-no-flow")

    def _uncovered(self) -> Iterator[Problem]:
        """Yield every contract over no plant, one of another product, or one that has another."""
        covered: dict[tuple[str, int], str] = {}
        for floor in self.prepared.floors:
            path, part = self._path_of(floor.strategy, floor.part.name), floor.part
            kind = "floor" if isinstance(part, Floor) else "offtake"
            if not (floor.projects or floor.has_border or floor.has_incumbents):
                text = f"covers nothing: no project makes {part.product} there"
                yield self.scenario.problem(path, text, "touches-no-flow")
            for i in floor.projects:
                plan = self.prepared.projects[i]
                if plan.product != part.product:
                    text = f"'{plan.part.name}' makes {plan.product}, not {part.product}"
                    yield self.scenario.problem(path, text, "touches-no-flow")
                if (floor.strategy, i) in covered:
                    other = covered[floor.strategy, i]
                    text = f"another {other} covers '{plan.part.name}' too"
                    yield self.scenario.problem(path, text, "duplicate")
                covered[floor.strategy, i] = kind
            for name in excluded(self.prepared, floor):
                text = f"'{part.stockpile}' never buys from the region of '{name}'"  # type: ignore[union-attr]
                text += "; write 'buy_from: anyone'"
                yield self.scenario.problem(path, text, "touches-no-flow")
        for floor, text, code in unsaved(self.prepared):
            path = self._path_of(floor.strategy, floor.part.name)
            yield self.scenario.problem(f"{path}.floor.incumbents", text, code)

    def _untaxed(self) -> Iterator[Problem]:
        """Yield every product of a tariff that no route brings from one side to the other."""
        for plan in self.prepared.tariffs:
            path = plan.path
            for product in plan.part.products:
                p = self.network.products.index(product)
                low, high = self.network.shape.route_start[[p, p + 1]]
                if not ((plan.routes >= low) & (plan.routes < high)).any():
                    text = f"touches no flow of {product}: nobody in 'from' sells it to 'to'"
                    yield self.scenario.problem(f"{path}.products", text, "touches-no-flow")

    def _path_of(self, strategy: str, name: str) -> str:
        if not strategy:
            names = [part.name for part in self.scenario.under_way]
            return f"under_way.{names.index(name)}"
        held = self.scenario.strategies[strategy]
        for where, part in held.plants():
            if part.name == name and "candidates" in where:
                return f"strategies.{strategy}.{where}"
        number = next(i for i, part in enumerate(held.instruments) if part.name == name)
        return f"strategies.{strategy}.instruments.{number}"
