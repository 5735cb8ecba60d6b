import math

import numpy as np
import pytest

from monazite.experiments import statistics as reduction
from monazite.experiments.statistics import QUANTILES, STATISTICS, reduce_strategy, statistics


def named(row):
    return dict(zip(STATISTICS, row.tolist(), strict=True))


class Held:
    """Values where shards are asked for, shape (strategies, cells, replications)."""

    def __init__(self, values):
        self.values, (_, self.cells, self.replications) = values, values.shape

    def rows(self, strategies, first, last):
        return self.values[strategies, first:last]


def test_statistics_are_those_of_numpy():
    values = np.random.default_rng(5).lognormal(size=(6, 201))
    found = statistics(values)
    for row, cells in zip(found, values, strict=True):
        got = named(row)
        assert got["mean"] == pytest.approx(cells.mean(), rel=1e-12)
        assert got["sd"] == pytest.approx(cells.std(ddof=1), rel=1e-12)
        assert got["monte_carlo_error"] == pytest.approx(got["sd"] / math.sqrt(201), rel=1e-12)
        want = np.quantile(cells, QUANTILES)
        assert [got[f"p{round(100 * q)}"] for q in QUANTILES] == pytest.approx(want, rel=1e-12)


def test_where_a_measure_does_not_apply_it_is_not_counted():
    got = named(statistics(np.array([[np.nan, 4.0, 2.0, np.nan, 0.0]]))[0])
    assert (got["mean"], got["sd"], got["p50"], got["replications"]) == (2.0, 2.0, 2.0, 3)
    assert got["probability_of_any"] == 2 / 5


def test_with_too_few_worlds_there_is_no_spread_to_tell():
    one = named(statistics(np.array([[3.0]]))[0])
    assert (one["mean"], one["p5"], one["p95"]) == (3.0, 3.0, 3.0)
    assert math.isnan(one["sd"])
    assert math.isnan(one["monte_carlo_error"])
    none = named(statistics(np.full((1, 4), np.nan))[0])
    assert math.isnan(none["mean"])
    assert math.isnan(none["p50"])
    assert none["replications"] == 0


def test_a_constant_has_exactly_no_spread():
    got = named(statistics(np.full((1, 999), 0.1))[0])
    assert (got["mean"], got["sd"], got["p5"], got["p95"]) == (0.1, 0.0, 0.1, 0.1)


@pytest.mark.parametrize("replications", [1, 2, 40])
def test_what_never_differs_has_the_statistics_of_all_its_worlds(replications):
    values = np.random.default_rng(2).normal(size=(5, replications))
    values[[0, 2, 3]] = np.array([[0.1], [0.0], [np.nan]])
    assert np.array_equal(
        reduce_strategy(Held(values[None]), 0), statistics(values), equal_nan=True
    )


def test_less_than_a_milligram_is_none():
    assert named(statistics(np.array([[1e-10, 0.0]]))[0])["probability_of_any"] == 0.0


def test_the_reduction_in_chunks_equals_the_reduction_at_once(monkeypatch):
    values = np.random.default_rng(1).normal(size=(1, 50, 40))
    monkeypatch.setattr(reduction, "HELD", 7 * 40)
    monkeypatch.setattr(reduction, "WORKED_ON", 2 * 40)
    assert np.array_equal(reduce_strategy(Held(values), 0), statistics(values[0]))
