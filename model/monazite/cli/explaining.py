"""`explain`: one number, where it comes from, how good it is, and what it is for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monazite.cli.chains import spread
from monazite.cli.drawing import text_of
from monazite.cli.lists import Row, table
from monazite.cli.options import Csv, Debug, Json
from monazite.cli.showing import for_a_person, show, show_all
from monazite.cli.talk import tell
from monazite.errors import MonaziteError

if TYPE_CHECKING:
    from monazite.evidence import Record, Source
    from monazite.report.tables import Table
    from monazite.scenario.quantity import Quantity

FEW = 3
"""Records that are explained in full; of more only the names are listed."""
MANY = 12
"""Names that are listed."""
DIGITS = 6
KINDS = {
    "article": "said by one of the five articles",
    "reported": "said by a source",
    "derived": "worked out from reported numbers",
    "judged": "our judgement",
}


def explain(
    parameter: Annotated[
        str,
        typer.Argument(
            metavar="PARAMETER",
            help="Name of a record (ndfeb.makers.magnet_making.china.output), its beginning, or "
            "words of it (ndfeb.magnets.china.capacity).",
        ),
    ],
    as_json: Json = False,
    as_csv: Csv = False,
    debug: Debug = False,
) -> None:
    """Explain one number: value, range, sources, grade, what it feeds, how to override it.

    Example: `monazite explain ndfeb.magnets.china.capacity`
    """
    names = named(parameter)
    if len(names) > FEW:
        show(_listed(parameter, names), as_json=as_json, as_csv=as_csv)
        return
    facts = [facts_of(name) for name in names]
    if not for_a_person(as_json=as_json, as_csv=as_csv):
        rows = [tuple(map(_plain, each.values())) for each in facts]
        heads = [f"{key}:" if key in ("value", "low", "high") else key for key in facts[0]]
        show(table(parameter, heads, rows), as_json=as_json, as_csv=as_csv)
        return
    show_all(map(_for_a_reader, facts))


def named(parameter: str) -> list[str]:
    """Return the records that are meant.

    Raises:
        MonaziteError: none is meant; says what comes close.
    """
    from monazite.evidence import all_records, records_of
    from monazite.evidence.finding import likely
    from monazite.scenario.hints import did_you_mean

    known = records_of(parameter.split(".", maxsplit=1)[0])
    below = [name for name in known if name == parameter or name.startswith(f"{parameter}.")]
    if below:
        return below
    if found := likely(parameter):
        tell(f"No record is called '{parameter}'; nearest to these words:")
        return found
    raise MonaziteError(
        f"no record is called '{parameter}'{did_you_mean(parameter, known or all_records())}"
    )


def _record(name: str) -> "Record":
    from monazite.evidence import records_of

    return records_of(name.split(".", maxsplit=1)[0])[name]


def _plain(value: object) -> object:
    return "; ".join(value) if isinstance(value, list) else value


def _listed(parameter: str, names: Sequence[str]) -> "Table":
    records = [_record(name) for name in names[:MANY]]
    rows: list[Row] = [
        (r.name.removeprefix(f"{parameter}."), r.central, r.unit, spread(r), r.kind)
        for r in records
    ]
    more = [f"And {len(names) - MANY} more."] if len(names) > MANY else []
    heads = ("record", "value:", "unit", "range", "kind")
    return table(f"Records that '{parameter}' may mean", heads, rows, *more, "Explain one of them.")


def facts_of(name: str) -> dict[str, Any]:
    """Return everything that is known of a record."""
    from monazite.evidence import sources
    from monazite.evidence.feeds import feeds, waits_for
    from monazite.evidence.grades import grade_of

    record = _record(name)
    grade = grade_of(record)
    cited = sources()
    return {
        "record": name,
        "value": record.central,
        "low": record.low,
        "high": record.high,
        "unit": record.unit,
        "shape": shape(record.quantity),
        "year": record.year,
        "kind": record.kind,
        "grade": grade.letter if grade else "",
        "grade because": ", ".join(grade.because) if grade else "",
        "source": [_in_full(id_, cited[id_]) for id_ in record.source],
        "where": record.where,
        "because": record.because,
        "worked out": _capacity(record),
        "feeds": feeds(name) or waits_for(name),
        "scenarios": ", ".join(used_by(name)),
        "override": override(record),
    }


def _in_full(id_: str, source: "Source") -> str:
    """Return a source as one would cite it."""
    parts = (source.publisher, source.title, source.date, f"grade {source.grade}", source.url)
    return f"{id_}: {', '.join(str(part) for part in parts if part is not None)}"


def shape(quantity: "Quantity") -> str:
    """Return how a number is drawn from its range.

    >>> from monazite.scenario.quantity import parse_quantity
    >>> shape(parse_quantity({"median": 8, "sigma": 1.2, "unit": "d"}, "duration"))
    'lognormal, median 8, sigma 1.2; low and high are the 5 and 95 % points'
    """
    q, ends = quantity, "; low and high are the 5 and 95 % points"
    match q.shape:
        case "lognormal":
            return f"lognormal, median {q.median:.6g}, sigma {q.sigma:.6g}{ends}"
        case "gamma":
            return f"gamma, k {q.shape_k:.6g}, rate {q.rate:.6g}{ends}"
        case "beta":
            return f"beta, a {q.a:.6g}, b {q.b:.6g}; between 0 and 1"
        case "fixed":
            return "no range: the same in every world"
        case _:
            return f"{q.shape}, drawn once a world"


def override(record: "Record") -> str:
    """Return the line of a scenario that replaces a number, with the value that it has."""
    from monazite.scenario.quantity import Quantity, as_written

    return f"{record.name}: {as_written(Quantity.fixed(record.central, record.unit))}"


def _capacity(record: "Record") -> str:
    """Return the capacity of a maker whose output or utilisation this is."""
    from monazite.evidence import chain_names, read_chain
    from monazite.evidence.supply import capacity_of

    chain, kind, *_ = record.name.split(".")
    if chain not in chain_names() or kind != "makers":
        return ""
    for maker in read_chain(chain).makers:
        if record.name in (maker.output.name, maker.utilisation.name) and maker.capacity is None:
            capacity = text_of(capacity_of(maker), 4)
            return f"capacity {capacity} t/yr: output over utilisation, none is reported"
    return ""


def used_by(name: str) -> Iterator[str]:
    """Yield the shipped scenarios that read a record, and whether they override it."""
    from monazite.evidence import chain_names
    from monazite.scenario import read_scenario, shipped_names
    from monazite.world import prepare

    first = name.split(".", maxsplit=1)[0]
    for scenario_name in shipped_names():
        scenario = read_scenario(scenario_name)
        if first in chain_names() and first not in scenario.chains:
            continue
        if name in scenario.overrides:
            yield f"{scenario_name} (which overrides it)"
        elif name in prepare(scenario).inputs.names:
            yield scenario_name


def _for_a_reader(facts: Mapping[str, Any]) -> "Table":
    rows = [row for row in _lines(facts) if row[1]]
    return table(str(facts["record"]), ("", ""), rows)


def _lines(facts: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    unit = facts["unit"]
    low, value, high = (text_of(facts[key], DIGITS) for key in ("low", "value", "high"))
    yield "value", f"{value} {unit}"
    yield "range", "" if low == high else f"{low} to {high} {unit}"
    yield "shape", str(facts["shape"])
    yield "year", text_of(facts["year"], DIGITS)
    yield "kind", f"{facts['kind']}: {KINDS[str(facts['kind'])]}"
    lost = facts["grade because"]
    yield "grade", f"{facts['grade']}: {f'down from A, {lost}' if lost else 'nothing against it'}"
    for cited in facts["source"] or ["none"]:
        yield "source", str(cited)
    for key in ("where", "because", "worked out", "feeds"):
        yield key, str(facts[key] or "")
    yield "scenarios", str(facts["scenarios"] or "no shipped scenario reads it")
    yield "override", f"overrides: {{{facts['override']}}}"
