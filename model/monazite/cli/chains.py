"""What `show` tells of a chain: who makes what, how concentrated, who depends, who disagrees."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from monazite.cli.drawing import text_of
from monazite.cli.lists import Row, table

if TYPE_CHECKING:
    from monazite.evidence import Chain, Record
    from monazite.evidence.chain import SecondOpinion
    from monazite.evidence.governance import Governance
    from monazite.evidence.supply import Supply
    from monazite.report.tables import Table

REGIONS = ("united_states", "eu", "japan", "india")
"""Whose reliance on imports is shown where none is asked for."""
PARTS = ("shares", "supply", "reliance", "opinions")
WEIGHTED = ("weighted", "weighted at most")
"""Columns of supply that are there where it is known how makers are governed."""


def chain_tables(
    name: str, regions: Sequence[str] = (), governance: "Governance | None" = None
) -> "dict[str, Table]":
    """Return every table of a chain by its name in `PARTS`, with a row for each fact."""
    from monazite.evidence import read_chain

    chain = read_chain(name)
    wanted = regions or [region for region in REGIONS if region in chain.regions()]
    found = (shares(chain), supply(chain, governance), reliance(chain, wanted), opinions(chain))
    return dict(zip(PARTS, found, strict=True))


def for_a_reader(part: str, found: "Table") -> "Table":
    """Return a table of a chain as a person reads it best."""
    match part:
        case "shares":
            return _by_stage(found)
        case "supply":
            return _in_words(found)
        case "reliance":
            return _matrix(found)
        case _:
            return _by_opinion(found)


def shares(chain: "Chain") -> "Table":
    """Return who makes how much of each product, and where that is known from."""
    rows: list[Row] = []
    for name in chain.products:
        makers = sorted(chain.makers_of(name), key=lambda maker: -maker.output.central)
        total = sum(maker.output.central for maker in makers)
        for maker in makers:
            out = maker.output
            share = 100 * out.central / total if total else 0.0
            host = chain.processes[maker.process].by_product_of or ""
            facts = (maker.process, maker.region, out.central, round(share, 1), *_grounds(out))
            rows.append((*facts, name, host))
    return table(
        f"{chain.chain}: output by stage and country, {chain.reference_year}",
        ("process", "country", "output:t/yr", "share:%", "range", "kind", "grade", "source",
         "product", "by-product of"),
        rows,
        "Shares are of all that makes the same product, as recorded, before the chain is balanced.",
    )  # fmt: skip


def _grounds(record: "Record") -> Row:
    from monazite.evidence.grades import grade_of

    grade = grade_of(record)
    return spread(record), record.kind, grade.letter if grade else "", ", ".join(record.source)


def _by_stage(found: "Table") -> "Table":
    """Return a line for each stage, with the host of a by-product, and its makers below."""
    makers: dict[str, list[Row]] = {}
    for process, *rest, _, host in found.rows:
        stage = f"{process}, by-product of {host}" if host else str(process)
        makers.setdefault(stage, []).append(tuple(rest))
    columns = [
        replace(column, name="") if column.name == "grade" else column
        for column in found.columns[1:-2]
    ]
    rows: list[Row] = []
    for stage, lines in makers.items():
        rows += [(stage, *[""] * (len(columns) - 1)), *lines]
    notes = (*found.notes, "The letter is the grade of the number, A to E (docs/evidence.md).")
    return replace(found, columns=tuple(columns), rows=tuple(rows), notes=notes)


def supply(chain: "Chain", governance: "Governance | None" = None) -> "Table":
    """Return how concentrated each product is, and what is left without its largest supplier.

    With governance, concentration is shown weighted by it as well.
    """
    from monazite.evidence.supply import supplies

    rows: list[Row] = []
    known = supplies(chain)
    for product, found in known.items():
        low, high = found.hhi
        largest, top = found.largest, 100 * found.share(found.largest)
        left = [found.without_largest, found.with_spare, found.outside]
        percents = [None if each is None else _percent(100 * each) for each in left]
        rows.append((product, largest, _percent(top), round(low), round(high), *percents))
    more: tuple[str, ...] = ()
    if governance is not None:
        more = WEIGHTED
        rows = [(*row, *_weighted(known[str(row[0])], governance)) for row in rows]
    return table(
        f"{chain.chain}: concentration, and N-1 (without the largest supplier)",
        ("product", "largest", "share:%", "HHI:", "HHI at most:", "left:%", "with spare:%",
         "outside:%", *(f"{name}:" for name in more)),
        rows,
        "HHI: squares of the shares in per cent, added up, 10,000 for a monopoly; the rest of the "
        "world counts as many small makers, at most as one.",
        "Left: 1 less the share of the largest. With spare: capacity of all others over all use. "
        "Outside: the same capacity over use outside the largest supplier; the definition of the "
        "IEA. Capacity is as reported, else output over utilisation.",
        *_published(chain),
        *(_on_weights(known.values(), governance) if governance else ()),
    )  # fmt: skip


def _weighted(found: "Supply", governance: "Governance") -> Row:
    """Return both ends of the weighted index, nothing where no maker has a value."""
    from monazite.evidence.governance import weighted_hhi

    risks = {region: governance.risk(region) for region in found.output}
    ends = weighted_hhi(found, {r: risk for r, risk in risks.items() if risk is not None})
    return (None, None) if ends is None else tuple(round(end) for end in ends)


def _on_weights(all_of: "Iterable[Supply]", governance: "Governance") -> Iterator[str]:
    """Yield how the weighted index is made, and which makers have no value of their own."""
    low, high = governance.scale.worst, governance.scale.best
    yield (
        f"Weighted: the squares of HHI, each times the risk of its maker, ({high:g} - value) / "
        f"{high - low:g}, 0 to 1; value is {governance.indicator.replace('_', ' ')} in "
        f"{governance.year}, {low:g} to {high:g} ({governance.source}); beyond them it counts as "
        "the end. The idea is that of the GeoPolRisk method, which weighs imports so; this is not "
        "its formula."
    )
    makers = dict.fromkeys(region for found in all_of for region in found.output)
    if bare := [region for region in makers if governance.risk(region) is None]:
        yield (
            f"No value: {', '.join(bare)}; each counts with the mean of the other makers of the "
            "product, all with the same weight."
        )


def _published(chain: "Chain") -> Iterator[str]:
    """Yield what others published on N-1."""
    from monazite.evidence.seedfiles import seed_data

    for name, fact in seed_data("n_minus_one.yaml").items():
        if chain.chain in fact["chains"]:
            ends = [100 * fact.get(key, fact.get("value", 0.0)) for key in ("low", "high")]
            percent = "-".join(dict.fromkeys(f"{end:.0f}" for end in ends))
            yield f"Published for {name.replace('_', ' ')}, outside, {fact['year']}: " + (
                f"{percent} % ({fact['source']})."
            )


def _percent(percent: float) -> float:
    return float(f"{percent:.3g}")


def _in_words(found: "Table") -> "Table":
    """Return one column for the index, a range where the rest of the world matters."""
    rows = [
        (
            *row[:3],
            _ends(*map(_number, row[3:5])),
            *(text_of(value, 3) or "-" for value in row[5:8]),
            *_in_one(row[8:]),
        )
        for row in found.rows
    ]
    columns = [column for column in found.columns if not column.name.endswith("at most")]
    return replace(found, columns=tuple(columns), rows=tuple(rows))


def _in_one(ends: Sequence[object]) -> Row:
    """Return both ends of the weighted index in one cell; nothing where there is none."""
    if not ends:
        return ()
    return ("-",) if None in ends else (_ends(*map(_number, ends)),)


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0.0


def _ends(low: float, high: float) -> str:
    """Return two whole numbers, or one where they hardly differ.

    >>> _ends(9797, 9798), _ends(2614, 3339)
    ('9797', '2614-3339')
    """
    return f"{low}" if high - low < 0.01 * high else f"{low}-{high}"


def reliance(chain: "Chain", regions: Sequence[str]) -> "Table":
    """Return how far regions live on imports of each product."""
    from monazite.evidence.supply import supplies

    named = [region for region in regions if region in chain.regions()]
    rows: list[Row] = []
    for product, found in supplies(chain).items():
        for region in named:
            part = found.reliance(region)
            percent = None if part is None else _percent(100 * part)
            made, used = found.output.get(region, 0.0), found.use.get(region, 0.0)
            rows.append((product, region, made, used, percent))
    absent = [f"{region} is not named in this chain." for region in regions if region not in named]
    return table(
        f"{chain.chain}: net import reliance, {chain.reference_year}",
        ("product", "region", "output:t/yr", "use:t/yr", "reliance:%"),
        rows,
        "Use less own output, over use; below 0 for a net exporter. What is imported inside other "
        "products is not counted.",
        *absent,
    )


def _matrix(found: "Table") -> "Table":
    """Return a row for each product and a column for each region."""
    regions = list(dict.fromkeys(str(row[1]) for row in found.rows))
    cells: dict[str, dict[str, str]] = {}
    for product, region, made, used, percent in found.rows:
        said = text_of(percent, 3) if used else ("exports" if made else "-")
        cells.setdefault(str(product), {})[str(region)] = (
            "exports" if isinstance(percent, float) and percent < 0 else said
        )
    rows = [(product, *(row[region] for region in regions)) for product, row in cells.items()]
    heads = ("product", *(f"{region}:%" for region in regions))
    notes = ("A dash: it neither makes nor uses the product.", *found.notes)
    return table(found.title, heads, rows, *notes)


def opinions(chain: "Chain") -> "Table":
    """Return what other sources say of output, beside the chain's own."""
    rows: list[Row] = []
    for opinion in chain.second_opinions:
        rows += _compared(chain, opinion)
    notes = [] if rows else ["No second opinion is recorded for this chain."]
    return table(
        f"{chain.chain}: second opinions on output",
        ("product", "source", "year", "country", "ours:t/yr", "share:%", "theirs:t/yr",
         "their share:%", "difference:%", "why"),
        rows,
        *notes,
    )  # fmt: skip


def _compared(chain: "Chain", opinion: "SecondOpinion") -> Iterator[Row]:
    """Yield a row for each country that either names, the largest first."""
    from monazite.evidence.supply import supplies

    ours: Mapping[str, float] = supplies(chain)[opinion.product].output
    theirs = opinion.output
    about = (opinion.product, ", ".join(opinion.source), opinion.year)
    both = sorted({*ours, *theirs}, key=lambda r: -max(ours.get(r, 0.0), theirs.get(r, 0.0)))
    for region in both:
        here, there = ours.get(region), theirs.get(region)
        yield (
            *about,
            region,
            here,
            _share(here, ours),
            there,
            _share(there, theirs),
            _percent(100 * (there / here - 1)) if here and there is not None else None,
            opinion.because,
        )


def _share(output: float | None, of: Mapping[str, float]) -> float | None:
    total = sum(of.values())
    return None if output is None or not total else round(100 * output / total, 1)


def _by_opinion(found: "Table") -> "Table":
    """Return a line for each opinion, its countries below, and the reasons under the table."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in found.rows:
        groups.setdefault((*row[:3], row[-1]), []).append(tuple(row[3:-1]))
    rows: list[Row] = []
    reasons = []
    for (product, source, year, why), lines in groups.items():
        rows += [(f"{product}: {source}, {year}", *[""] * 5), *lines]
        reasons.append(f"{product} ({source}): {why}")
    return replace(
        found, columns=found.columns[3:-1], rows=tuple(rows), notes=(*found.notes, *reasons)
    )


def spread(record: "Record") -> str:
    """Return the range of a number in three digits, nothing where it has none."""
    if record.quantity.is_fixed:
        return ""
    dash = " to " if record.low < 0 else "-"
    return f"{_short(record.low)}{dash}{_short(record.high)}"


def _short(number: float) -> str:
    """Return a number in three digits, never as a power of ten.

    >>> _short(12345.0), _short(0.123456)
    ('12300', '0.123')
    """
    return f"{float(f'{number:.3g}'):.15g}"
