"""`show`: what monazite knows, with where it knows it from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli.options import Debug, Json, names_of_chains, names_of_scenarios
from monazite.cli.showing import show as show_table
from monazite.cli.showing import write_lines
from monazite.errors import MonaziteError

Row = tuple[object, ...]
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
    from monazite.scenario.hints import did_you_mean

    if thing in names_of_chains():
        return _shares(thing)
    if thing in _LISTS:
        return _LISTS[thing]()
    records = all_records()
    below = {n: r for n, r in records.items() if n == thing or n.startswith(f"{thing}.")}
    if not below:
        parts = {".".join(n.split(".")[:k]) for n in records for k in range(1, n.count(".") + 2)}
        known = [*names_of_chains(), *_LISTS, *names_of_scenarios(), *parts]
        raise MonaziteError(f"nothing is called '{thing}'{did_you_mean(thing, known)}")
    return _records(thing, below)


def _shares(chain_name: str) -> "Table":
    """Return who makes how much of each product, and where that is known from."""
    from monazite.evidence import read_chain

    chain = read_chain(chain_name)
    rows: list[Row] = []
    for name, product in chain.products.items():
        makers = sorted(chain.makers_of(name), key=lambda maker: -maker.output.central)
        total = sum(maker.output.central for maker in makers)
        for maker in makers:
            out = maker.output
            share = 100 * out.central / total if total else 0.0
            who = maker.region if not maker.balances else f"{maker.region} *"
            rows.append((product.title, who, out.central, share, *_grounds(out)))
    return _table(
        f"{chain.title}: output by stage and country, {chain.reference_year}",
        ("product", "country", "output:t/yr", "share:%", "range", "year", "kind", "source"),
        rows,
        "As recorded, before the chain is brought into balance; * takes what does not close.",
    )


def _records(title: str, records: Mapping[str, "Record"]) -> "Table":
    rows: list[Row] = [
        (name.removeprefix(f"{title}."), record.central, record.unit, *_grounds(record))
        for name, record in records.items()
    ]
    heads = ("record", "value:", "unit", "range", "year", "kind", "source")
    return _table(title, heads, rows, *_reasons(records))


def _grounds(record: "Record") -> Row:
    """Return range, year, kind and source of a number."""
    fixed = record.quantity.is_fixed
    spread = "" if fixed else f"{record.low:.4g} to {record.high:.4g}"
    return spread, "" if record.year is None else str(record.year), record.kind, _cited(record)


def _cited(record: "Record") -> str:
    return ", ".join(record.source)


def _reasons(records: Mapping[str, "Record"]) -> Iterable[str]:
    """Yield why a number is what it is, where there are few enough to read."""
    if len(records) <= FEW:
        for record in records.values():
            yield from (text for text in (record.where, record.because) if text)


def _regions() -> "Table":
    from monazite.evidence import regions

    rows = [(r.id, r.title, ", ".join(r.aliases), r.note or "") for r in regions().values()]
    return _table("Regions", ("region", "title", "also called", "note"), rows)


def _sources() -> "Table":
    from monazite.evidence import sources

    rows = [
        (name, s.publisher, s.title, "" if s.date is None else str(s.date), s.grade, s.url or "")
        for name, s in sources().items()
    ]
    return _table("Sources", ("source", "publisher", "title", "date", "grade", "address"), rows)


def _rules() -> "Table":
    from monazite.evidence import read_rules

    rows = [
        (
            rule.name,
            rule.region,
            ", ".join(rule.barred),
            "" if rule.start is None else str(rule.start),
            rule.depth,
            ", ".join(rule.source),
        )
        for rule in read_rules()
    ]
    heads = ("rule", "binds", "bars", "from", "depth", "source")
    return _table("What defence users may not use", heads, rows)


def _table(title: str, heads: Sequence[str], rows: Sequence[Row], *notes: str) -> "Table":
    """Return a table; a heading `name:unit` is of a column of numbers."""
    from monazite.report.tables import Column, Table

    columns = tuple(
        Column(name, unit, "right" if colon else "left")
        for name, colon, unit in (head.partition(":") for head in heads)
    )
    return Table(title, columns, tuple(rows), tuple(notes))


_LISTS: dict[str, Callable[[], "Table"]] = {
    "regions": _regions,
    "rules": _rules,
    "sources": _sources,
}
