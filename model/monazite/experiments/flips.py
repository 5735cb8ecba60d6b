"""When the answer flips: strategies compared among worlds that are alike in one thing.

The worlds that were run are split in thirds by what they bring, whatever is done about
it: when the first control comes, how long controls last. Nothing is simulated anew, so a
third has a third of the worlds, and its intervals are wider.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monazite.experiments.about import About, may_compare
from monazite.experiments.comparison import Values, paired_gain
from monazite.measures import WORLD
from monazite.trajectories import Floats

MAIN = ("not_served", "all")
"""(measure, tier) that strategies are ranked by."""
FEWEST = 2
"""Worlds below which a third says nothing."""


def rows(about: About, values: Values, met: Floats) -> list[dict[str, Any]]:
    """Return a row for each group, thing that worlds differ in, third and ordered pair.

    Args:
        about: the facts of the run.
        values: amounts by measure, group and tier.
        met: what each world brought, shape (len(WORLD), replications).

    Returns:
        Rows with `region`, `by`, `third` (0, 1, 2), `above` and `up_to` (the borders of the
        third in days, None where it has none), `worlds`, `strategy`, `versus` and what the
        first avoids beside the second.
    """
    found = []
    for group in about.groups:
        loss = values(*(MAIN[0], group, MAIN[1]))
        for item, covariate in zip(WORLD, met, strict=True):
            for third in thirds(covariate):
                head = {"region": group, "by": item.name, **third[0]}
                found += [head | pair for pair in _pairs(about, loss[:, third[1]])]
    return found


def thirds(covariate: Floats) -> list[tuple[dict[str, Any], NDArray[np.bool_]]]:
    """Return the borders of each third and which worlds are in it; none where all are alike.

    Worlds with the same value are in the same third; NaN is the largest value of all.

    >>> [inside.tolist() for _, inside in thirds(np.array([1.0, 2.0, np.nan]))]
    []
    >>> [int(inside.sum()) for _, inside in thirds(np.arange(7.0))]
    [3, 2, 2]
    """
    value = np.where(np.isnan(covariate), np.inf, covariate)
    borders = _borders(np.sort(value))
    inside = [value <= borders[0], (value > borders[0]) & (value <= borders[1]), value > borders[1]]
    if min(part.sum() for part in inside) < FEWEST:
        return []
    ends: list[tuple[float | None, float | None]] = [
        (None, borders[0]),
        (borders[0], borders[1]),
        (borders[1], None),
    ]
    return [
        ({"third": k, "above": above, "up_to": up_to, "worlds": int(part.sum())}, part)
        for k, ((above, up_to), part) in enumerate(zip(ends, inside, strict=True))
    ]


def _borders(ordered: Floats) -> list[float]:
    """Return the largest value of the first and of the second third.

    Where more than a third share the largest or the smallest value, they are one part and
    the others are split in halves.
    """
    low, high = (ordered[-(-k * ordered.size // 3) - 1] for k in (1, 2))
    less, more = ordered[ordered < ordered[-1]], ordered[ordered > low]
    if high == ordered[-1] and less.size:
        low, high = less[(less.size - 1) // 2], less[-1]
    elif low == high and more.size:
        high = more[(more.size - 1) // 2]
    return [float(low), float(high)]


def _pairs(about: About, loss: Floats) -> Iterator[dict[str, Any]]:
    for one, name in enumerate(about.strategies):
        for other, versus in enumerate(about.strategies):
            if one == other or not may_compare(about, name, versus):
                continue
            gain = paired_gain(loss[one], loss[other])
            yield {
                "strategy": name,
                "versus": versus,
                "avoided": gain.mean,
                "avoided_low": gain.low,
                "avoided_high": gain.high,
                "resolved": "yes" if gain.resolved else "no",
            }
