"""`import` shows what became of every row, and ends with the fragment it wrote."""

import json
import re
from pathlib import Path

import pytest
import typer

from monazite.cli.app import main
from monazite.cli.importing import importing
from small_data import line, mining_data, sheet, total, trade_data

COMMANDS = dict(typer.main.get_command(importing).commands)  # type: ignore[attr-defined]
TRADED = [("2024", "156", "842", 250410, "9", "3"), ("2024", "496", "842", 250410, "9", "1")]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    rows = [line("China", "1,000"), line("Mongolia", "50"), line("United States", "W")]
    sheet(tmp_path, [*rows, total("2,000")])
    return "usgs.csv"


def test_the_last_line_is_the_fragment(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["import", "usgs", file, "--commodity", "testium", "--year", "2024", "--out", "mine"]
    assert main(words) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[-1] == str(Path("mine", "fragment.yaml"))
    assert "china\t1000\t95.24" in said.out
    assert "united_states\t\t\tnot known: withheld" in said.out
    assert "Look at this: not known, and not 0: united_states." in said.err
    assert "Look at this: in rest_of_world: Mongolia." in said.err
    assert "add up to 1050 t/yr, the total of the data set is 2000." in said.err.replace(",0", "0")
    assert {entry.name for entry in Path("mine").iterdir()} == {
        "fragment.yaml",
        "sources.yaml",
        "review.csv",
    }
    assert main(words) == 2
    assert "is already there and is kept" in capsys.readouterr().err


def test_a_person_sees_what_became_of_the_rows(
    file: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    assert main(
        ["import", "usgs", file, "--commodity", "testium", "--year", "2024", "--out", "mine"]
    ) == 0  # fmt: skip
    out = capsys.readouterr().out
    assert "What became of the rows" in out
    assert "left out: the total of the table" in out
    assert "Counts: testium content." in out


def test_a_program_gets_both_tables(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--commodity", "testium", "--year", "2024", "--out", "mine", "--json", "--quiet"]
    assert main(["import", "usgs", file, *words]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["regions"]["rows"][0]["region"] == "china"
    assert {row["rows"]: row["count"] for row in said["rows"]["rows"]}["taken"] == 2


def test_a_mistake_is_a_message_and_no_trace(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--commodity", "testum", "--year", "2024", "--out", "mine"]
    assert main(["import", "usgs", file, *words]) == 2
    said = capsys.readouterr()
    assert said.err == "usgs.csv: has no commodity 'testum'; did you mean 'Testium'?\n"
    assert not Path("mine").exists()


def test_the_content_is_checked_before_anything_is_written(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--commodity", "testium", "--year", "2024", "--out", "mine", "--content", "lithia"]
    assert main(["import", "usgs", file, *words]) == 2
    assert "--content lithia: no formula and no number" in capsys.readouterr().err
    assert not Path("mine").exists()


def test_mining_and_trade_are_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    mining_data(tmp_path, [("China", "156", "CHN", 1, 900, "metr. t", "r")])
    trade_data(tmp_path, TRADED)
    words = ["--year", "2024", "--quiet"]
    assert main(
        ["import", "mining", ".", "--commodity", "Testium", *words, "--out", "a"]
    ) == 0  # fmt: skip
    assert main(
        ["import", "trade", ".", "--code", "250410", "--importer", "USA", "--product", "x",
         "--lead", "sea", *words, "--out", "b"]
    ) == 0  # fmt: skip
    out = capsys.readouterr().out.splitlines()
    assert out == [str(Path("a", "fragment.yaml")), str(Path("b", "fragment.yaml"))]
    text = Path("b", "fragment.yaml").read_text(encoding="utf-8")
    assert "from: china, to: united_states, lead: sea, share: {value: 0.75" in text


def test_the_commands_are_those_promised() -> None:
    assert set(COMMANDS) == {"usgs", "mining", "trade", "governance"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_everything_has_help_with_an_example(name: str) -> None:
    command = COMMANDS[name]
    assert re.search(rf"Example: `monazite import {name}\b", command.help or "")
    assert [p.name for p in command.params if not p.help] == []
    options = [p for p in command.params if p.param_type_name == "option" and not p.is_flag]
    assert [p.opts[0] for p in options if "`--" not in p.help] == []


def test_flags_mean_the_same_in_each() -> None:
    meanings: dict[str, set[str]] = {}
    for command in COMMANDS.values():
        for parameter in command.params:
            if parameter.param_type_name == "option":
                meanings.setdefault(parameter.opts[0], set()).add(parameter.help)
    assert {flag: texts for flag, texts in meanings.items() if len(texts) > 1} == {}
