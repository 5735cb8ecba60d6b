"""Tariffs joined with the routes that pay them, and what holds on which day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from monazite.rules import records
from monazite.rules.records import Model
from monazite.scenario.parts import Scenario
from monazite.scenario.trade import Tariff
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


def tariff_plans(scenario: Scenario, network: Network) -> Iterator[TariffPlan]:
    """Yield the tariffs that all strategies meet, then those of each."""
    for path, strategy, part in tariffs_of(scenario):
        yield TariffPlan(path, strategy, part, paying(scenario, network, part))


def tariffs_of(scenario: Scenario) -> Iterator[tuple[str, str, Tariff]]:
    """Yield every tariff with its path in the file and the strategy that levies it."""
    for i, part in enumerate(scenario.trade.tariffs):
        yield f"trade.tariffs.{i}", "", part
    for name, strategy in scenario.strategies.items():
        for i, one in enumerate(strategy.instruments):
            if isinstance(one, Tariff):
                yield f"strategies.{name}.instruments.{i}.tariff", name, one


def paying(scenario: Scenario, network: Network, part: Tariff) -> Ints:
    """Return the routes that pay a tariff."""
    levied = regions_behind(scenario, part.to)
    out = regions_behind(scenario, part.origins)
    if "all" in part.origins:
        out = frozenset(network.regions)
    shape = network.shape
    rows = [
        x
        for x, (m, h) in enumerate(zip(shape.route_maker, shape.route_pool, strict=True))
        if network.pools[h][0] in part.products
        and network.pools[h][1] in levied
        and network.makers[m][1] in out - levied
    ]
    return np.array(rows, np.int64)


def regions_behind(scenario: Scenario, words: Iterable[str]) -> frozenset[str]:
    """Return the regions that words mean: names of regions, or of groups."""
    return frozenset(r for word in words for r in scenario.groups.get(word, (word,)))


def fill_tariffs(model: Model, prepared: "Prepared") -> Model:
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
    return model._replace(tariffs=tariffs, duties=duties, tariff_rate=rates)


def span_d(prepared: "Prepared", plan: TariffPlan) -> tuple[float, float]:
    """Return the first day of a tariff and the first without it, since the start."""
    first, until = plan.part.start, plan.part.until
    first_d = 0.0 if first is None else float((first - prepared.start).days)
    return first_d, np.inf if until is None else float((until - prepared.start).days)


def rates_on(prepared: "Prepared", strategy: str, day: float) -> Floats:
    """Return what each tariff takes on each route on a day, shape (T, X)."""
    rates = np.zeros((len(prepared.tariffs), prepared.network.shape.route_maker.size))
    for t, plan in enumerate(prepared.tariffs):
        first_d, until_d = span_d(prepared, plan)
        if plan.strategy in ("", strategy) and first_d <= day < until_d:
            rates[t, plan.routes] = plan.part.rate.central
    return rates
