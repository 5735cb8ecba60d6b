"""Whether what a scenario's `assert:` block says holds in a run."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monazite.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from monazite.report.tables import Table
    from monazite.scenario import Assertion, Scenario

Key = tuple[str, str, str, str]
"""Measure, strategy, region and tier."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that must hold.

    Attributes:
        what: the measure and what it is of.
        wanted: what must hold of it.
        found: the mean over the worlds of the run.
        holds: whether it does.
    """

    what: str
    wanted: str
    found: float
    holds: bool


def verdicts(scenario: "Scenario", summary: Iterable[Mapping[str, Any]]) -> list[Verdict]:
    """Return a verdict for each bound of each assertion.

    Args:
        scenario: whose `assert:` block is read.
        summary: rows of summary.csv.

    Raises:
        ScenarioError: where an assertion names what the run did not measure.
    """
    means = {
        (row["measure"], row["strategy"], row["region"], str(row["tier"])): _number(row["mean"])
        for row in summary
    }
    found: list[Verdict] = []
    problems: list[Problem] = []
    for i, assertion in enumerate(scenario.assertions):
        try:
            found += _of_one(assertion, means)
        except KeyError as error:
            path = f"assert.{i}"
            problems.append(Problem(path, str(error.args[0]), scenario.where(path)))
    if problems:
        raise ScenarioError(problems)
    return found


def _of_one(assertion: "Assertion", means: Mapping[Key, float]) -> Iterator[Verdict]:
    tier = "all" if assertion.tier is None else str(assertion.tier)
    key = (assertion.measure, assertion.strategy, assertion.region, tier)
    value, what = _mean(means, key), ", ".join(key[1:3]) + f", tier {tier}: {key[0]}"
    if assertion.below is not None:
        yield Verdict(what, f"below {assertion.below:g}", value, value < assertion.below)
    if assertion.above is not None:
        yield Verdict(what, f"above {assertion.above:g}", value, value > assertion.above)
    if assertion.equals is not None:
        holds = abs(value - assertion.equals) <= assertion.tolerance
        yield Verdict(what, f"{assertion.equals:g} +- {assertion.tolerance:g}", value, holds)
    if assertion.better_than is not None:
        other = _mean(means, (key[0], assertion.better_than, *key[2:]))
        wanted = f"less than {assertion.better_than}'s {other:.4g}"
        yield Verdict(what, wanted, value, value < other)


def _mean(means: Mapping[Key, float], key: Key) -> float:
    if key in means:
        return means[key]
    parts = ("measure", "strategy", "region", "tier")
    for i, part in enumerate(parts):
        known = list(dict.fromkeys(other[i] for other in means))
        if key[i] not in known:
            raise KeyError(f"the run has no {part} '{key[i]}'; it has {', '.join(known)}")
    raise KeyError(f"the run did not measure {key[0]} of {key[1]} in {key[2]}, tier {key[3]}")


def _number(text: object) -> float:
    return math.nan if text in (None, "") else float(str(text))


def as_table(name: str, found: list[Verdict]) -> "Table":
    """Return the verdicts as a table, those that fail first."""
    from monazite.report.tables import Column, Table

    columns = (
        Column("holds", "", "left"),
        Column("what", "", "left"),
        Column("must be", "", "left"),
        Column("is", "", "right"),
    )
    rows = tuple((v.holds, v.what, v.wanted, v.found) for v in sorted(found, key=lambda v: v.holds))
    return Table(f"What must hold in {name}", columns, rows)
