"""Every column of every result file: its name, type, unit and meaning."""

from collections.abc import Iterable
from dataclasses import dataclass

from monazite.experiments.statistics import STATISTICS
from monazite.measures import COSTS, HEADLINE, PRICES, TOTALS, WORLD, YEARLY, Item


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `unit` is empty where a row names its own or there is none."""

    name: str
    type: str
    unit: str
    meaning: str


def _words(name: str, meaning: str) -> Column:
    return Column(name, "string", "", meaning)


def _listed(items: Iterable[Item]) -> str:
    return "; ".join(f"{item.name} [{item.unit}]: {item.meaning}" for item in items)


_STRATEGY = _words("strategy", "name of the strategy")
_MINERAL = _words("mineral", "name of the chain; `all` for several chains together")
_REGION = _words(
    "region",
    "region, or group of regions, that the row is for; with its chain, "
    "`gallium.japan`, where a scenario has several",
)
_GROUP = Column("is_group", "boolean", "", "true where region names a group of several")
_TIER = _words("tier", "1 defence, 2 essential civilian, 3 other, all: the three together")
_YEAR = Column("year", "integer", "", "calendar year")
_UNIT = _words("unit", "unit of the numbers of this row")
_ZERO = _words(
    "zero_by",
    "why the row is 0 in every replication: construction (nothing was asked for, or nothing "
    "in the scenario can cause it) or result; empty where it is not 0",
)

_ABOUT = {
    "mean": "mean over the replications in which the measure applies",
    "sd": "standard deviation between replications",
    "p5": "5 % quantile",
    "p25": "25 % quantile",
    "p50": "median",
    "p75": "75 % quantile",
    "p95": "95 % quantile",
    "monte_carlo_error": "standard error of the mean: sd over root of replications",
    "probability_of_any": "share of all replications in which the measure is not 0",
    "replications": "number of replications in which the measure applies",
}
_STATISTICS = tuple(
    Column(name, "integer" if name == "replications" else "number", "", _ABOUT[name])
    for name in STATISTICS
)
_SUFFIX = {"t": "_t", "d": "_d", "USD": "_usd", "share": ""}

PER_REPLICATION = tuple(item for item in HEADLINE if item.name not in {"commercial", "gap"})
"""The headline measures that are written for each replication."""


def wide(item: Item) -> str:
    """Return the name of a measure as a column of its own, unit included.

    >>> wide(Item("shortfall", "t", ""))
    'shortfall_t'
    """
    return item.name + _SUFFIX[item.unit]


def _own(item: Item) -> Column:
    return Column(wide(item), "number", item.unit, item.meaning)


_SUMMARY = (
    *(_STRATEGY, _MINERAL, _REGION, _GROUP, _TIER),
    _words("measure", _listed(HEADLINE)),
    *(_UNIT, *_STATISTICS, _ZERO),
)
_BY_YEAR = (
    *(_STRATEGY, _MINERAL, _REGION, _GROUP, _TIER, _YEAR),
    _words("measure", _listed(YEARLY)),
    *(_UNIT, *_STATISTICS),
)
_SUPPLY = (
    *(_STRATEGY, _YEAR, _MINERAL),
    _words("product", "what is supplied"),
    *(_REGION, _GROUP),
    _words(
        "source",
        "own_production: shipped within the region; recycling; import: shipped from outside; "
        "leaked: of what a control stops, what comes round it; "
        "commercial_stock_change: at the end of the year less at its start; strategic_release "
        "and strategic_purchase: drawn from and bought for stockpiles in the region",
    ),
    _words("origin", "where an import, or what leaked, comes from"),
    *(_UNIT, *_STATISTICS),
)
_PRICES = (
    *(_STRATEGY, _MINERAL),
    _words("product", "what is priced"),
    _words(
        "market",
        "home: regions that control the product in this scenario, or may; outside: all other "
        "buyers; world: both",
    ),
    _YEAR,
    _words("measure", _listed(PRICES)),
    *(_UNIT, *_STATISTICS),
)
_COSTS = (
    _STRATEGY,
    _words("instrument", "name of the instrument, or of a suppression"),
    _YEAR,
    _words(
        "measure",
        _listed(COSTS) + "; salvage_discounted [USD]: worth at the end, in the last year; "
        "forgone [USD]: what a supplier who sells below the price loses on what it sells",
    ),
    *(_UNIT, *_STATISTICS),
)
_REPLICATIONS = (
    Column("replication", "integer", "", "number of the random world"),
    *(_STRATEGY, _REGION, _GROUP, _TIER),
    *(_own(item) for item in PER_REPLICATION),
    *(
        Column(wide(item), "number", item.unit, f"{item.meaning}; of the strategy as a whole")
        for item in TOTALS
    ),
    *(
        Column(
            wide(item),
            "number",
            item.unit,
            f"{item.meaning}; of the world, as the strategy meets it",
        )
        for item in WORLD
    ),
)
_EVENTS = (
    Column("replication", "integer", "", "number of the random world"),
    _words("strategy", "empty for events of the world, which all strategies meet"),
    Column("day", "number", "d", "days since the start"),
    Column("date", "date", "", "date of the day"),
    _words("kind", "what happened"),
    _words("name", "what it happened to"),
    _words("detail", "the rest, for a reader"),
)
_PARAMETERS = (
    _words("name", "dotted name of the record"),
    Column("value", "number", "", "central value"),
    Column("low", "number", "", "low end of the range"),
    Column("high", "number", "", "high end of the range"),
    _UNIT,
    _words("shape", "shape of the distribution"),
    _words("year", "year that the number is for"),
    _words("kind", "article, reported, derived, judged, scenario, or settled before the run"),
    _words("source", "where it comes from"),
    _words("because", "reason of a judgement"),
)
_COMPARISON = (
    _STRATEGY,
    _words("versus", "the strategy that it is compared with, world by world"),
    *(_MINERAL, _REGION, _GROUP, _TIER),
    _words("measure", "what is compared; less is better"),
    _words("unit", "unit of the means and differences"),
    Column("strategy_mean", "number", "", "mean of the strategy"),
    Column("versus_mean", "number", "", "mean of the other"),
    Column("avoided", "number", "", "mean of the other less the strategy; above 0 is better"),
    Column("avoided_low", "number", "", "low end of its 95 % interval"),
    Column("avoided_high", "number", "", "high end of its 95 % interval"),
    _words("interval", "how the interval is made: Student t on paired differences"),
    Column(
        "probability_better",
        "number",
        "",
        "share of worlds in which it is better; what is rounding counts as equal",
    ),
    Column("probability_worse", "number", "", "share of worlds in which it is strictly worse"),
    Column(
        "probability_best",
        "number",
        "",
        "share of worlds in which it is the best of all strategies; ties are split evenly",
    ),
    _words("resolved", "yes where the interval leaves 0 out, else no"),
    Column("replications", "integer", "", "number of paired worlds"),
    Column(
        "replications_needed",
        "integer",
        "",
        "worlds at which the interval would leave 0 out if the estimates hold",
    ),
    _words("zero_by", "why the difference is 0 in every world: construction or result"),
    Column("spent_more_usd", "number", "USD", "mean discounted outlay beyond the other's"),
    Column("cost_per_unit_spent", "number", "", "outlay beyond the other's, per unit avoided"),
    Column(
        "cost_per_unit_net",
        "number",
        "",
        "the same less receipts and salvage beyond the other's",
    ),
    Column("cost_per_unit_allotted", "number", "", "budget beyond the other's, per unit avoided"),
    _words("cost_unit", "unit of the three costs; empty where the gain is not resolved"),
)

_BALANCE = (
    _words("record", "the output that was recorded, as the path of its record"),
    Column("recorded", "number", "", "its central value"),
    Column("balanced", "number", "", "output with which production, use and trade agree"),
    _words("unit", "unit of both"),
    Column("moved_share", "number", "", "balanced over recorded, less 1"),
    _words("balances", "yes where the maker takes what does not close, else no"),
)

COLUMNS: dict[str, tuple[Column, ...]] = {
    "summary": _SUMMARY,
    "shortfall_by_year": _BY_YEAR,
    "supply_by_source": _SUPPLY,
    "prices_by_year": _PRICES,
    "costs": _COSTS,
    "comparison": _COMPARISON,
    "replications": _REPLICATIONS,
    "events": _EVENTS,
    "parameters": _PARAMETERS,
    "balance": _BALANCE,
}
"""The columns of each result file, by its name without `.csv`."""

TITLES = {
    "summary": "each strategy, region and tier over the whole run",
    "shortfall_by_year": "gross need, offsets and net gap by year, in tonnes and dollars",
    "prices_by_year": "prices at home and outside, by volume and as quoted",
    "supply_by_source": "where each product came from, by year",
    "costs": "what each instrument spent and recovered, by year",
    "comparison": "pairs of strategies, compared world by world",
    "replications": "the headline measures of each strategy in each world",
    "events": "what happened in each world and to each strategy",
    "parameters": "every number used, its range, source and kind",
    "balance": "what the balance at the start moved, at central values",
}
"""What a row of each file is about."""


def names(table: str) -> tuple[str, ...]:
    """Return the column names of one file."""
    return tuple(column.name for column in COLUMNS[table])
