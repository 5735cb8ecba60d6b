"""What a file says must hold is held against the means of a run."""

from types import SimpleNamespace

import pytest

from monazite.cli.verdicts import verdicts
from monazite.errors import ScenarioError
from monazite.scenario import Assertion

SUMMARY = [
    {"measure": "shortfall", "strategy": s, "region": "japan", "tier": tier, "unit": "t", "mean": m}
    for s, tier, m in (("none", "1", "20"), ("none", "all", "100"), ("oxide", "all", "90.0"))
]


def scenario_that_asserts(**said: object) -> SimpleNamespace:
    usual = {"measure": "shortfall", "strategy": "none", "region": "japan"}
    assertion = Assertion.model_validate({**usual, **said})
    return SimpleNamespace(assertions=(assertion,), where=lambda path: None)


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ({"below": 101.0}, True),
        ({"below": 100.0}, False),
        ({"above": 99.0}, True),
        ({"above": 100.0}, False),
        ({"equals": 100.0}, True),
        ({"equals": 101.0}, False),
        ({"equals": 101.0, "tolerance": 1.0}, True),
        ({"tier": 1, "equals": 20.0}, True),
        ({"better_than": "oxide"}, False),
        ({"strategy": "oxide", "better_than": "none"}, True),
    ],
)
def test_a_bound_holds_or_does_not(said: dict[str, object], holds: bool) -> None:
    (verdict,) = verdicts(scenario_that_asserts(**said), SUMMARY)
    assert verdict.holds is holds


def test_each_bound_of_one_assertion_has_its_verdict() -> None:
    found = verdicts(scenario_that_asserts(below=150.0, above=120.0), SUMMARY)
    assert [(verdict.wanted, verdict.holds) for verdict in found] == [
        ("below 150", True),
        ("above 120", False),
    ]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"measure": "shortfal", "below": 1.0}, "no measure 'shortfal'; it has shortfall"),
        ({"strategy": "magnets", "below": 1.0}, "no strategy 'magnets'; it has none, oxide"),
        ({"region": "india", "below": 1.0}, "no region 'india'; it has japan"),
        ({"tier": 3, "below": 1.0}, "no tier '3'; it has 1, all"),
        ({"strategy": "oxide", "tier": 1, "below": 1.0}, "did not measure shortfall of oxide"),
    ],
)
def test_what_the_run_did_not_measure_is_named(said: dict[str, object], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        verdicts(scenario_that_asserts(**said), SUMMARY)
