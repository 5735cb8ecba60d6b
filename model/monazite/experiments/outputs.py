"""The lines of each result file, in a fixed order, from the shards of a finished run."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from monazite.experiments.about import About
from monazite.experiments.columns import names
from monazite.experiments.csvtext import line, numbers, records
from monazite.experiments.shards import Shards
from monazite.experiments.statistics import STATISTICS
from monazite.measures import COSTS, HEADLINE, MARKETS, PRICES, TIERS, YEARLY, Item, Plan
from monazite.trajectories import Floats

_ANY = STATISTICS.index("probability_of_any")
_COUNT = STATISTICS.index("replications")
_OF_DISRUPTION = frozenset(
    item.name for item in HEADLINE if item.name not in {"reference", "commercial", "delivered"}
)


@dataclass(frozen=True, slots=True)
class Finished:
    """A run of which every block is done.

    Attributes:
        about: the facts of the run.
        plan: which uses and flows belong to which group.
        shards: where the numbers are.
        statistics: of every cell, shape (cells, STATISTICS), for each strategy.
        parameters: every number used.
        adjustments: what the balance at the start moved.
    """

    about: About
    plan: Plan
    shards: Shards
    statistics: tuple[Floats, ...]
    parameters: Sequence[Mapping[str, Any]]
    adjustments: Sequence[Mapping[str, Any]]

    def part(self, strategy: int, name: str) -> Floats:
        """Return the statistics of one part of the measures, in its shape."""
        shape = (*self.plan.shapes[name], len(STATISTICS))
        return self.statistics[strategy][self.plan.part(name)].reshape(shape)


def summary(run: Finished) -> Iterator[str]:
    """Yield the lines of summary.csv."""
    yield line(names("summary"))
    for s, strategy in enumerate(run.about.strategies):
        table = run.part(s, "headline").transpose(1, 2, 0, 3)  # group, tier, measure
        asked = table[:, :, 0, 0] > 0
        for (g, t), rows in _cells(table, run.plan.groups):
            head = _head(run, strategy, g, t)
            for item, row, text in zip(HEADLINE, rows, numbers(rows), strict=True):
                zero = ""
                if row[_ANY] == 0 and not np.isnan(row[0]):
                    zero = _zero_by(run.about, strategy, item, bool(asked[g, t]))
                yield f"{head},{item.name},{item.unit},{text},{zero}"


def shortfall_by_year(run: Finished) -> Iterator[str]:
    """Yield the lines of shortfall_by_year.csv."""
    yield line(names("shortfall_by_year"))
    for s, strategy in enumerate(run.about.strategies):
        table = run.part(s, "yearly").transpose(2, 3, 1, 0, 4)  # group, tier, year, measure
        for (g, t), years in _cells(table, run.plan.groups):
            head = _head(run, strategy, g, t)
            for year, rows in zip(run.plan.years, years, strict=True):
                for item, text in zip(YEARLY, numbers(rows), strict=True):
                    yield f"{head},{year},{item.name},{item.unit},{text}"


def supply_by_source(run: Finished) -> Iterator[str]:
    """Yield the lines of supply_by_source.csv."""
    yield line(names("supply_by_source"))
    about, sources = run.about, run.plan.sources
    minerals = [about.mineral_of(source.product) for source in sources]
    who = [
        line((row.product, row.group, about.is_group(row.group), row.kind, row.origin))
        for row in sources
    ]
    for s, strategy in enumerate(about.strategies):
        for year, rows in zip(run.plan.years, run.part(s, "supply"), strict=True):
            for mineral, source, text in zip(minerals, who, numbers(rows), strict=True):
                yield f"{line((strategy, year, mineral))},{source},t,{text}"


def prices_by_year(run: Finished) -> Iterator[str]:
    """Yield the lines of prices_by_year.csv; a market that a product has not is left out."""
    yield line(names("prices_by_year"))
    about, products = run.about, run.plan.layout.products
    for s, strategy in enumerate(about.strategies):
        table = run.part(s, "prices").transpose(2, 3, 1, 0, 4)  # product, market, year, measure
        for (p, product), (m, market) in itertools.product(enumerate(products), enumerate(MARKETS)):
            for year, rows in zip(run.plan.years, table[p, m], strict=True):
                head = line((strategy, about.mineral_of(product), product, market, year))
                for item, row, text in zip(PRICES, rows, numbers(rows), strict=True):
                    if row[_COUNT] > 0:
                        yield f"{head},{item.name},{item.unit},{text}"


def costs(run: Finished) -> Iterator[str]:
    """Yield the lines of costs.csv."""
    yield line(names("costs"))
    for s, strategy in enumerate(run.about.strategies):
        table, salvage = run.part(s, "costs"), run.part(s, "salvage")
        for i, (owner, name) in enumerate(run.plan.layout.instruments):
            if owner != strategy:
                continue
            for y, year in enumerate(run.plan.years):
                head = line((strategy, name, year))
                for item, text in zip(COSTS, numbers(table[:, y, i]), strict=True):
                    yield f"{head},{item.name},{item.unit},{text}"
            last = line((strategy, name, run.plan.years[-1]))
            yield f"{last},salvage_discounted,USD,{numbers(salvage[i : i + 1])[0]}"
        forgone = run.part(s, "forgone")
        for c, name in enumerate(run.plan.layout.suppressions):
            for year, text in zip(run.plan.years, numbers(forgone[:, c]), strict=True):
                yield f"{line((strategy, name, year))},forgone,USD,{text}"


def replications(run: Finished) -> Iterator[str]:
    """Yield the lines of replications.csv, those of a block at a time."""
    return _of_worlds("replications", run)


def events(run: Finished) -> Iterator[str]:
    """Yield the lines of events.csv, those of a block at a time."""
    return _of_worlds("events", run)


def parameters(run: Finished) -> Iterable[str]:
    """Return the lines of parameters.csv."""
    return _rows("parameters", run.parameters)


def balance(run: Finished) -> Iterable[str]:
    """Return the lines of balance.csv."""
    return _rows("balance", run.adjustments)


WRITERS: dict[str, Callable[[Finished], Iterable[str]]] = {
    "summary": summary,
    "shortfall_by_year": shortfall_by_year,
    "supply_by_source": supply_by_source,
    "prices_by_year": prices_by_year,
    "costs": costs,
    "replications": replications,
    "events": events,
    "parameters": parameters,
    "balance": balance,
}
"""What writes each file; the comparison has its own."""


def _rows(table: str, given: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    columns = names(table)
    return records(columns, ({name: row.get(name) for name in columns} for row in given))


def _of_worlds(table: str, run: Finished) -> Iterator[str]:
    yield line(names(table))
    for block in run.shards.blocks:
        lines = run.shards.lines_of(block, table)
        if lines:
            yield lines


def _cells(table: Floats, groups: Sequence[str]) -> Iterator[tuple[tuple[int, int], Floats]]:
    for g in range(len(groups)):
        for t in range(len(TIERS)):
            yield (g, t), table[g, t]


def _head(run: Finished, strategy: str, g: int, t: int) -> str:
    group = run.plan.groups[g]
    mineral = run.about.mineral_of(group)
    return line((strategy, mineral, group, run.about.is_group(group), TIERS[t]))


def _zero_by(about: About, strategy: str, item: Item, asked: bool) -> str:
    """Say whether a zero is one by construction or by result."""
    needless = item.name == "released" and not about.stockpiles[strategy]
    nothing = about.is_idle(strategy) and item.name in _OF_DISRUPTION
    return "construction" if needless or nothing or not asked else "result"
