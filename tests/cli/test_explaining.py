"""`explain` tells of one number all that is known, and finds the number that is meant."""

import json
from typing import Any

import pytest

from monazite.cli.app import main
from monazite.evidence import records_of
from monazite.evidence.finding import likely

Said = pytest.CaptureFixture[str]
OUTPUT = "ndfeb.makers.magnet_making.china.output"


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")


def facts(capsys: Said, name: str) -> dict[str, Any]:
    assert main(["explain", name, "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["rows"]
    return dict(found)


def test_a_number_is_explained_in_full(capsys: Said) -> None:
    found = facts(capsys, OUTPUT)
    assert (found["value"], found["low"], found["high"]) == (249_000, 225_000, 270_000)
    assert (found["unit"], found["year"], found["kind"]) == ("t/yr", 2024, "derived")
    assert (found["grade"], found["grade because"]) == ("B", "1 for derived")
    assert found["shape"] == "triangular, drawn once a world"
    assert found["source"].startswith("smm_aug25: Shanghai Metals Market, NdFeB production")
    assert "; iea_oct25: " in found["source"]
    assert found["where"] == "29,599 t of blanks in August 2025; 94 % of world output"
    assert found["worked out"] == (
        "capacity 332,000 t/yr: output over utilisation, none is reported"
    )
    assert found["feeds"].startswith("output at the start, before it is balanced")
    assert "ree-magnets" in found["scenarios"].split(", ")
    assert found["override"] == f"{OUTPUT}: 249000 t/yr"


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        (
            "hazard.bulk.calm_rate",
            "gamma, k 0.5, rate 12.5; low and high are the 5 and 95 % points",
        ),
        ("phases.magnet_plant.cancel_chance", "beta, a 0.5, b 5.5; between 0 and 1"),
        ("ndfeb.products.light_concentrate.usable_share", "no range: the same in every world"),
    ],
)
def test_the_shape_of_a_range_is_told(name: str, shape: str, capsys: Said) -> None:
    assert facts(capsys, name)["shape"] == shape


def test_what_no_rule_reads_says_so(capsys: Said) -> None:
    found = facts(capsys, "behaviour.heavy_thrift")
    assert found["feeds"] == "no rule reads it yet: thrift of Dy and Tb in magnets"
    assert found["scenarios"] == ""


def test_a_line_of_override_is_one_that_a_scenario_takes(capsys: Said) -> None:
    import yaml

    from monazite.evidence import read_chain

    for name in (OUTPUT, "ndfeb.leads.domestic", "ndfeb.products.magnets.price"):
        line = yaml.safe_load(facts(capsys, name)["override"])
        before = records_of("ndfeb")[name].central
        after = read_chain("ndfeb", line).records()[name]
        assert (after.central, after.kind) == (before, "scenario")


@pytest.mark.usefixtures("person")
def test_a_person_reads_it_line_by_line_in_eighty_columns(capsys: Said) -> None:
    assert main(["explain", "ndfeb.magnets.china.capacity"]) == 0
    said = capsys.readouterr()
    nearest = "No record is called 'ndfeb.magnets.china.capacity'; nearest to these words:\n"
    assert said.err == nearest
    lines = said.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0] == OUTPUT
    for line in (
        "value      249,000 t/yr",
        "range      225,000 to 270,000 t/yr",
        "kind       derived: worked out from reported numbers",
        "grade      B: down from A, 1 for derived",
        "scenarios  ree-magnets",
        f"override   overrides: {{{OUTPUT}: 249000 t/yr}}",
    ):
        assert line in lines or any(each.startswith(line) for each in lines), line
    assert "ndfeb.makers.magnet_making.china.utilisation" in lines


def test_many_numbers_are_only_listed(capsys: Said) -> None:
    assert main(["explain", "ndfeb.makers.magnet_making", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["title"] == "Records that 'ndfeb.makers.magnet_making' may mean"
    assert data["rows"][0]["record"] == "china.output"
    assert data["notes"] == ["And 2 more.", "Explain one of them."]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("ndfeb.magnets.china.capacity", [OUTPUT, OUTPUT.replace("output", "utilisation")]),
        ("NdFeB magnet_making japan output", [OUTPUT.replace("china", "japan")]),
        ("behaviour.price_tim", ["behaviour.price_time"]),
        ("phases magnet_plant capex", ["phases.magnet_plant.capex"]),
    ],
)
def test_words_find_the_record(asked: str, found: list[str]) -> None:
    assert likely(asked) == found


def test_what_nothing_is_called_is_refused(capsys: Said) -> None:
    assert main(["explain", "zebra"]) == 2
    assert capsys.readouterr().err == "no record is called 'zebra'\n"
    assert main(["explain", "ndfeb.zebra.quagga.okapi"]) == 2
    assert "no record is called 'ndfeb.zebra.quagga.okapi'" in capsys.readouterr().err
