import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from small_world import (
    STRATEGIES,
    SmallScenario,
    answering_world,
    crooked_world,
    small_model,
)

from monazite import experiments
from monazite.errors import BrokenInvariantError, MonaziteError, ResultsError, ScenarioError
from monazite.experiments.columns import COLUMNS
from monazite.experiments.csvtext import records
from monazite.experiments.files import sha256

MODEL = small_model()


def run(out: Path, scenario: SmallScenario | None = None, **options):
    options = {"model": MODEL} | options
    return experiments.run(scenario or SmallScenario(), out, **options)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    return run(tmp_path_factory.mktemp("done") / "run")


def test_a_finished_folder_holds_the_documented_files_and_nothing_else(done):
    names = {path.name for path in done.folder.iterdir()}
    tables = {f"{name}.csv" for name in COLUMNS}
    assert names == tables | {"manifest.json", "datapackage.json", "scenario.yaml"}


def test_every_file_has_the_columns_that_are_described(done):
    package = json.loads((done.folder / "datapackage.json").read_text())
    assert len(package["resources"]) == len(COLUMNS)
    for resource in package["resources"]:
        path = done.folder / resource["path"]
        with path.open(newline="") as file:
            header = next(csv.reader(file))
        fields = resource["schema"]["fields"]
        assert header == [field["name"] for field in fields]
        assert all(field["description"] for field in fields)
        assert resource["hash"] == f"sha256:{sha256(path)}"
        assert done.rows(path.stem) is not None


def test_numbers_have_ten_digits_and_zero_has_no_sign(done):
    for path in done.tables.values():
        text = path.read_text()
        assert "-0," not in text
        assert "nan" not in text.replace("nano", "")
        assert "\r" not in text
    means = [row["mean"] for row in done.rows("summary") if row["mean"]]
    assert all(len(f"{abs(x):.10e}".split("e")[0].rstrip("0")) <= 11 for x in means)


def test_the_summary_agrees_with_the_replications(done):
    worlds = [
        row
        for row in done.rows("replications")
        if (row["strategy"], row["region"], row["tier"]) == ("stockpile", "allies", "all")
    ]
    assert len(worlds) == 60
    shortfall = np.array([row["shortfall_t"] for row in worlds])
    found = next(
        row
        for row in done.rows("summary")
        if (row["strategy"], row["region"], row["tier"], row["measure"])
        == ("stockpile", "allies", "all", "shortfall")
    )
    assert found["mean"] == pytest.approx(shortfall.mean(), rel=1e-9)
    assert found["p95"] == pytest.approx(np.quantile(shortfall, 0.95), rel=1e-9)
    assert found["probability_of_any"] == pytest.approx((shortfall > 0).mean())
    assert found["is_group"] is True
    assert found["unit"] == "t"


def test_gross_need_less_offsets_is_the_net_gap_in_every_year(done):
    rows = done.rows("shortfall_by_year")
    assert {row["year"] for row in rows} == {2026, 2027, 2028}
    keys = ("strategy", "region", "tier", "year", "unit")
    held = {(*(row[key] for key in keys), row["measure"]): row["mean"] for row in rows}
    for *key, measure in list(held):
        if measure == "gap":
            parts = ("substituted", "curtailed", "released", "shortfall")
            total = sum(held[*key, part] for part in parts)
            assert held[*key, "gap"] == pytest.approx(total, rel=1e-8, abs=1e-6)
            gross = held[*key, "reference"] - held[*key, "commercial"]
            assert held[*key, "gap"] == pytest.approx(gross, rel=1e-6, abs=1e-6)


def test_zeros_say_whether_they_are_by_construction_or_by_result(done):
    zero = {
        (row["strategy"], row["region"], row["tier"], row["measure"]): row["zero_by"]
        for row in done.rows("summary")
    }
    assert zero["none", "australia", "1", "shortfall"] == "construction"
    assert zero["none", "allies", "1", "released"] == "construction"
    assert zero["stockpile", "allies", "1", "released"] == "result"
    assert zero["none", "allies", "1", "substituted"] == "result"
    assert zero["none", "allies", "1", "shortfall"] == ""
    assert zero["none", "australia", "1", "time_to_survive"] == ""


def test_in_a_quiet_scenario_only_an_instrument_could_make_anybody_short(tmp_path):
    quiet = run(tmp_path / "quiet", SmallScenario(quiet=True, replications=5))
    zero = {
        row["strategy"]: row["zero_by"]
        for row in quiet.rows("summary")
        if (row["measure"], row["region"], row["tier"]) == ("shortfall", "allies", "1")
    }
    assert zero == {"none": "construction", "stockpile": "result", "processing": "result"}
    assert {row["zero_by"] for row in quiet.compare() if row["region"] == "allies"} == {"result"}
    everywhere = {row["zero_by"] for row in quiet.compare() if row["region"] == "australia"}
    assert everywhere == {"construction"}


def test_costs_are_those_of_the_strategy_that_owns_the_instrument(done):
    rows = done.rows("costs")
    assert {(row["strategy"], row["instrument"]) for row in rows} == {
        ("stockpile", "reserve"),
        ("processing", "plant"),
    }
    spent = sum(row["mean"] for row in rows if row["measure"] == "spent_discounted")
    worlds = done.rows("replications")
    total = sum(
        r["spent_discounted_usd"] for r in worlds if (r["region"], r["tier"]) == ("allies", "1")
    )
    assert spent == pytest.approx(total / 60, rel=1e-8)
    salvage = [row for row in rows if row["measure"] == "salvage_discounted"]
    assert [(row["year"], row["mean"]) for row in salvage] == [(2028, 1e8)] * 2


def test_events_of_the_world_stand_once_and_those_of_a_strategy_under_its_name(done):
    rows = done.rows("events")
    world = [row for row in rows if not row["strategy"]]
    assert len({row["replication"] for row in world}) == len(world)
    assert world[0]["detail"] == "magnets, all"
    own = [row for row in rows if row["strategy"]]
    assert {row["strategy"] for row in own} == {"stockpile"}
    assert (len(own), own[0]["date"]) == (60, "2026-01-11")


def test_the_balance_at_the_start_is_written_as_the_world_gives_it(done):
    (row,) = done.rows("balance")
    assert (row["balanced"], row["moved_share"]) == (110, 0.1)


def test_parameters_are_written_as_the_world_gives_them(done):
    (row,) = done.rows("parameters")
    assert (row["value"], row["high"], row["year"]) == (100.0, None, "2024")
    assert row["because"] == 'nobody counts, they say "about"'


def test_the_comparison_file_has_the_bytes_of_one_made_from_the_replications(done):
    rows = done.compare()
    assert len(rows) == 3 * 3 * 7
    lines = records([column.name for column in COLUMNS["comparison"]], rows)
    assert done.tables["comparison"].read_text() == "\n".join(lines) + "\n"


def test_a_gain_comes_with_its_cost_per_tonne_spent_and_allotted(done):
    row = next(
        row
        for row in done.compare()
        if (row["strategy"], row["versus"], row["region"], row["measure"], row["tier"])
        == ("processing", "none", "allies", "not_served", "all")
    )
    assert row["resolved"] == "yes"
    assert row["avoided"] == pytest.approx(row["versus_mean"] / 2)
    assert row["cost_per_unit_spent"] == pytest.approx(row["spent_more_usd"] / row["avoided"])
    net = (row["spent_more_usd"] - 1e8) / row["avoided"]
    assert row["cost_per_unit_net"] == pytest.approx(net)
    assert row["cost_per_unit_allotted"] == pytest.approx(1e9 / row["avoided"])
    assert row["cost_unit"] == "USD/t"


def test_another_baseline_turns_the_difference_round(done):
    def avoided(rows, strategy, versus):
        return next(
            row["avoided"]
            for row in rows
            if (row["strategy"], row["versus"], row["region"], row["tier"])
            == (strategy, versus, "allies", "1")
        )

    turned = done.compare("stockpile")
    assert turned[0]["versus"] == "stockpile"
    assert avoided(turned, "none", "stockpile") == -avoided(done.compare(), "stockpile", "none")
    with pytest.raises(ScenarioError, match="no strategy 'stockpil'; did you mean 'stockpile'"):
        done.compare("stockpil")


def test_unequal_budgets_are_run_but_not_compared(tmp_path):
    budgets = {"none": 0.0, "stockpile": 1e9, "processing": 2e9}
    results = run(tmp_path / "unequal", SmallScenario(budgets=budgets, replications=30))
    pairs = {(row["strategy"], row["versus"]) for row in results.rows("comparison")}
    assert pairs == {("stockpile", "none"), ("processing", "none")}
    with pytest.raises(
        ScenarioError, match="'processing' has 2000000000 USD and 'stockpile' has 1000"
    ):
        results.compare()


def test_a_single_strategy_and_a_single_world_can_be_run(tmp_path):
    results = run(tmp_path / "one", replications=1, strategies=["processing"])
    assert results.rows("comparison") == []
    assert results.about.strategies == ("processing",)
    assert results.about.baseline == "processing"
    assert {row["sd"] for row in results.rows("summary")} == {None}


def test_strategies_keep_the_order_of_the_file(tmp_path):
    results = run(tmp_path / "two", replications=3, strategies=["processing", "none"])
    assert results.about.strategies == ("none", "processing")


def test_a_misspelt_strategy_and_a_billion_worlds_are_refused_before_any_work(tmp_path):
    with pytest.raises(ScenarioError, match="no strategy 'procesing'; did you mean 'processing'"):
        run(tmp_path / "x", strategies=["procesing"])
    with pytest.raises(ScenarioError, match="got 1000000000, expected 1 to 1000000"):
        run(tmp_path / "x", replications=10**9)
    with pytest.raises(ScenarioError, match="got 0"):
        run(tmp_path / "x", replications=0)
    assert not (tmp_path / "x").exists()
    with pytest.raises(ResultsError, match="0 processes"):
        run(tmp_path / "x", jobs=0)


def test_a_complete_run_is_never_overwritten_unless_asked(tmp_path):
    first = run(tmp_path / "run", replications=4)
    (first.folder / "summary.csv").write_text("mine")
    with pytest.raises(ResultsError, match=r"complete run already.*--overwrite"):
        run(tmp_path / "run", replications=4)
    assert (first.folder / "summary.csv").read_text() == "mine"
    again = run(tmp_path / "run", replications=5, overwrite=True)
    assert again.about.replications == 5
    assert again.rows("summary")


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")
    for overwrite in (False, True):
        with pytest.raises(ResultsError, match=r"holds no results \('thesis\.docx'\)"):
            run(tmp_path, overwrite=overwrite)
    (tmp_path / "manifest.json").write_text('{"complete": true}')
    with pytest.raises(ResultsError, match="not a manifest of monazite"):
        run(tmp_path, overwrite=True)
    assert (tmp_path / "thesis.docx").read_text() == "years of work"
    with pytest.raises(ResultsError, match="is a file"):
        run(tmp_path / "thesis.docx")


def test_a_run_goes_to_a_folder_named_by_its_inputs_and_latest_names_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    results = run(None, replications=3)
    assert results.folder == Path("results/small") / results.about.run
    assert len(results.about.run) == 8
    assert Path("results/small/latest").read_text() == results.about.run + "\n"
    assert experiments.open_results("results/small").folder == results.folder
    other = run(None, SmallScenario(seed=2), replications=3)
    assert other.about.run != results.about.run
    assert experiments.open_results("results/small").folder == other.folder


def test_what_is_not_a_results_folder_is_named_as_such(tmp_path):
    with pytest.raises(ResultsError, match="no results here"):
        experiments.open_results(tmp_path)
    with pytest.raises(ResultsError, match="no results here"):
        experiments.resume(tmp_path, model=MODEL)


def test_a_run_that_breaks_an_invariant_ends_as_our_bug(tmp_path):
    with pytest.raises(BrokenInvariantError, match="1 t neither delivered"):
        run(tmp_path / "x", model=small_model(crooked_world))


def test_tables_are_read_by_name_only(done):
    with pytest.raises(ResultsError, match="no table 'sumary'; there are: summary"):
        done.rows("sumary")
    assert list(done.tables) == list(COLUMNS)
    assert done.manifest["files"]["summary.csv"] == sha256(done.tables["summary"])


def test_without_pandas_the_error_says_what_to_do(done, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(MonaziteError, match="pip install pandas"):
        done.to_pandas("summary")


def test_a_damaged_replications_file_is_named(done, tmp_path):
    lines = done.tables["replications"].read_text().splitlines()
    broken = run(tmp_path / "run")
    broken.tables["replications"].write_text("\n".join(lines[:-1]) + "\n")
    with pytest.raises(ResultsError, match="replications are missing"):
        broken.compare()
    broken.tables["replications"].write_text("\n".join([*lines[:5], "0,mystery"]) + "\n")
    with pytest.raises(ResultsError, match="not as it was written"):
        broken.compare()


def test_a_summary_that_was_cut_off_is_named(tmp_path):
    cut = run(tmp_path / "run")
    path = cut.tables["summary"]
    header, first, *_ = path.read_text().splitlines()
    path.write_text(f"{header}\n{first}\n{','.join(first.split(',')[:2])}")
    said = f"not as it was written (a row of 2 where the heading has {header.count(',') + 1})"
    with pytest.raises(ResultsError, match=re.escape(said)):
        cut.rows("summary")


def test_progress_is_told_from_the_start_to_the_end(tmp_path):
    seen = []
    run(tmp_path / "run", progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 60) for done in range(0, 61, 10)]


def test_strategies_are_paired_on_the_same_worlds_whichever_are_chosen(tmp_path, done):
    few = run(tmp_path / "few", strategies=["processing"])

    def shortfall(results):
        return [
            r["shortfall_t"] for r in results.rows("replications") if r["strategy"] == "processing"
        ]

    assert shortfall(few) == shortfall(done)
    assert set(STRATEGIES) == set(done.about.strategies)


def test_what_a_world_brings_stands_in_every_row_of_it(done):
    rows = done.rows("replications")
    onset = {
        row["replication"]: row["day"]
        for row in done.rows("events")
        if row["kind"] == "control-in-force"
    }
    for row in rows:
        first, days = row["first_control_d"], row["days_under_control_d"]
        assert first == onset.get(row["replication"])
        assert days == (0.0 if first is None else pytest.approx(1096.0 - first))


def test_controls_that_answer_count_as_each_strategy_meets_them(tmp_path):
    answered = run(tmp_path / "answered", model=small_model(answering_world))
    for row in answered.rows("replications"):
        first = 200.0 if row["strategy"] == "stockpile" else 100.0
        assert row["first_control_d"] == first
        assert row["days_under_control_d"] == 1096.0 - first
