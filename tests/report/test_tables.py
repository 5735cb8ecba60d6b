import math

import pytest
from small_world import SmallScenario, small_model

from monazite import experiments
from monazite.report import rounding, tables


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables") / "run"
    return experiments.run(SmallScenario(replications=200), folder, model=small_model())


@pytest.fixture
def row(results):
    return next(
        row
        for row in results.compare()
        if (row["strategy"], row["region"], row["measure"], row["tier"])
        == ("processing", "allies", "shortfall", "1")
    )


def test_numbers_are_rounded_to_what_the_error_supports():
    assert rounding.with_error(98_765.4, 1_234.0) == "98800±1200"
    assert rounding.with_error(0.12345, 0.0056) == "0.123±0.006"
    assert rounding.with_error(-0.001, 0.3) == "0.0±0.3"
    assert rounding.with_error(7.0, 0.0) == "7.00"
    assert rounding.with_error(5.0, 0.96) == "5.0±1.0"
    assert rounding.with_error(5.0, 0.096) == "5.00±0.10"


def test_units_keep_the_largest_number_short():
    assert rounding.scale([9_999.0, 1.0], "t") == (1.0, "t")
    assert rounding.scale([2e6, math.nan], "USD") == (1e6, "M USD")
    assert rounding.scale([5e16], "USD") == (1e12, "tn USD")


def test_the_summary_fits_eighty_columns_and_names_every_group_and_strategy(results):
    shown = tables.text(tables.headline(results))
    assert max(map(len, shown.splitlines())) <= 80
    for word in ("united_states:", "allies:", "none", "stockpile", "processing", "0.854/1.00"):
        assert word in shown
    assert "…" not in shown


def test_the_summary_of_a_group_has_no_heading_of_its_own(results):
    _, allies, _ = tables.summary_tables(results)
    assert [row[0] for row in allies.rows] == ["none", "stockpile", "processing"]
    assert allies.title == "small, allies: means over 200 worlds"


def test_each_row_has_a_cell_for_each_column(results):
    for table in (tables.headline(results), tables.comparison(results)):
        assert {len(row) for row in table.rows} == {len(table.columns)}


def test_zeros_in_the_summary_are_explained(results):
    notes = " ".join(tables.headline(results).notes)
    assert "0 in australia by construction: no demand" in notes
    assert "0 in allies" not in notes


def test_a_zero_by_result_names_the_strategies_that_have_it(results):
    class Lucky:
        about = results.about

        def rows(self, name):
            rows = results.rows(name)
            for row in rows if name == "summary" else []:
                if (row["strategy"], row["region"]) == ("stockpile", "allies"):
                    row.update(mean=0.0, zero_by="result")
            return rows

        def compare(self, baseline=None):
            return []

    notes = " ".join(tables.headline(Lucky()).notes)
    assert "0 in allies with stockpile by result: it could have been more" in notes


def test_the_comparison_fits_eighty_columns_and_brackets_what_is_not_resolved(results):
    shown = tables.text(tables.comparison(results, "stockpile"))
    assert max(map(len, shown.splitlines())) <= 80
    assert "(0.17±0.18)" in shown
    assert "compared with 'stockpile' in the same 200 worlds" in shown


def test_the_verdict_says_what_is_avoided_and_how_often(row):
    assert tables.verdict(row) == (
        "allies, shortfall in tier 1: processing avoids 1.6±0.2 t more than none, "
        "better in 59 % of worlds."
    )


def test_the_verdict_says_when_more_replications_are_needed(row):
    open_row = row | {"resolved": "no", "replications_needed": 1387}
    assert tables.verdict(open_row) == (
        "allies, shortfall in tier 1: processing or none: not resolved; "
        "needs about 1,400 replications (there are 200)."
    )
    assert "too close for any number" in tables.verdict(open_row | {"replications_needed": None})
    assert "one world cannot tell" in tables.verdict(open_row | {"replications": 1})


def test_the_verdict_on_a_zero_says_where_it_comes_from(row):
    result, construction = ({**row, "zero_by": why} for why in ("result", "construction"))
    assert "makes no difference to none in any of 200 worlds" in tables.verdict(result)
    assert "equal by construction: nothing can be lost" in tables.verdict(construction)


def test_the_verdicts_end_each_group_with_the_two_best(results):
    lines = tables.verdicts(results.compare(), ["allies"], "none")
    assert len(lines) == 3
    assert lines[-1].startswith("allies, shortfall in tier 1: processing or stockpile")
    assert tables.verdicts(results.compare(), ["australia"], "none") == [
        "australia: all strategies are equal by construction: nothing can be lost."
    ]


def test_a_worse_strategy_is_called_worse(results):
    lines = tables.verdicts(results.compare("stockpile"), ["allies"], "stockpile")
    assert lines[0] == (
        "allies, shortfall in tier 1: none loses 1.5±0.3 t more than stockpile, "
        "worse in 59 % of worlds."
    )


def test_a_single_world_is_shown_without_an_error(tmp_path):
    single = experiments.run(
        SmallScenario(seed=4), tmp_path / "x", replications=1, model=small_model()
    )
    assert "±" not in tables.text(tables.Table("", *_shape(tables.headline(single))))
    assert "one world cannot tell" in " ".join(tables.comparison(single).notes)


def _shape(table):
    return table.columns, table.rows


def test_plain_text_wraps_notes_and_shortens_only_the_first_column():
    columns = (tables.Column("a very long heading"), tables.Column("x", "t", "right"))
    table = tables.Table("title", columns, [("a" * 50, 12), (None, "345")], ("word " * 20,))
    lines = tables.text(table, 30).splitlines()
    assert lines[0] == "title"
    assert lines[3].endswith("…     12")
    assert max(map(len, lines)) <= 30
