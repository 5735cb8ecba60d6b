"""What a log tells beside the events: when stockpiles buy and release, and who goes short."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from monazite.trajectories import Event

if TYPE_CHECKING:
    from monazite.trajectories import Floats, Trajectories

CALM_D = 91.0
"""Spells that are closer than this are told as one."""
LEAST_T = 0.5
"""A spell of fewer tonnes is not told."""
ROUNDING = 1e-9
"""Part of the most of any review below which nothing happens."""


def spells(run: "Trajectories", regions: Sequence[str]) -> list[Event]:
    """Return what a stockpile does, and the shortages of some regions, as events.

    Args:
        run: by review.
        regions: whose shortages are told.
    """
    found: list[Event] = []
    for s, (_, name, product, place) in enumerate(run.layout.stockpiles):
        for verb, series in (("buys", run.bought_t), ("releases", run.drawn_t)):
            for day, total, length in _told(run.edges_d, series[:, s]):
                said = f"{total} of {product} in {length}, {place}"
                found.append(Event(day, f"stockpile-{verb}", name, said))
    uses = run.layout.uses
    for region in regions:
        for tier in sorted({use[3] for use in uses}):
            mine = [u for u, use in enumerate(uses) if (use[1], use[3]) == (region, tier)]
            for day, total, length in _told(run.edges_d, run.shortfall_t[:, mine].sum(axis=1)):
                name = f"{region}, tier {tier}"
                found.append(Event(day, "shortage", name, f"{total} in {length}"))
    return found


def _told(edges_d: "Floats", amount_t: "Floats") -> Iterator[tuple[float, str, str]]:
    """Yield the first day of each spell, its tonnes and its length."""
    some = np.flatnonzero(amount_t > ROUNDING * amount_t.max(initial=0.0))
    if not some.size:
        return
    apart = edges_d[some[1:]] - edges_d[some[:-1] + 1] > CALM_D
    for spell in np.split(some, np.flatnonzero(apart) + 1):
        total_t = float(amount_t[spell].sum())
        if total_t >= LEAST_T:
            first_d, last_d = float(edges_d[spell[0]]), float(edges_d[spell[-1] + 1])
            yield first_d, f"{total_t:,.0f} t", _length(last_d - first_d)


def _length(days: float) -> str:
    """Return a length of time as a person says it.

    >>> [_length(d) for d in (7.0, 56.0, 400.0, 1500.0)]
    ['1 week', '8 weeks', '13 months', '4.1 years']
    """
    if days < 100:
        weeks = max(1, round(days / 7))
        return f"{weeks} week{'' if weeks == 1 else 's'}"
    if days < 730:
        return f"{days / 30.4375:.0f} months"
    return f"{days / 365.25:.1f} years"
