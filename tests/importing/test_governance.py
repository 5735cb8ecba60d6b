"""How countries are governed is read without guesses, and weighs concentration."""

import csv
import json
from pathlib import Path

import pytest

from monazite.cli.app import main
from monazite.errors import DataError, SeedError
from monazite.evidence.governance import Governance, governance_in, weighted_hhi
from monazite.evidence.lint import problems_in_seeds
from monazite.evidence.supply import Supply
from monazite.importing import Governed, governance_text, read_governance, review_text, told
from small_data import GOVERNED, governance_data

Said = pytest.CaptureFixture[str]
TEXT = "indicator: political_stability\nyear: 2024\nsource: own_wgi\n"
SCALE = "scale: {worst: -2.5, best: 2.5}\n"


def values(governed: Governed) -> dict[str, float]:
    return {part.region: part.amount for part in governed.parts}


def reviewed(governed: Governed) -> dict[str, tuple[str, str, str]]:
    rows = csv.DictReader(review_text(governed.extract, governed.region_of).splitlines())
    return {row["country"]: (row["region"], row["amount"], row["became"]) for row in rows}


def saved(folder: Path, text: str) -> Path:
    file = folder / "governance.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def supply_of(**output: float) -> Supply:
    return Supply(output, {}, {})


def test_members_of_the_union_count_alike_and_the_review_says_so(tmp_path: Path) -> None:
    governed = read_governance(governance_data(tmp_path), 2024)
    assert values(governed) == {"eu": 0.6, "vietnam": 0, "china": -0.4, "turkey": -0.9}
    mean = "taken into the mean of its region, each country with the same weight"
    assert reviewed(governed)["Germany"] == ("eu", "0.9", mean)
    assert told(governed.parts[0]) == "mean of Germany, France, each with the same weight"


def test_a_country_of_no_region_is_left_out(tmp_path: Path) -> None:
    governed = read_governance(governance_data(tmp_path), 2024)
    assert reviewed(governed)["Aruba"] == ("", "", "left out: no region of the model")
    assert "rest_of_world" not in values(governed)


def test_countries_of_no_region_may_stand_twice(tmp_path: Path) -> None:
    """French Guiana has the name and the code of Guyana."""
    rows = [*GOVERNED, ("Guyana", "GUY", "0.1", "0.3"), ("Guyana", "GUY", "0.1", "0.0")]
    governed = read_governance(governance_data(tmp_path, rows), 2024)
    assert len(governed.extract.rows) == len(rows)
    assert set(values(governed)) == {"eu", "vietnam", "china", "turkey"}


def test_codes_are_read_before_names_with_damaged_letters(tmp_path: Path) -> None:
    governed = read_governance(governance_data(tmp_path), 2024)
    assert reviewed(governed)["TÃ¼rkiye"] == ("turkey", "-0.9", "taken")


@pytest.mark.parametrize("missing", [None, "nan", "None", " NA ", ""])
def test_a_missing_value_is_not_0(tmp_path: Path, missing: object) -> None:
    rows = [*GOVERNED, ("Chile", "CHL", "0.1", missing), ("Poland", "POL", "0.5", missing)]
    governed = read_governance(governance_data(tmp_path, rows), 2024)
    assert list(governed.silent) == ["japan", "chile"]
    assert "chile" not in values(governed)
    assert values(governed)["eu"] == 0.6
    assert told(governed.parts[0]).endswith("same weight; without Poland (empty)")
    assert "# Not known, and not 0: japan, chile." in governance_text(governed)


def test_a_value_of_0_is_a_value(tmp_path: Path) -> None:
    governed = read_governance(governance_data(tmp_path), 2024)
    assert reviewed(governed)["Vietnam"] == ("vietnam", "0", "taken")


def test_britain_is_in_the_union_to_2020(tmp_path: Path) -> None:
    rows = [("Germany", "DEU", "0.5", "0.5"), ("United Kingdom", "GBR", "0.1", "0.1")]
    columns = ("Country/Territory", "Code", "2020", "2021")
    folder = governance_data(tmp_path, rows, columns)
    assert values(read_governance(folder, 2020)) == {"eu": 0.3}
    assert values(read_governance(folder, 2021)) == {"eu": 0.5, "united_kingdom": 0.1}


def test_a_year_and_an_indicator_that_are_not_there_are_named(tmp_path: Path) -> None:
    folder = governance_data(tmp_path)
    with pytest.raises(DataError, match="table 'Estimate' has 2023 or 2024, not 1997"):
        read_governance(folder, 1997)
    with pytest.raises(DataError, match=r"no such; did you mean 'political_stability'"):
        read_governance(folder, 2024, "political_stabilty")
    with pytest.raises(DataError, match=r"--indicator rule_of_law: wgi.db has no such; it has"):
        read_governance(folder, 2024, "rule_of_law")


def test_another_layout_and_an_empty_year_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no wgi.db in it"):
        read_governance(tmp_path, 2024)
    governance_data(tmp_path, [("China", "1")], ("Country/Territory", "2024"))
    with pytest.raises(DataError, match="table 'Estimate' has no column Code"):
        read_governance(tmp_path, 2024)
    (tmp_path / "wgi.db").unlink()
    governance_data(tmp_path, [("China", "CHN", "1", "nan")])
    with pytest.raises(DataError, match="there is nothing to take"):
        read_governance(tmp_path, 2024)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("Chile", "CHL", "1", "57.5"), "row 8 (Chile): '57.5' is no estimate, which run from"),
        (("Chile", "CHL", "1", "good"), "row 8 (Chile): 'good' is no number"),
        (("China", "CHN", "1", "-0.3"), "row 8 (China): stands twice: -0.3 here, -0.4 in table"),
        (("PR China", "CHN", "1", "-0.3"), "row 8 (PR China): stands twice"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, row: tuple[str, ...], message: str) -> None:
    with pytest.raises(DataError) as caught:
        read_governance(governance_data(tmp_path, [*GOVERNED, row]), 2024)
    assert message in str(caught.value)


def test_the_weighted_index_is_that_of_paper_and_pencil() -> None:
    """60 % and 40 %, at risks of 0.5 and 0.25: 3600 / 2 + 1600 / 4."""
    assert weighted_hhi(supply_of(a=6, b=4), {"a": 0.5, "b": 0.25}) == (2200, 2200)
    assert weighted_hhi(supply_of(a=1), {"a": 1.0}) == (10_000, 10_000)


def test_makers_without_a_value_count_with_the_mean_of_the_others() -> None:
    """50, 30 and 20 %: 2500 x 0.6 + 900 x 0.2 + 400 x 0.4."""
    found = weighted_hhi(supply_of(a=50, b=30, c=20), {"a": 0.6, "b": 0.2})
    assert found == pytest.approx((1840, 1840))
    rest = weighted_hhi(supply_of(a=50, b=30, rest_of_world=20), {"a": 0.6, "b": 0.2})
    assert rest == pytest.approx((1680, 1840))
    assert weighted_hhi(supply_of(a=50, b=30), {"c": 0.2}) is None


def test_the_ends_of_the_scale_are_risks_of_1_and_0(tmp_path: Path) -> None:
    regions = "regions: {china: -2.5, japan: 2.5, chile: 0, myanmar: -2.8, norway: 1.5}\n"
    found = governance_in(saved(tmp_path, TEXT + SCALE + regions))
    risks = [found.risk(region) for region in ("china", "japan", "chile", "myanmar", "norway")]
    assert risks == pytest.approx([1, 0, 0.5, 1, 0.2])
    assert found.risk("canada") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SCALE + "regions: {chnia: 1}", "no value can be of 'chnia'; did you mean 'china'?"),
        (SCALE + "regions: {rest_of_world: 1}", "no value can be of 'rest_of_world'"),
        ("scale: {worst: 1, best: 1}\nregions: {china: 1}", "1 is not below best, 1"),
        (SCALE + "regions: {}", "regions"),
        (SCALE + "regions: {china: ", "governance.yaml"),
    ],
)
def test_a_file_that_is_wrong_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SeedError) as caught:
        governance_in(saved(tmp_path, TEXT + text))
    assert message in str(caught.value)
    with pytest.raises(SeedError, match="cannot be read"):
        governance_in(tmp_path / "none.yaml")


def imported(folder: Path) -> Path:
    governance_data(folder)
    words = ["import", "governance", str(folder), "--year", "2024", "--out", str(folder / "out")]
    assert main(words) == 0
    return folder / "out" / "governance.yaml"


def test_what_is_imported_is_read_back_and_never_overwritten(tmp_path: Path, capsys: Said) -> None:
    file = imported(tmp_path)
    said = capsys.readouterr()
    assert said.out.splitlines()[-1] == str(file)
    assert "Look at this: not known, and not 0: japan." in said.err
    found = governance_in(file)
    assert (found.year, found.source, found.regions["eu"]) == (2024, "own_wgi", 0.6)
    assert problems_in_seeds(tmp_path / "out") == []
    assert sorted(entry.name for entry in file.parent.iterdir()) == [
        "governance.yaml",
        "review.csv",
        "sources.yaml",
    ]
    words = ["import", "governance", str(tmp_path), "--year", "2023", "--out", str(file.parent)]
    assert main(words) == 2
    assert "is already there and is kept" in capsys.readouterr().err


def test_a_program_gets_both_tables_of_the_import(tmp_path: Path, capsys: Said) -> None:
    governance_data(tmp_path)
    out = ["--out", str(tmp_path / "out"), "--json"]
    assert main(["import", "governance", str(tmp_path), "--year", "2024", *out]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["regions"]["rows"][-1]["region"] == "japan"
    assert said["regions"]["rows"][-1]["value"] is None


def test_a_chain_is_shown_weighted(tmp_path: Path, capsys: Said) -> None:
    file = str(imported(tmp_path))
    capsys.readouterr()
    assert main(["show", "ndfeb", "--governance", file, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    for row in data["rows"]:
        assert 0 < row["weighted"] <= row["weighted at most"] < row["HHI at most"]
    notes = " ".join(data["notes"])
    assert "(2.5 - value) / 5" in notes
    assert "GeoPolRisk" in notes
    assert "No value: " in notes
    assert main(["show", "ndfeb", "--governance", file, "--csv"]) == 0
    assert "weighted at most" in capsys.readouterr().out.splitlines()[0]


def test_a_chain_of_which_no_maker_has_a_value_has_no_index(
    tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(saved(tmp_path, TEXT + SCALE + "regions: {cuba: 0}\n"))
    assert main(["show", "ndfeb", "--governance", file, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert {row["weighted"] for row in rows} == {None}
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["show", "ndfeb", "--governance", file]) == 0
    said = capsys.readouterr().out.splitlines()
    assert max(map(len, said)) <= 80
    assert next(line for line in said if line.startswith("magnets")).split()[-1] == "-"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ndfeb", "--part", "shares"], "--governance weighs the part supply, not 'shares'"),
        (["ndfeb", "--regions", "japan"], "--regions names rows of the part reliance"),
        (["regions"], "--governance weighs a chain, and 'regions' is none"),
    ],
)
def test_only_the_supply_of_a_chain_is_weighted(
    words: list[str], message: str, tmp_path: Path, capsys: Said
) -> None:
    file = str(saved(tmp_path, TEXT + SCALE + "regions: {china: 0}\n"))
    assert main(["show", *words, "--governance", file]) == 2
    assert message in capsys.readouterr().err


def test_a_whole_number_is_a_value() -> None:
    data = {"indicator": "x", "year": 2024, "source": "s", "scale": {"worst": 0, "best": 10}}
    assert Governance.model_validate({**data, "regions": {"china": 5}}).risk("china") == 0.5
