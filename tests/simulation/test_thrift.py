"""Programmes of thrift against closed forms."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

import prices
from monazite.errors import ScenarioError
from networks import CALM, START, Kind, Plant, Small, prepared, run

WORLD = Small(
    products={"part": (45.0, 60.0)},
    processes={"magnet_making": ("part", {})},
    plants=[Plant("magnet_making", "china", 200.0, 0.6)],
    sectors={"cars": Kind(ceiling=0.1), "wind": Kind(tier=2, ceiling=0.1)},
    use={"china": {"cars": 100.0}, "japan": {"wind": 40.0, "cars": 60.0}},
)


def ready(days: float = 1470.0, over: dict[str, Any] | None = None, **more: Any) -> Any:
    own = {
        "name": "thrift",
        "product": "part",
        "regions": ["japan"],
        "ceiling": "20 %",
        "lag": "200 days",
        "term": "1400 days",
        "cost": "14 million USD",
    }
    strategies = {"none": {}, "held": {"instruments": [{"thrift": own | more}]}}
    return prepared(
        WORLD, days, strategies=strategies, discount_rate="0 per year",
        overrides=CALM | (over or {}),
    )  # fmt: skip


def saved(result: Any, sector: str = "cars", region: str = "japan") -> np.ndarray:
    u = result.layout.uses.index((sector, region, "part", 3 if sector == "cars" else 2))
    return np.asarray(result.substituted_t[:, u] / result.reference_t[:, u])


def test_thrift_comes_to_its_ceiling_as_one_less_an_exponential_of_time_over_lag() -> None:
    """Ceiling 0.1 + 0.2, lag 200 days: 0.3 (1 - exp(-t/200)), at the price of the reference."""
    result = run(ready(), "held")
    day = result.edges_d[:200]
    assert saved(result)[:200] == pytest.approx(0.3 * (1.0 - np.exp(-day / 200.0)), abs=1e-12)
    assert saved(result, region="china").max() == 0.0


def test_it_costs_what_it_says_evenly_over_its_term_and_falls_back_slowly() -> None:
    """10,000 USD a day; afterwards the share falls with three times the sector's own lag."""
    result = run(ready(term="700 days", cost="7 million USD", over={
        "behaviour.substitution_release_slowdown": 3}), "held")  # fmt: skip
    paid = result.spent_usd[:, 0]
    assert paid[:100] == pytest.approx(np.full(100, 70e3), rel=1e-12)
    assert paid[100:].sum() == 0.0
    share = saved(result)
    after = result.edges_d[100:200] - result.edges_d[100]
    assert share[100:200] == pytest.approx(share[100] * np.exp(-after / (3 * 365.25)), rel=1e-9)


def test_without_money_it_stops() -> None:
    result = run(ready(budget="700000 USD"), "held")
    assert result.spent_usd.sum() == pytest.approx(700e3, rel=1e-9)
    assert saved(result)[10:].argmax() == 0


def test_with_a_trigger_it_waits_for_the_price(monkeypatch: pytest.MonkeyPatch) -> None:
    prices.given(monkeypatch, lambda day: 1.0 if day < 700 else 1.4)
    result = run(ready(trigger=1.2), "held")
    assert saved(result)[:100].max() == 0.0
    assert saved(result)[150:].max() > 0.1
    assert saved(run(ready(trigger=1.5), "held")).max() == 0.0


def test_it_reaches_only_the_sectors_that_it_names_and_only_from_its_first_day() -> None:
    result = run(ready(sectors=["wind"], start=START + timedelta(days=350)), "held")
    assert saved(result).max() == 0.0
    wind = saved(result, "wind")
    assert wind[:51].max() == 0.0
    day = result.edges_d[51:150] - 350.0
    assert wind[51:150] == pytest.approx(0.3 * (1.0 - np.exp(-day / 200.0)), abs=1e-12)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sectors": ["winds"]}, "unknown sector 'winds'; did you mean 'wind'"),
        ({"sectors": ["wind"], "regions": ["china"]}, "no such sector uses part there"),
        ({"product": "parts"}, "unknown product 'parts'; did you mean 'part'"),
        ({"regions": ["japn"]}, "unknown region or group 'japn'; did you mean 'japan'"),
    ],
)
def test_a_programme_that_reaches_nobody_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        ready(**change)


def test_two_programmes_over_one_use_are_refused() -> None:
    own = {"product": "part", "regions": ["japan"], "term": "1 year", "cost": "1 USD"}
    both = [{"thrift": {"name": name, **own}} for name in ("one", "two")]
    with pytest.raises(ScenarioError, match="another programme reaches wind in japan too"):
        prepared(WORLD, 400.0, strategies={"none": {}, "held": {"instruments": both}})
