"""A table is drawn for a person, plain in a pipe, and data when asked."""

import json

import pytest

from monazite.cli.showing import show, show_json
from monazite.errors import MonaziteError
from monazite.report.tables import Column, Table

TABLE = Table(
    "Not served",
    (Column("strategy", "", "left"), Column("tonnes", "t", "right")),
    (("none [nothing]", 1234.56789), ("half\tand\nhalf", 0.0), ("never", float("inf"))),
    ("Rounded.",),
)


def test_a_pipe_gets_one_heading_and_a_row_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    show(TABLE)
    assert capsys.readouterr().out.splitlines() == [
        "strategy\ttonnes",
        "none [nothing]\t1234.56789",
        "half and half\t0",
        "never\tnever",
    ]


def test_a_person_gets_units_title_and_notes_within_80_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    show(TABLE)
    said = capsys.readouterr().out
    for word in ("Not served", "tonnes", "[t]", "1,235", "none [nothing]", "Rounded."):
        assert word in said
    assert max(map(len, said.splitlines())) <= 80
    assert "\x1b" not in said


def test_json_has_columns_with_units_and_a_mapping_a_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show(TABLE, as_json=True)
    data = json.loads(capsys.readouterr().out)
    assert data["columns"][1] == {"name": "tonnes", "unit": "t"}
    assert data["rows"][0] == {"strategy": "none [nothing]", "tonnes": 1234.56789}


def test_json_has_null_for_what_is_no_number(capsys: pytest.CaptureFixture[str]) -> None:
    show_json([float("nan"), float("inf"), True, 1])
    assert json.loads(capsys.readouterr().out) == [None, None, True, 1]


def test_csv_is_that_of_rfc_4180(capsys: pytest.CaptureFixture[str]) -> None:
    quoted = Table("", (Column("a,b"), Column("t", "t/yr", "right")), (('say "x"\ntwice', None),))
    show(quoted, as_csv=True)
    assert capsys.readouterr().out == '"a,b",t [t/yr]\r\n"say ""x""\ntwice",\r\n'
    show(TABLE, as_csv=True)
    assert capsys.readouterr().out.splitlines()[1] == "none [nothing],1234.56789"


def test_two_forms_at_once_are_refused() -> None:
    with pytest.raises(MonaziteError, match="--json and --csv are two forms of one table; choose"):
        show(TABLE, as_json=True, as_csv=True)


def test_a_row_that_names_what_follows_spans_the_table_and_words_fold_below_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "24")
    rows = (("north", "", ""), ("a long name of it", "and more", 12.0))
    show(Table("", (Column("name"), Column("words"), Column("t", "", "right")), rows))
    assert capsys.readouterr().out.splitlines() == [
        "name         words     t",
        "── north ───────────────",
        "a long name  and more 12",
        "of it",
    ]


def test_no_letter_is_lost_where_words_have_no_room(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "30")
    cells = ("project_2025, markets_2026b, reuters_2026f", "a_very_long_name_of_a_thing")
    show(Table("", (Column("source"), Column("name"), Column("t", "", "right")), ((*cells, 12),)))
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 30
    found = sorted("".join(lines[2:]).replace(" ", ""))
    assert found == sorted("".join(cells).replace(" ", "") + "12")


def test_columns_without_room_come_below_with_the_first_one_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "24")
    columns = (Column("strategy"), *(Column(f"measure {n}", "", "right") for n in (1, 2)))
    rows = (("north", "", ""), ("metal_stockpile", 1.0, ""), ("none", 3.0, 4.0))
    show(Table("", columns, rows))
    assert capsys.readouterr().out.splitlines() == [
        "strategy       measure 1",
        "── north ───────────────",
        "metal_stockpil         1",
        "e",
        "none                   3",
        "",
        "strategy       measure 2",
        "── north ───────────────",
        "metal_stockpil",
        "e",
        "none                   4",
    ]
