"""Tariffs and blocs: which routes pay, who favours whom, and what holds on which day."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from monazite.rules import records
from monazite.rules.records import Model
from monazite.scenario.held import met
from monazite.scenario.parts import Scenario
from monazite.scenario.trade import Bloc, Membership, Tariff
from monazite.world.contracts import borders
from monazite.world.inputs import NONE, Floats, Ints
from monazite.world.network import Network

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared


@dataclass(frozen=True)
class TariffPlan:
    """A tariff with the routes that pay it; without a strategy it stands for all of them."""

    path: str
    strategy: str
    part: Tariff
    routes: Ints


@dataclass(frozen=True)
class BlocPlan:
    """A bloc; without a strategy it stands for all of them."""

    path: str
    strategy: str
    part: Bloc


def bloc_plans(scenario: Scenario) -> Iterator[BlocPlan]:
    """Yield the blocs that all strategies meet, then those of each."""
    for path, strategy, part in met(scenario, "blocs", Bloc):
        yield BlocPlan(path, strategy, part)


def blocs_in(scenario: Scenario, strategy: str) -> dict[str, Bloc]:
    """Return the blocs that a strategy meets, by name."""
    plans = (plan for plan in bloc_plans(scenario) if plan.strategy in ("", strategy))
    return {plan.part.name: plan.part for plan in plans}


def tariff_plans(scenario: Scenario, network: Network) -> Iterator[TariffPlan]:
    """Yield the tariffs that all strategies meet, then those of each.

    Their routes are all that may ever pay.
    """
    for path, strategy, part in met(scenario, "tariffs", Tariff):
        blocs = blocs_in(scenario, strategy)
        ever = {name: {m.region for m in bloc.members} for name, bloc in blocs.items()}
        yield TariffPlan(path, strategy, part, paying(scenario, network, part, ever))


def paying(
    scenario: Scenario, network: Network, part: Tariff, members: Mapping[str, Collection[str]]
) -> Ints:
    """Return the routes that pay a tariff, with blocs of these members."""
    known = {**scenario.groups, **members}
    levied = {r for word in part.to for r in known.get(word, (word,))}
    out = {r for word in part.origins for r in known.get(word, (word,))}
    if "all" in part.origins:
        out = {*network.regions}
    shape = network.shape
    rows = [
        x
        for x, (m, h) in enumerate(zip(shape.route_maker, shape.route_pool, strict=True))
        if network.pools[h][0] in part.products
        and network.pools[h][1] in levied
        and network.makers[m][1] in out - levied
    ]
    return np.array(rows, np.int64)


def with_tariffs(model: Model, prepared: "Prepared") -> Model:
    """Return the model with a row for each tariff, none of them in force.

    Floors that are held at a border come last; what is due under them changes with the price.
    """
    held = borders(prepared)
    count = len(prepared.tariffs) + len(held)
    if not count:
        return model
    tariffs = np.zeros(count, records.TARIFF)
    tariffs["instrument"] = NONE
    tariffs["instrument"][len(prepared.tariffs) :] = model.floors["instrument"][held]
    for row, plan in zip(tariffs, prepared.tariffs, strict=False):
        if plan.strategy:
            names = prepared.layout.instruments
            row["instrument"] = names.index((plan.strategy, plan.part.name))
    duties = np.zeros(model.routes.size, records.DUTY)
    duties["preference"] = 1.0
    rates = np.zeros((count, model.routes.size))
    return replace(model, tariffs=tariffs, duties=duties, tariff_rate=rates)


def span_d(prepared: "Prepared", plan: TariffPlan) -> tuple[float, float]:
    """Return the first day of a tariff and the first without it, since the start."""
    return prepared.day(plan.part.start, 0.0), prepared.day(plan.part.until)


def stay_d(prepared: "Prepared", member: Membership) -> tuple[float, float]:
    """Return the first day of a member and the first without it, since the start."""
    return prepared.day(member.first, 0.0), prepared.day(member.until)


def members_on(prepared: "Prepared", bloc: Bloc, day: float) -> set[str]:
    """Return the members of a bloc on a day."""
    stays = {member.region: stay_d(prepared, member) for member in bloc.members}
    return {region for region, (first_d, until_d) in stays.items() if first_d <= day < until_d}


def favour(prepared: "Prepared", blocs: Iterable[Bloc], day: float, key: str) -> Floats:
    """Return how far regions favour each other on a day, shape (R, R): the most of any bloc."""
    regions = prepared.network.regions
    found = np.zeros((len(regions), len(regions)))
    for bloc in blocs:
        rows = [regions.index(r) for r in members_on(prepared, bloc, day) if r in regions]
        at = np.ix_(rows, rows)
        found[at] = np.maximum(found[at], getattr(bloc, key).central)
    return found


def ends_of_routes(prepared: "Prepared") -> tuple[Ints, Ints]:
    """Return the regions of the seller and of the buyer of each route."""
    network, shape = prepared.network, prepared.network.shape
    seller = np.array([network.regions.index(region) for _, region in network.makers])
    buyer = np.array([network.regions.index(region) for _, region, _ in network.pools])
    return seller[shape.route_maker], buyer[shape.route_pool]


def rates_on(prepared: "Prepared", strategy: str, day: float, blocs: Mapping[str, Bloc]) -> Floats:
    """Return what each tariff takes on each route on a day, shape (T, X), among these blocs."""
    members = {name: members_on(prepared, bloc, day) for name, bloc in blocs.items()}
    full = 1.0 - favour(prepared, blocs.values(), day, "preference")[ends_of_routes(prepared)]
    rates = np.zeros((len(prepared.tariffs), prepared.network.shape.route_maker.size))
    for t, plan in enumerate(prepared.tariffs):
        first_d, until_d = span_d(prepared, plan)
        if plan.strategy in ("", strategy) and first_d <= day < until_d:
            mine = paying(prepared.scenario, prepared.network, plan.part, members)
            rates[t, mine] = plan.part.rate.central * full[mine]
    return rates
