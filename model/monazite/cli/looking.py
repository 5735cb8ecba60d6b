"""`show`: what monazite knows, with where it knows it from."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli.lists import LISTS, Row, list_of, table
from monazite.cli.options import Debug, Json
from monazite.cli.showing import PERSON_DIGITS, on_terminal, text_of, write_lines
from monazite.cli.showing import show as show_table
from monazite.errors import MonaziteError

FEW = 3
"""Records of which the reason is printed as well."""

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
    from monazite.evidence import chain_names
    from monazite.scenario import read_scenario, resolved_text, shipped_names

    if thing in shipped_names():
        write_lines(resolved_text(read_scenario(thing)).splitlines())
        return
    found = table_of(thing)
    person = on_terminal() and not as_json and thing in chain_names()
    show_table(by_stage(found) if person else found, as_json=as_json)


def table_of(thing: str) -> "Table":
    """Return the table of one thing.

    Raises:
        MonaziteError: nothing has this name; says what comes close.
    """
    from monazite.evidence import all_records, chain_names
    from monazite.scenario import shipped_names
    from monazite.scenario.hints import did_you_mean

    if thing in chain_names():
        return _shares(thing)
    if thing in LISTS:
        return list_of(thing)
    records = all_records()
    below = {n: r for n, r in records.items() if n == thing or n.startswith(f"{thing}.")}
    if not below:
        parts = {".".join(n.split(".")[:k]) for n in records for k in range(1, n.count(".") + 2)}
        known = [*chain_names(), *LISTS, *shipped_names(), *parts]
        raise MonaziteError(f"nothing is called '{thing}'{did_you_mean(thing, known)}")
    return _records(thing, below)


def _shares(chain_name: str) -> "Table":
    """Return who makes how much of each product, and where that is known from."""
    from monazite.evidence import read_chain

    chain = read_chain(chain_name)
    rows: list[Row] = []
    for name in chain.products:
        makers = sorted(chain.makers_of(name), key=lambda maker: -maker.output.central)
        total = sum(maker.output.central for maker in makers)
        for maker in makers:
            out = maker.output
            share = 100 * out.central / total if total else 0.0
            spread, _, kind, source = _grounds(out)
            rows.append(
                (maker.process, maker.region, out.central, round(share, 1), spread, kind, source)
            )
    return table(
        f"{chain_name}: output by stage and country, {chain.reference_year}",
        ("process", "country", "output:t/yr", "share:%", "range", "kind", "source"),
        rows,
        "Shares are of all that makes the same product, as recorded, before the chain is balanced.",
    )


def by_stage(shares: "Table") -> "Table":
    """Return the table of a chain for a person: a line for each stage, its makers below."""
    from dataclasses import replace

    makers: dict[object, list[Row]] = {}
    for process, *rest in shares.rows:
        line = tuple(text_of(value, PERSON_DIGITS) for value in rest)
        makers.setdefault(process, []).append(line)
    rows: list[Row] = []
    for process, lines in makers.items():
        rows += [(process, *[""] * (len(lines[0]) - 1)), *lines]
    return replace(shares, columns=shares.columns[1:], rows=tuple(rows))


def _records(title: str, records: Mapping[str, "Record"]) -> "Table":
    rows: list[Row] = [
        (name.removeprefix(f"{title}."), record.central, record.unit, *_grounds(record))
        for name, record in records.items()
    ]
    heads = ("record", "value:", "unit", "range", "year", "kind", "source")
    return table(title, heads, rows, *_reasons(records))


def _grounds(record: "Record") -> Row:
    """Return range, year, kind and source of a number."""
    fixed, dash = record.quantity.is_fixed, " to " if record.low < 0 else "-"
    spread = "" if fixed else f"{_short(record.low)}{dash}{_short(record.high)}"
    return spread, "" if record.year is None else str(record.year), record.kind, _cited(record)


def _cited(record: "Record") -> str:
    return ", ".join(record.source)


def _reasons(records: Mapping[str, "Record"]) -> Iterable[str]:
    """Yield why a number is what it is, where there are few enough to read."""
    if len(records) <= FEW:
        for record in records.values():
            yield from (text for text in (record.where, record.because) if text)


def _short(number: float) -> str:
    """Return a number in three digits, never as a power of ten.

    >>> _short(12345.0), _short(0.123456)
    ('12300', '0.123')
    """
    return f"{float(f'{number:.3g}'):.15g}"
