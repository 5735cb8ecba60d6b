"""The amounts that a comparison needs, from shards or from replications.csv: the same."""

import csv
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from monazite.errors import ResultsError
from monazite.experiments.about import About
from monazite.experiments.columns import wide
from monazite.experiments.comparison import COMPARED, Money, Values
from monazite.experiments.csvtext import rounded
from monazite.experiments.shards import Shards
from monazite.measures import HEADLINE, TIERS, TOTALS, WORLD, Plan
from monazite.trajectories import Floats

_NAMES = tuple(item.name for item in HEADLINE)
_UNITS = dict.fromkeys(("reference", *(row[0] for row in COMPARED)))
_COLUMNS = {name: wide(HEADLINE[_NAMES.index(name)]) for name in _UNITS}
_MONEY = tuple(wide(item) for item in TOTALS)


def from_shards(shards: Shards, plan: Plan) -> tuple[Values, Money]:
    """Return what the shards hold, with the digits that the files have."""

    def cells(first: int, last: int) -> Floats:
        return shards.rows(range(shards.strategies), first, last).swapaxes(0, 1)

    @lru_cache(maxsize=2)
    def tiers(measure: str, group: str) -> Floats:
        row = _NAMES.index(measure) * len(plan.groups) + plan.groups.index(group)
        first = plan.part("headline").start + row * len(TIERS)
        return cells(first, first + len(TIERS))

    def values(measure: str, group: str, tier: str) -> Floats:
        return rounded(tiers(measure, group)[TIERS.index(tier)])

    totals = plan.part("totals")
    return values, Money(*rounded(cells(totals.start, totals.stop)))


def from_file(path: Path, about: About) -> tuple[Values, Money]:
    """Return what replications.csv holds.

    Raises:
        ResultsError: where the file is not the one that was written.
    """
    wanted = (*_COLUMNS.values(), *_MONEY)
    where = {
        (strategy, group, tier): (s, g, t)
        for s, strategy in enumerate(about.strategies)
        for g, group in enumerate(about.groups)
        for t, tier in enumerate(TIERS)
    }
    shape = (len(wanted), len(about.groups), len(TIERS), len(about.strategies))
    held = np.full((*shape, about.replications), np.nan)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            header = next(lines)
            columns = [header.index(name) for name in wanted]
            keys = [header.index(name) for name in ("strategy", "region", "tier")]
            for line in lines:
                s, g, t = where[line[keys[0]], line[keys[1]], line[keys[2]]]
                held[:, g, t, s, int(line[0])] = [float(line[column]) for column in columns]
    except (OSError, ValueError, KeyError, IndexError, StopIteration) as error:
        raise ResultsError(f"{path}: not as it was written ({error})") from error
    if np.isnan(held).any():
        raise ResultsError(f"{path}: replications are missing")
    return _held(held, about, tuple(_COLUMNS)), Money(*held[-len(_MONEY) :, 0, 0])


def worlds_from_file(path: Path, about: About) -> Floats:
    """Return what each world brought, as replications.csv holds it.

    Returns:
        Shape (len(WORLD), replications), NaN where a measure does not apply.

    Raises:
        ResultsError: where the file is not the one that was written.
    """
    found = np.full((len(WORLD), about.replications), np.nan)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            header = next(lines)
            columns = [header.index(wide(item)) for item in WORLD]
            for line in lines:
                found[:, int(line[0])] = [float(line[c] or "nan") for c in columns]
    except (OSError, ValueError, IndexError, StopIteration) as error:
        raise ResultsError(f"{path}: not as it was written ({error})") from error
    return found


def _held(held: Floats, about: About, measures: Sequence[str]) -> Values:
    groups = tuple(about.groups)

    def values(measure: str, group: str, tier: str) -> Floats:
        found: Floats = held[measures.index(measure), groups.index(group), TIERS.index(tier)]
        return found

    return values
