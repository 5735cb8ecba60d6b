import math

import numpy as np
import pytest

from monazite.experiments.comparison import needed, paired_gain, probability_best, student


def test_paired_differences_equal_hand_arithmetic():
    loss, other = np.array([1.0, 2.0, 3.0, 10.0]), np.array([3.0, 2.0, 7.0, 8.0])
    gain = paired_gain(loss, other)  # avoided: 2, 0, 4, -2
    assert gain.mean == 1.0
    half = 3.182446 * math.sqrt(20 / 3) / 2
    assert (gain.low, gain.high) == pytest.approx((1 - half, 1 + half), rel=1e-6)
    assert (gain.better, gain.worse, gain.resolved) == (0.5, 0.25, False)


def test_pairing_resolves_what_the_spread_between_worlds_would_hide():
    worlds = np.random.default_rng(2).lognormal(3, 2, size=200)
    gain = paired_gain(worlds, worlds * 1.01 + 0.5)
    assert gain.resolved
    assert gain.better == 1.0
    assert gain.low > 0.5


def test_rounding_is_no_difference():
    loss = np.array([1e6, 2.0, 0.0])
    gain = paired_gain(loss, loss * (1 + 1e-10) + 1e-12)
    assert (gain.mean, gain.better, gain.worse, gain.resolved) == (0.0, 0.0, 0.0, False)
    assert gain.needed is None


def test_a_difference_that_is_the_same_in_every_world_is_resolved():
    gain = paired_gain(np.zeros(3), np.ones(3))
    assert gain.resolved
    assert (gain.low, gain.high, gain.needed) == (1.0, 1.0, 2)


def test_one_world_resolves_nothing():
    gain = paired_gain(np.zeros(1), np.ones(1))
    assert gain.mean == 1.0
    assert math.isnan(gain.low)
    assert not gain.resolved
    assert gain.needed is None


def test_replications_needed_are_the_fewest_that_leave_zero_out():
    for mean, sd in ((1.0, 10.0), (-0.3, 2.0), (5.0, 4.0), (0.011, 1.0)):
        worlds = needed(mean, sd)
        assert worlds is not None
        assert student(worlds - 1) * sd / math.sqrt(worlds) < abs(mean)
        assert student(worlds - 2) * sd / math.sqrt(worlds - 1) >= abs(mean)
    assert needed(0.0, 1.0) is None
    assert needed(1e-9, 1.0) is None


def test_the_probability_of_being_best_splits_ties_and_adds_up_to_one():
    loss = np.array([[0.0, 5.0, 1.0], [0.0, 4.0, 2.0], [0.0, 4.0, 3.0]])
    best = probability_best(loss)
    assert best.tolist() == pytest.approx(
        [(1 / 3 + 0 + 1) / 3, (1 / 3 + 0.5) / 3, (1 / 3 + 0.5) / 3]
    )
    assert best.sum() == pytest.approx(1.0)
