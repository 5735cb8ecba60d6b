"""A user begins with `new` and `list`, and looks around with `show`."""

import json
from pathlib import Path

import pytest

from monazite.cli.app import main
from monazite.cli.starting import templates
from monazite.scenario import read_scenario, shipped_names


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("template", sorted(templates()))
def test_every_template_is_valid_as_it_is_written(template: str) -> None:
    assert main(["new", "mine", "--template", template, "--quiet"]) == 0
    assert main(["validate", "mine.yaml"]) == 0
    assert read_scenario("mine.yaml").name == "mine"


def test_a_new_file_names_the_schema_that_is_written_beside_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["new", "mine"]) == 0
    assert capsys.readouterr().out == "mine.yaml\n"
    first = Path("mine.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=monazite.schema.json"
    schema = json.loads(Path("monazite.schema.json").read_text(encoding="utf-8"))
    assert "properties" in schema


def test_new_never_overwrites(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.yaml").write_text("mine\n", encoding="utf-8")
    assert main(["new", "mine"]) == 2
    assert "mine.yaml is already there" in capsys.readouterr().err
    assert Path("mine.yaml").read_text(encoding="utf-8") == "mine\n"


@pytest.mark.parametrize("name", ["../mine", "Mine", "1st", "a b"])
def test_new_refuses_a_name_that_no_scenario_can_have(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", name]) == 2
    assert "cannot name a scenario" in capsys.readouterr().err
    assert list(Path().iterdir()) == []


def test_a_template_that_is_not_there_is_answered_with_those_that_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["new", "mine", "--template", "nothing"]) == 2
    assert "there are: comparison, stockpile, variant" in capsys.readouterr().err


def test_list_names_every_shipped_scenario_and_its_strategies(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["list"]) == 0
    said = capsys.readouterr().out
    for name in shipped_names():
        assert f"scenario\t{name}\t" in said
        for strategy in read_scenario(name).strategies:
            assert f"strategy\t{name}: {strategy}\t" in said
    assert "chain\tndfeb\t" in said


def test_list_of_one_kind_lists_that_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "chains", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert {row["kind"] for row in rows} == {"chain"}


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        ("ndfeb", "magnet_making\tjapan\t"),
        ("regions", "myanmar\tMyanmar\tBurma"),
        ("blocs", "quad\t"),
        ("controls", "cn_ree_quota_2010\t"),
        ("projects", "lynas_lamp\t"),
        ("stockpiles", "us_project_vault\t"),
        ("price_support", "mp_dod_ppa\t"),
        ("rules", "china"),
        ("sources", "iea_cmde\t"),
        ("phases", "magnet_plant.permitting\t"),
        ("behaviour", "price_time\t"),
        ("hazard", "calm_rate\t"),
        ("ndfeb.makers.magnet_making.japan", "output\t"),
    ],
)
def test_show_prints_what_is_known(
    thing: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", thing]) == 0
    said = capsys.readouterr().out
    assert words in said
    assert len({line.count("\t") for line in said.splitlines()}) == 1


def test_shares_of_each_stage_add_up_to_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "ndfeb", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    magnets = [row["share"] for row in rows if row["process"] == "magnet_making"]
    assert sum(magnets) == pytest.approx(100, abs=0.3)


def test_every_shown_number_of_a_chain_says_of_what_kind_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["show", "ndfeb", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert {row["kind"] for row in rows} <= {"article", "reported", "derived", "judged"}
    assert all(row["source"] for row in rows if row["kind"] in {"article", "reported"})


def test_what_nothing_is_called_is_answered_with_what_is_near(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["show", "regoins"]) == 2
    assert "nothing is called 'regoins'; did you mean 'regions'?" in capsys.readouterr().err
    assert main(["show", "xyzzy"]) == 2
    said = "nothing is called 'xyzzy'; 'monazite list lists' names what there is"
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("thing", "key", "value"),
    [("iea_cmde", "publisher", "International Energy Agency"), ("india", "title", "India")],
)
def test_a_line_of_a_list_is_shown_by_its_name(
    thing: str, key: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", thing, "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert row[key] == value


def test_a_person_sees_a_chain_stage_by_stage(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["show", "ndfeb"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    stages = [line for line in lines if line.startswith("── ")]
    assert stages[0].split()[1] == "light_mining"
    assert len(stages) == len(set(stages))
    assert any(line.startswith("china ") for line in lines)


def test_new_where_the_schema_cannot_be_written_is_told_plainly(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("monazite.schema.json").symlink_to(Path("nowhere") / "schema.json")
    assert main(["new", "mine"]) == 2
    said = capsys.readouterr().err
    assert said == "cannot write monazite.schema.json: No such file or directory\n"
