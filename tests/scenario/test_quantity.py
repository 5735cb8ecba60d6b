"""No number goes without its unit, and a range is drawn as it is written."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from monazite.scenario.quantity import Quantity, as_written, parse_quantity
from monazite.scenario.units import DIMENSIONS, in_base_units, scaled


@pytest.mark.parametrize(
    ("text", "dimension", "value"),
    [
        ("18 months", "duration", 547.875),
        ("1 day", "duration", 1.0),
        ("2 quarters", "duration", 182.625),
        ("1.5 kt", "tonnes", 1500.0),
        ("2000 lb", "tonnes", 0.90718474),
        ("60 t per month", "tonnes_per_year", 720.0),
        ("0.25 per year", "rate", 0.25),
        ("3 %/yr", "rate", 0.03),
        ("1 per month", "rate", 12.0),
        ("3.8 billion USD", "money", 3.8e9),
        ("3.8bn USD", "money", 3.8e9),
        ("3.8e9 USD", "money", 3.8e9),
        ("110 USD/kg", "price", 110.0),
        ("110000 USD per t", "price", 110.0),
        ("1 USD/lb", "price", 2.20462262184878),
        ("35 %", "share", 0.35),
        ("35%", "share", 0.35),
        ("0.35", "share", 0.35),
        ("150 %", "factor", 1.5),
        ("80 k USD per t/yr", "usd_per_t_yr", 80000.0),
        ("80 USD/(kg/yr)", "usd_per_t_yr", 80000.0),
        ("9 USD/kg", "usd_per_t", 9000.0),
        ("180 days of use", "days_of_use", 180.0),
        ("2 years of use", "days_of_use", 730.5),
        ("1.3 t/t", "tonnes_per_tonne", 1.3),
        ("5 kg/t", "tonnes_per_tonne", 0.005),
    ],
)
def test_a_text_with_a_unit_is_so_many_base_units(text: str, dimension: str, value: float) -> None:
    quantity = parse_quantity(text, dimension)
    assert quantity.central == pytest.approx(value, rel=1e-14)
    assert quantity.is_fixed


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_the_example_in_every_message_is_right_and_the_base_unit_is_one(dimension: str) -> None:
    kind = DIMENSIONS[dimension]
    assert parse_quantity(kind.example, dimension).unit == kind.base
    assert parse_quantity(f"1 {kind.base}", dimension).central == 1.0


@pytest.mark.parametrize(
    ("raw", "dimension", "message"),
    [
        (18, "duration", "found 18 without a unit; expected a duration such as '18 months'"),
        ("18 mnths", "duration", "unknown unit 'mnths'; did you mean 'months'?"),
        ("18 t", "duration", "found '18 t', which is a mass; expected a duration such as"),
        ("18 furlongs", "duration", "unknown unit 'furlongs'; expected a duration such as"),
        ("$110/kg", "price", r"found '\$110/kg'; expected a price such as '110 USD/kg'"),
        ("1,000 t", "tonnes", "write the number without ',' or '_' between its digits"),
        ("1_000 t", "tonnes", "write the number without ',' or '_' between its digits"),
        ("-3 t", "tonnes", "a mass must be 0 or more; found -3 t"),
        (0, "factor", "a factor must be above 0; found 0"),
        (35, "share", "a share must be at most 1; found 35; did you mean '35 %'"),
        (135, "share", "a share must be at most 1; found 135$"),
        (True, "share", "found true; expected a share such as '35 %'"),
        (None, "share", "found nothing; expected a share"),
        ([1], "share", "found a list; expected a share"),
        (float("nan"), "share", "the number must be finite; found nan"),
        ("1e400 t", "tonnes", "the number must be finite"),
        ("3 Mt", "money", "which is a mass; expected money such as '3.8 billion USD'"),
        ("4000 years", "duration", "a duration must be at most 365250 d; found 4000 years"),
        ({}, "duration", "expected a duration such as '18 months', or low, mode, high and unit"),
        ({"low": 1, "high": 2, "unit": "d"}, "duration", "low and high with 'shape: uniform'"),
        ({"value": 3, "units": "d"}, "duration", "units: unknown key; did you mean 'unit'?"),
        ({"value": 3, "unit": "dys"}, "duration", "unit: unknown unit 'dys'; did you mean 'days'"),
        ({"value": 3, "unit": 4}, "duration", "unit: found 4; expected a unit such as 'd'"),
        ({"value": 9, "low": 1, "high": 2, "shape": "triangular"}, "number", "value: must lie"),
        ({"low": 0, "high": 2, "shape": "loguniform"}, "number", "low: a loguniform quantity"),
        ({"low": 1, "high": 2, "shape": "unifrom"}, "number", "did you mean 'uniform'?"),
        ({"median": 1, "sigma": -1}, "number", "sigma: found -1; expected a number above 0"),
        ({"median": 1, "shape": "lognormal"}, "number", "a lognormal quantity needs 'sigma'"),
        ({"median": 0.5, "sigma": 1}, "share", "a lognormal has no upper end; a share is at most"),
        ({"a": 1, "b": 2, "unit": "d"}, "duration", "a beta lies between 0 and 1; a duration"),
        ({"a": 1, "b": 2, "unit": "%"}, "share", "unit: a beta has no unit; remove it"),
        ({"low": 1, "mode": 2, "high": 3, "sigma": 1}, "number", "sigma: does not belong to a tri"),
        ({"value": 1, "source": 3}, "number", "source: found 3; expected text"),
    ],
)
def test_a_mistake_in_a_quantity_is_told_with_what_would_be_right(
    raw: object, dimension: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message.replace("?", r"\?")):
        parse_quantity(raw, dimension)


def test_every_mistake_in_a_range_is_told_at_once() -> None:
    raw = {"low": "x", "mode": -3, "high": [], "unit": "t"}
    with pytest.raises(ValueError, match=r"low: found 'x'.*mode: a mass must.*high: found a list"):
        parse_quantity(raw, "tonnes")


def test_numbers_of_a_range_may_carry_their_own_units() -> None:
    raw = {"low": "2 weeks", "mode": "1 month", "high": "1 year"}
    quantity = parse_quantity(raw, "duration")
    assert (quantity.low, quantity.mode, quantity.high) == (14.0, 30.4375, 365.25)


def test_a_range_with_equal_ends_is_a_fixed_value() -> None:
    raw = {"low": 2, "mode": 2, "high": 2, "unit": "t"}
    assert parse_quantity(raw, "tonnes") == parse_quantity("2 t", "tonnes")


def test_a_fixed_value_may_state_a_range_that_is_not_drawn() -> None:
    raw = {"value": 2, "low": 1, "high": 5, "unit": "t", "shape": "fixed"}
    quantity = parse_quantity(raw, "tonnes")
    assert (quantity.low, quantity.high) == (1.0, 5.0)
    assert quantity.draw(np.array([0.1, 0.9])).tolist() == [2.0, 2.0]


numbers = st.floats(0.01, 3e5)
ranges = st.one_of(
    st.lists(numbers, min_size=3, max_size=3).map(
        lambda n: dict(zip(("low", "mode", "high"), sorted(n), strict=True))
    ),
    st.tuples(numbers, numbers, st.sampled_from(["uniform", "loguniform"])).map(
        lambda n: {"low": min(n[:2]), "high": max(n[:2]), "shape": n[2]}
    ),
    st.fixed_dictionaries({"median": numbers, "sigma": st.floats(0, 2)}),
    st.fixed_dictionaries({"k": st.floats(0.3, 30), "rate": st.floats(0.01, 100)}),
    st.fixed_dictionaries({"value": numbers}),
    st.fixed_dictionaries({"value": numbers, "source": st.just("NO"), "note": st.text()}),
)


@given(ranges, st.sampled_from(["d", "weeks", "months", "yr"]))
def test_a_quantity_reads_back_equal_from_what_is_written(raw: dict[str, Any], unit: str) -> None:
    if unit != "d":
        raw = {key: n / 1e4 if isinstance(n, float) else n for key, n in raw.items()}
    quantity = parse_quantity({**raw, "unit": unit}, "duration")
    assert parse_quantity(as_written(quantity), "duration") == quantity


@given(st.floats(0.1, 50), st.floats(0.1, 50))
def test_a_beta_reads_back_equal(a: float, b: float) -> None:
    quantity = parse_quantity({"a": a, "b": b}, "share")
    assert parse_quantity(as_written(quantity), "share") == quantity


@given(ranges, st.lists(st.floats(0, 1), min_size=2, max_size=20))
def test_draws_rise_with_the_uniform_and_stay_in_bounds(
    raw: dict[str, Any], u: list[float]
) -> None:
    quantity = parse_quantity({**raw}, "number")
    drawn = quantity.draw(np.sort(u))
    assert [quantity.draw_one(one) for one in np.sort(u).tolist()] == drawn.tolist()
    assert np.isfinite(drawn).all()
    assert (np.diff(drawn) >= -1e-12 * np.abs(drawn).max()).all()
    if quantity.shape in {"fixed", "triangular", "uniform", "loguniform"}:
        assert (drawn >= quantity.low).all()
        assert (drawn <= quantity.high).all()


U = (np.arange(400) + 0.5) / 400


@pytest.mark.parametrize(
    ("raw", "known"),
    [
        ({"low": 1, "mode": 2, "high": 5}, stats.triang(0.25, 1, 4)),
        ({"low": 1, "high": 5, "shape": "uniform"}, stats.uniform(1, 4)),
        ({"low": 1, "high": 5, "shape": "loguniform"}, stats.loguniform(1, 5)),
        ({"median": 3, "sigma": 0.5}, stats.lognorm(0.5, scale=3)),
        ({"k": 2, "rate": 0.5}, stats.gamma(2, scale=2)),
    ],
)
def test_draws_are_the_inverse_of_the_known_distribution(raw: dict[str, Any], known: Any) -> None:
    assert_allclose(parse_quantity(raw, "number").draw(U), known.ppf(U), rtol=1e-9)


def test_a_beta_is_drawn_as_the_known_beta() -> None:
    assert_allclose(
        parse_quantity({"a": 2, "b": 3}, "share").draw(U), stats.beta(2, 3).ppf(U), rtol=1e-9
    )


def test_the_stated_ends_of_open_shapes_are_near_their_outer_twentieths() -> None:
    for raw in ({"median": 3, "sigma": 0.5}, {"k": 2, "rate": 0.5}, {"k": 9, "rate": 1}):
        quantity = parse_quantity(raw, "number")
        assert_allclose([quantity.low, quantity.high], quantity.draw(np.array([0.05, 0.95])), 0.05)


def test_a_quantity_of_another_dimension_is_refused_where_it_does_not_belong() -> None:
    days = Quantity.fixed(3.0, "d")
    assert parse_quantity(days, "duration") is days
    with pytest.raises(ValueError, match="found d; expected a mass in t"):
        parse_quantity(days, "tonnes")


@given(st.floats(0, 1e6), st.sampled_from(sorted(DIMENSIONS["tonnes"].units)))
def test_the_unit_in_the_text_and_beside_the_number_mean_the_same(n: float, unit: str) -> None:
    assert in_base_units(f"{n!r} {unit}", "tonnes") == scaled(n, unit, "tonnes")
