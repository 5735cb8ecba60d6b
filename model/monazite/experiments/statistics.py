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
        for begin, end in chunks(last - first, few):
            found[first + begin : first + end] = statistics(rows[begin:end])
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
    clean = np.where(applies, values, 0.0)
    base = np.take_along_axis(clean, applies.argmax(axis=1)[:, None], axis=1)
    off = np.where(applies, values - base, 0.0)  # a constant has a spread of exactly 0
    mean = base[:, 0] + _over(off.sum(axis=1), count)
    apart = np.where(applies, values - mean[:, None], 0.0)
    sd = np.sqrt(_over((apart * apart).sum(axis=1), count - 1.0))
    columns = [mean, sd, *_quantiles(values, count), sd / np.sqrt(np.maximum(count, 1.0))]
    any_of = (np.abs(clean) > ANY).sum(axis=1) / values.shape[1]
    return np.stack([*columns, any_of, count], axis=1)


def _quantiles(values: Floats, count: Floats) -> list[Floats]:
    """Return quantiles by linear interpolation, as numpy does by default."""
    ordered = np.sort(values, axis=1)  # NaN goes last
    top = np.maximum(count - 1.0, 0.0)
    found = []
    for quantile in QUANTILES:
        at = quantile * top
        below = np.floor(at).astype(np.int64)
        above = np.minimum(below + 1, top.astype(np.int64))
        low = np.take_along_axis(ordered, below[:, None], axis=1)[:, 0]
        high = np.take_along_axis(ordered, above[:, None], axis=1)[:, 0]
        found.append(low + (high - low) * (at - below))
    return found


def _over(total: Floats, count: Floats) -> Floats:
    return np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)
