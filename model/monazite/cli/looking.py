"""`show`: what monazite knows, with where it knows it from."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monazite.cli.options import Debug, Json, names_of_chains, names_of_scenarios
from monazite.cli.showing import show as show_table
from monazite.cli.showing import write_lines
from monazite.errors import MonaziteError

if TYPE_CHECKING:
    from monazite.evidence import Record
    from monazite.report.tables import Table


def show(
    thing: Annotated[
        str,
        typer.Argument(
            metavar="THING",
            help="A chain (ndfeb), a table of the evidence (regions, controls, projects, phases, "
            "behaviour, hazard, sources), the start of a record's name "
            "(ndfeb.makers.magnet_making), or a shipped scenario.",
        ),
    ],
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Show what is known of a thing, every number with its range and source.

    Example: `monazite show ndfeb`
    """
    if thing in names_of_scenarios():
        from monazite.scenario import read_scenario, resolved_text

        write_lines(resolved_text(read_scenario(thing)).splitlines())
        return
    show_table(table_of(thing), as_json=as_json)


def table_of(thing: str) -> "Table":
    """Return the table of one thing.

    Raises:
        MonaziteError: nothing has this name; says what comes close.
    """
    from monazite.evidence import all_records

    if thing in names_of_chains():
        return _shares(thing)
    if thing in _LISTS:
        return _LISTS[thing]()
    records = all_records()
    below = {n: r for n, r in records.items() if n == thing or n.startswith(f"{thing}.")}
    if not below:
        parts = {".".join(n.split(".")[:k]) for n in records for k in range(1, n.count(".") + 2)}
        known = [*names_of_chains(), *_LISTS, *names_of_scenarios(), *parts]
        close = get_close_matches(thing, known, n=3)
        hint = f"; did you mean {' or '.join(close)}?" if close else ""
        raise MonaziteError(f"nothing is called '{thing}'{hint}")
    return _records(thing, below)


def _shares(chain_name: str) -> "Table":
    """Return who makes how much of each product, and where that is known from."""
    from monazite.evidence import read_chain
    from monazite.report.tables import Column, Table

    chain = read_chain(chain_name, {})
    rows: list[tuple[object, ...]] = []
    for product_name, product in chain.products.items():
        makers = [m for m in chain.makers if chain.processes[m.process].makes == product_name]
        total = sum(maker.output.quantity.central for maker in makers)
        for maker in sorted(makers, key=lambda m: -m.output.quantity.central):
            output = maker.output.quantity
            share = 100 * output.central / total if total else 0.0
            rows.append(
                (
                    product.title,
                    maker.region,
                    output.central,
                    share,
                    _range(maker.output),
                    maker.output.kind,
                    _source(maker.output),
                )
            )
    columns = (
        Column("product", "", "left"),
        Column("country", "", "left"),
        Column("output", "t/yr", "right"),
        Column("share", "%", "right"),
        Column("range", "t/yr", "left"),
        Column("kind", "", "left"),
        Column("source", "", "left"),
    )
    notes = ("Central values as recorded, before the chain is brought into balance.",)
    return Table(f"{chain.title}: output by stage and country", columns, rows, notes)


def _records(title: str, records: Mapping[str, "Record"]) -> "Table":
    from monazite.report.tables import Column, Table

    rows = [
        (
            name,
            record.quantity.central,
            record.quantity.unit,
            _range(record),
            str(record.year),
            record.kind,
            _source(record),
        )
        for name, record in records.items()
    ]
    columns = (
        Column("record", "", "left"),
        Column("value", "", "right"),
        Column("unit", "", "left"),
        Column("range", "", "left"),
        Column("year", "", "left"),
        Column("kind", "", "left"),
        Column("source", "", "left"),
    )
    return Table(title, columns, rows, ())


def _range(record: "Record") -> str:
    quantity = record.quantity
    if quantity.is_fixed:
        return ""
    return f"{quantity.low:.4g} to {quantity.high:.4g}"


def _source(record: "Record") -> str:
    source = record.source
    return source if isinstance(source, str) else ", ".join(source or ())


_LISTS: dict[str, Any] = {}
