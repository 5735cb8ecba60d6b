"""Many replications in a few numbers, with the error that is left in them."""

import numpy as np

from monazite.experiments.shards import Shards, chunks
from monazite.measures import ANY
from monazite.trajectories import Floats

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
STATISTICS = (
    "mean",
    "sd",
    "p5",
    "p25",
    "p50",
    "p75",
    "p95",
    "monte_carlo_error",
    "probability_of_any",
    "replications",
)
_COUNT = STATISTICS.index("replications")
HELD, WORKED_ON = 1_000_000, 64_000
"""Numbers read at a time, whatever the number of replications, and reduced at a time.

Few files are opened when many are read; what is worked on stays near the processor.
"""


def reduce_strategy(shards: Shards, strategy: int) -> Floats:
    """Return the statistics of every cell of one strategy, shape (cells, STATISTICS)."""
    many, few = (max(1, numbers // shards.replications) for numbers in (HELD, WORKED_ON))
    found = np.empty((shards.cells, len(STATISTICS)))
    for first, last in chunks(shards.cells, many):
        rows = shards.rows([strategy], first, last)[0]
        found[first:last] = statistics(rows[:, :2])  # all that there is to what never differs
        found[first:last, _COUNT] = shards.replications
        differ = first + np.flatnonzero((rows != rows[:, :1]).any(axis=1))
        for begin, end in chunks(differ.size, few):
            chosen = differ[begin:end]
            found[chosen] = statistics(rows[chosen - first])
    return found


def statistics(values: Floats) -> Floats:
    """Return what is in `STATISTICS` for each row; NaN stands for "does not apply".

    Args:
        values: shape (cells, replications), in the order of the replications.

    Returns:
        shape (cells, STATISTICS); the probability is over all replications, the rest
        over those in which the measure applies, and NaN where there are too few.

    >>> statistics(np.array([[1.0, 2.0, 3.0]]))[0, :2].tolist()
    [2.0, 1.0]
    """
    applies = ~np.isnan(values)
    count = applies.sum(axis=1).astype(np.float64)
    everywhere = bool(applies.all())

    def else_0(amounts: Floats) -> Floats:
        return amounts if everywhere else np.where(applies, amounts, 0.0)

    clean = else_0(values)
    base = np.take_along_axis(clean, applies.argmax(axis=1)[:, None], axis=1)
    off = else_0(values - base)  # a constant has a spread of exactly 0
    mean = base[:, 0] + _over(off.sum(axis=1), count)
    apart = else_0(values - mean[:, None])
    sd = np.sqrt(_over((apart * apart).sum(axis=1), count - 1.0))
    columns = [mean, sd, *_quantiles(values, count), sd / np.sqrt(np.maximum(count, 1.0))]
    any_of = (np.abs(clean) > ANY).sum(axis=1) / values.shape[1]
    return np.stack([*columns, any_of, count], axis=1)


def _quantiles(values: Floats, count: Floats) -> list[Floats]:
    """Return quantiles by linear interpolation, as numpy does by default."""
    ordered = np.sort(values, axis=1)  # NaN goes last
    top, row = np.maximum(count - 1.0, 0.0), np.arange(len(values))
    found = []
    for quantile in QUANTILES:
        at = quantile * top
        below = np.floor(at).astype(np.int64)
        above = np.minimum(below + 1, top.astype(np.int64))
        low, high = ordered[row, below], ordered[row, above]
        found.append(low + (high - low) * (at - below))
    return found


def _over(total: Floats, count: Floats) -> Floats:
    return np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)
