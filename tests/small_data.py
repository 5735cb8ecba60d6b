"""Small files in the formats that are imported, with numbers made up for the tests."""

import csv
import io
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from monazite.importing.usgs import COLUMNS

EN_DASH, EM_DASH, APOSTROPHE = "\N{EN DASH}", "\N{EM DASH}", "\N{RIGHT SINGLE QUOTATION MARK}"
MINING = ("Country", "Country_Code", "Country_ISO", "2023", "2024", "unit", "data_source")
SPACED = {"Other_notes": "Other notes", "MCS_chapter": "MCS chapter"}
"""Columns that cannot be the name of an argument."""
Cells = dict[str, str]


def line(country: str, value: str, **changes: str) -> Cells:
    """One row of the USGS file, of the mine production of testium in 2024."""
    row = {
        "MCS chapter": "TESTIUM",
        "Section": "World Mine Production and Reserves",
        "Commodity": "Testium",
        "Country": country,
        "Statistics": "Production",
        "Statistics_detail": "Mine production",
        "Unit": "metric tons",
        "Year": "2024",
        "Value": value,
        "Notes": "",
        "Other notes": counting("testium content"),
    }
    return row | {SPACED.get(key, key): value for key, value in changes.items()}


def counting(basis: str) -> str:
    """What the file says above a table of what it counts."""
    return f"(Data in metric tons, {basis}, unless otherwise specified)"


def total(value: str, **changes: str) -> Cells:
    """The row of the world total."""
    return line("World total", value, Statistics_detail="Mine production: rounded", **changes)


def sheet(
    folder: Path,
    rows: Iterable[Cells],
    encoding: str = "cp1252",
    mark: str = ",",
    columns: Sequence[str] = COLUMNS,
) -> Path:
    """Write a file of the USGS form; return its path."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, delimiter=mark, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    file = folder / "usgs.csv"
    file.write_bytes(out.getvalue().encode(encoding))
    return file


def mining_data(
    folder: Path,
    rows: Iterable[tuple[object, ...]],
    table: str = "Testium",
    columns: Sequence[str] = MINING,
) -> Path:
    """Write a database of the form of world_mining_data.db into a folder; return the folder."""
    with sqlite3.connect(folder / "world_mining_data.db") as database:
        named = ", ".join(f'"{name}"' for name in columns)
        database.execute(f'CREATE TABLE "{table}" ({named})')
        database.execute('CREATE TABLE "HS Code Map" ("Sheet_name" TEXT)')
        marks = ", ".join("?" * len(columns))
        database.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
    database.close()
    return folder


def country(
    name: str, iso: str, amount: object, grade: str = "r", unit: str = "metr. t"
) -> tuple[object, ...]:
    """One row of a table of World Mining Data: the amount of 2024, and 1 in 2023."""
    return name, "0", iso, 1, amount, unit, grade


COUNTRIES = (
    ("156", "China", "CHN"),
    ("276", "Germany", "DEU"),
    ("251", "France", "FRA"),
    ("826", "United Kingdom", "GBR"),
    ("490", "Other Asia, nes", "S19"),
    ("496", "Mongolia", "MNG"),
    ("842", "USA", "USA"),
)


TRADED = (
    ("2024", "156", "276", 250410, "90.0", "10.0"),
    ("2024", "156", "251", 250410, "10.0", "5.0"),
    ("2024", "842", "276", 250410, "60.0", "5.0"),
    ("2024", "251", "276", 250410, "99.0", "99.0"),
    ("2024", "276", "842", 250410, "7.0", "7.0"),
    ("2023", "156", "276", 250410, "1.0", "1.0"),
    ("2024", "156", "276", 261100, "1.0", "1.0"),
)
"""Year, seller, buyer, product, value and quantity; among them trade within the union."""


def trade_data(folder: Path, rows: Iterable[tuple[str, str, str, int, object, object]]) -> Path:
    """Write a database of the form of baci.db into a folder; return the folder."""
    with sqlite3.connect(folder / "baci.db") as database:
        database.execute(
            "CREATE TABLE country_codes_V202401b (country_code, country_name, country_iso3)"
        )
        database.execute(
            "CREATE TABLE baci_trade (t TEXT, i TEXT, j TEXT, k INTEGER, v TEXT, q TEXT)"
        )
        database.executemany("INSERT INTO country_codes_V202401b VALUES (?, ?, ?)", COUNTRIES)
        database.executemany("INSERT INTO baci_trade VALUES (?, ?, ?, ?, ?, ?)", rows)
    database.close()
    return folder


GOVERNED = (
    ("China", "CHN", "-0.5", "-0.4"),
    ("Germany", "DEU", "0.5", "0.9"),
    ("France", "FRA", "0.5", "0.3"),
    ("TÃ¼rkiye", "TUR", "-1.0", "-0.9"),
    ("Vietnam", "VNM", "0.1", "0.0"),
    ("Japan", "JPN", "1.0", "nan"),
    ("Aruba", "ABW", "1.3", "1.3"),
)
"""Country, code, and the estimates of 2023 and 2024; the letters of one name are damaged."""


def governance_data(
    folder: Path,
    rows: Iterable[tuple[object, ...]] = GOVERNED,
    columns: Sequence[str] = ("Country/Territory", "Code", "2023", "2024"),
) -> Path:
    """Write a database of the form of wgi.db into a folder; return the folder."""
    with sqlite3.connect(folder / "wgi.db") as database:
        named = ", ".join(f'"{name}" TEXT' for name in (*columns, "country_code"))
        database.execute(f'CREATE TABLE "Estimate" ({named})')
        marks = ", ".join("?" * len(columns))
        database.executemany(f'INSERT INTO "Estimate" VALUES ({marks}, 0)', rows)
    database.close()
    return folder
