"""The summary of a run: strategies against what went wrong and what was spent."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from monazite.report.rounding import TOO_SMALL, is_small, plain, scale, with_error, worlds
from monazite.report.table import Column, Table

SHOWN = (
    ("short-\nfall\ntier 1", "shortfall", "1"),
    ("not\nserved\ntier 1", "not_served", "1"),
    ("not\nserved\ntier 2", "not_served", "2"),
    ("not\nserved\ntier 3", "not_served", "3"),
    ("value\nadded\nlost", "value_added_lost", "all"),
)
_WORDS = {
    "shortfall": "shortfall",
    "not_served": "not served",
    "value_added_lost": "value added lost",
    "value_added_lost_not_served": "value added lost with what the price took",
}
Row = Mapping[str, Any]


class Facts(Protocol):
    """What a table needs to know about a run."""

    @property
    def scenario(self) -> str:
        """Name of the scenario."""

    @property
    def replications(self) -> int:
        """Number of random worlds."""

    @property
    def strategies(self) -> Sequence[str]:
        """Chosen strategies."""

    @property
    def groups(self) -> Mapping[str, Sequence[str]]:
        """Groups that are reported."""

    @property
    def baseline(self) -> str:
        """What the others are compared with."""

    @property
    def stockpiles(self) -> Mapping[str, Sequence[str]]:
        """Names of the stockpiles of each strategy."""

    @property
    def start(self) -> str:
        """The first day, as an ISO date."""

    def allotted_usd(self, strategy: str) -> float:
        """Return the budget of a strategy."""

    def adds_minerals(self, name: str) -> bool:
        """Return whether what is reported under a name adds up several minerals."""


class Finished(Protocol):
    """A finished run, as far as tables need it."""

    @property
    def about(self) -> Facts:
        """The facts of the run."""

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of one of its tables."""

    def compare(self, baseline: str | None = None) -> list[dict[str, Any]]:
        """Return the paired comparison."""

    def flips(self) -> list[dict[str, Any]]:
        """Return the comparison in thirds of the worlds."""


def headline(results: Finished) -> Table:
    """Return one table with a section for each region or group."""
    return _table(results, tuple(results.about.groups))


def summary_tables(results: Finished) -> tuple[Table, ...]:
    """Return a table for each region or group."""
    return tuple(_table(results, (group,)) for group in results.about.groups)


def measure_in_words(measure: str, tier: str) -> str:
    """Return the name of a measure as a sentence has it.

    >>> measure_in_words("not_served", "all")
    'not served in all tiers'
    """
    return f"{_WORDS[measure]} in " + ("all tiers" if tier == "all" else f"tier {tier}")


def sections(
    groups: Sequence[str], rows: Mapping[str, Sequence[Sequence[str]]], width: int
) -> list[Sequence[str]]:
    """Return rows under the name of each group; without it where there is only one."""
    if len(groups) == 1:
        return list(rows[groups[0]])
    found: list[Sequence[str]] = []
    for group in groups:
        found += [(group, *[""] * (width - 1)), *rows[group]]
    return found


def _table(results: Finished, groups: Sequence[str]) -> Table:
    about = results.about
    held = {
        (row["region"], row["strategy"], row["measure"], row["unit"], row["tier"]): row
        for row in results.rows("summary")
        if row["region"] in groups
    }
    columns, cells = [Column("strategy")], []
    for name, measure, tier in SHOWN:
        unit = "USD" if measure.startswith("value") else "t"
        shown = {
            (group, strategy): held[group, strategy, measure, unit, tier]
            for group in groups
            for strategy in about.strategies
        }
        size, in_unit = scale((row["mean"] for row in shown.values()), unit)
        columns.append(Column(f"{name}\n[{in_unit}]", align="right"))
        stake = "reference" if unit == "t" else "value_added_lost_not_served"
        cells.append(
            {
                key: _amount(row, size, held[(*key, stake, unit, tier)]["mean"])
                for key, row in shown.items()
            }
        )
    spent, spent_column = _spent(results)
    rows = {
        group: [
            (strategy, *(column[group, strategy] for column in cells), spent[strategy])
            for strategy in about.strategies
        ]
        for group in groups
    }
    small = TOO_SMALL if any("~0" in column.values() for column in cells) else ""
    where = groups[0] if len(groups) == 1 else "all regions and groups reported"
    return Table(
        f"{about.scenario}, {where}: means over {worlds(about.replications)}",
        (*columns, spent_column),
        sections(groups, rows, len(SHOWN) + 2),
        (
            "± is the Monte Carlo standard error of a mean. Not served = shortfall + given up "
            f"because of the price. Spending is discounted.{small}",
            *_zeros(held.values(), groups, about.strategies),
        ),
    )


def needs(results: Finished, strategy: str) -> dict[tuple[str, str], float]:
    """Return the gross need in tonnes by region and tier."""
    return {
        (row["region"], row["tier"]): row["mean"]
        for row in results.rows("summary")
        if (row["strategy"], row["measure"], row["unit"]) == (strategy, "reference", "t")
    }


def spent_usd(results: Finished) -> dict[str, float]:
    """Return the discounted outlay of each strategy."""
    spent = dict.fromkeys(results.about.strategies, 0.0)
    for row in results.rows("costs"):
        if row["measure"] == "spent_discounted":
            spent[row["strategy"]] += row["mean"]
    return spent


def _amount(row: Row, size: float, stake: float) -> str:
    error = math.nan if row["monte_carlo_error"] is None else row["monte_carlo_error"]
    if is_small(row["mean"], error, stake):
        return "~0"
    return with_error(row["mean"] / size, error / size)


def _spent(results: Finished) -> tuple[dict[str, str], Column]:
    about = results.about
    spent = spent_usd(results)
    allotted = {strategy: about.allotted_usd(strategy) for strategy in about.strategies}
    size, unit = scale((*spent.values(), *allotted.values()), "USD")
    words = {
        strategy: f"{plain(spent[strategy] / size)}/{plain(allotted[strategy] / size)}"
        if allotted[strategy]
        else plain(spent[strategy] / size)
        for strategy in about.strategies
    }
    return words, Column(f"spent /\nallotted\n[{unit}]", align="right")


def _zeros(rows: Iterable[Row], groups: Sequence[str], strategies: Sequence[str]) -> list[str]:
    """Explain the zeros that are shown, groups with the same reason in one line."""
    shown = {(measure, tier) for _, measure, tier in SHOWN}
    why: dict[tuple[str, str], dict[tuple[str, str], list[str]]] = {}
    for row in rows:
        key = row["measure"], row["tier"]
        if key in shown and row["unit"] in ("t", "USD") and row["zero_by"]:
            about = why.setdefault((row["region"], row["zero_by"]), {})
            if row["strategy"] not in about.setdefault(key, []):
                about[key].append(row["strategy"])
    found: dict[tuple[str, str], list[str]] = {}
    for group in groups:
        for reason, because in (
            ("construction", "by construction: no demand, or nothing here can cause any"),
            ("result", "by result: it could have been more, and was not in any world"),
        ):
            for names, who in _together(why.get((group, reason), {})):
                whom = "" if len(who) == len(strategies) else f" with {', '.join(who)}"
                said = f"{whom} {because} ({'; '.join(names)})."
                found.setdefault((reason, said), []).append(group)
    return [f"0 in {', '.join(where)}{said}" for (_, said), where in found.items()]


def _together(
    why: Mapping[tuple[str, str], Sequence[str]],
) -> Iterable[tuple[list[str], Sequence[str]]]:
    """Join the measures that are 0 for the same strategies."""
    joined: dict[tuple[str, ...], list[str]] = {}
    for (measure, tier), who in why.items():
        joined.setdefault(tuple(who), []).append(measure_in_words(measure, tier))
    return [(names, who) for who, names in joined.items()]
