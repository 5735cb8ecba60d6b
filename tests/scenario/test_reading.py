"""A scenario is read whole, knows its places, and writes itself so that it reads back equal."""

import pickle
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from monazite.errors import Place, ScenarioError
from monazite.scenario import Scenario, read_scenario, resolved_text
from monazite.scenario.contracts import Floor
from monazite.scenario.instruments import Project, Stockpile
from pace import in_bare_loops

from .conftest import WHOLE, Write

SMALL = """schema: 1
name: small
title: Small
chain: ndfeb
start: 2026-01-01
end: 2030-12-31
report: [japan]
strategies:
  none: {}
"""


def test_a_small_file_is_enough_and_the_defaults_are_the_stated_ones(write: Write) -> None:
    scenario = read_scenario(write(SMALL))
    assert scenario.review.central == 7.0
    assert (scenario.seed, scenario.replications) == (1, 200)
    assert (scenario.growth, scenario.uncertain, scenario.disruptions.outages) == (True,) * 3
    assert scenario.budget is None
    assert scenario.end == date(2030, 12, 31)
    assert scenario.strategies["none"].instruments == ()


def test_every_part_of_a_whole_file_is_read_in_base_units() -> None:
    scenario = read_scenario(WHOLE)
    standing, scheduled = scenario.disruptions.standing[0], scenario.disruptions.scheduled[0]
    assert standing.in_force_at_start
    assert standing.licence is not None
    assert standing.licence.approval.central == 0.8
    assert scheduled.duration is not None
    assert scheduled.duration.central == 730.5
    stockpile, project, floor = scenario.strategies["both"].instruments
    assert isinstance(floor, Floor)
    assert (floor.strike.central, floor.upside_share.central) == (70.0, 0.3)
    assert isinstance(stockpile, Stockpile)
    assert isinstance(project, Project)
    assert (stockpile.target.central, stockpile.target.unit) == (180.0, "days of use")
    assert project.capex is not None
    assert project.capex.central == 80_000.0
    assert scenario.overrides["ndfeb.magnets.price"] == "60 USD/kg"
    assert scenario.description == 'Two lines,\nNO tricks: "1e3" stays text.\n'


def test_a_share_of_the_budget_and_money_are_told_apart_by_their_unit() -> None:
    scenario = read_scenario(WHOLE)
    (share,) = scenario.strategies["oxide"].instruments
    money = scenario.strategies["both"].instruments[0]
    assert isinstance(share, Stockpile)
    assert isinstance(money, Stockpile)
    assert share.budget is not None
    assert money.budget is not None
    assert (share.budget.central, share.budget.unit) == (0.5, "share")
    assert (money.budget.central, money.budget.unit) == (1e9, "USD")


def test_a_strategy_has_its_own_budget_or_the_common_one(write: Write) -> None:
    text = SMALL + "  rich: {budget: 2e9 USD}\nbudget: 1e9 USD\n"
    scenario = read_scenario(write(text))
    budgets = [scenario.budget_of(name) for name in ("none", "rich")]
    assert [budget.central for budget in budgets if budget is not None] == [1e9, 2e9]


def test_the_place_of_any_part_is_known_and_else_the_one_around_it() -> None:
    scenario = read_scenario(WHOLE)
    lines = WHOLE.read_text(encoding="utf-8").splitlines()

    def place(needle: str, column: int) -> Place:
        return Place(str(WHOLE), 1 + next(i for i, x in enumerate(lines) if needle in x), column)

    assert scenario.where("chain") == place("chain:", 8)
    assert scenario.where("disruptions.scheduled.0.start") == place("start: 2026-11-10", 14)
    assert scenario.where("overrides.ndfeb.magnets.price") == place("ndfeb.magnets.price", 24)
    assert scenario.where("disruptions.scheduled.0.delay") == place("name: package", 7)
    assert scenario.where("strategies.oxide") == place("  oxide:", 3)
    assert scenario.where("seed") == Place(str(WHOLE), 1, 1)


def test_a_part_taken_from_another_strategy_is_shown_where_it_was_written() -> None:
    scenario = read_scenario(WHOLE)
    inherited = scenario.where("strategies.both.instruments.0.stockpile.target")
    assert inherited == scenario.where("strategies.oxide.instruments.0.stockpile.target")


def test_the_resolved_file_reads_back_equal_and_to_the_same_text(write: Write) -> None:
    scenario = read_scenario(WHOLE)
    text = resolved_text(scenario)
    again = read_scenario(write(text))
    assert again == scenario
    assert resolved_text(again) == text


def test_the_resolved_file_writes_out_every_default(write: Write) -> None:
    written = yaml.safe_load(resolved_text(read_scenario(write(SMALL))))
    assert list(written) == [
        info.alias or name for name, info in Scenario.model_fields.items() if name != "extends"
    ]
    assert written["review"] == "7 d"


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)


@given(title=words, description=words | st.sampled_from(["NO", "1e3", "~", "0o14", "true", "="]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_survive_being_written_and_read(
    write: Write, title: str, description: str
) -> None:
    scenario = read_scenario(write(SMALL)).model_copy(
        update={"title": title, "description": description}
    )
    assert read_scenario(write(resolved_text(scenario))) == scenario


def test_scenarios_that_differ_in_one_value_are_not_equal(write: Write) -> None:
    file = write(SMALL)
    assert read_scenario(file) == read_scenario(file)
    assert read_scenario(file) != read_scenario(file, ["seed=2"])


def test_a_part_cannot_be_changed_after_reading(write: Write) -> None:
    scenario = read_scenario(write(SMALL))
    with pytest.raises(ValidationError, match="frozen"):
        scenario.seed = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    ("key", "raw", "message"),
    [
        ("seed", True, "seed: found true; expected a whole number"),
        ("seed", "1", "seed: found '1'; expected a whole number"),
        ("seed", 1.0, "seed: found 1.0; expected a whole number; write 1"),
        ("seed", 1e9, "seed: found 1000000000.0; expected a whole number; write 1000000000"),
        ("end", date(2026, 1, 2), "review: longer than the run of 1 day"),
        ("growth", 1, "growth: found 1; expected true or false"),
        ("title", 3, "title: found 3; expected text"),
        ("title", ["a"], "title: found a list; expected text"),
        ("start", 2026, "start: found 2026; expected a date such as 2027-01-31"),
        ("report", [], "report: must not be empty"),
        ("strategies", [1], "strategies: found a list; expected a block of keys"),
        ("groups", {"Allies": ["x"]}, "groups.Allies: a name must be small letters"),
        ("name", "x" * 99, "name: too long; at most 64 characters"),
        ("overrides", {"a.b": [1]}, "overrides.a.b: found a list; expected a value with its unit"),
        ("budget", {"low": 1, "mode": 2, "high": 3, "unit": "USD"}, "budget: found a range; exp"),
        ("review", "40 days", "review: must be 1 to 31 days; found 40 days"),
        ("disruptions", {"standing": 3}, "disruptions.standing: found 3; expected a list"),
        ("disruptions", {"standing": [3]}, "standing.0: found 3; expected a block of keys"),
    ],
)
def test_nothing_is_converted_in_silence(write: Write, key: str, raw: Any, message: str) -> None:
    data = yaml.load(SMALL, yaml.BaseLoader) | {"schema": 1, "strategies": {"none": {}}, key: raw}
    with pytest.raises(ScenarioError) as caught:
        read_scenario(write(yaml.safe_dump(data)))
    assert message in str(caught.value)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_misspelt_key_anywhere_is_refused_at_its_own_place(
    write: Write, whole: str, data: st.DataObject
) -> None:
    lines = whole.splitlines()
    keyed = [i for i, x in enumerate(lines) if x.strip() and x[0] != "#" and ":" in x]
    fixed = ("Two lines", "NO tricks", "overrides", "ndfeb.", "behaviour.", "allies:")
    names = ("none:", "oxide:", "both:")
    choices = [i for i in keyed if not lines[i].strip().startswith((*fixed, *names))]
    i = data.draw(st.sampled_from(choices))
    key = lines[i].lstrip(" -{").split(":")[0]
    lines[i] = lines[i].replace(f"{key}:", f"{key}qq:", 1)
    with pytest.raises(ScenarioError) as caught:
        read_scenario(write("\n".join(lines)))
    column = lines[i].index(f"{key}qq:") + 1
    assert f"scenario.yaml:{i + 1}:{column}: " in str(caught.value)
    assert f"{key}qq: unknown key" in str(caught.value)


odd = st.sampled_from(
    [
        "",
        "null",
        "[]",
        "{}",
        "[1]",
        "{x: 1}",
        "-1",
        "0",
        "1e300",
        "true",
        "x",
        "2027-01-01",
        "3 t",
        "50 %",
        "all",
        "{low: 1, high: 2}",
        "&a [*a]",
        "*a",
        "!!str x",
        "'",
        "- x",
        "? x",
    ]
)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_is_read_or_refused_with_places_and_never_breaks(
    write: Write, whole: str, data: st.DataObject
) -> None:
    lines = whole.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        i = data.draw(st.integers(0, len(lines) - 1))
        key, colon, _ = lines[i].partition(":")
        if data.draw(st.booleans()):
            del lines[i]
        else:
            lines[i] = f"{key}{colon} {data.draw(odd)}"
    file, problems = write("\n".join(lines)), []
    try:
        scenario = read_scenario(file)
    except ScenarioError as error:
        problems.extend(error.problems)
    else:
        assert read_scenario(write(resolved_text(scenario))) == scenario
    assert all(problem.place is not None for problem in problems)
    assert not any("does not fit here" in problem.message for problem in problems)


def test_problems_come_in_the_order_of_the_file(write: Write) -> None:
    text = SMALL.replace("end: 2030", "end: 2020") + "seeed: 1\nname_: x\nreview: 3\n"
    with pytest.raises(ScenarioError) as caught:
        read_scenario(write(text))
    lines = [p.place.line for p in caught.value.problems if p.place is not None]
    assert len(lines) == 4
    assert lines == sorted(lines)


def test_a_long_file_is_read_in_a_moment(write: Write, whole: str) -> None:
    """Three hundred lines."""
    head, _, tail = whole.partition("  oxide:\n")
    block, _, rest = tail.partition("  both:\n")
    many = "".join(f"  oxide{i}:\n{block}" for i in range(24))
    file = write(f"{head}  oxide:\n{block}{many}  both:\n{rest}")
    assert len(file.read_text(encoding="utf-8").splitlines()) > 300
    assert in_bare_loops(lambda: read_scenario(file)) < 8.6


def test_reading_a_scenario_loads_no_heavy_library() -> None:
    code = (
        "import sys, monazite.scenario as s; "
        f"s.read_scenario({str(WHOLE)!r}); "
        "print(sorted({'scipy', 'numba', 'simpy', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_shipped_scenario_reads_and_resolves(write: Write) -> None:
    from monazite.scenario import shipped_names

    for name in shipped_names():
        scenario = read_scenario(name)
        assert read_scenario(write(resolved_text(scenario))) == scenario


def test_a_scenario_can_be_sent_to_another_process() -> None:
    scenario = read_scenario(WHOLE)
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario
    assert again.where("chain") == scenario.where("chain")


def test_a_path_may_be_given_as_text_or_as_a_path(write: Write) -> None:
    file = write(SMALL)
    assert read_scenario(str(file)) == read_scenario(Path(file))
