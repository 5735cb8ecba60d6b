"""Files build on files, `--set` on both, strategies on strategies; places are kept."""

import pytest

from monazite.errors import Place, ScenarioError
from monazite.scenario import read_scenario
from monazite.scenario.instruments import Project, Stockpile

from .conftest import Write

BASE = """schema: 1
name: base
title: Base
chain: ndfeb
start: 2026-01-01
end: 2030-12-31
budget: 1e9 USD
discount_rate: 3 % per year
groups:
  allies: [japan, india]
  quad: [japan]
report: [japan, allies]
disruptions:
  scheduled:
    - name: package
      controller: china
      products: [magnets]
      targets: [all]
      form: ban
      start: 2027-01-01
      duration: {low: 1, mode: 2, high: 4, unit: years}
strategies:
  none: {baseline: true}
  stock:
    title: Hold magnets
    budget: 2e9 USD
    instruments:
      - stockpile:
          name: magnets
          product: magnets
          place: japan
          owner: japan
          target: 180 days of use
          price_ceiling: 3
          release: {trigger: shortfall, tiers: [1]}
"""


def extended(write: Write, text: str) -> str:
    write(BASE, "base.yaml")
    return str(write("extends: base.yaml\n" + text, "mine.yaml"))


def test_a_file_says_only_what_differs_from_the_one_it_extends(write: Write) -> None:
    scenario = read_scenario(extended(write, "name: mine\ngroups: {allies: [japan]}\n"))
    assert (scenario.name, scenario.title) == ("mine", "Base")
    assert scenario.groups == {"allies": ("japan",), "quad": ("japan",)}
    assert scenario.extends is None


def test_each_value_has_the_place_of_the_file_it_came_from(write: Write) -> None:
    file = extended(write, "name: mine\n")
    scenario = read_scenario(file)
    assert scenario.where("name") == Place(file, 2, 7)
    title = scenario.where("title")
    assert title is not None
    assert title.file.endswith("base.yaml")


def test_nothing_deletes_a_key_whether_it_had_a_value_or_a_block(write: Write) -> None:
    text = "groups: {quad: null}\ndiscount_rate: ~\nstrategies:\n  stock:\n"
    scenario = read_scenario(extended(write, text))
    assert list(scenario.groups) == ["allies"]
    assert scenario.discount_rate is None
    assert list(scenario.strategies) == ["none"]


def test_deleting_a_key_that_must_be_there_is_shown_where_it_was_deleted(write: Write) -> None:
    with pytest.raises(ScenarioError, match=r"chain: required, but missing"):
        read_scenario(extended(write, "chain: null\n"))


def test_a_value_with_a_range_is_replaced_whole(write: Write) -> None:
    text = BASE.replace("discount_rate: 3 % per year", "overrides:\n  a.b: {low: 1, high: 2}")
    write(text, "other.yaml")
    file = write("extends: other.yaml\noverrides:\n  a.b: {value: 5}\n", "mine.yaml")
    assert read_scenario(file).overrides == {"a.b": {"value": 5}}


def test_lists_are_replaced_whole(write: Write) -> None:
    scenario = read_scenario(extended(write, "disruptions: {scheduled: []}\n"))
    assert scenario.disruptions.scheduled == ()


def test_a_mistake_in_the_file_extended_is_shown_in_that_file(write: Write) -> None:
    write(BASE.replace("chain: ndfeb", "chain: 3"), "base.yaml")
    file = write("extends: base.yaml\n", "mine.yaml")
    with pytest.raises(ScenarioError, match=r"base.yaml:4:8: chain: found 3; expected text"):
        read_scenario(file)


def test_files_build_on_files_that_build_on_files(write: Write) -> None:
    write(BASE, "base.yaml")
    write("extends: base.yaml\nseed: 2\ntitle: Middle\n", "middle.yaml")
    scenario = read_scenario(write("extends: middle.yaml\nseed: 3\n", "top.yaml"))
    assert (scenario.name, scenario.title, scenario.seed) == ("base", "Middle", 3)


def test_too_many_files_on_one_another_are_refused(write: Write) -> None:
    write(BASE, "f0.yaml")
    for i in range(1, 15):
        write(f"extends: f{i - 1}.yaml\n", f"f{i}.yaml")
    with pytest.raises(ScenarioError, match="more than 10 files extend one another"):
        read_scenario(write("extends: f14.yaml\n"))


def test_set_comes_last_and_is_read_as_yaml(write: Write) -> None:
    file = extended(write, "seed: 2\n")
    sets = [
        "seed=7",
        "growth=false",
        "budget=3.8 billion USD",
        "report=[japan]",
        "disruptions.scheduled.0.duration={low: 2, high: 3, unit: years, shape: uniform}",
        "overrides.ndfeb.magnets.price=60 USD/kg",
        "discount_rate=",
    ]
    scenario = read_scenario(file, sets)
    assert (scenario.seed, scenario.growth, scenario.report) == (7, False, ("japan",))
    assert scenario.budget is not None
    assert scenario.budget.central == 3.8e9
    duration = scenario.disruptions.scheduled[0].duration
    assert duration is not None
    assert duration.shape == "uniform"
    assert scenario.overrides == {"ndfeb.magnets.price": "60 USD/kg"}
    assert scenario.discount_rate is None
    assert scenario.where("seed") is None


def test_set_can_delete_an_entry_of_a_list(write: Write) -> None:
    scenario = read_scenario(write(BASE), ["disruptions.scheduled.0=null"])
    assert scenario.disruptions.scheduled == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed", "--set 'seed'; expected path=value, such as seed=3"),
        ("=3", "--set '=3'; expected path=value"),
        ("sede=3", "sede: unknown key; did you mean 'seed'? (given by --set)"),
        ("seed=x", "seed: found 'x'; expected a whole number (given by --set)"),
        ("extends=other", "extends: a file says what it extends; --set changes what comes of it"),
        ("seed=[1", "seed: not readable as YAML: a list in [ ] is not closed, or lacks a comma"),
        ("title.x=1", "title.x: there is nothing below 'Base' to set 'x' in (given by --set)"),
        ("report.7=x", "report.7: no entry '7' in this list; entries are numbered, 0 to 1"),
        ("budget=5 t", "budget: found '5 t', which is a mass; expected money"),
        ("strategies.stock.budget=x", "strategies.stock.budget: found 'x'; expected money"),
    ],
)
def test_a_mistake_in_set_is_told_as_such(write: Write, text: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(write(BASE), [text])
    assert message in str(caught.value)


def test_a_strategy_built_on_another_has_its_instruments_first_then_its_own(
    write: Write,
) -> None:
    text = (
        BASE
        + """  both:
    extends: stock
    instruments:
      - project:
          name: nagoya
          kind: magnet_plant
          region: japan
          capacity: 500 t/yr
          start: 2026-06-01
          public_share: 0.5
      - stockpile: {name: magnets, target: 90 days of use, price_ceiling: null}
"""
    )
    scenario = read_scenario(write(text))
    stockpile, project = scenario.strategies["both"].instruments
    assert isinstance(stockpile, Stockpile)
    assert isinstance(project, Project)
    assert stockpile.target.central == 90.0
    assert stockpile.price_ceiling is None
    assert stockpile.release.trigger == "shortfall"
    first = scenario.strategies["stock"].instruments[0]
    assert isinstance(first, Stockpile)
    assert first.target.central == 180.0


def test_a_strategy_takes_over_the_budget_but_neither_title_nor_baseline(write: Write) -> None:
    text = BASE + "  more: {extends: stock}\n  less: {extends: none, budget: null}\n"
    strategies = read_scenario(write(text)).strategies
    assert strategies["more"].budget == strategies["stock"].budget
    assert strategies["more"].title == ""
    assert not strategies["less"].baseline


def test_nothing_deletes_what_a_strategy_would_take_over(write: Write) -> None:
    text = BASE + "  more: {extends: stock, budget: null}\n"
    assert read_scenario(write(text)).strategies["more"].budget is None


def test_the_order_in_which_strategies_are_written_does_not_matter(write: Write) -> None:
    head, _, stock = BASE.partition("  stock:\n")
    turned = f"{head}  more: {{extends: stock}}\n  stock:\n{stock}"
    plain = f"{BASE}  more: {{extends: stock}}\n"
    first, second = (read_scenario(write(text)) for text in (turned, plain))
    assert first.strategies["more"] == second.strategies["more"]


def test_a_shipped_scenario_can_be_extended_by_its_name(write: Write) -> None:
    from monazite.scenario import shipped_names

    if not shipped_names():
        pytest.skip("no scenario is shipped yet")
    name = shipped_names()[0]
    scenario = read_scenario(write(f"extends: {name}\nseed: 99\n"))
    assert scenario.seed == 99
    assert scenario.chains == read_scenario(name).chains


def test_an_unknown_shipped_scenario_is_refused_where_it_is_named(write: Write) -> None:
    with pytest.raises(ScenarioError, match="extends: no shipped scenario 'nothing-like-it'"):
        read_scenario(write("extends: nothing-like-it\n" + BASE))


def test_what_a_file_that_is_not_found_may_say_is_not_asked_for(write: Write) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(write("extends: nowhere.yaml\nsede: 3\n"))
    assert {problem.code for problem in caught.value.problems} == {"extends", "unknown-key"}
