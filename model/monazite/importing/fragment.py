"""The fragment: records, second opinions or routes, ready to be put into a chain file."""

from collections.abc import Iterator

from monazite.errors import DataError, Problem
from monazite.importing.aims import Aim
from monazite.importing.countries import UNION
from monazite.importing.gathering import Gathered, Part, lacking, summed
from monazite.importing.rows import Source
from monazite.importing.yamltext import comment, flow, scalar, short, wrapped

SHARE_DIGITS = 4
DERIVED_DIGITS = 6
ALIKE = 0.5
"""Sums that differ by less [%] agree: that is rounding."""


def fragment_text(gathered: Gathered, aim: Aim, buyer: str | None = None) -> str:
    """Return the text of a fragment.

    Args:
        gathered: what was read, by region.
        aim: what it is for.
        buyer: the region that imports, where it is trade that was read.

    Raises:
        DataError: if a route has no lead, or a capacity no process.
    """
    if buyer is not None:
        body = _routes(gathered, aim, buyer)
    elif aim.process is not None:
        body = _makers(gathered, aim.process)
    elif gathered.extract.field != "output":
        message = "a capacity is no second opinion on output; name its makers with --process"
        raise DataError([Problem("", message)])
    else:
        body = _opinion(gathered, aim)
    return "\n".join([*_heading(gathered, aim), *body]) + "\n"


def sources_text(source: Source) -> str:
    """Return the text of the source that the fragment cites."""
    return wrapped(f"{source.id}: {flow(source.about)}", 0) + "\n"


def _heading(gathered: Gathered, aim: Aim) -> Iterator[str]:
    extract = gathered.extract
    yield comment(f"{extract.title}; {extract.where}.")
    yield comment(f"Counts {extract.basis or 'what the data set does not state'}.")
    if gathered.content.because:
        yield comment(f"Amounts are {gathered.content.because}.")
    if gathered.elsewhere:
        yield comment(f"In rest_of_world: {', '.join(gathered.elsewhere)}.")
    for region, rows in gathered.silent.items():
        yield comment(f"Not known, and not 0: {region} ({rows[0].became}, {rows[0].place}).")
    for note in extract.notes:
        yield comment(f"{note}.")
    if aim.process is not None:
        yield comment("A maker also needs `utilisation`, `plants` and `balances`: judge them.")
    yield comment("The data set states no ranges: give low, mode and high where you know them.")
    yield ""


def _opinion(gathered: Gathered, aim: Aim) -> Iterator[str]:
    extract = gathered.extract
    sums = (f"{part.region}: {why}" for part in gathered.parts if (why := _told(gathered, part)))
    remarks = [extract.where, extract.basis, gathered.content.because, *sums]
    where = "; ".join(remark for remark in remarks if remark)
    yield "second_opinions:"
    yield wrapped(f"- product: {scalar(aim.product)}", 2)
    yield wrapped(f"year: {extract.year}", 4)
    yield wrapped(f"source: [{extract.source.id}]", 4)
    yield wrapped(f"where: {scalar(where)}", 4)
    output = {part.region: _amount(gathered, part) for part in gathered.parts}
    yield wrapped(f"output: {flow(output)}", 4)
    yield wrapped(f"because: {scalar(_difference(gathered, aim))}", 4)


def _difference(gathered: Gathered, aim: Aim) -> str:
    """Say how far the sum lies from what the chain itself has."""
    own = [aim.own_output(part.region) for part in gathered.parts]
    known = [amount for amount in own if amount is not None]
    if not known:
        return "Imported as it stands; not yet compared with another source"
    apart = 100 * (gathered.sum / sum(known) - 1)
    return (
        f"Imported as it stands: {short(gathered.sum)} t/yr, where the chain has "
        f"{short(sum(known))} in the same regions ({apart:+.1f} %); "
        f"{'the two agree' if abs(apart) < ALIKE else 'why is not yet said'}"
    )


def _makers(gathered: Gathered, process: str) -> Iterator[str]:
    yield "makers:"
    for part in gathered.parts:
        yield wrapped(f"- process: {scalar(process)}", 2)
        yield wrapped(f"region: {part.region}", 4)
        yield wrapped(f"{gathered.extract.field}: {flow(_record(gathered, part))}", 4)


def _record(gathered: Gathered, part: Part) -> dict[str, object]:
    """Return the record of what a region makes."""
    extract = gathered.extract
    reasons = [why for why in (_told(gathered, part), gathered.content.because) if why]
    return {
        "value": _amount(gathered, part),
        "unit": extract.unit,
        "year": extract.year,
        "kind": "derived" if reasons else "reported",
        "source": extract.source.id,
        "where": "; ".join([extract.where, *_places(part), *filter(None, [extract.basis])]),
        **({"because": "; ".join(reasons)} if reasons else {}),
    }


def _told(gathered: Gathered, part: Part) -> str:
    """Say of what an amount is the sum, and what is missing in it."""
    return "; ".join(filter(None, (summed(part, gathered.extract.year), lacking(part))))


def _places(part: Part) -> Iterator[str]:
    """Yield where each number of a part stands, and what it is there."""
    for row in part.rows:
        estimated = ", estimated by the source" if "estimated" in row.became else ""
        yield f"{row.country}: {row.written}, {row.place}{estimated}"


def _amount(gathered: Gathered, part: Part) -> float:
    """Return an amount, without digits that a product or a sum does not have."""
    if len(part.rows) > 1 or gathered.content.because:
        return float(f"{part.amount:.{DERIVED_DIGITS}g}")
    return part.amount


def _routes(gathered: Gathered, aim: Aim, buyer: str) -> Iterator[str]:
    routes = [(part, _share(gathered, part, aim.imported)) for part in gathered.parts]
    routes = [(part, share) for part, share in routes if share["value"]]
    leads = {part.region: aim.lead_between(part.region, buyer) for part, _ in routes}
    if bare := [region for region, lead in leads.items() if lead is None]:
        message = f"no lead is known from {', '.join(bare)} to {buyer}; name one with --lead"
        raise DataError([Problem("", message)])
    yield "routes:"
    for part, share in routes:
        ends = {"product": aim.product, "from": part.region, "to": buyer}
        yield wrapped(f"- {flow({**ends, 'lead': leads[part.region], 'share': share})}", 2)
    if small := [part.region for part in gathered.parts if part.region not in leads]:
        yield comment(f"Less than 0.00005 of the need, and no route: {', '.join(small)}.")


def _share(gathered: Gathered, part: Part, imported: float) -> dict[str, object]:
    """Return the record of a share of the need of a region."""
    extract = gathered.extract
    home = (
        "a share of the need only where the region makes none itself"
        if imported == 1
        else f"times {imported:g}, the part of the need that is imported, as stated by hand"
    )
    because = [
        f"{short(part.amount)} of {short(gathered.sum)} {extract.unit} imported",
        home,
        summed(part, extract.year) if part.region == UNION else "",
        lacking(part),
    ]
    return {
        "value": round(part.amount / gathered.sum * imported, SHARE_DIGITS),
        "unit": "share",
        "year": extract.year,
        "kind": "derived",
        "source": extract.source.id,
        "where": extract.where,
        "because": "; ".join(filter(None, because)),
    }
