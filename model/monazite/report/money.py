"""What was spent of what was allotted, and why a stockpile may leave most of it."""

from collections.abc import Mapping, Sequence

from monazite.report.rounding import percent, plain, scale
from monazite.report.summary import Finished, spent_usd

MOST = 0.9
"""A strategy that spends less of its budget than this leaves some over."""
LAST = 0.25
"""A stockpile that buys this part of its yearly mean in a year still buys then."""

Bought = Mapping[str, Mapping[int, float]]
"""Tonnes that one strategy bought, by product and year."""


def settled(results: Finished) -> list[str]:
    """Return a sentence on each thing that was settled on paper before the run."""
    rows = [row for row in results.rows("parameters") if row["kind"] == "settled"]
    told = [(row["name"].split(".")[1:], row["because"]) for row in rows]
    held = results.about.strategies
    return [f"Settled for {', '.join(name)}: {why}." for name, why in told if name[0] in held]


def money(results: Finished) -> list[str]:
    """Return a sentence on spent and allotted, and one on each way in which money is left."""
    about = results.about
    allotted = {name: about.allotted_usd(name) for name in about.strategies}
    spent = spent_usd(results)
    some = [name for name in about.strategies if allotted[name] > 0]
    if not some:
        return []
    size, unit = scale([*allotted.values()], "USD")
    shares = [f"{name} {plain(spent[name] / size)}{_part(spent, allotted, name)}" for name in some]
    most = plain(max(allotted.values()) / size)
    found = [f"Money: of {most} {unit} allotted, spent (discounted): {', '.join(shares)}."]
    over = [n for n in some if spent[n] < MOST * allotted[n] and about.stockpiles[n]]
    bought = _bought(results) if over else {}
    to_the_end = [name for name in over if name in bought and _last(bought[name]) is None]
    if to_the_end:
        each = "; ".join(f"{name} {_tonnes(bought[name])}" for name in to_the_end)
        found.append(
            "Stockpiles with money left buy in every year to the last, so it is not the budget "
            "that bounds them but what their rules let them buy in a year: their share of what "
            f"is traded, their pace and their price ceiling. Bought in all: {each}."
        )
    for name in over:
        last = _last(bought[name]) if name in bought else None
        if last is not None:
            found.append(
                f"{name} buys next to nothing after {last} and has money left: its target is "
                f"reached, or the price is above its ceiling. Bought in all: "
                f"{_tonnes(bought[name])}."
            )
    return found


def _part(spent: Mapping[str, float], allotted: Mapping[str, float], name: str) -> str:
    return f" ({percent(spent[name] / allotted[name])} %)"


def _bought(results: Finished) -> dict[str, dict[str, dict[int, float]]]:
    """Return the mean tonnes bought by strategy, product and year.

    A stockpile is counted in each group that its place is in; the largest holds them all.
    """
    found: dict[str, dict[str, dict[int, float]]] = {}
    for row in results.rows("supply_by_source"):
        if row["source"] == "strategic_purchase":
            years = found.setdefault(row["strategy"], {}).setdefault(row["product"], {})
            years[row["year"]] = max(years.get(row["year"], 0.0), row["mean"])
    kept = {
        strategy: {product: years for product, years in products.items() if any(years.values())}
        for strategy, products in found.items()
    }
    return {strategy: products for strategy, products in kept.items() if products}


def _last(bought: Bought) -> int | None:
    """Return the last year in which a strategy buys, None where it buys to the end."""
    years = sorted({year for by_year in bought.values() for year in by_year})
    total = {year: sum(by.get(year, 0.0) for by in bought.values()) for year in years}
    enough = LAST * sum(total.values()) / len(years)
    last = max(year for year in years if total[year] >= enough)
    return None if last == years[-1] else last


def _tonnes(bought: Bought) -> str:
    said: Sequence[str] = [
        f"{plain(sum(years.values()) / size, 2)} {unit} of {product}"
        for product, years in bought.items()
        for size, unit in [scale([sum(years.values())], "t")]
    ]
    return ", ".join(said)
