"""The comparison of strategies: what is avoided, at what price, and whether one can tell."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from monazite.report.rounding import about as roughly
from monazite.report.rounding import plain, scale, with_error, worlds
from monazite.report.summary import Finished, measure_in_words, sections
from monazite.report.table import Column, Table

SHOWN = (
    ("avoided\nshortfall\ntier 1", "shortfall", "1"),
    ("avoided\nnot served\nall tiers", "not_served", "all"),
    ("value\nadded\nkept", "value_added_lost", "all"),
)
MAIN = ("not_served", "all")
"""The measure that the probabilities and costs of the table are for."""

Row = Mapping[str, Any]


def comparison(results: Finished, baseline: str | None = None) -> Table:
    """Return the paired comparison with a baseline, and what it means in plain words.

    Args:
        results: a finished run.
        baseline: the strategy to compare with; None for the scenario's own.
    """
    about = results.about
    versus = about.baseline if baseline is None else baseline
    rows = results.compare(versus)
    held = {
        (row["region"], row["strategy"], row["measure"], row["tier"]): row
        for row in rows
        if row["versus"] == versus
    }
    groups = tuple(about.groups)
    compared = [name for name in about.strategies if any(key[1] == name for key in held)]
    columns, cells = _amounts(held, groups, compared)
    cost, cost_columns = _costs(held, groups, compared)
    lines = {
        group: [
            (
                strategy,
                *(column[group, strategy] for column in cells),
                *_chances(held[(group, strategy, *MAIN)]),
                *cost[group, strategy],
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
        *cost_columns,
    ]
    return Table(
        f"{about.scenario}: compared with '{versus}' in the same {worlds(about.replications)}",
        columns,
        sections(groups, lines, len(columns)),
        (
            "± is half the 95 % interval; in brackets where it includes 0. The chances and the "
            "costs are for what is not served in all tiers; ties for best are split.",
            *verdicts(rows, groups, versus),
        ),
    )


def verdicts(rows: Sequence[Row], groups: Sequence[str], baseline: str) -> list[str]:
    """Return a sentence for each group and strategy, and one for the two best.

    They are about the shortfall of tier 1, or about all that is not served where tier 1
    cannot be short.
    """
    found = []
    for group in groups:
        here = [row for row in rows if row["region"] == group]
        first = [row for row in here if (row["measure"], row["tier"]) == ("shortfall", "1")]
        if all(row["zero_by"] == "construction" for row in first):
            first = [row for row in here if (row["measure"], row["tier"]) == MAIN]
        if first and all(row["zero_by"] == "construction" for row in first):
            found.append(f"{group}: all strategies are equal by construction: nothing can be lost.")
            continue
        found += [verdict(row) for row in first if row["versus"] == baseline]
        found += [verdict(row) for row in _two_best(first, baseline)]
    return found


def verdict(row: Row) -> str:
    """Return one pair in plain words."""
    head = f"{row['region']}, {measure_in_words(row['measure'], row['tier'])}: "
    one, other = row["strategy"], row["versus"]
    if row["zero_by"] == "construction":
        return f"{head}{one} and {other} are equal by construction: nothing can be lost."
    if row["zero_by"] == "result":
        return (
            f"{head}{one} makes no difference to {other} in any of {worlds(row['replications'])}."
        )
    if row["resolved"] != "yes":
        return f"{head}{one} or {other}: not resolved; {_missing(row)}."
    size, unit = scale([row["avoided"]], row["unit"])
    amount = with_error(abs(row["avoided"]) / size, _half(row) / size)
    if row["avoided"] > 0:
        share, verb, word = row["probability_better"], "avoids", "better"
    else:
        share, verb, word = row["probability_worse"], "loses", "worse"
    often = f"{word} in {_percent(share)} % of worlds"
    return f"{head}{one} {verb} {amount} {unit} more than {other}, {often}."


def _missing(row: Row) -> str:
    if row["replications"] < 2:
        return "one world cannot tell"
    if row["replications_needed"] is None:
        return "too close for any number of replications"
    needed = roughly(row["replications_needed"])
    return f"needs about {needed} replications (there are {row['replications']:,})"


def _two_best(rows: Sequence[Row], baseline: str) -> list[Row]:
    """Return the pair of the two strategies that lose least, the better one first."""
    means = {row["strategy"]: row["strategy_mean"] for row in rows if row["strategy"] != baseline}
    best = sorted(means, key=lambda name: means[name])[:2]
    for row in rows:
        if len(best) == 2 and {row["strategy"], row["versus"]} == set(best):
            return [row if row["strategy"] == best[0] else turned(row)]
    return []


def turned(row: Row) -> dict[str, Any]:
    """Return the same pair seen from the other side."""
    low, high = row["avoided_low"], row["avoided_high"]
    return {
        **row,
        "strategy": row["versus"],
        "versus": row["strategy"],
        "avoided": -row["avoided"],
        "avoided_low": None if high is None else -high,
        "avoided_high": None if low is None else -low,
        "probability_better": row["probability_worse"],
        "probability_worse": row["probability_better"],
    }


def _amounts(
    held: Mapping[tuple[str, str, str, str], Row], groups: Sequence[str], names: Sequence[str]
) -> tuple[list[Column], list[dict[tuple[str, str], str]]]:
    columns, cells = [], []
    for name, measure, tier in SHOWN:
        shown = {(g, s): held[g, s, measure, tier] for g in groups for s in names}
        unit = "USD" if measure.startswith("value") else "t"
        size, in_unit = scale((row["avoided"] for row in shown.values()), unit)
        columns.append(Column(f"{name}\n[{in_unit}]", align="right"))
        cells.append({key: _amount(row, size) for key, row in shown.items()})
    return columns, cells


def _amount(row: Row, size: float) -> str:
    amount = with_error(row["avoided"] / size, _half(row) / size)
    return amount if row["resolved"] == "yes" or row["zero_by"] else f"({amount})"


def _half(row: Row) -> float:
    """Return half the interval, NaN where there is none."""
    high = row["avoided_high"]
    return math.nan if high is None else float(high - row["avoided"])


def _chances(row: Row) -> tuple[str, str]:
    return _percent(row["probability_better"]), _percent(row["probability_best"])


def _percent(share: float) -> str:
    """Return a share in per cent; only none and all are 0 and 100.

    >>> [_percent(x) for x in (0.0, 0.001, 0.5, 0.999, 1.0)]
    ['0', '<1', '50', '>99', '100']
    """
    if 0 < share < 0.01:
        return "<1"
    if 0.99 < share < 1:
        return ">99"
    return f"{100 * share:.0f}"


def _costs(
    held: Mapping[tuple[str, str, str, str], Row], groups: Sequence[str], names: Sequence[str]
) -> tuple[dict[tuple[str, str], tuple[str, str]], tuple[Column, Column]]:
    rows = {(g, s): held[(g, s, *MAIN)] for g in groups for s in names}
    kinds = ("cost_per_unit_spent", "cost_per_unit_allotted")
    every = [row[kind] for row in rows.values() for kind in kinds if row[kind] is not None]
    size, unit = scale(every, "USD")
    words = {
        key: (_cost(row[kinds[0]], size), _cost(row[kinds[1]], size)) for key, row in rows.items()
    }
    return words, (
        Column(f"spent\na tonne\n[{unit}]", align="right"),
        Column(f"allotted\na tonne\n[{unit}]", align="right"),
    )


def _cost(value: float | None, size: float) -> str:
    return "-" if value is None else plain(value / size)
