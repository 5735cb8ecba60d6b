"""What controllers export month by month: a table with bars, and what their controls did."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from monazite.errors import MonaziteError
from monazite.report.tables import Column, Table
from monazite.scenario.hints import did_you_mean

if TYPE_CHECKING:
    from monazite.trajectories import Event, Floats, Layout, Trajectories
    from monazite.world.prepare import Prepared

BAR = 24
"""Length of the bar of the largest month."""
COLUMNS = (
    Column("month", "", "left"),
    Column("from", "", "left"),
    Column("exports", "t", "right"),
    Column("of the largest month", "", "left"),
    Column("what controls did", "", "left"),
)


def exports(layout: "Layout", product: str, controller: str) -> list[int]:
    """Return the routes on which a region sends a product abroad."""
    return [
        x
        for x, (seller, _, made, buyer, _) in enumerate(layout.routes)
        if (seller, made) == (controller, product) and buyer != controller
    ]


def monthly(prepared: "Prepared", run: "Trajectories", told: "Sequence[Event]", word: str) -> Table:
    """Return the exports of a product by every region that controls it, a row a month.

    Args:
        prepared: the scenario.
        run: review by review.
        told: all events of the run and its world.
        word: the product.

    Raises:
        MonaziteError: for a product that nobody controls.
    """
    known = prepared.controllers
    if word not in known:
        hint = did_you_mean(word, known) or f"; there are: {', '.join(known) or 'none'}"
        raise MonaziteError(f"no control on '{word}' in this scenario{hint}")
    starts = _months(prepared.start, prepared.scenario.end)
    rows: list[tuple[object, ...]] = []
    for controller in sorted(known[word]):
        sent_t = run.shipped_t[:, exports(run.layout, word, controller)].sum(axis=1)
        each_t = _by_month(sent_t, run.edges_d, [(day - prepared.start).days for day in starts])
        mine = list(_of(prepared, controller, word, told))
        for begin, until, amount_t in zip(starts, starts[1:], each_t, strict=False):
            did = [
                f"{event.kind.removeprefix('control-').replace('-', ' ')} {event.name}"
                for event in mine
                if begin <= prepared.start + timedelta(days=event.day) < until
            ]
            bar = "█" * round(BAR * amount_t / max(each_t.max(), 1e-12))
            rows.append((f"{begin:%Y-%m}", controller, amount_t, bar, "; ".join(did)))
    note = f"{word}: what leaves the region, in the month in which it is shipped."
    return Table(f"exports of {word}", COLUMNS, rows, (note,))


def _months(start: date, end: date) -> list[date]:
    """Return the first day, the first of every month inside, and the last day."""
    firsts = [date(y, m, 1) for y in range(start.year, end.year + 1) for m in range(1, 13)]
    return [start, *(day for day in firsts if start < day < end), end]


def _by_month(amount_t: "Floats", edges_d: "Floats", starts_d: list[int]) -> "Floats":
    """Return what was sent by month, that of a review split by days.

    >>> _by_month(np.array([7.0, 14.0]), np.array([0.0, 7.0, 14.0]), [0, 10, 14]).tolist()
    [13.0, 8.0]
    """
    so_far_t = np.concatenate([[0.0], np.cumsum(amount_t)])
    return np.diff(np.interp(np.array(starts_d, float), edges_d, so_far_t))


def _of(
    prepared: "Prepared", controller: str, product: str, told: "Iterable[Event]"
) -> "Iterator[Event]":
    """Yield what the controls of one region on one product did."""
    owners = {one.part.name: one.part.controller for one in prepared.controls.ones}
    owners |= {source.part.name: source.part.controller for source in prepared.controls.sources}
    events = [event for event in told if event.kind.startswith("control-")]
    named = {e.name for e in events if product in re.findall(r"[\w-]+", e.detail)}
    for event in events:
        owner = owners.get(event.name) or owners.get(event.name.rpartition("-")[0])
        if event.name in named and owner == controller:
            yield event
