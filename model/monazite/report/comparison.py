"""The comparison of strategies as a table: what is avoided, how often, at what price."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from monazite.report.rounding import TOO_SMALL, is_small, percent, plain, scale, with_error, worlds
from monazite.report.summary import Finished, needs, sections
from monazite.report.table import Column, Table

SHOWN = (
    ("avoided\nshortfall\ntier 1", "shortfall", "1"),
    ("avoided\nnot served\nall tiers", "not_served", "all"),
    ("value\nadded\nkept", "value_added_lost", "all"),
)
MAIN = ("not_served", "all")
"""The measure that strategies are ranked by, and that chances and costs are for."""

Row = Mapping[str, Any]
Held = Mapping[tuple[str, str, str, str], Row]
"""Rows by region, strategy, measure and tier."""


def comparison(results: Finished, baseline: str | None = None) -> Table:
    """Return the paired comparison with a baseline.

    Args:
        results: a finished run.
        baseline: the strategy to compare with; None for the scenario's own.
    """
    about = results.about
    versus = about.baseline if baseline is None else baseline
    held = against(results.compare(versus), versus)
    groups = tuple(about.groups)
    compared = [name for name in about.strategies if any(key[1] == name for key in held)]
    columns, cells = _amounts(held, needs(results, versus), groups, compared)
    cost, cost_column = _costs(held, groups, compared)
    lines = {
        group: [
            (
                strategy,
                *(column[group, strategy] for column in cells),
                percent(held[(group, strategy, *MAIN)]["probability_better"]),
                percent(held[(group, strategy, *MAIN)]["probability_best"]),
                cost[group, strategy],
            )
            for strategy in compared
        ]
        for group in groups
    }
    columns = [
        Column("strategy"),
        *columns,
        Column("better\nin\n[%]", align="right"),
        Column("best\nin\n[%]", align="right"),
        cost_column,
    ]
    small = TOO_SMALL if any("~0" in column.values() for column in cells) else ""
    return Table(
        f"{about.scenario}: compared with '{versus}' in the same {worlds(about.replications)}",
        columns,
        sections(groups, lines, len(columns)),
        (
            "± is half the 95 % interval; in brackets where it includes 0. The chances and the "
            "cost of a tonne avoided are for what is not served in all tiers; ties for best are "
            f"split; - where no gain is resolved.{small}",
        ),
    )


def against(rows: Sequence[Row], versus: str) -> Held:
    """Return the rows against one strategy."""
    return {
        (row["region"], row["strategy"], row["measure"], row["tier"]): row
        for row in rows
        if row["versus"] == versus
    }


def half(row: Row) -> float:
    """Return half the interval, NaN where there is none."""
    high = row["avoided_high"]
    return math.nan if high is None else float(high - row["avoided"])


def stake(held: Held, need_t: Mapping[tuple[str, str], float], row: Row) -> float:
    """Return what an amount is small beside: the need in tonnes, or the dollars lost."""
    if row["unit"] == "t":
        return need_t[row["region"], row["tier"]]
    all_lost = held[row["region"], row["strategy"], "value_added_lost_not_served", "all"]
    return float(all_lost["versus_mean"])


def _amounts(
    held: Held,
    need_t: Mapping[tuple[str, str], float],
    groups: Sequence[str],
    names: Sequence[str],
) -> tuple[list[Column], list[dict[tuple[str, str], str]]]:
    columns, cells = [], []
    for name, measure, tier in SHOWN:
        shown = {(g, s): held[g, s, measure, tier] for g in groups for s in names}
        unit = "USD" if measure.startswith("value") else "t"
        size, in_unit = scale((row["avoided"] for row in shown.values()), unit)
        columns.append(Column(f"{name}\n[{in_unit}]", align="right"))
        cells.append(
            {key: _amount(row, size, stake(held, need_t, row)) for key, row in shown.items()}
        )
    return columns, cells


def _amount(row: Row, size: float, beside: float) -> str:
    if is_small(row["avoided"], half(row), beside):
        return "~0"
    amount = with_error(row["avoided"] / size, half(row) / size)
    return amount if row["resolved"] == "yes" or row["zero_by"] else f"({amount})"


def _costs(
    held: Held, groups: Sequence[str], names: Sequence[str]
) -> tuple[dict[tuple[str, str], str], Column]:
    rows = {(g, s): held[(g, s, *MAIN)] for g in groups for s in names}
    kinds = ("cost_per_unit_spent", "cost_per_unit_allotted")
    every = [row[kind] for row in rows.values() for kind in kinds if row[kind] is not None]
    size, unit = scale(every, "USD")
    words = {key: _cost([row[kind] for kind in kinds], size) for key, row in rows.items()}
    return words, Column(f"a tonne,\nby spent /\nallotted\n[{unit}]", align="right")


def _cost(costs: Sequence[float | None], size: float) -> str:
    if all(cost is None for cost in costs):
        return "-"
    return "/".join("-" if cost is None else plain(cost / size) for cost in costs)
