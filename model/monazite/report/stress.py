"""What bans by the largest suppliers do: as data, and as a table for a person."""

import math
from collections.abc import Iterable, Sequence

from monazite.measures.stress import Stress
from monazite.report.rounding import percent, plain
from monazite.report.table import Column, Table

COLUMNS = (
    Column("chain"),
    Column("product"),
    Column("controller"),
    Column("output_share", "share", "right"),
    Column("outside_share", "share", "right"),
    Column("use", "t/yr", "right"),
    Column("shortfall", "t", "right"),
    Column("shortfall_share", "share", "right"),
    Column("given_up", "t", "right"),
    Column("given_up_share", "share", "right"),
    Column("substituted", "t", "right"),
    Column("value_added_lost", "USD", "right"),
    Column("price_multiple", "factor", "right"),
    Column("price_capped"),
    Column("first_shortage", "d", "right"),
    Column("shortage_ends", "d", "right"),
)
NUMBERS = (
    Column("share", "%", "right"),
    Column("short", "t", "right"),
    Column("", "%", "right"),
    Column("given\nup", "t", "right"),
    Column("", "%", "right"),
    Column("price", "x", "right"),
    Column("from", "d", "right"),
    Column("to", "d", "right"),
)
UNITS = ((1.0, "t"), (1e3, "kt"), (1e6, "Mt"))


def stress_data(found: Iterable[Stress], title: str, notes: Sequence[str] = ()) -> Table:
    """Return every number of every ban, a row each."""
    return Table(title, COLUMNS, [_data(one) for one in found], notes)


def stress_for_person(found: Iterable[Stress], title: str, notes: Sequence[str] = ()) -> Table:
    """Return the bans for a person, one a line."""
    words = (Column("chain"), Column("ban on"), Column("by"))
    rows = [(one.chain, one.product, one.controller, *_numbers(one)) for one in found]
    return Table(title, (*words, *NUMBERS), rows, notes)


def stress_by_chain(found: Iterable[Stress], title: str, notes: Sequence[str] = ()) -> Table:
    """Return the bans for a person, chain by chain, the chain that comes first in full first."""
    words = (Column("ban on"), Column("by"))
    chains: dict[str, list[tuple[object, ...]]] = {}
    for one in found:
        row = (one.product, one.controller, *_numbers(one))
        chains.setdefault(one.chain, []).append(row)
    blank = [""] * (len(words) + len(NUMBERS) - 1)
    rows = [row for chain, lines in chains.items() for row in ((chain, *blank), *lines)]
    return Table(title, (*words, *NUMBERS), rows, notes)


def _data(one: Stress) -> tuple[object, ...]:
    loss = one.loss
    return (
        *(one.chain, one.product, one.controller, one.output_share, one.outside_share),
        *(loss.use_t_per_yr, loss.shortfall_t, loss.shortfall_share),
        *(loss.given_up_t, loss.given_up_share, loss.substituted_t, loss.value_added_lost_usd),
        *(one.price_multiple, one.price_capped, loss.first_short_d, loss.last_short_d),
    )


def _numbers(one: Stress) -> tuple[str, ...]:
    loss = one.loss
    return (
        percent(one.output_share),
        tonnes(loss.shortfall_t),
        percent(loss.shortfall_share),
        tonnes(loss.given_up_t),
        percent(loss.given_up_share),
        f"{'≥' if one.price_capped else ''}{one.price_multiple:.1f}",
        days(loss.first_short_d),
        "after" if math.isinf(loss.last_short_d) else days(loss.last_short_d),
    )


def tonnes(amount_t: float) -> str:
    """Return an amount in two digits and a unit that fits.

    >>> [tonnes(x) for x in (0.0, 0.04, 23_493.5, 1_463_000.0)]
    ['0', '<0.1 t', '23 kt', '1.5 Mt']
    """
    if amount_t < 0.1:
        return "<0.1 t" if amount_t > 0 else "0"
    size, unit = next(((s, u) for s, u in UNITS if amount_t < 995 * s), UNITS[-1])
    return f"{plain(amount_t / size, 2)} {unit}"


def days(day: float) -> str:
    """Return a day as text, a dash where there is none.

    >>> [days(d) for d in (67.0, float("inf"), float("nan"))]
    ['67', '-', '-']
    """
    return f"{day:.0f}" if math.isfinite(day) else "-"
