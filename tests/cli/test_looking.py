"""`show` tells of a chain who makes it, how concentrated it is, who depends, who disagrees."""

import csv
import io
import json
from typing import Any

import pytest

from monazite.cli.app import main
from monazite.cli.lists import LISTS
from monazite.evidence import chain_names, read_chain

Said = pytest.CaptureFixture[str]


def rows(capsys: Said, *words: str) -> list[dict[str, Any]]:
    assert main(["show", *words, "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["rows"]
    return found


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")


def test_a_pipe_gets_the_shares_and_every_number_its_grade(capsys: Said) -> None:
    found = rows(capsys, "ndfeb")
    assert list(found[0]) == [
        "process", "country", "output", "share", "range", "kind", "grade", "source", "product",
        "by-product of",
    ]  # fmt: skip
    assert {row["grade"] for row in found} <= set("ABCDE")


def test_concentration_of_magnets_is_that_of_the_record(capsys: Said) -> None:
    found = {row["product"]: row for row in rows(capsys, "ndfeb", "--part", "supply")}
    magnets = found["magnets"]
    assert (magnets["largest"], magnets["share"]) == ("china", 94)
    assert magnets["HHI"] == 8859
    assert magnets["left"] == pytest.approx(5.97)
    assert magnets["left"] < magnets["with spare"] < magnets["outside"]


@pytest.mark.parametrize("part", ["shares", "supply", "reliance", "opinions"])
@pytest.mark.parametrize("chain", chain_names())
def test_every_part_of_every_chain_is_one_table(chain: str, part: str, capsys: Said) -> None:
    assert main(["show", chain, "--part", part]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len({line.count("\t") for line in lines}) == 1


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize("chain", chain_names())
def test_a_person_gets_all_of_a_chain_in_eighty_columns(chain: str, capsys: Said) -> None:
    assert main(["show", chain]) == 0
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 80
    for heading in ("output by stage", "concentration, and N-1", "net import reliance", "opinions"):
        assert f"{chain}: " in said
        assert heading in said


def test_reliance_is_shown_for_the_regions_that_are_asked_for(capsys: Said) -> None:
    found = rows(capsys, "ndfeb", "--part", "reliance", "--regions", "USA,china")
    assert [row["region"] for row in found[-2:]] == ["united_states", "china"]
    american, chinese = (row["reliance"] for row in found[-2:])
    assert american == pytest.approx(96.8)
    assert chinese < 0


def test_a_region_that_a_chain_does_not_name_is_said_to_be_absent(capsys: Said) -> None:
    assert main(["show", "ndfeb", "--part", "reliance", "--region", "cuba", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["rows"] == []
    assert "cuba is not named in this chain." in data["notes"]


def test_a_region_that_there_is_not_is_answered_with_what_is_near(capsys: Said) -> None:
    assert main(["show", "ndfeb", "--region", "jappan"]) == 2
    assert capsys.readouterr().err == "no region 'jappan'; did you mean 'japan'?\n"


def test_a_part_that_there_is_not_is_answered_with_those_that_are(capsys: Said) -> None:
    assert main(["show", "ndfeb", "--part", "prices"]) == 2
    said = "'ndfeb' has no part 'prices'; there are: shares, supply, reliance, opinions\n"
    assert capsys.readouterr().err == said
    assert main(["show", "blocs", "--part", "shares"]) == 2
    assert capsys.readouterr().err == "'blocs' has no part 'shares'; there are: blocs\n"


def test_second_opinions_stand_beside_our_own_with_the_reason(capsys: Said) -> None:
    chain = read_chain("ndfeb")
    found = rows(capsys, "ndfeb", "--part", "opinions")
    assert {row["product"] for row in found} == {o.product for o in chain.second_opinions}
    for row in found:
        if row["ours"] and row["theirs"] is not None:
            expected = 100 * (row["theirs"] / row["ours"] - 1)
            assert row["difference"] == pytest.approx(expected, rel=0.01, abs=0.01)
        assert row["why"]


@pytest.mark.usefixtures("person")
def test_the_host_of_a_by_product_stands_over_its_makers(capsys: Said) -> None:
    hosts = {
        (name, key): process.by_product_of
        for name in chain_names()
        for key, process in read_chain(name).processes.items()
        if process.by_product_of
    }
    for (name, process), host in hosts.items():
        assert main(["show", name, "--part", "shares"]) == 0
        assert f"── {process}, by-product of {host} ─" in capsys.readouterr().out


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize("thing", [*LISTS, "behaviour", "phases", "hazard"])
def test_every_list_can_be_read_in_eighty_columns(thing: str, capsys: Said) -> None:
    assert main(["show", thing]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


@pytest.mark.parametrize("thing", [*LISTS, "behaviour", "phases", "hazard", "ndfeb"])
def test_every_list_is_json_and_csv(thing: str, capsys: Said) -> None:
    data = rows(capsys, thing)
    assert main(["show", thing, "--csv"]) == 0
    read = list(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))
    assert len(read) == len(data) + 1
    assert {len(line) for line in read} == {len(data[0])}


def test_projects_say_what_became_of_them_by_stage(capsys: Said) -> None:
    found = rows(capsys, "projects", "--part", "outcomes")
    totals = {row["group"]: row for row in found if row["stage"] == "all"}
    plants = totals["separation_or_metal"]
    assert [plants[key] for key in ("on time", "late", "dead", "unsettled")] == [3, 8, 3, 7]
    assert plants["late or dead"] == 79
    counted = sum(row[key] for row in totals.values()
                  for key in ("on time", "late", "dead", "unsettled"))  # fmt: skip
    assert counted == 52


@pytest.mark.usefixtures("person")
def test_what_was_looked_for_and_not_found_says_so(capsys: Said) -> None:
    assert main(["show", "stockpiles"]) == 0
    said = capsys.readouterr().out
    assert "── us_project_vault ─" in said
    assert any(line.split() == ["exim", "interest", "not", "found"] for line in said.splitlines())
