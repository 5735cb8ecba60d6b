"""`stress` shows what a ban by the largest supplier does, to people and to programs."""

import json
from typing import Any

import pytest

from monazite.cli.app import main

Said = pytest.CaptureFixture[str]


def rows(said: Said, *words: str) -> list[dict[str, Any]]:
    assert main(["stress", *words, "--json", "--quiet"]) == 0
    found: list[dict[str, Any]] = json.loads(said.readouterr().out)["rows"]
    return found


def test_a_chain_shows_its_worst_ban_and_on_request_every_one(capsys: Said) -> None:
    (worst,) = rows(capsys, "ndfeb")
    assert (worst["product"], worst["controller"]) == ("magnets", "china")
    assert worst["shortfall"] == pytest.approx(worst["shortfall_share"] * worst["use"])
    every = rows(capsys, "ndfeb", "--all")
    assert every[0] == worst
    assert {row["product"] for row in every} >= {"dytb_oxide", "ndpr_metal", "light_concentrate"}
    lost = [row["shortfall_share"] + row["given_up_share"] for row in every]
    assert lost == sorted(lost, reverse=True)


def test_a_shortage_that_never_comes_has_no_day(capsys: Said) -> None:
    (short,) = rows(capsys, "ndfeb", "--days", "30")
    assert short["first_shortage"] is None
    assert short["shortage_ends"] is None


def test_every_option_changes_what_is_asked(capsys: Said) -> None:
    asked = [
        (),
        ("--days", "200"),
        ("--severity", "0.5"),
        ("--region", "japan"),
        ("--controller", "Japan"),
        ("--together",),
    ]
    answers = [rows(capsys, "ndfeb", *words)[0] for words in asked]
    assert all(answers.count(answer) == 1 for answer in answers)
    assert answers[4]["controller"] == "japan"
    assert answers[5]["product"] == "everything"
    assert answers[5]["shortfall"] > answers[0]["shortfall"]


def test_a_pipe_gets_every_number(capsys: Said) -> None:
    assert main(["stress", "ndfeb", "--quiet"]) == 0
    heads, line = capsys.readouterr().out.splitlines()
    assert heads.split("\t")[:3] == ["chain", "product", "controller"]
    assert line.startswith("ndfeb\tmagnets\tchina\t0.94")


@pytest.mark.parametrize("words", [[], ["--all"]])
def test_a_person_gets_80_columns(
    words: list[str], capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["stress", "ndfeb", *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0] == "365 days with no exports by the largest supplier"
    (magnets,) = [line for line in lines if "magnets " in line and "china" in line]
    assert {"94", "kt", "≥6.0"} <= set(magnets.split())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ndfeeb"], "no chain 'ndfeeb'; did you mean 'ndfeb'?"),
        (["--region", "Jappan"], "no region 'Jappan'; did you mean 'japan'?"),
        (["--region", "PRC", "--controller", "china"], "'china' cannot ban its own use"),
    ],
)
def test_what_cannot_be_asked_is_said(words: list[str], message: str, capsys: Said) -> None:
    assert main(["stress", *words]) == 2
    assert message in capsys.readouterr().err
