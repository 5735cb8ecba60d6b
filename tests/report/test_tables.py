import dataclasses
import math
import re

import pytest
from small_world import SmallScenario, small_model

from monazite import experiments
from monazite.report import rounding, tables


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables") / "run"
    return experiments.run(SmallScenario(replications=200), folder, model=small_model())


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
    for word in (
        "── united_states ─",
        "── allies ─",
        "none",
        "stockpile",
        "processing",
        "0.854/1.00",
    ):
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


def test_zeros_with_the_same_reason_share_a_line(results):
    def nowhere(name, row):
        zero = name == "summary" and (row["measure"], row["tier"]) == ("shortfall", "1")
        return row | {"mean": 0.0, "zero_by": "result"} if zero else row

    notes = tables.headline(changed(results, nowhere)).notes
    assert (
        "0 in united_states, allies, australia by result: it could have been more, and was not "
        "in any world (shortfall in tier 1)." in notes
    )


def test_a_zero_by_result_names_the_strategies_that_have_it(results):
    class Lucky:
        about = results.about

        def rows(self, name):
            rows = results.rows(name)
            for row in rows if name == "summary" else []:
                if (row["strategy"], row["region"]) == ("stockpile", "allies"):
                    row.update(mean=0.0, zero_by="result")
            return rows

    notes = " ".join(tables.headline(Lucky()).notes)
    assert "0 in allies with stockpile by result: it could have been more" in notes


def test_the_comparison_fits_eighty_columns_and_brackets_what_is_not_resolved(results):
    shown = tables.text(tables.comparison(results, "stockpile"))
    assert max(map(len, shown.splitlines())) <= 80
    assert "(0.17±0.18)" in shown
    assert "compared with 'stockpile' in the same 200 worlds" in shown


def changed(results, change):
    """The results with rows of the comparison or the tables changed by a function."""

    class Changed:
        about = results.about

        def rows(self, name):
            return [change(name, row) for row in results.rows(name)]

        def compare(self, baseline=None):
            return [change("compare", row) for row in results.compare(baseline)]

        def flips(self):
            return [change("flips", row) for row in results.flips()]

    return Changed()


def said(results, region, baseline=None):
    """What the findings say of one region, after its name."""
    lines = tables.findings(results, baseline)
    return [line.removeprefix(f"{region}") for line in lines if line.startswith(region)]


def test_the_best_is_named_with_its_lead_its_odds_and_what_is_missing(results):
    assert said(results, "allies") == [
        ": processing leaves least unserved, 6.0±0.8 t less than none (50 %): better in 59 % of "
        "worlds, best of all in 43 %. It is ahead of stockpile by 0.5±0.6 t, which is not "
        "resolved; needs about 320 replications (there are 200)."
    ]


def test_where_nothing_beats_the_baseline_the_findings_say_so(results):
    said_of = said(results, "allies", "processing")
    assert said_of == [
        ": no strategy leaves less unserved than processing. The next, stockpile, cannot be told "
        "from it: needs about 320 replications (there are 200). Worse than processing: none by "
        "6.0±0.8 t."
    ]
    assert "leaves" in said(results, "allies", "stockpile")[0]


def test_a_region_where_nothing_can_be_lost_says_so_in_one_line_for_each_measure(results):
    assert said(results, "australia") == [
        ", shortfall in tier 1: 0 by construction: nothing is asked for, or nothing can cause any.",
        ", value added lost in all tiers: 0 by construction: nothing is asked for, or nothing can "
        "cause any.",
        ": all strategies are equal by construction: nothing can be lost.",
    ]


def equal_in_tier_1(name, row, lost_t=0.0, zero="result", small=0.0):
    if row.get("region") == "australia":
        return row
    if name == "compare" and (row["measure"], row["tier"]) == ("shortfall", "1"):
        return row | {
            **{"avoided": small, "avoided_low": 0.0, "avoided_high": 2 * small},
            **{"versus_mean": lost_t, "strategy_mean": lost_t, "zero_by": zero},
        }
    return row


def test_a_zero_by_result_says_where_the_need_goes(results):
    line = said(changed(results, equal_in_tier_1), "allies")[0]
    assert line == (
        ", shortfall in tier 1: no strategy makes a difference in any world; it is 0 in all "
        "worlds by result, not by construction: what tier 1 goes without, 3.3 t, is given up "
        "because of the price."
    )


def test_a_measure_that_no_strategy_changes_has_its_amount(results):
    equal = changed(results, lambda name, row: equal_in_tier_1(name, row, lost_t=5.0))
    assert said(equal, "allies")[0] == (
        ", shortfall in tier 1: no strategy makes a difference in any world; it is 5.0 t with each."
    )


def test_noise_is_no_result(results):
    noise = changed(results, lambda name, row: equal_in_tier_1(name, row, 1e-3, "", 1e-3))
    assert said(noise, "allies")[0] == (
        ", shortfall in tier 1: no strategy changes it by a 10,000th of the need; nor is the "
        "whole of it that much."
    )
    table = tables.comparison(noise)
    assert {row[1] for row in table.rows if row[1]} == {"0", "~0"}
    assert "~0: less than a 10,000th of the need" in table.notes[0]
    assert "~0" not in tables.comparison(results).notes[0]


def test_noise_in_the_summary_is_no_result_either(results):
    def quiet(name, row):
        if row.get("region") == "australia":
            return row
        if name == "summary" and (row["measure"], row["tier"]) == ("shortfall", "1"):
            return row | {"mean": 1e-3, "monte_carlo_error": 1e-3}
        return row

    table = tables.headline(changed(results, quiet))
    assert {row[1] for row in table.rows if row[1]} == {"0", "~0"}
    assert "~0: less than" in table.notes[0]


def test_another_order_by_value_added_is_told(results):
    def dear(name, row):
        if name == "compare" and row["measure"] == "value_added_lost":
            better = {"none": 3.0, "stockpile": 1.0, "processing": 2.0}
            means = {"strategy_mean": better[row["strategy"]], "versus_mean": better[row["versus"]]}
            return row | means
        return row

    line = said(changed(results, dear), "allies")[0]
    assert "By value added kept, stockpile is ahead of processing by" in line


def test_the_money_line_has_spent_and_share_of_what_was_allotted(results):
    money = [line for line in tables.findings(results) if line.startswith("Money")]
    assert money == [
        "Money: of 1.00 bn USD allotted, spent (discounted): stockpile 0.854 (85 %), "
        "processing 0.854 (85 %)."
    ]


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (2028, "buy in every year to the last, so it is not the budget that bounds them"),
        (2027, "stockpile buys next to nothing after 2027 and has money left: its target"),
    ],
)
def test_a_stockpile_that_leaves_money_says_what_bounds_it(results, last, words):
    def buying(name, row):
        if name == "supply_by_source" and row["source"] == "strategic_purchase":
            mine = row["strategy"] == "stockpile" and row["year"] <= last
            return row | {"mean": 100.0 if mine else 0.0}
        return row

    lines = tables.findings(changed(results, buying))
    (why,) = [line for line in lines if words in line]
    assert f"{100 * (last - 2025)}" in why.replace("t of", "")
    assert "of magnets" in why


def thirds_with(results, best):
    """The results with gains by strategy for each third of one thing, resolved or not."""

    def change(name, row):
        if name != "flips" or row["region"] != "allies":
            return row
        gains, sure = best[row["by"]][row["third"]]
        gain = gains[row["strategy"]] - gains[row["versus"]]
        return row | {
            **{"avoided": gain, "avoided_low": gain - 1, "avoided_high": gain + 1},
            "resolved": "yes" if sure else "no",
        }

    return changed(results, change)


STOCK, PLANT = ({"none": 0.0, "stockpile": a, "processing": b} for a, b in ((9.0, 5.0), (2.0, 6.0)))


def test_the_flip_is_told_with_its_date_or_its_length(results):
    first = {k: (STOCK if k == 0 else PLANT, True) for k in range(3)}
    days = {k: (PLANT if k < 2 else STOCK, True) for k in range(3)}
    chosen = thirds_with(results, {"first_control": first, "days_under_control": days})
    table, lines = tables.flips(chosen)
    mine = [line for line in lines if line.startswith("allies")]
    assert re.fullmatch(
        r"allies: the answer flips from stockpile to processing when the first control comes "
        r"after 202\d-\d\d\.",
        mine[0],
    )
    assert re.fullmatch(
        r"allies: the answer flips from processing to stockpile when controls are in force for "
        r"more than [\d.]+ years in all\.",
        mine[1],
    )
    begin = [row[0] for row in table.rows].index("allies")
    rows = table.rows[begin + 1 : begin + 7]
    assert [row[2] for row in rows] == ["stockpile", *["processing"] * 4, "stockpile"]
    assert rows[0][3:] == ("9.0±1.0", "4.0±1.0")
    assert rows[0][0].startswith("first control to 202")
    assert [row[0].strip() for row in rows][2::3] == ["later or never", "longer"]


def test_turns_that_cannot_be_told_apart_are_no_flip(results):
    third = {k: (STOCK if k == 0 else PLANT, False) for k in range(3)}
    _, lines = tables.flips(
        thirds_with(results, {"first_control": third, "days_under_control": third})
    )
    assert (
        "allies: the answer does not flip within these worlds: stockpile and processing take "
        "turns, but too close to be told apart there." in lines
    )
    always = {k: (PLANT, True) for k in range(3)}
    _, lines = tables.flips(
        thirds_with(results, {"first_control": always, "days_under_control": always})
    )
    assert (
        "allies: the answer does not flip within these worlds: processing is best in every third."
        in lines
    )


def test_the_table_of_thirds_fits_eighty_columns(results):
    table, _ = tables.flips(results)
    assert max(map(len, tables.text(table).splitlines())) <= 80


def test_worlds_too_few_to_split_say_so(tmp_path):
    few = experiments.run(SmallScenario(replications=3), tmp_path / "x", model=small_model())
    table, lines = tables.flips(few)
    assert table is None
    assert lines == ["The worlds are too few, or too alike, to say when the answer flips."]


def test_names_of_eighteen_letters_stand_on_one_line_in_eighty_columns(results):
    long = {"none": "none", "stockpile": "stockpile_of_every", "processing": "processing_for_all"}

    class Renamed:
        about = dataclasses.replace(
            results.about,
            strategies=tuple(long.values()),
            **{
                name: {long[key]: value for key, value in getattr(results.about, name).items()}
                for name in ("instruments", "stockpiles", "budget_usd")
            },
        )

        def rows(self, name):
            rows = results.rows(name)
            return [row | {"strategy": long.get(row.get("strategy"), "")} for row in rows]

        def compare(self, baseline=None):
            return [
                row | {"strategy": long[row["strategy"]], "versus": long[row["versus"]]}
                for row in results.compare(baseline)
            ]

    for table in (tables.headline(Renamed()), tables.comparison(Renamed())):
        shown = tables.text(table)
        assert max(map(len, shown.splitlines())) <= 80
        assert "processing_for_all " in shown
        assert "…" not in shown


def test_a_single_world_is_shown_without_an_error(tmp_path):
    single = experiments.run(
        SmallScenario(seed=4), tmp_path / "x", replications=1, model=small_model()
    )
    assert "±" not in tables.text(tables.Table("", *_shape(tables.headline(single))))
    assert "one world cannot tell" in " ".join(tables.findings(single))


def _shape(table):
    return table.columns, table.rows


def test_plain_text_wraps_notes_and_shortens_only_the_first_column():
    columns = (tables.Column("a very long heading"), tables.Column("x", "t", "right"))
    table = tables.Table("title", columns, [("a" * 50, 12), (None, "345")], ("word " * 20,))
    lines = tables.text(table, 30).splitlines()
    assert lines[0] == "title"
    assert lines[3].endswith("…    12")
    assert max(map(len, lines)) <= 30


def test_a_last_column_of_words_is_folded_and_a_section_spans_the_table():
    columns = (tables.Column("name"), tables.Column("number", align="right"), tables.Column("why"))
    rows = [("part one", "", ""), ("a", 12, "because of this and that, and more besides")]
    lines = tables.text(tables.Table("", columns, rows), 30).splitlines()
    assert lines[1] == "── part one ".ljust(len(lines[1]), "─")
    assert len(lines[1]) == 30
    assert [line.strip() for line in lines[2:]] == [
        "a        12 because of this",
        "and that, and more",
        "besides",
    ]


def test_tonnes_of_several_minerals_are_said_not_to_compare(results):
    several = changed(results, lambda name, row: row)
    several.about = dataclasses.replace(results.about, mineral="all")
    told = [[line for line in tables.findings(one) if "do not compare" in line]
            for one in (results, several)]  # fmt: skip
    assert not told[0]
    assert told[1][0].startswith("Under united_states")


def test_a_strategy_that_does_the_same_is_not_said_to_leave_less(results):
    def change(name, row):
        pair = {row.get("strategy"), row.get("versus")}
        if name != "compare" or pair != {"processing", "none"}:
            return row
        none = dict.fromkeys(("avoided", "avoided_low", "avoided_high"), 0.0)
        return row | none | {"zero_by": "result", "resolved": "no"}

    said = " ".join(tables.findings(changed(results, change)))
    assert "no strategy leaves less unserved than none; processing does the same in every" in said
    assert "processing leaves least unserved" not in said


def test_thirds_in_which_the_best_is_not_resolved_are_counted(results):
    third = {k: (PLANT, k == 0) for k in range(3)}
    _, lines = tables.flips(
        thirds_with(results, {"first_control": third, "days_under_control": third})
    )
    assert (
        "allies: the answer does not flip within these worlds: processing is best in every "
        "third, though not resolved against none in 4 of 6." in lines
    )
