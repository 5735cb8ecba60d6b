"""The world tables of the USGS are read as they are meant, and refused where they cannot be."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monazite.errors import DataError
from monazite.importing import Gathered, content_of, gather, read_usgs, tally, without_estimates
from monazite.importing.usgs import COLUMNS
from small_data import APOSTROPHE, EM_DASH, EN_DASH, Cells, counting, line, sheet, total

IVORY = f"Côte d{APOSTROPHE}Ivoire"
GOOD = [line("China", "1,000"), line("Japan", "250"), total("1,250")]


def read(folder: Path, rows: list[Cells], content: str | None = None) -> Gathered:
    extract = read_usgs(sheet(folder, rows), "testium", 2024)
    return gather(extract, content_of(content), content is not None)


def amounts(gathered: Gathered) -> dict[str, float]:
    return {part.region: part.amount for part in gathered.parts}


def refused(folder: Path, rows: list[Cells], **wish: object) -> str:
    with pytest.raises(DataError) as caught:
        read_usgs(sheet(folder, rows), str(wish.get("commodity", "testium")), 2024)
    return str(caught.value)


def test_amounts_are_those_of_the_countries_and_the_total_is_no_country(tmp_path: Path) -> None:
    gathered = read(tmp_path, GOOD)
    assert amounts(gathered) == {"china": 1000, "japan": 250}
    assert gathered.extract.total == gathered.sum == 1250


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_every_encoding_gives_the_same(tmp_path: Path, encoding: str) -> None:
    rows = [*GOOD, line(IVORY, EM_DASH), line("Turkey", "7", Section="World Mine Production")]
    gathered = gather(
        read_usgs(sheet(tmp_path, rows, encoding), "testium", 2024), content_of(None), False
    )
    assert amounts(gathered) == {"china": 1000, "japan": 250, "turkey": 7}
    assert gathered.extract.rows[3].country == IVORY


@pytest.mark.parametrize(
    ("unit", "tonnes"),
    [
        ("metric tons", 250),
        ("kilograms", 0.25),
        ("thousand metric tons", 250e3),
        ("thousand metric dry tons", 250e3),
        ("million metric tons", 250e6),
    ],
)
def test_units_are_brought_to_tonnes(tmp_path: Path, unit: str, tonnes: float) -> None:
    gathered = read(tmp_path, [line("Japan", "250", Unit=unit), total("250", Unit=unit)])
    assert amounts(gathered) == pytest.approx({"japan": tonnes})
    assert gathered.extract.total == pytest.approx(tonnes)


@pytest.mark.parametrize(
    ("value", "became"),
    [
        ("W", "not known: withheld"),
        ("NA", "not known: not available"),
        ("s", "not known: less than half a unit"),
        ("XX", "not known: not applicable"),
        ("<200", "not known: a bound, not a number"),
        (">1,200", "not known: a bound, not a number"),
        ("10,000 - 15,000", "not known: a range, not a number"),
        (f"50{EN_DASH}300", "not known: a range, not a number"),
        ("", "not known: empty"),
    ],
)
def test_what_is_not_known_is_never_0(tmp_path: Path, value: str, became: str) -> None:
    gathered = read(tmp_path, [*GOOD, line("United States", value)])
    assert "united_states" not in amounts(gathered)
    (row,) = gathered.silent["united_states"]
    assert row.became == became


@pytest.mark.parametrize("value", [EM_DASH, "0", EN_DASH])
def test_none_is_left_out_and_is_known(tmp_path: Path, value: str) -> None:
    gathered = read(tmp_path, [*GOOD, line("United States", value)])
    assert "united_states" not in amounts(gathered)
    assert gathered.silent == {}
    assert [row.country for row in tally(gathered.extract.rows)["left out: none"]] == [
        "United States"
    ]


def test_members_are_summed_to_the_union_of_their_year(tmp_path: Path) -> None:
    rows = [line(c, "10") for c in ("Germany", "Poland", "United Kingdom", "Norway", "Croatia")]
    assert amounts(read(tmp_path, rows)) == {"eu": 30, "united_kingdom": 10, "norway": 10}


def test_a_sum_names_the_member_that_it_lacks(tmp_path: Path) -> None:
    gathered = read(tmp_path, [line("Germany", "10"), line("Poland", "W")])
    (part,) = gathered.parts
    assert [row.country for row in part.lacks] == ["Poland"]


def test_countries_that_the_model_does_not_name_are_the_rest_of_the_world(tmp_path: Path) -> None:
    rows = [*GOOD, line("Mongolia", "5"), line("Nigeria", "6"), line("Other countries", "7")]
    gathered = read(tmp_path, rows)
    assert amounts(gathered)["rest_of_world"] == 18
    assert gathered.elsewhere == ("Mongolia", "Nigeria")


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("Korea, Republic of", "south_korea"),
        ("Congo (Kinshasa)", "dr_congo"),
        ("Burma", "myanmar"),
        ("New Caledonia", "new_caledonia"),
    ],
)
def test_names_of_the_survey_are_understood(tmp_path: Path, name: str, region: str) -> None:
    assert amounts(read(tmp_path, [line(name, "1")])) == {region: 1}


def test_a_region_that_a_chain_does_not_name_joins_the_rest(tmp_path: Path) -> None:
    extract = read_usgs(sheet(tmp_path, GOOD), "testium", 2024)
    gathered = gather(extract, content_of(None), False, {"china", "rest_of_world"})
    assert amounts(gathered) == {"china": 1000, "rest_of_world": 250}
    assert gathered.elsewhere == ("Japan",)


def test_estimates_are_marked_and_can_be_left_out(tmp_path: Path) -> None:
    rows = [line("China", "1,000"), line("Japan", "250", Notes="Estimated. -- From trade.")]
    extract = read_usgs(sheet(tmp_path, rows), "testium", 2024)
    assert [row.became for row in extract.rows] == ["taken", "taken, estimated by the source"]
    gathered = gather(without_estimates(extract), content_of(None), False)
    assert amounts(gathered) == {"china": 1000}
    assert list(gathered.silent) == ["japan"]


@pytest.mark.parametrize(
    ("changes", "basis"),
    [
        (
            {"Other_notes": counting("gross weight")},
            "gross weight",
        ),
        (
            {"Other_notes": counting("rare-earth-oxide (REO) equivalent")},
            "rare-earth-oxide (REO) equivalent",
        ),
        ({"Notes": "Gross weight of magnesite (magnesium carbonate)."}, "gross weight"),
        ({"Statistics_detail": "Y2O3 equivalent contained in ore"}, "Y2O3 equivalent"),
    ],
)
def test_a_compound_is_not_taken_for_its_element(
    tmp_path: Path, changes: dict[str, str], basis: str
) -> None:
    rows = [line("China", "100", **changes)]
    with pytest.raises(DataError, match="say what the product counts in a ton of it: --content"):
        read(tmp_path, rows)
    gathered = read(tmp_path, rows, "V2O5")
    assert gathered.extract.basis == basis
    assert amounts(gathered)["china"] == pytest.approx(56.02, abs=0.01)
    assert gathered.content.because == "times 0.5602, the V in V2O5 by molar mass"


def test_the_heading_of_a_table_says_more_than_its_notes(tmp_path: Path) -> None:
    rows = [
        line(
            "China",
            "100",
            Section="World Mine Production (testium content) and Reserves",
            Other_notes=counting("gross weight"),
        )
    ]
    assert read(tmp_path, rows).extract.basis == "testium content"


def test_a_row_that_stands_twice_counts_once(tmp_path: Path) -> None:
    gathered = read(tmp_path, [*GOOD, line("Japan", "250")])
    assert amounts(gathered)["japan"] == 250
    assert gathered.extract.rows[-1].became == "left out: the same row again"


def test_a_country_with_two_values_is_refused_with_both_lines(tmp_path: Path) -> None:
    said = refused(tmp_path, [*GOOD, line("Japan", "260")])
    assert said.endswith("usgs.csv:5:1: Japan stands twice: 260 here, 250 in line 3")


def test_two_statistics_are_told_apart(tmp_path: Path) -> None:
    refinery = {"Statistics_detail": "Refinery production"}
    rows = [*GOOD, line("China", "800", **refinery), line("Chile", "90", **refinery)]
    said = refused(tmp_path, rows)
    assert "--statistic is one: 'Mine production', 'Refinery production'" in said
    extract = read_usgs(sheet(tmp_path, rows), "TESTIUM", 2024, "refinery production")
    assert amounts(gather(extract, content_of(None), False)) == {"china": 800, "chile": 90}
    with pytest.raises(DataError, match="did you mean 'Refinery production'"):
        read_usgs(sheet(tmp_path, rows), "testium", 2024, "refinry production")


def test_capacity_is_no_output(tmp_path: Path) -> None:
    capacity = {"Statistics": "Capacity", "Statistics_detail": "Smelter capacity"}
    rows = [*GOOD, line("China", "2,000", **capacity)]
    assert read(tmp_path, rows).sum == 1250
    extract = read_usgs(sheet(tmp_path, rows), "testium", 2024, "Smelter capacity")
    assert (extract.field, extract.rows[0].amount) == ("capacity", 2000)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [line("China", "1.000,5")],
            ":2:1: China: '1.000,5' is no number as the data set writes it",
        ),
        ([line("China", "1,5")], "China: '1,5' is no number"),
        ([line("China", "10,00")], "'10,00' is no number"),
        ([line("China", "-5")], "'-5' is no number"),
        ([line("China", "5", Unit="million carats")], ":2:1: unit 'million carats' is no mass"),
        ([line("China", "5", Year="2025")], "has 'testium' for 2025, not for 2024"),
        ([line("China", "5", Commodity="Testum", MCS_chapter="X")], "did you mean 'Testum'?"),
        ([line("China", "5", Section="Salient Statistics")], "has no world table of 'testium'"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, rows: list[Cells], message: str) -> None:
    assert message in refused(tmp_path, rows)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    rows = [line("China", "1,0"), line("Japan", "x"), line("Peru", "1", Unit="index")]
    said = refused(tmp_path, rows).splitlines()
    assert [entry.partition("usgs.csv:")[2][:3] for entry in said] == ["4:1", "2:1", "3:1"]


def test_a_long_list_of_problems_is_cut(tmp_path: Path) -> None:
    said = refused(tmp_path, [line(f"Land {k}", "x") for k in range(50)]).splitlines()
    assert len(said) == 21
    assert said[-1] == "... and 30 more of the kind"


def test_nothing_to_take_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is nothing to take \(not known: withheld: 2\)"):
        read(tmp_path, [line("China", "W"), line("Japan", "W")])


@pytest.mark.parametrize("keep", [0.5, 0.98])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, keep: float) -> None:
    file = sheet(tmp_path, [line("China", "1,000", Notes="One, two.") for _ in range(9)])
    raw = file.read_bytes()
    file.write_bytes(raw[: int(len(raw) * keep)])
    with pytest.raises(DataError, match=r"usgs\.csv:\d+:1: .*is the file cut off\?"):
        read_usgs(file, "testium", 2024)


def test_a_file_that_a_spreadsheet_saved_again_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="parted by semicolons: a spreadsheet saved the file again"):
        read_usgs(sheet(tmp_path, GOOD, mark=";"), "testium", 2024)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    columns = [name for name in COLUMNS if name != "Unit"]
    with pytest.raises(DataError, match=r"usgs\.csv:1:1: no column 'Unit'"):
        read_usgs(sheet(tmp_path, GOOD, columns=columns), "testium", 2024)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"PK\x03\x04\0\0", "this is no text; expected the commodities file of the Mineral"),
        ("a,b\n1,2\n".encode("utf-16"), "this is no text.*save it as CSV, UTF-8"),
        (
            b"a,b\n1,2\n",
            "its columns begin with a, b; expected the commodities file",
        ),
        (b"", "another table: its columns begin with nothing"),
        (b"\x81\x8d\xff", "neither UTF-8 nor cp1252"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, raw: bytes, message: str) -> None:
    file = tmp_path / "other.csv"
    file.write_bytes(raw)
    with pytest.raises(DataError, match=message):
        read_usgs(file, "testium", 2024)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.csv: no such file"):
        read_usgs(tmp_path / "none.csv", "testium", 2024)
    with pytest.raises(DataError, match="is a folder"):
        read_usgs(tmp_path, "testium", 2024)


def test_the_edition_follows_from_the_newest_year(tmp_path: Path) -> None:
    rows = [*GOOD, line("China", "1", Year="2025"), line("China", "1", Year=f"2021{EN_DASH}24")]
    extract = read_usgs(sheet(tmp_path, rows), "testium", 2024)
    assert extract.source.id == "own_usgs_mcs2026"
    assert "5 rows, sha256 " in str(extract.source.about["note"])


@given(st.integers(0, 900), st.binary(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_damage_ends_in_anything_but_a_message(tmp_path: Path, at: int, damage: bytes) -> None:
    file = sheet(tmp_path, GOOD)
    raw = file.read_bytes()
    file.write_bytes(raw[:at] + damage + raw[at + len(damage) :])
    with suppress(DataError):
        gather(read_usgs(file, "testium", 2024), content_of(None), False)
