"""`validate` names every problem with its place; `schema` says what a file may hold."""

import json
import re
from pathlib import Path

import pytest

from monazite.cli.app import main
from monazite.cli.starting import starter


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file with two mistakes: a misspelt key and a unit of the wrong kind."""
    monkeypatch.chdir(tmp_path)
    text = starter("mine", "stockpile")
    text = text.replace("replications:", "replicatoins:").replace("12 months", "12 kg")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    return "mine.yaml"


def test_every_problem_has_file_line_column_path_and_message(
    broken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", broken]) == 2
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert len(lines) == 2
    assert all(re.match(r"mine\.yaml:\d+:\d+: [\w.]+: .+", line) for line in lines)
    assert "did you mean 'replications'?" in said.out
    assert "2 problems in 1 of 1 file." in said.err


def test_problems_can_be_read_by_a_program(broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", broken, "--json", "--quiet"]) == 2
    said = capsys.readouterr()
    first, _ = json.loads(said.out)
    assert first["file"] == broken
    assert first["line"] > 1
    assert set(first) == {"file", "line", "column", "path", "code", "message"}
    assert said.err == ""


def test_a_folder_stands_for_its_files(
    broken: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fine.yaml").write_text(starter("fine", "comparison"), encoding="utf-8")
    assert main(["validate", str(tmp_path)]) == 2
    assert "2 problems in 1 of 2 files." in capsys.readouterr().err


def test_a_folder_without_files_is_a_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", str(tmp_path)]) == 2
    assert "the folder holds no .yaml file" in capsys.readouterr().err


def test_what_needs_the_chain_is_checked_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    text = starter("mine", "stockpile").replace("product: magnets", "product: magnts")
    file.write_text(text, encoding="utf-8")
    assert main(["validate", str(file)]) == 2
    assert "did you mean 'magnets'?" in capsys.readouterr().out


def test_set_is_checked_as_the_file_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(starter("mine", "stockpile"), encoding="utf-8")
    assert main(["validate", str(file), "--set", "replications=0"]) == 2
    assert "replications" in capsys.readouterr().out


def test_schema_is_one_that_a_validator_takes(capsys: pytest.CaptureFixture[str]) -> None:
    from jsonschema import Draft202012Validator

    assert main(["schema"]) == 0
    Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))


def test_schema_goes_to_a_file_when_asked(tmp_path: Path) -> None:
    target = tmp_path / "schema.json"
    assert main(["schema", "--out", str(target)]) == 0
    assert json.loads(target.read_text(encoding="utf-8"))["title"]


def test_an_assertion_on_no_measure_is_refused_before_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "schema: 1\nextends: us-gallium\nname: mine\nassert:\n"
    text += "- {measure: shortfal, strategy: none, region: united_states, below: 1}\n"
    Path("mine.yaml").write_text(text, encoding="utf-8")
    wanted = "mine.yaml:5:13: assert.0.measure: no measure 'shortfal'; did you mean 'shortfall'?\n"
    assert main(["validate", "mine.yaml", "--quiet"]) == 2
    assert capsys.readouterr().out == wanted
    assert main(["run", "mine.yaml", "--quiet"]) == 2
    assert capsys.readouterr().err == wanted


@pytest.mark.parametrize(
    ("target", "why"),
    [("nowhere/x.json", "No such file or directory"), (".", "Is a directory")],
)
def test_a_schema_that_cannot_be_written_is_told_plainly(
    target: str,
    why: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["schema", "--out", target]) == 2
    assert capsys.readouterr().err == f"cannot write {target}: {why}\n"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("chain: Gallium", "4:8: chain: no chain 'Gallium'; did you mean 'gallium'?"),
        (
            "chain: [gallium, germanum]",
            "4:18: chain.1: no chain 'germanum'; did you mean 'germanium'?",
        ),
        ("overrides: {foo.bar: 3}", "4:22: overrides.foo.bar: no such record"),
        (
            "overrides: {behaviour.rush_factor: -3}",
            "4:36: overrides.behaviour.rush_factor: value: a factor must be above 0; found -3",
        ),
    ],
)
def test_what_the_evidence_refuses_has_its_place(
    line: str,
    wanted: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    text = f"schema: 1\nextends: us-gallium\nname: mine\n{line}\n"
    Path("mine.yaml").write_text(text, encoding="utf-8")
    assert main(["validate", "mine.yaml", "--quiet"]) == 2
    assert capsys.readouterr().out == f"mine.yaml:{wanted}\n"
