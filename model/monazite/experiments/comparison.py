"""Which strategy is better, in the same worlds, and whether the runs can tell.

The replications pair the strategies: both met the same world. Intervals are Student's
on the paired differences; with hundreds of worlds the mean is close to normal however
skewed the differences are, and the same formula says how many worlds are missing.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from monazite.experiments.about import About, may_compare
from monazite.measures import ANY, TIERS
from monazite.trajectories import Floats

Values = Callable[[str, str, str], Floats]
"""(measure, group, tier) -> amounts, shape (strategies, replications)."""

CONFIDENCE = 0.95
INTERVAL = "Student t, 95 %"
SAME = 1e-9
"""Two amounts that differ by less than this part of the larger are equal."""
MOST_NEEDED = 10**9

COMPARED = (
    ("shortfall", "1", "t"),
    *(("not_served", tier, "t") for tier in TIERS),
    ("value_added_lost", "all", "USD"),
    ("value_added_lost_not_served", "all", "USD"),
)
"""(measure, tier, unit) of what is compared."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What one strategy avoids beside another, over paired worlds.

    Attributes:
        mean: mean avoided.
        low: low end of the interval of the mean, NaN with one world.
        high: high end.
        better: share of worlds in which strictly more than nothing is avoided.
        worse: share in which strictly less.
        resolved: the interval leaves 0 out.
        needed: worlds at which it would if the estimates hold; None where it cannot be told.
    """

    mean: float
    low: float
    high: float
    better: float
    worse: float
    resolved: bool
    needed: int | None


@dataclass(frozen=True, slots=True)
class Money:
    """Discounted money of each strategy in each world, shapes (strategies, replications)."""

    spent_usd: Floats
    recovered_usd: Floats
    salvage_usd: Floats


def paired_gain(loss: Floats, other_loss: Floats) -> Gain:
    """Compare two strategies world by world; entry i of both met the same world.

    >>> paired_gain(np.array([1.0, 1.0]), np.array([3.0, 3.0])).mean
    2.0
    """
    avoided = _difference(other_loss, loss)
    n, mean = avoided.size, float(avoided.mean())
    better, worse = float((avoided > 0).mean()), float((avoided < 0).mean())
    if n < 2:
        return Gain(mean, math.nan, math.nan, better, worse, False, None)
    sd = float(avoided.std(ddof=1))
    half = student(n - 1) * sd / math.sqrt(n)
    resolved = mean != 0 and abs(mean) > half
    return Gain(mean, mean - half, mean + half, better, worse, resolved, needed(mean, sd))


def student(freedom: float) -> float:
    """Return the two-sided 95 % point of Student's distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + CONFIDENCE / 2))


def needed(mean: float, sd: float) -> int | None:
    """Return how many worlds it takes until the interval of the mean leaves 0 out.

    >>> needed(1.0, 10.0)
    387
    """
    enough = 2
    while student(enough - 1) * sd >= abs(mean) * math.sqrt(enough):
        enough *= 2
        if enough > MOST_NEEDED:
            return None
    short = enough // 2
    while enough - short > 1:
        middle = (enough + short) // 2
        if student(middle - 1) * sd >= abs(mean) * math.sqrt(middle):
            short = middle
        else:
            enough = middle
    return enough


def probability_best(loss: Floats) -> Floats:
    """Return in which share of worlds each strategy loses least; ties are split evenly.

    Args:
        loss: shape (strategies, replications).

    >>> probability_best(np.array([[0.0, 1.0], [0.0, 2.0]])).tolist()
    [0.75, 0.25]
    """
    least = loss.min(axis=0)
    ties = _difference(loss, np.broadcast_to(least, loss.shape)) == 0
    split: Floats = (ties / ties.sum(axis=0)).mean(axis=1)
    return split


def rows(about: About, values: Values, money: Money, baseline: str) -> list[dict[str, Any]]:
    """Return a row for each pair, group and measure: first those against the baseline."""
    found = []
    for group in about.groups:
        asked = {tier: bool(values("reference", group, tier).any()) for tier in TIERS}
        for measure, tier, unit in COMPARED:
            loss = values(measure, group, tier)
            best = probability_best(loss)
            for one, other in pairs(about, baseline):
                gain = paired_gain(loss[one], loss[other])
                idle = all(about.is_idle(about.strategies[s]) for s in (one, other))
                head = {
                    "strategy": about.strategies[one],
                    "versus": about.strategies[other],
                    "mineral": about.mineral_of(group),
                    "region": group,
                    "is_group": about.is_group(group),
                    "tier": tier,
                    "measure": measure,
                    "unit": unit,
                    "strategy_mean": float(loss[one].mean()),
                    "versus_mean": float(loss[other].mean()),
                    "probability_best": float(best[one]),
                    "zero_by": zero_by(gain, idle or not asked[tier]),
                }
                costs = _costs(about, money, gain, (one, other), unit)
                found.append(head | _in_words(gain, loss.shape[1]) | costs)
    order = {pair: i for i, pair in enumerate(pairs(about, baseline))}
    place = about.strategies.index
    return sorted(found, key=lambda row: order[place(row["strategy"]), place(row["versus"])])


def pairs(about: About, baseline: str) -> Iterator[tuple[int, int]]:
    """Yield the pairs that may be compared: each with the baseline, then the others."""
    base = about.strategies.index(baseline)
    rest = [s for s in range(len(about.strategies)) if s != base]
    every = [(s, base) for s in rest]
    every += [(a, b) for i, a in enumerate(rest) for b in rest[i + 1 :]]
    for one, other in every:
        if may_compare(about, about.strategies[one], about.strategies[other]):
            yield one, other


def zero_by(gain: Gain, nothing: bool) -> str:
    """Say why nothing is avoided in any world; empty where something is."""
    if gain.better or gain.worse:
        return ""
    return "construction" if nothing else "result"


def _in_words(gain: Gain, worlds: int) -> dict[str, Any]:
    return {
        "avoided": gain.mean,
        "avoided_low": gain.low,
        "avoided_high": gain.high,
        "interval": INTERVAL,
        "probability_better": gain.better,
        "probability_worse": gain.worse,
        "resolved": "yes" if gain.resolved else "no",
        "replications": worlds,
        "replications_needed": gain.needed,
    }


def _costs(
    about: About, money: Money, gain: Gain, pair: Sequence[int], unit: str
) -> dict[str, Any]:
    def more(amounts: Floats) -> float:
        return float((amounts[pair[0]] - amounts[pair[1]]).mean())

    spent = more(money.spent_usd)
    net = spent - more(money.recovered_usd) - more(money.salvage_usd)
    one, other = (about.strategies[s] for s in pair)
    allotted = about.allotted_usd(one) - about.allotted_usd(other)
    gained = gain.resolved and gain.mean > 0
    return {
        "spent_more_usd": spent,
        "cost_per_unit_spent": spent / gain.mean if gained else None,
        "cost_per_unit_net": net / gain.mean if gained else None,
        "cost_per_unit_allotted": allotted / gain.mean if gained and allotted else None,
        "cost_unit": f"USD/{unit}" if gained else "",
    }


def _difference(a: Floats, b: Floats) -> Floats:
    """Return a - b, and 0 where rounding is all that tells them apart."""
    difference = a - b
    bound = np.maximum(ANY, SAME * np.maximum(np.abs(a), np.abs(b)))
    return np.where(np.abs(difference) <= bound, 0.0, difference)
