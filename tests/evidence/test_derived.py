"""What the seeds call derived can be derived again."""

from typing import Literal

import pytest

from monazite.evidence import Record, derive, read_behaviour, read_hazard, read_phases
from monazite.evidence.projects import controls, projects
from monazite.scenario import read_scenario

MONTH_D = 365.25 / 12
PHASES = read_phases()
MAGNET, LIGHT = PHASES["magnet_plant"], PHASES["light_separation_plant"]
BY_PRODUCTS = (
    "gallium_recovery",
    "gallium_refinery",
    "antimony_smelter",
    "trioxide_plant",
    "gold_antimony_mine",
)
ANODES = ("spherical_graphite_plant", "coated_anode_plant", "synthetic_anode_plant")


def months(record: Record) -> tuple[float, float, float]:
    low, middle, high = (x / MONTH_D for x in (record.low, record.central, record.high))
    return (round(low, 6), round(middle, 6), round(high, 6))


def test_all_projects_and_controls_are_there() -> None:
    assert len(projects()) == 52
    assert len(controls()) == 20


def test_new_plants_take_the_middle_of_the_record_to_build() -> None:
    built = derive.durations("construction", at="new_plant")
    for kind in ("magnet_plant", "metal_plant", "light_separation_plant"):
        assert months(PHASES[kind].construction) == (built.low, built.middle, built.high)


@pytest.mark.parametrize(
    ("record", "phase", "at", "ends"),
    [
        (MAGNET.permitting, "permitting", "magnet_plant", ("event",)),
        (LIGHT.permitting, "permitting", "new_plant", ("event", "open", "plan")),
        (PHASES["light_mine"].permitting, "permitting", "mine", ("event",)),
        (PHASES["light_separation_expansion"].construction, "construction", "running_plant",
         ("event",)),
        (LIGHT.commissioning, "commissioning", None, ("event",)),
        (LIGHT.ramp, "ramp", None, ("event",)),
        (MAGNET.qualification, "qualification", None, ("event", "open", "plan")),
    ],
)  # fmt: skip
def test_judged_ranges_hold_the_sample(
    record: Record, phase: str, at: str | None, ends: tuple[str, ...]
) -> None:
    sample = derive.durations(phase, at, ends)
    low, _, high = months(record)
    assert low <= sample.low <= sample.high <= high


def beta(record: Record) -> tuple[float | None, float | None]:
    return record.quantity.a, record.quantity.b


def test_odds_follow_from_the_outcomes() -> None:
    for group, kind in (("magnet", MAGNET), ("separation_or_metal", LIGHT)):
        odds = derive.dead(group)
        assert beta(kind.cancel_chance) == (odds.a, odds.b)
    stalls = derive.stalled("separation_or_metal")
    assert beta(LIGHT.stall_chance) == (stalls.a, stalls.b)
    assert MAGNET.stall_chance.central == pytest.approx(
        derive.stalled("magnet").a / (derive.stalled("magnet").n + 1) / 2, abs=0.01
    )
    never = derive.never_at_nameplate()
    assert beta(LIGHT.never_chance) == (never.a, never.b)


@pytest.mark.parametrize("kind", BY_PRODUCTS)
def test_by_products_and_smelters_have_the_odds_of_their_group(kind: str) -> None:
    group, part = "byproduct_smelter_mine", PHASES[kind]
    for record, odds in (
        (part.stall_chance, derive.stalled(group)),
        (part.cancel_chance, derive.dead(group)),
        (part.never_chance, derive.never_at_nameplate()),
    ):
        assert beta(record) == (odds.a, odds.b)
    mean = (part.overrun.low + part.overrun.central + part.overrun.high) / 3
    assert mean == pytest.approx(derive.overrun(group).middle, rel=0.02)


@pytest.mark.parametrize("kind", ANODES)
def test_graphite_plants_have_the_odds_of_battery_plants(kind: str) -> None:
    part, known = PHASES[kind], derive.settled("battery")
    never = sum(p.outcome in derive.DEAD and p.first_output is None for p in known)
    odds = derive.Odds(never, len(known))
    assert beta(part.cancel_chance) == (odds.a, odds.b)
    assert beta(part.stall_chance) == (derive.stalled("battery").a, derive.stalled("battery").b)
    assert part.overrun.low <= part.overrun.central <= derive.overrun("battery").low
    assert part.overrun.high >= derive.overrun("battery").high
    built = derive.durations("construction", at="new_plant")
    assert months(part.construction) == (built.low, built.middle, built.high)


@pytest.mark.parametrize("end", ["stalled", "ended"])
def test_weights_of_reasons_follow_from_the_projects(end: Literal["stalled", "ended"]) -> None:
    """Every project that ended has its reason read; of those that stalled, three tell none."""
    behaviour = read_behaviour()
    found = derive.reasons(end)
    for reason, odds in found.items():
        assert beta(getattr(behaviour, f"{end}_for_{reason}")) == (odds.a, odds.b)
    assert sum(odds.k for odds in found.values()) == found["permit"].n
    ended = [p for p in projects().values() if p.outcome in derive.DEAD]
    assert all(p.reason for p in ended)


def test_costs_follow_from_the_projects() -> None:
    for record, sample in (
        (MAGNET.capex, derive.capex("magnet_plant")),
        (LIGHT.capex, derive.capex("light_separation_plant")),
        (
            PHASES["light_separation_expansion"].capex,
            derive.capex("light_separation_expansion", "energyfuels_p2"),
        ),
        (PHASES["metal_plant"].capex, derive.capex("metal_plant")),
    ):
        assert record.central == pytest.approx(sample.middle, rel=0.02)
        assert record.low <= sample.low * 1.02
        assert record.high >= sample.high * 0.98


def test_overruns_follow_from_the_budgets() -> None:
    sample = derive.overrun("separation_or_metal")
    mean = (LIGHT.overrun.low + LIGHT.overrun.central + LIGHT.overrun.high) / 3
    assert mean == pytest.approx(sample.middle, rel=0.02)
    assert LIGHT.overrun.low == sample.low
    assert derive.overrun("magnet").high <= MAGNET.overrun.high


def test_rates_of_controls_follow_from_the_packages() -> None:
    hazard = read_hazard("low_volume_high_criticality")
    for record, rate in (
        (hazard.calm_rate, derive.calm_rate()),
        (hazard.tense_rate, derive.tense_rate()),
    ):
        assert (record.quantity.shape_k, record.quantity.rate) == (rate.k, rate.years)
    hits = derive.hits()
    assert beta(hazard.hits) == (hits.a, hits.b)


def test_the_chance_of_a_package_to_touch_each_minor_metal_follows_from_the_packages() -> None:
    (source,) = read_scenario("us-minor-metals").disruptions.random
    symbols = {"gallium": "Ga", "germanium": "Ge", "antimony": "Sb"}
    for chain, symbol in symbols.items():
        given, seen = source.hits_each[chain], derive.touched(symbol)
        assert (given.a, given.b) == (seen.a, seen.b)


def test_severity_lies_within_what_was_seen() -> None:
    hazard = read_hazard("low_volume_high_criticality")
    seen = derive.peak_drops()
    assert seen.low <= hazard.severity.low <= hazard.severity.central <= seen.middle
    assert hazard.severity.high == seen.high
    assert hazard.allowed.central == pytest.approx(1 - hazard.severity.central)


def test_the_length_of_controls_is_the_censored_fit() -> None:
    hazard = read_hazard("low_volume_high_criticality")
    median, sigma = derive.duration_fit()
    assert hazard.duration.quantity.median == pytest.approx(median * MONTH_D, rel=0.01)
    assert hazard.duration.quantity.sigma == pytest.approx(sigma, rel=0.01)
    ended, still = derive.acute_months()
    assert (len(ended), len(still)) == (8, 5)
