"""Every check that needs a chain but none of its flows: words that name nothing in it."""

from collections.abc import Iterable, Iterator

from monazite.errors import Problem, SeedError
from monazite.evidence.behaviour import Phases
from monazite.evidence.chain import Chain
from monazite.evidence.regions import region_called
from monazite.naming import bare, chain_of, named
from monazite.scenario.backing import Backstop, Limit
from monazite.scenario.contracts import Floor, Offtake
from monazite.scenario.disruptions import Control, RandomControls
from monazite.scenario.held import met
from monazite.scenario.hints import did_you_mean, listed
from monazite.scenario.instruments import Programme, Project, Stockpile
from monazite.scenario.parts import Scenario
from monazite.scenario.programmes import Recycling, Thrift
from monazite.scenario.reserves import Obligation
from monazite.scenario.shocks import ProductionQuota
from monazite.scenario.trade import Procurement, Tariff
from monazite.world.controls import dated
from monazite.world.licence_checks import named_in, unknown_targets
from monazite.world.switches import misnamed
from monazite.world.trade import bloc_plans, blocs_in
from monazite.world.wording import candidates, or_bare, processes_of


class Checks:
    """Finds every word of a scenario that its chain does not know."""

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

    def _known(self, path: str, word: str, known: Iterable[str], what: str) -> Iterator[Problem]:
        names = list(known)
        if word not in names:
            hint = did_you_mean(word, names) or (_where(word, names) if "region" in what else "")
            text = f"unknown {what} '{word}'{hint}"
            yield self.scenario.problem(path, text, f"unknown-{what}")

    def _product(self, path: str, word: str) -> Iterator[Problem]:
        """Yield that a word names no product, or more than one."""
        known = self.chain.products
        meant = candidates(word, known)
        if len(meant) > 1:
            yield self.scenario.problem(path, f"{_several(word, meant)} have it", "unknown-product")
        elif word not in known:
            short = [name for name in map(bare, known) if len(candidates(name, known)) == 1]
            yield from self._known(path, word, dict.fromkeys([*known, *short]), "product")

    def _groups(self) -> Iterator[Problem]:
        for name, group in self.scenario.groups.items():
            for i, region in enumerate(group):
                yield from self._known(f"groups.{name}.{i}", region, self.regions, "region")
            if name in self.regions:
                text = f"a region is called '{name}' too; names must differ"
                yield self.scenario.problem(f"groups.{name}", text, "duplicate")
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
                yield self.scenario.problem(f"{path}.{chain}", text, "touches-no-flow")
        for chain in sorted(named - {*source.hits_each}):
            if source.hits_each:
                text = f"no chance for {chain}, of which a scope names a product"
                yield self.scenario.problem(path, text, "missing")

    def _licensed(self, path: str, part: Control | RandomControls) -> Iterator[Problem]:
        unknown = [
            problem
            for at, word in named_in(part)
            for problem in self._known(f"{path}.{at}", word, self.places, "region or group")
        ]
        yield from unknown
        if not unknown:
            for at, text, code in unknown_targets(path, part, self.scenario):
                yield self.scenario.problem(at, text, code)

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
            yield self.scenario.problem(path, text, "unknown-host")

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
            yield self.scenario.problem(path, text, code)
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
                yield self.scenario.problem(path, text, "touches-no-flow")
            elif len(found) > 1:
                kinds = [named(chain_of(process), kind) for process in found]
                text = f"{_several(kind, kinds)} build such plants"
                yield self.scenario.problem(path, text, "unknown-kind")

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

    def _asserted(self) -> Iterator[Problem]:
        for i, claim in enumerate(self.scenario.assertions):
            path = f"assert.{i}"
            yield from self._known(f"{path}.region", claim.region, self.scenario.reported, "region")
            strategies = self.scenario.strategies
            yield from self._known(f"{path}.strategy", claim.strategy, strategies, "strategy")


def _several(word: str, names: Iterable[str]) -> str:
    """Return the beginning of a message on a word that may mean several things."""
    return f"'{word}' alone does not say which; write {listed(names)}: several chains"


def _where(word: str, names: Iterable[str]) -> str:
    """Return what helps with a region that is none of these: its usual name, or where to look."""
    try:
        found = region_called(word)
    except SeedError:
        return "; 'monazite show regions' lists those that are known"
    return f"; did you mean '{found}'?" if found in names else "; it has no part in this chain"
