"""Every check that needs a chain: unknown words, and what touches no flow."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from monazite.errors import BalanceError, Problem
from monazite.evidence.behaviour import Phases
from monazite.evidence.chain import Chain
from monazite.naming import bare, chain_of, named
from monazite.rules.records import STRATEGIC
from monazite.scenario.backing import Backstop, Limit
from monazite.scenario.contracts import Floor, Offtake
from monazite.scenario.disruptions import Control, RandomControls, Suppression
from monazite.scenario.held import met
from monazite.scenario.hints import did_you_mean, listed
from monazite.scenario.instruments import Programme, Project, Stockpile
from monazite.scenario.parts import Scenario
from monazite.scenario.programmes import Recycling, Thrift
from monazite.scenario.reserves import Obligation
from monazite.scenario.shocks import ProductionQuota
from monazite.scenario.trade import Procurement, Tariff
from monazite.world.backing import unbacked
from monazite.world.contracts import excluded, unsaved
from monazite.world.controls import OneControl, ScopePlan, Source, dated
from monazite.world.escalation import loops
from monazite.world.licence_checks import named_in, too_many, unknown_targets
from monazite.world.procurement import vain
from monazite.world.shocks import idle
from monazite.world.switches import misnamed, unswitched
from monazite.world.trade import bloc_plans, blocs_in
from monazite.world.unfit import unfit
from monazite.world.wording import called, candidates, or_bare, processes_of

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared


class Checks:
    """Finds every place where a scenario does not fit its chain."""

    def __init__(self, scenario: Scenario, chain: Chain, phases: Phases) -> None:
        self.scenario = scenario
        self.chain = chain
        self.phases = phases
        self.regions = chain.regions()
        self.places = [*self.regions, *scenario.groups]

    def controllers(self, product: str, owner: str) -> frozenset[str]:
        """Return every region that may control its exports of a product, but its owners."""
        parts = [part for _, part in dated(self.scenario)]
        found = {part.controller for part in parts if product in part.products}
        for source in self.scenario.disruptions.random:
            if any(product in scope.products for scope in source.scopes):
                found.add(source.controller)
        ours = [b.part.members for b in bloc_plans(self.scenario) if b.part.name == owner]
        members = {member.region for bloc in ours for member in bloc}
        return frozenset(found) - {owner, *self.scenario.regions_of(owner), *members}

    def words(self) -> list[Problem]:
        """Return every word that names nothing in the chain."""
        return [
            *self._groups(),
            *self._controls(),
            *self._suppression(),
            *self._shocks(),
            *self._instruments(),
            *self._trade(),
            *self._switches(),
            *self._asserted(),
        ]

    def _problem(self, path: str, message: str, code: str) -> Problem:
        return Problem(path, message, self.scenario.where(path), code)

    def _known(self, path: str, word: str, known: Iterable[str], what: str) -> Iterator[Problem]:
        names = list(known)
        if word not in names:
            text = f"unknown {what} '{word}'{did_you_mean(word, names)}"
            yield self._problem(path, text, f"unknown-{what}")

    def _product(self, path: str, word: str) -> Iterator[Problem]:
        """Yield that a word names no product, or more than one."""
        known = self.chain.products
        meant = candidates(word, known)
        if len(meant) > 1:
            yield self._problem(path, f"{_several(word, meant)} have it", "unknown-product")
        elif word not in known:
            short = [name for name in map(bare, known) if len(candidates(name, known)) == 1]
            yield from self._known(path, word, dict.fromkeys([*known, *short]), "product")

    def _groups(self) -> Iterator[Problem]:
        for name, group in self.scenario.groups.items():
            for i, region in enumerate(group):
                yield from self._known(f"groups.{name}.{i}", region, self.regions, "region")
        for i, word in enumerate(self.scenario.report):
            yield from self._known(f"report.{i}", word, self.places, "region or group")

    def _scope(
        self, path: str, products: Iterable[str], targets: Iterable[str]
    ) -> Iterator[Problem]:
        for i, product in enumerate(products):
            yield from self._product(f"{path}.products.{i}", product)
        for i, target in enumerate(targets):
            yield from self._known(
                f"{path}.targets.{i}", target, ["all", *self.places], "region or group"
            )

    def _controls(self) -> Iterator[Problem]:
        for path, part in dated(self.scenario):
            yield from self._known(f"{path}.controller", part.controller, self.regions, "region")
            yield from self._scope(path, part.products, part.targets)
            yield from self._licensed(path, part)
        for i, source in enumerate(self.scenario.disruptions.random):
            path = f"disruptions.random.{i}"
            yield from self._known(f"{path}.controller", source.controller, self.regions, "region")
            for j, scope in enumerate(source.scopes):
                yield from self._scope(f"{path}.scopes.{j}", scope.products, scope.targets)
            yield from self._each(f"{path}.hits_each", source)
            yield from self._licensed(path, source)

    def _each(self, path: str, source: RandomControls) -> Iterator[Problem]:
        """Yield a chance to hit a chain that no scope names, and a chain without a chance."""
        known = [one.chain for one in self.chain.owners()]
        named = {
            self.chain.owner_of(product).chain
            for scope in source.scopes
            for product in scope.products
            if product in self.chain.products
        }
        for chain in source.hits_each:
            yield from self._known(f"{path}.{chain}", chain, known, "chain")
            if chain in known and chain not in named:
                text = f"no scope names a product of {chain}; remove this, or name one"
                yield self._problem(f"{path}.{chain}", text, "touches-no-flow")
        for chain in sorted(named - {*source.hits_each}):
            if source.hits_each:
                text = f"no chance for {chain}, of which a scope names a product"
                yield self._problem(path, text, "missing")

    def _licensed(self, path: str, part: Control | RandomControls) -> Iterator[Problem]:
        unknown = [
            problem
            for at, word in named_in(part)
            for problem in self._known(f"{path}.{at}", word, self.places, "region or group")
        ]
        yield from unknown
        if not unknown:
            for at, text, code in unknown_targets(path, part, self.scenario):
                yield self._problem(at, text, code)

    def _suppression(self) -> Iterator[Problem]:
        for i, part in enumerate(self.scenario.disruptions.suppression):
            path = f"disruptions.suppression.{i}"
            yield from self._known(f"{path}.controller", part.controller, self.regions, "region")
            yield from self._product(f"{path}.product", part.product)

    def _shocks(self) -> Iterator[Problem]:
        known = {
            "controller": (self.regions, "region"),
            "origins": (["all", *self.places], "region or group"),
            "to": (["all", *self.places], "region or group"),
            "regions": (["all", *self.places], "region or group"),
            "targets": (["all", *self.places], "region or group"),
            "own_technology": (self.places, "region or group"),
            "processes": (or_bare(self.chain.processes), "process"),
            "sectors": (or_bare(self.chain.sectors), "sector"),
            "kinds": (self.phases.classes, "kind"),
        }
        for path, part in self.scenario.disruptions.shocks():
            for i, product in enumerate(getattr(part, "products", ())):
                yield from self._product(f"disruptions.{path}.products.{i}", product)
            if isinstance(part, ProductionQuota):
                yield from self._product(f"disruptions.{path}.product", part.product)
            for i, host in enumerate(getattr(part, "hosts", ())):
                yield from self._host(f"disruptions.{path}.hosts.{i}", host)
            for key, (names, what) in known.items():
                words = getattr(part, key, ())
                at = f"disruptions.{path}.{'from' if key == 'origins' else key}"
                if isinstance(words, str):
                    yield from self._known(at, words, names, what)
                    continue
                for i, word in enumerate(words):
                    yield from self._known(f"{at}.{i}", word, names, what)
        for name in self.scenario.disruptions.host_activity:
            yield from self._host(f"disruptions.host_activity.{name}", name)
        for name in self.scenario.disruptions.outage_factors:
            path = f"disruptions.outage_factors.{name}"
            yield from self._known(path, name, or_bare(self.chain.processes), "process")

    def _host(self, path: str, word: str) -> Iterator[Problem]:
        """Yield that no process yields a by-product of a host, and which hosts there are."""
        followed = (process.by_product_of for process in self.chain.processes.values())
        hosts = sorted({host for host in followed if host is not None})
        if word not in hosts:
            hint = did_you_mean(word, hosts) or (f"; they follow {listed(hosts)}" if hosts else "")
            text = f"no process here yields a by-product of '{word}'{hint}"
            yield self._problem(path, text, "unknown-host")

    def _unfailing(self) -> Iterator[Problem]:
        """Yield every factor of outages for plants too many to tell apart, which never fail."""
        for name in self.scenario.disruptions.outage_factors:
            if not any(called(m.process, [name]) and m.plants for m in self.chain.makers):
                text = f"no plants of {name} are counted, so that they never fail"
                path = f"disruptions.outage_factors.{name}"
                yield self._problem(path, text, "touches-no-flow")

    def _unpressed(self, prepared: "Prepared") -> Iterator[Problem]:
        """Yield every suppression by a region that makes nothing of its product."""
        processes = prepared.chain.processes
        for i, part in enumerate(self.scenario.disruptions.suppression):
            made = {(r, processes[q].makes) for q, r in prepared.network.makers}
            if (part.controller, part.product) not in made:
                text = f"{part.controller} makes no {part.product} to sell below its price"
                path = f"disruptions.suppression.{i}.controller"
                yield self._problem(path, text, "touches-no-flow")
            elif part.when is not None and part.when.rivals is not None:
                rivals = self._rivals(prepared, part)
                if rivals >= part.when.rivals.central:
                    text = f"rivals hold {rivals:.0%} of capacity at the start already"
                    text += "; give a higher share"
                    path = f"disruptions.suppression.{i}.when.rivals"
                    yield self._problem(path, text, "order")

    def _rivals(self, prepared: "Prepared", part: Suppression) -> float:
        """Return the part of all capacity for a product outside its controller, at the start."""
        capacity = prepared.balance(prepared.central()).capacity
        processes, found = prepared.chain.processes, {True: 0.0, False: 0.0}
        for (process, region), could in zip(prepared.network.makers, capacity, strict=True):
            if processes[process].makes == part.product:
                found[region == part.controller] += float(could)
        return found[False] / sum(found.values())

    def _instruments(self) -> Iterator[Problem]:
        for i, project in enumerate(self.scenario.under_way):
            yield from self._project(f"under_way.{i}", project)
        for i, limit in enumerate(self.scenario.limits):
            yield from self._backed(f"limits.{i}", limit)
        for name, strategy in self.scenario.strategies.items():
            for i, part in enumerate(strategy.instruments):
                path = f"strategies.{name}.instruments.{i}"
                if isinstance(part, Stockpile):
                    blocs = blocs_in(self.scenario, name)
                    yield from self._stockpile(f"{path}.stockpile", part, blocs)
                elif isinstance(part, Project):
                    yield from self._project(f"{path}.project", part)
                elif isinstance(part, Programme):
                    for k, candidate in enumerate(part.candidates):
                        yield from self._project(f"{path}.programme.candidates.{k}", candidate)
                elif isinstance(part, Obligation):
                    yield from self._over(f"{path}.obligation", part)
                elif isinstance(part, Floor):
                    yield from self._floor(f"{path}.floor", part)
                elif isinstance(part, Offtake):
                    yield from self._over(f"{path}.offtake", part)
                elif isinstance(part, Backstop):
                    yield from self._backed(f"{path}.backstop", part)
                elif isinstance(part, Recycling):
                    yield from self._over(f"{path}.recycling", part)
                elif isinstance(part, Thrift):
                    yield from self._over(f"{path}.thrift", part)
                    for k, word in enumerate(part.sectors):
                        where = f"{path}.thrift.sectors.{k}"
                        known = or_bare(self.chain.sectors)
                        yield from self._known(where, word, known, "sector")

    def _trade(self) -> Iterator[Problem]:
        for path, strategy, part in met(self.scenario, "tariffs", Tariff):
            yield from self._tariff(path, part, blocs_in(self.scenario, strategy))
        for path, _, rule in met(self.scenario, "procurement", Procurement):
            yield from self._rule(path, rule)
        for plan in bloc_plans(self.scenario):
            for i, member in enumerate(plan.part.members):
                where = f"{plan.path}.members.{i}.region"
                yield from self._known(where, member.region, self.regions, "region")

    def _switches(self) -> Iterator[Problem]:
        for path, text, code in misnamed(self.scenario, self.chain):
            yield self._problem(path, text, code)
        for i, part in enumerate(self.scenario.switches):
            yield from self._within(f"switches.{i}", part.regions)

    def _tariff(self, path: str, part: Tariff, blocs: Iterable[str]) -> Iterator[Problem]:
        places = [*self.places, *blocs]
        for i, product in enumerate(part.products):
            yield from self._product(f"{path}.products.{i}", product)
        for key, words in (("from", [w for w in part.origins if w != "all"]), ("to", part.to)):
            for i, word in enumerate(words):
                yield from self._known(f"{path}.{key}.{i}", word, places, "region or group")

    def _rule(self, path: str, part: Procurement) -> Iterator[Problem]:
        for i, product in enumerate(part.products):
            yield from self._product(f"{path}.products.{i}", product)
        for i, word in enumerate(part.regions):
            yield from self._known(f"{path}.regions.{i}", word, self.places, "region or group")
        for i, word in enumerate(part.origins):
            known = ["all", *self.places]
            yield from self._known(f"{path}.origins.{i}", word, known, "region or group")

    def _stockpile(self, path: str, part: Stockpile, blocs: Iterable[str]) -> Iterator[Problem]:
        yield from self._product(f"{path}.product", part.product)
        yield from self._known(f"{path}.place", part.place, self.regions, "region")
        owners = [*self.places, *blocs]
        yield from self._known(f"{path}.owner", part.owner, owners, "region or group")

    def _project(self, path: str, part: Project) -> Iterator[Problem]:
        yield from self._known(f"{path}.region", part.region, self.regions, "region")
        path, kind = f"{path}.kind", bare(part.kind)
        yield from self._known(path, kind, self.phases.classes, "kind")
        if kind in self.phases.classes:
            found = processes_of(part.kind, self.phases, self.chain)
            if not found:
                process, whose = self.phases[kind].process, chain_of(part.kind)
                whose = whose or "', '".join(one.chain for one in self.chain.owners())
                text = f"'{kind}' builds {process}, which chain '{whose}' has not"
                yield self._problem(path, text, "touches-no-flow")
            elif len(found) > 1:
                kinds = [named(chain_of(process), kind) for process in found]
                text = f"{_several(kind, kinds)} build such plants"
                yield self._problem(path, text, "unknown-kind")

    def _backed(self, path: str, part: Backstop | Limit) -> Iterator[Problem]:
        yield from self._within(path, part.regions)
        for i, word in enumerate(part.kinds):
            yield from self._known(f"{path}.kinds.{i}", bare(word), self.phases.classes, "kind")

    def _floor(self, path: str, part: Floor) -> Iterator[Problem]:
        yield from self._over(path, part)
        if part.reference is not None:
            yield from self._known(f"{path}.reference", part.reference, self.regions, "region")

    def _over(
        self, path: str, part: Floor | Offtake | Obligation | Recycling | Thrift
    ) -> Iterator[Problem]:
        yield from self._product(f"{path}.product", part.product)
        yield from self._within(path, part.regions)

    def _within(self, path: str, words: Iterable[str]) -> Iterator[Problem]:
        for i, word in enumerate(words):
            yield from self._known(f"{path}.regions.{i}", word, self.places, "region or group")

    def _unheld(self, prepared: "Prepared") -> Iterator[Problem]:
        """Yield every obligation on regions that neither use nor work its product."""
        for plan in prepared.obligations:
            pools = [prepared.network.pool(plan.part.product, region) for region in plan.regions]
            if max(pools) < 0:
                text = f"{', '.join(plan.regions)} use no {plan.part.product}; nobody would hold it"
                path = self._path_of(plan.strategy, plan.part.name)
                yield self._problem(f"{path}.obligation.regions", text, "touches-no-flow")

    def _asserted(self) -> Iterator[Problem]:
        for i, claim in enumerate(self.scenario.assertions):
            path = f"assert.{i}"
            yield from self._known(f"{path}.region", claim.region, self.scenario.reported, "region")
            strategies = self.scenario.strategies
            yield from self._known(f"{path}.strategy", claim.strategy, strategies, "strategy")

    def unread(self, prepared: "Prepared") -> Iterator[Problem]:
        """Yield every override of a record that nothing in this scenario reads."""
        for name in self.scenario.overrides:
            if name not in prepared.inputs.names:
                text = "nothing here reads this record, so the override would change nothing"
                yield self._problem(f"overrides.{name}", text, "touches-no-flow")

    def flows(self, prepared: "Prepared") -> list[Problem]:
        """Return every control, plant, stock and pool that touches no flow at the start."""
        try:
            flow = prepared.balance(prepared.central()).flow
        except BalanceError as error:
            return [self._problem("chain", f"the start cannot be balanced: {error}", "balance")]
        found = [*self._unfed(prepared), *self._unsold(prepared), *self._uncovered(prepared)]
        found += [self._problem(path, text, "loop") for path, text in loops(prepared)]
        found += self._untaxed(prepared)
        found += [self._problem(*told) for told in unswitched(prepared)]
        found += [self._problem(*told) for told in unbacked(prepared)]
        found += [*self._unpressed(prepared), *self._unfailing()]
        for plan in prepared.shocks:
            for text in idle(plan, self.chain, prepared.network, flow):
                found.append(self._problem(plan.path, text, "touches-no-flow"))
        for rule in prepared.procurement:
            for key, text, code in vain(rule, prepared.network, flow):
                found.append(self._problem(f"{rule.path}.{key}", text, code))
        found += self._unheld(prepared)
        for strategy, name, text, code in unfit(prepared):
            path = self._path_of(strategy, name) if name else "chain"
            found.append(self._problem(path, text, code))
        for one in prepared.controls.ones:
            found += self._touches(one.path, one.part.controller, one.scope, prepared, flow)
        for source in prepared.controls.sources:
            for j, scope in enumerate(source.scopes):
                path = f"{source.path}.scopes.{j}"
                found += self._touches(path, source.part.controller, scope, prepared, flow)
        each: list[OneControl | Source] = [*prepared.controls.ones, *prepared.controls.sources]
        for control in each:
            for at, text, code in too_many(control, flow, prepared.clock.step_d):
                found.append(self._problem(at, text, code))
        return found

    def _touches(
        self, path: str, controller: str, scope: ScopePlan, prepared: "Prepared", flow: object
    ) -> Iterator[Problem]:
        if scope.ends:
            yield from self._end_use(path, controller, scope, prepared)
            return
        for p, routes in zip(scope.products, scope.routes, strict=True):
            if not routes.size or flow[routes].sum() <= 0.0:  # type: ignore[index]
                product = prepared.network.products[p]
                makers = [
                    r
                    for q, r in prepared.network.makers
                    if prepared.chain.processes[q].makes == product
                ]
                why = (
                    "sells none of it to the targets"
                    if controller in makers
                    else f"makes none; {', '.join(dict.fromkeys(makers))} do"
                )
                text = f"touches no flow of {product}: {controller} {why}"
                yield self._problem(f"{path}.products", text, "touches-no-flow")

    def _end_use(
        self, path: str, controller: str, scope: ScopePlan, prepared: "Prepared"
    ) -> Iterator[Problem]:
        """Yield what an end-use ban has no hold on: goods that are not made, users that are not."""
        processes = prepared.chain.processes
        made = {processes[q].makes for q, r in prepared.network.makers if r == controller}
        for name in (prepared.network.products[p] for p in scope.products):
            if name not in made:
                text = f"touches no flow of {name}: {controller} makes none"
                yield self._problem(f"{path}.products", text, "touches-no-flow")
        if not any(end.depth.any() for end in scope.ends):
            text = "touches no user: no target has a stock of its own for tier 1 of these products"
            yield self._problem(f"{path}.tiers", text, "touches-no-flow")

    def _unfed(self, prepared: "Prepared") -> Iterator[Problem]:
        network = prepared.network
        fed = set(network.shape.route_pool[network.route_barred == 0].tolist())
        for h, (product, region, kind) in enumerate(network.pools):
            if h in fed:
                continue
            if kind == STRATEGIC:
                plan = prepared.stockpiles[int(network.pool_stockpile[h])]
                path = self._path_of(plan.strategy, plan.part.name)
                text = f"nobody outside the controllers sells {product}; nothing can be bought"
                yield self._problem(path, text, "touches-no-flow")
            else:
                text = f"{region} uses {product}, but no route brings it there"
                yield self._problem("chain", text, "missing-feedstock")

    def _unsold(self, prepared: "Prepared") -> Iterator[Problem]:
        network = prepared.network
        selling = set(network.shape.route_maker.tolist())
        for plan in prepared.projects:
            if network.maker(plan.process, plan.part.region) not in selling:
                path = self._path_of(plan.strategy, plan.part.name)
                text = (
                    f"no route takes {plan.product} from {plan.part.region} to any user; "
                    "the plant would touch no flow"
                )
                yield self._problem(path, text, "touches-no-flow")

    def _uncovered(self, prepared: "Prepared") -> Iterator[Problem]:
        """Yield every contract over no plant, one of another product, or one that has another."""
        covered: dict[tuple[str, int], str] = {}
        for floor in prepared.floors:
            path, part = self._path_of(floor.strategy, floor.part.name), floor.part
            kind = "floor" if isinstance(part, Floor) else "offtake"
            if not (floor.projects or floor.has_border or floor.has_incumbents):
                text = f"covers nothing: no project makes {part.product} there"
                yield self._problem(path, text, "touches-no-flow")
            for i in floor.projects:
                plan = prepared.projects[i]
                if plan.product != part.product:
                    text = f"'{plan.part.name}' makes {plan.product}, not {part.product}"
                    yield self._problem(path, text, "touches-no-flow")
                if (floor.strategy, i) in covered:
                    other = covered[floor.strategy, i]
                    text = f"another {other} covers '{plan.part.name}' too"
                    yield self._problem(path, text, "duplicate")
                covered[floor.strategy, i] = kind
            for name in excluded(prepared, floor):
                text = f"'{part.stockpile}' never buys from the region of '{name}'"  # type: ignore[union-attr]
                yield self._problem(path, f"{text}; write 'buy_from: anyone'", "touches-no-flow")
        for floor, text, code in unsaved(prepared):
            path = self._path_of(floor.strategy, floor.part.name)
            yield self._problem(f"{path}.floor.incumbents", text, code)

    def _untaxed(self, prepared: "Prepared") -> Iterator[Problem]:
        """Yield every product of a tariff that no route brings from one side to the other."""
        for plan in prepared.tariffs:
            path = plan.path
            for product in plan.part.products:
                p = prepared.network.products.index(product)
                low, high = prepared.network.shape.route_start[[p, p + 1]]
                if not ((plan.routes >= low) & (plan.routes < high)).any():
                    text = f"touches no flow of {product}: nobody in 'from' sells it to 'to'"
                    yield self._problem(f"{path}.products", text, "touches-no-flow")

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


def _several(word: str, names: Iterable[str]) -> str:
    """Return the beginning of a message on a word that may mean several things."""
    return f"'{word}' alone does not say which; write {listed(names)}: several chains"
