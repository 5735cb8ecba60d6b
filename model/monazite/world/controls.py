"""Export controls that may happen, with the flows that each would touch."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from monazite.evidence.behaviour import Behaviour, Hazard, read_hazard
from monazite.evidence.chain import Chain
from monazite.rules.records import BAN, LICENSING, QUOTA
from monazite.scenario.disruptions import Control, RandomControls, StandingControl
from monazite.scenario.parts import Scenario
from monazite.scenario.quantity import Quantity
from monazite.world.inputs import NONE, Inputs, Ints
from monazite.world.network import Network

FORMS = {"ban": BAN, "quota": QUOTA, "licensing": LICENSING, "closure": QUOTA}
"""Forms of what holds on a flow, by name; a closure caps it as a quota does."""


@dataclass(frozen=True)
class ScopePlan:
    """Products that one control hits together, and whose routes.

    Attributes:
        products: numbers of the products.
        targets: 1 for every region that is hit, shape (R,).
        routes: routes of each product that are hit, one array a product.
        weight: how likely this scope is against the others.
    """

    products: tuple[int, ...]
    targets: Ints
    routes: tuple[Ints, ...]
    weight: float


@dataclass(frozen=True)
class OneControl:
    """A control that stands at the start or is written with a date."""

    path: str
    part: Control
    scope: ScopePlan
    columns: dict[str, int]

    @property
    def standing(self) -> bool:
        """Whether it is in force when the run starts."""
        return isinstance(self.part, StandingControl)


@dataclass(frozen=True)
class Source:
    """A source of random controls, with the columns of its rates, and of leakage by scope."""

    path: str
    part: RandomControls
    scopes: tuple[ScopePlan, ...]
    columns: dict[str, int]
    leakage: tuple[dict[str, int], ...]


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


def plan_controls(
    scenario: Scenario, chain: Chain, behaviour: Behaviour, network: Network, inputs: Inputs
) -> ControlPlan:
    """Return every control of a scenario with its routes and its columns."""
    hazard = read_hazard(chain.hazard_class, scenario.overrides)
    where = (scenario, network, inputs)
    ones = [_one(path, part, where, hazard) for path, part in dated(scenario)]
    sources = [
        _source(f"disruptions.random.{i}", part, where, hazard)
        for i, part in enumerate(scenario.disruptions.random)
    ]
    announced = any(one.part.announced is not None for one in ones)
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


def members(scenario: Scenario, words: Iterable[str], all_but: str, network: Network) -> Ints:
    """Return 1 for every region that target words mean; `all` is everyone but the controller."""
    hit = np.zeros(len(network.regions), np.int64)
    for word in words:
        named = network.regions if word == "all" else scenario.groups.get(word, (word,))
        for region in named:
            if region != all_but and region in network.regions:
                hit[network.regions.index(region)] = 1
    return hit


def _scope(
    part: tuple[str, Iterable[str], Iterable[str], float], scenario: Scenario, network: Network
) -> ScopePlan:
    controller, products, targets, weight = part
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
    return ScopePlan(numbers, hit, tuple(routes), weight)


def _one(
    path: str, part: Control, where: tuple[Scenario, Network, Inputs], hazard: Hazard
) -> OneControl:
    scenario, network, inputs = where
    scope = _scope((part.controller, part.products, part.targets, 1.0), scenario, network)
    eases = part.eases
    named: dict[str, Quantity | None] = {
        "allowed": part.allowed,
        "allowed_t_per_yr": part.allowed_t_per_yr,
        "delay": part.delay,
        "duration": part.duration,
        "chance": part.chance,
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
    columns = {
        name: inputs.given(f"controls.{part.name}.{name}", quantity)
        for name, quantity in named.items()
        if quantity is not None
    }
    columns |= _leakage(part, "all" in part.targets, inputs, hazard)
    return OneControl(path, part, scope, columns)


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


def _source(
    path: str, part: RandomControls, where: tuple[Scenario, Network, Inputs], hazard: Hazard
) -> Source:
    scenario, network, inputs = where
    columns = {}
    for name in ("calm_rate", "tense_rate", "to_tense", "to_calm"):
        own: Quantity | None = getattr(part, name)
        if own is not None:
            columns[name] = inputs.given(f"controls.{part.name}.{name}", own)
        else:
            columns[name] = inputs.of(getattr(hazard, name))
    columns["hits"] = inputs.given(f"controls.{part.name}.hits", part.hits)
    for i, escalation in enumerate(part.escalation):
        for name in ("factor", "lasts"):
            key = f"escalation.{i}.{name}"
            columns[key] = inputs.given(f"controls.{part.name}.{key}", getattr(escalation, name))
    scopes = tuple(
        _scope((part.controller, s.products, s.targets, s.weight), scenario, network)
        for s in part.scopes
    )
    leakage = tuple(_leakage(part, "all" in s.targets, inputs, hazard) for s in part.scopes)
    return Source(path, part, scopes, columns, leakage)
