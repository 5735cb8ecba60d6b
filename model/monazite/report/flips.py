"""When does the answer flip: the best strategy where controls come early or late, short or long."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from monazite.report.comparison import half
from monazite.report.rounding import plain, scale, with_error
from monazite.report.summary import Finished, sections
from monazite.report.table import Column, Table

DAYS_PER_YEAR = 365.25
Row = Mapping[str, Any]


class Third:
    """A third of the worlds in one region: its borders, and every pair of strategies in it."""

    def __init__(self, rows: Sequence[Row], baseline: str) -> None:
        first = rows[0]
        self.by, self.number, self.worlds = first["by"], first["third"], first["worlds"]
        self.above, self.up_to = first["above"], first["up_to"]
        self.pairs = {(row["strategy"], row["versus"]): row for row in rows}
        self.baseline = baseline
        gain = {
            one: row["avoided"] for (one, other), row in self.pairs.items() if other == baseline
        }
        gain = {baseline: 0.0, **gain}
        self.ranked: list[str] = sorted(gain, key=lambda name: -gain[name])

    @property
    def best(self) -> str:
        """The strategy that leaves least unserved."""
        return self.ranked[0]

    @property
    def is_resolved(self) -> bool:
        """Whether the best is the baseline, or resolved to be better than that."""
        return self.best == self.baseline or self.is_ahead(self.best, self.baseline)

    def is_ahead(self, one: str, other: str) -> bool:
        """Return whether one strategy is resolved to be better than another."""
        row = self.pairs.get((one, other))
        return row is not None and row["resolved"] == "yes" and row["avoided"] > 0


def flips(results: Finished, baseline: str | None = None) -> tuple[Table | None, list[str]]:
    """Return the table of thirds and a sentence or two for each region.

    Args:
        results: a finished run.
        baseline: the strategy that gains are over; None for the scenario's own.

    Returns:
        The table, None where the worlds are too few or too alike; and the sentences.
    """
    about = results.about
    versus = about.baseline if baseline is None else baseline
    thirds = _thirds(results.flips(), versus)
    if not thirds:
        return None, ["The worlds are too few, or too alike, to say when the answer flips."]
    start = date.fromisoformat(about.start)
    size, unit = scale(
        (row["avoided"] for each in thirds.values() for one in each for row in one.pairs.values()),
        "t",
    )
    lines = {
        group: [_line(third, size, start) for third in thirds.get(group, [])]
        for group in about.groups
    }
    said = [line for group in about.groups for line in _said(group, thirds.get(group, []), start)]
    columns = (
        Column("worlds in which"),
        Column("worlds", align="right"),
        Column("best"),
        Column(f"avoided\nnot served\n[{unit}]", align="right"),
        Column(f"ahead of\nthe next\n[{unit}]", align="right"),
    )
    return (
        Table(
            f"When does the answer flip? The best against '{versus}' in thirds of the worlds",
            columns,
            sections(tuple(about.groups), lines, len(columns)),
            (
                "± is half the 95 % interval; in brackets where it includes 0. First control: the "
                "first that was not certain at the start. Under control: days with any control "
                "in force that began after the start.",
            ),
        ),
        said,
    )


def _thirds(rows: Sequence[Row], baseline: str) -> dict[str, list[Third]]:
    held: dict[tuple[str, str, int], list[Row]] = {}
    for row in rows:
        held.setdefault((row["region"], row["by"], row["third"]), []).append(row)
    found: dict[str, list[Third]] = {}
    for (region, _, _), here in held.items():
        found.setdefault(region, []).append(Third(here, baseline))
    return found


def _line(third: Third, size: float, start: date) -> tuple[str, ...]:
    words = [_in_words(third, start), f"{third.worlds}", third.best]
    avoided, ahead = "0", ""
    if third.best != third.baseline:
        avoided = _amount(third.pairs[third.best, third.baseline], size)
    if len(third.ranked) > 1 and (third.best, third.ranked[1]) in third.pairs:
        ahead = _amount(third.pairs[third.best, third.ranked[1]], size)
    return (*words, avoided, ahead)


def _amount(row: Row, size: float) -> str:
    amount = with_error(row["avoided"] / size, half(row) / size)
    return amount if row["resolved"] == "yes" else f"({amount})"


def _in_words(third: Third, start: date) -> str:
    """Return what the worlds of a third have in common."""
    first = third.by == "first_control"
    if third.up_to is None:
        return "  later or never" if first else "  longer"
    border = _border(third.by, third.up_to, start)
    if third.above is not None:
        return f"  then to {border}"
    return f"first control to {border}" if first else f"under control to {border}"


def _border(by: str, days: float, start: date) -> str:
    if by == "first_control":
        return f"{start + timedelta(days=int(days)):%Y-%m}"
    return f"{plain(days / DAYS_PER_YEAR, 2)} years"


def _said(group: str, thirds: Sequence[Third], start: date) -> list[str]:
    """Return where the answer of one region flips, and where it does not."""
    split = {by: [t for t in thirds if t.by == by] for by in dict.fromkeys(t.by for t in thirds)}
    found = [
        f"{group}: {line}." for here in split.values() for line in _flips_in(here, start) if line
    ]
    if found or not thirds:
        return found
    bests = list(dict.fromkeys(third.best for third in thirds))
    said = f"{group}: the answer does not flip within these worlds"
    if len(bests) == 1:
        unsure = sum(not third.is_resolved for third in thirds)
        doubt = f", though not resolved against {thirds[0].baseline} in {unsure} of {len(thirds)}"
        return [f"{said}: {bests[0]} is best in every third{doubt if unsure else ''}."]
    return [f"{said}: {' and '.join(bests)} take turns, but too close to be told apart there."]


def _flips_in(thirds: Sequence[Third], start: date) -> list[str]:
    found = []
    for k, late in enumerate(thirds):
        for early in thirds[:k]:
            one, other = early.best, late.best
            if early.is_ahead(one, other) and late.is_ahead(other, one):
                border = _border(late.by, late.above, start)
                when = (
                    f"the first control comes after {border}"
                    if late.by == "first_control"
                    else f"controls are in force for more than {border} in all"
                )
                found.append(f"the answer flips from {one} to {other} when {when}")
                break
    return found[:1]
