"""`list --coverage` names what is modelled, how well, and what is not and why."""

import json
from typing import Any

import pytest

from monazite.cli.app import main
from monazite.evidence import chain_names

Said = pytest.CaptureFixture[str]


def rows(capsys: Said) -> list[dict[str, Any]]:
    assert main(["list", "--coverage", "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["rows"]
    return found


def test_every_chain_has_its_grades_its_numbers_and_its_gaps(capsys: Said) -> None:
    found = [row for row in rows(capsys) if row["state"] == "modelled"]
    assert [row["name"] for row in found] == chain_names()
    for row in found:
        assert {row["grade"], row["of output"], row["of use"], row["of the rest"]} <= set("ABCDE")
        assert row["numbers"] >= row["reported"] + row["derived"] + row["judged"] > 50
        assert row["missing, or why not modelled"].endswith("% of the numbers cite no source")


def test_every_mineral_without_a_chain_has_its_lists_and_a_reason(capsys: Said) -> None:
    found = {row["name"]: row for row in rows(capsys) if row["state"] == "not modelled"}
    assert found["niobium"]["lists"] == "US EU IN"
    assert found["helium"]["lists"] == "EU"
    assert all(row["missing, or why not modelled"] for row in found.values())
    assert not set(found) & set(chain_names())


def test_a_person_reads_two_tables_in_eighty_columns(
    capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(["list", "--coverage"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0] == "What is modelled, and what is not"
    assert "Minerals of official lists without a chain" in lines
    assert any(line.startswith("potash (US,IN)") or "potash" in line for line in lines)


def test_list_names_the_lists_of_the_evidence(capsys: Said) -> None:
    assert main(["list", "lists", "--csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "kind,name,title"
    assert "list,controls,Export controls since 2009" in lines
    assert 'list,phases,"Reference classes of projects: how long, how likely, how dear"' in lines
