"""With prices, substitution and habits off, worse means worse: on the same draws."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from monazite.trajectories import Trajectories
from networks import CALM, START, Small, prepared, run
from strategies import Case, smalls, some, worlds

FROZEN = CALM | {"behaviour.share_time": "900 years", "behaviour.home_first": 0}
LITTLE = 1e-6


def short(result: Trajectories) -> float:
    return float(result.shortfall_t.sum())


@st.composite
def cuts(draw: st.DrawFn) -> tuple[Small, dict[str, Any]]:
    """Draw a chain without alternatives in trade, and a quota on the last product."""
    small = draw(smalls(still=True))
    maker = next(plant for plant in small.plants if plant.process == "magnet_making")
    return small, {
        "name": "cut",
        "controller": maker.region,
        "products": ["part"],
        "targets": ["all"],
        "form": "quota",
        "allowed": draw(st.sampled_from([0.0, 0.2, 0.5, 0.8])),
        "start": START + timedelta(days=draw(st.integers(7, 100))),
        "duration": f"{draw(st.integers(60, 200))} days",
    }


def told(small: Small, control: dict[str, Any], **more: Any) -> Trajectories:
    changed = control | more
    return run(
        prepared(small, 400.0, disruptions={"scheduled": [changed]}, overrides=FROZEN), "none"
    )


@given(cuts())
@some(20)
def test_a_longer_or_deeper_cut_never_lowers_the_shortfall(
    drawn: tuple[Small, dict[str, Any]],
) -> None:
    small, control = drawn
    as_drawn = short(told(small, control))
    assert short(told(small, control, duration="250 days")) >= as_drawn - LITTLE
    assert short(told(small, control, allowed=control["allowed"] / 2)) >= as_drawn - LITTLE


@given(cuts(), st.floats(0.2, 0.9))
@some(15)
def test_a_smaller_commercial_stock_never_lowers_the_shortfall(
    drawn: tuple[Small, dict[str, Any]], part: float
) -> None:
    """But never less than makers need from one review to the next."""
    small, control = drawn
    products = {n: (max(7.0, cover * part), usd) for n, (cover, usd) in small.products.items()}
    less = Small(**(vars(small) | {"products": products}))
    assert short(told(less, control)) >= short(told(small, control)) - LITTLE


def built(small: Small, control: dict[str, Any], region: str, day: int) -> Trajectories:
    at_once = dict.fromkeys(["permitting", "financing", "construction"], "0 days")
    plant = {
        "name": "plant",
        "kind": "magnet_plant",
        "region": region,
        "capacity": "40 t/yr",
        "public_share": 0.0,
        "experienced": True,
        "start": START,
        "commissioning": f"{day} days",
        "ramp": "0 days",
        "qualification": "0 days",
        "opex": "0 USD/kg",
        **at_once,
    }
    chances = ("cancel_chance", "never_chance", "stall_chance")
    ready = prepared(
        small,
        400.0,
        disruptions={"scheduled": [control]},
        strategies={"built": {"instruments": [{"project": plant}]}},
        overrides=FROZEN | {f"phases.magnet_plant.{name}": 0 for name in chances},
    )
    return run(ready, "built")


@given(cuts(), st.integers(0, 3))
@some(15)
def test_a_later_plant_never_lowers_the_shortfall(
    drawn: tuple[Small, dict[str, Any]], place: int
) -> None:
    small, control = drawn
    others = [region for region in small.regions() if region != control["controller"]]
    region = others[place % len(others)]
    soon, late = (short(built(small, control, region, day)) for day in (30, 150))
    assert late >= soon - LITTLE


@given(worlds(still=True))
@some(10)
def test_demand_is_met_or_short_when_nothing_answers_to_price(case: Case) -> None:
    result = run(case.but(overrides=case.parts["overrides"] | FROZEN), "all")
    assert abs(result.curtailed_t).max() < 1e-9
    assert result.substituted_t.max() == 0.0
