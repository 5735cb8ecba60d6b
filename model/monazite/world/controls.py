"""Export controls that may happen, with the flows that each would touch."""

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from monazite.evidence.behaviour import Behaviour, Hazard, read_hazard
from monazite.evidence.chain import Chain
from monazite.rules.records import BAN, LICENSING, QUOTA
from monazite.scenario.disruptions import Control, RandomControls, Scope, StandingControl
from monazite.scenario.parts import Scenario
from monazite.scenario.quantity import Quantity
from monazite.world.ends import EndUse, end_use
from monazite.world.inputs import NONE, Floats, Inputs, Ints
from monazite.world.licences import LicencePlan, plan_licence
from monazite.world.network import Network
from monazite.world.words import members

FORMS = {
    "ban": BAN,
    "quota": QUOTA,
    "licensing": LICENSING,
    "closure": QUOTA,
    "procurement": QUOTA,
}
"""Forms of what holds on a flow, by name; a closure or a rule of buyers is a cap as a quota is."""


@dataclass(frozen=True)
class ScopePlan:
    """Products that one control hits together, and whose routes.

    Attributes:
        products: numbers of the products.
        targets: 1 for every region that is hit, shape (R,).
        routes: routes of each product that are hit, one array a product.
        weight: how likely this scope is against the others.
        chains: chain of each product, for what packages may hit in part.
        ends: what an end-use ban on each product does; none for another control.
        allowed: part of its reference flow that each may have, where they differ.
    """

    products: tuple[int, ...]
    targets: Ints
    routes: tuple[Ints, ...]
    weight: float
    chains: tuple[str, ...] = ()
    ends: tuple[EndUse, ...] = ()
    allowed: tuple[float, ...] = ()

    @property
    def bound(self) -> tuple[Ints, ...]:
        """Routes whose flow is bound, by product; none by an end-use ban: goods may go."""
        return () if self.ends else self.routes

    def of(self, chains: Collection[str]) -> "ScopePlan":
        """Return what the scope has of some chains."""
        kept = [k for k, chain in enumerate(self.chains) if chain in chains]
        if len(kept) == len(self.chains):
            return self
        return replace(
            self,
            products=tuple(self.products[k] for k in kept),
            routes=tuple(self.routes[k] for k in kept),
            chains=tuple(self.chains[k] for k in kept),
            ends=tuple(self.ends[k] for k in kept if self.ends),
        )


@dataclass(frozen=True)
class OneControl:
    """A control that stands at the start or is written with a date, and its licences by phase."""

    path: str
    part: Control
    scope: ScopePlan
    columns: dict[str, int]
    licence: LicencePlan | None
    eased: LicencePlan | None

    @property
    def standing(self) -> bool:
        """Whether it is in force when the run starts."""
        return isinstance(self.part, StandingControl)


@dataclass(frozen=True)
class Source:
    """A source of random controls, with the columns of its rates, and of leakage by scope.

    Attributes:
        path: place in the scenario.
        part: as written.
        scopes: what its packages may hit.
        columns: of its rates and of the chance to hit.
        leakage: columns of what comes round a package, by scope.
        licences: those of a package, and of what it eases to, by scope.
        each: columns of the chance to hit, and of rates where they are lower, by chain; empty
            where packages hit all or nothing.
    """

    path: str
    part: RandomControls
    scopes: tuple[ScopePlan, ...]
    columns: dict[str, int]
    leakage: tuple[dict[str, int], ...]
    licences: tuple[tuple[LicencePlan | None, LicencePlan | None], ...]
    each: dict[str, dict[str, int]] = field(default_factory=dict)

    def chance(self, chain: str, values: Floats, rate: str) -> float:
        """Return the chance that a package touches a chain, where each is touched for itself.

        Packages come at the highest of the rates of its chains; one whose class has a lower rate
        is touched that much more seldom.
        """
        columns = self.each[chain]
        part = 1.0
        if rate in columns and values[self.columns[rate]] > 0.0:
            part = min(1.0, float(values[columns[rate]] / values[self.columns[rate]]))
        return part * float(values[columns["hits"]])

    def touches(self, values: Floats, rate: str) -> float:
        """Return the chance that a package touches anything."""
        if not self.each:
            return float(values[self.columns["hits"]])
        missed = (1.0 - self.chance(chain, values, rate) for chain in self.each)
        return 1.0 - math.prod(missed)


@dataclass(frozen=True)
class ControlPlan:
    """All controls that may happen.

    Attributes:
        ones: those that stand or have a date.
        sources: of those that come by chance.
        rush: column of what announced controls do to target stocks; NONE without any.
        leverage: columns of how random controls answer dependence; empty where they do not.
    """

    ones: tuple[OneControl, ...]
    sources: tuple[Source, ...]
    rush: int = NONE
    leverage: dict[str, int] = field(default_factory=dict)

    @property
    def leaky(self) -> tuple[int, ...]:
        """Routes on which goods may come round a control."""
        scopes = [one.scope for one in self.ones if one.part.leakage is not None]
        scopes += [s for source in self.sources if source.part.leakage for s in source.scopes]
        found = {int(x) for scope in scopes for routes in scope.routes for x in routes}
        return tuple(sorted(found))


def plan_controls(
    scenario: Scenario, chain: Chain, behaviour: Behaviour, network: Network, inputs: Inputs
) -> ControlPlan:
    """Return every control of a scenario with its routes and its columns."""
    classes = {one.hazard_class for one in chain.owners()}
    hazards = {name: read_hazard(name, scenario.overrides) for name in sorted(classes)}
    where = _Where(scenario, chain, network, inputs, hazards)
    ones = [_one(path, part, where) for path, part in dated(scenario)]
    sources = [
        _source(f"disruptions.random.{i}", part, where)
        for i, part in enumerate(scenario.disruptions.random)
    ]
    announced = any(one.part.announced is not None for one in ones)
    announced |= any(part.announced is not None for part in scenario.disruptions.random)
    rush = inputs.of(behaviour.rush_factor) if announced else NONE
    return ControlPlan(tuple(ones), tuple(sources), rush, _leverage(scenario, behaviour, inputs))


def _leverage(scenario: Scenario, behaviour: Behaviour, inputs: Inputs) -> dict[str, int]:
    """Return the columns of how random controls answer dependence, where they do."""
    part = scenario.disruptions.behaviour.leverage
    if part is None:
        return {}
    columns = {
        name: inputs.given(f"disruptions.leverage.{name}", own)
        for name in ("response", "depth", "horizon")
        if (own := getattr(part, name)) is not None
    }
    records = {"response": behaviour.leverage_response, "horizon": behaviour.leverage_horizon}
    return columns | {n: inputs.of(record) for n, record in records.items() if n not in columns}


def dated(scenario: Scenario) -> Iterator[tuple[str, Control]]:
    """Yield every control that stands or has a date, with its path in the file."""
    for i, standing in enumerate(scenario.disruptions.standing):
        yield f"disruptions.standing.{i}", standing
    for i, part in enumerate(scenario.disruptions.scheduled):
        yield f"disruptions.scheduled.{i}", part


@dataclass(frozen=True)
class _Where:
    """What the words of a control are looked up in."""

    scenario: Scenario
    chain: Chain
    network: Network
    inputs: Inputs
    hazards: dict[str, Hazard]

    def hazard_of(self, product: str) -> Hazard:
        """Return the hazard of the class of the chain of a product."""
        return self.hazards[self.chain.owner_of(product).hazard_class]


def _scope(part: Control | RandomControls, scope: Control | Scope, where: _Where) -> ScopePlan:
    controller, products, targets = part.controller, scope.products, scope.targets
    weight = scope.weight if isinstance(scope, Scope) else 1.0
    scenario, network = where.scenario, where.network
    hit = members(scenario, targets, controller, network)
    numbers = tuple(network.products.index(product) for product in products)
    shape = network.shape
    seller = np.array([region == controller for _, region in network.makers])
    buyer = np.array([hit[network.regions.index(region)] == 1 for _, region, _ in network.pools])
    touched = seller[shape.route_maker] & buyer[shape.route_pool]
    routes = []
    for p in numbers:
        rows = np.arange(shape.route_start[p], shape.route_start[p + 1])
        routes.append(rows[touched[rows]])
    chains = tuple(where.chain.owner_of(product).chain for product in products)
    ends = [end_use(network, controller, (p,), hit) for p in numbers] if part.tiers else ()
    return ScopePlan(numbers, hit, tuple(routes), weight, chains, tuple(ends))


def terms(part: Control | RandomControls) -> dict[str, Quantity]:
    """Return every quantity that a control is written with, by name, but what comes round it."""
    eases = part.eases
    named: dict[str, Quantity | None] = {
        "allowed": part.allowed,
        "allowed_t_per_yr": getattr(part, "allowed_t_per_yr", None),
        "delay": getattr(part, "delay", None),
        "duration": part.duration,
        "chance": getattr(part, "chance", None),
        "approval": None if part.licence is None else part.licence.approval,
        "announced": part.announced if isinstance(part.announced, Quantity) else None,
    }
    if eases is not None:
        named |= {
            "eases.after": eases.after,
            "eases.allowed": eases.allowed,
            "eases.allowed_t_per_yr": eases.allowed_t_per_yr,
            "eases.approval": None if eases.licence is None else eases.licence.approval,
        }
    return {name: quantity for name, quantity in named.items() if quantity is not None}


def _one(path: str, part: Control, where: _Where) -> OneControl:
    inputs = where.inputs
    scope = _scope(part, part, where)
    columns = {
        name: inputs.given(f"controls.{part.name}.{name}", quantity)
        for name, quantity in terms(part).items()
        if not name.endswith("approval")
    }
    hazard = where.hazard_of(part.products[0])
    columns |= _leakage(part, "all" in part.targets, inputs, hazard)
    return OneControl(path, part, scope, columns, *_licences(part, scope, where))


def _licences(
    part: Control | RandomControls, scope: ScopePlan, where: _Where
) -> tuple[LicencePlan | None, LicencePlan | None]:
    """Return the licences of a control, and of what it eases to."""
    name, later = f"controls.{part.name}", None if part.eases is None else part.eases.licence
    by_chance = isinstance(part, RandomControls)
    into = (where.scenario, where.network, where.inputs)
    return (
        plan_licence(name, part.licence, scope.targets, into, by_chance),
        plan_licence(f"{name}.eases", later, scope.targets, into, by_chance),
    )


def _leakage(
    part: Control | RandomControls, world_wide: bool, inputs: Inputs, hazard: Hazard
) -> dict[str, int]:
    """Return the columns of what comes round a control; a share not given is that on record."""
    leakage = part.leakage
    if leakage is None:
        return {}
    columns = {}
    for name in ("share", "delay", "premium"):
        own: Quantity | None = getattr(leakage, name)
        if own is not None:
            columns[f"leakage.{name}"] = inputs.given(f"controls.{part.name}.leakage.{name}", own)
    if leakage.share is None:
        record = hazard.leakage_world if world_wide else hazard.leakage_country
        columns["leakage.share"] = inputs.of(record)
    return columns


def _source(path: str, part: RandomControls, where: _Where) -> Source:
    inputs = where.inputs
    named = [product for scope in part.scopes for product in scope.products]
    hazard = max(map(where.hazard_of, named), key=lambda one: one.tense_rate.central)
    columns = {}
    for name in ("calm_rate", "tense_rate", "to_tense", "to_calm"):
        own: Quantity | None = getattr(part, name)
        if own is not None:
            columns[name] = inputs.given(f"controls.{part.name}.{name}", own)
        else:
            columns[name] = inputs.of(getattr(hazard, name))
    if part.hits is not None:
        columns["hits"] = inputs.given(f"controls.{part.name}.hits", part.hits)
    for i, escalation in enumerate(part.escalation):
        for name in ("factor", "lasts"):
            key = f"escalation.{i}.{name}"
            columns[key] = inputs.given(f"controls.{part.name}.{key}", getattr(escalation, name))
    scopes = tuple(_scope(part, scope, where) for scope in part.scopes)
    leakage = tuple(
        _leakage(part, "all" in s.targets, inputs, where.hazard_of(s.products[0]))
        for s in part.scopes
    )
    licences = tuple(_licences(part, scope, where) for scope in scopes)
    return Source(path, part, scopes, columns, leakage, licences, _each(part, where, hazard))


def _each(part: RandomControls, where: _Where, lead: Hazard) -> dict[str, dict[str, int]]:
    """Return the columns of each chain that packages touch for itself.

    Rates stand there where the chain is of another class than the one whose rate packages have.
    """
    inputs = where.inputs
    found = {}
    for chain, hits in part.hits_each.items():
        found[chain] = {"hits": inputs.given(f"controls.{part.name}.hits_each.{chain}", hits)}
        (own,) = (one for one in where.chain.owners() if one.chain == chain)
        hazard = where.hazards[own.hazard_class]
        for name in ("calm_rate", "tense_rate"):
            if hazard is not lead and getattr(part, name) is None:
                found[chain][name] = inputs.of(getattr(hazard, name))
    return found
