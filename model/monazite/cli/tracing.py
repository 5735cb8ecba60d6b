"""`trace`: one strategy in one world, as a dated log."""

import csv
import itertools
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from monazite.cli.drawing import FILE_DIGITS, text_of
from monazite.cli.options import Debug, File, Json, Quiet, Seed, Sets, with_seed
from monazite.cli.showing import opened, show
from monazite.cli.talk import tell
from monazite.errors import MonaziteError

if TYPE_CHECKING:
    from monazite.trajectories import Event, Floats, Trajectories

Series = tuple[str, str, str, str, "Floats"]
"""A measure, its unit, what and where it is of, and its value at each review."""


def trace(
    file: File,
    strategy: Annotated[
        str | None,
        typer.Option(
            "--strategy", metavar="S", help="Which one: `--strategy none`. Default: the baseline."
        ),
    ] = None,
    replication: Annotated[
        int,
        typer.Option("--replication", metavar="K", min=0, help="Which world: `--replication 17`."),
    ] = 0,
    seed: Seed = None,
    sets: Sets = None,
    target: Annotated[
        Path | None,
        typer.Option(
            "--series",
            metavar="FILE",
            help="Also write every series at each review: `--series trace.csv`; - is stdout.",
        ),
    ] = None,
    exports: Annotated[
        str | None,
        typer.Option(
            "--exports",
            metavar="PRODUCT",
            help="Print instead what its controllers export by month: `--exports magnets`.",
        ),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Print one run as a readable log of what happened and when.

    Example: `monazite trace ree-magnets --strategy magnet_stockpile --replication 17`
    """
    from monazite.cli.exporting import monthly
    from monazite.cli.spells import spells
    from monazite.scenario import read_scenario
    from monazite.simulation import run_world
    from monazite.world import prepare

    prepared = prepare(read_scenario(file, with_seed(sets, seed)))
    chosen = prepared.baseline if strategy is None else strategy
    if chosen not in prepared.strategies:
        known = ", ".join(prepared.strategies)
        raise MonaziteError(f"no strategy '{chosen}' in this scenario; there are: {known}")
    tell(f"{prepared.scenario.name}, strategy {chosen}, replication {replication}")
    world_run = run_world(prepared, replication, [chosen], by="review")
    run = world_run.trajectories[chosen]
    if target is None or str(target) != "-":
        told = sorted_events(world_run.world_events, run.events)
        if exports is not None:
            show(monthly(prepared, run, told, exports), as_json=as_json)
        else:
            regions = dict.fromkeys(itertools.chain.from_iterable(prepared.groups.values()))
            short = spells(run, tuple(regions))
            _show_log(sorted_events(told, short), prepared.start, as_json)
    if target is not None:
        with opened(target) as stream:
            write_series(run, prepared.start, stream)
        if str(target) != "-":
            tell(f"Wrote {target}")


def sorted_events(*groups: "Iterable[Event]") -> "list[Event]":
    """Return events of several groups in order of time, earlier groups first on a day."""
    return sorted((event for group in groups for event in group), key=lambda event: event.day)


def _show_log(events: "list[Event]", start: date, as_json: bool) -> None:
    from monazite.report.tables import Column, Table

    columns = tuple(Column(name, "", "left") for name in ("date", "event", "name", "detail"))
    rows = [
        (str(on(start, event.day)), event.kind.replace("-", " "), event.name, event.detail)
        for event in events
    ]
    show(Table("", columns, rows, ()), as_json=as_json)


def on(start: date, day: float) -> date:
    """Return the date of a day of the run.

    >>> str(on(date(2026, 1, 1), 31.5))
    '2026-02-01'
    """
    return start + timedelta(days=day)


def write_series(run: "Trajectories", start: date, stream: IO[str]) -> None:
    """Write each series that is ever anything but zero, one row a review and series."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["from", "to", "measure", "unit", "what", "where", "value"])
    days = [str(on(start, float(edge))) for edge in run.edges_d]
    series = [one for one in series_of(run) if one[-1].any()]
    for b, (begin, end) in enumerate(itertools.pairwise(days)):
        for measure, unit, what, where, values in series:
            value = text_of(float(values[b]), FILE_DIGITS)
            writer.writerow([begin, end, measure, unit, what, where, value])


def series_of(run: "Trajectories") -> Iterator[Series]:
    """Yield every series of a run with the names behind its axes."""
    from monazite.cli.exporting import exports as exported

    layout = run.layout
    uses = [(f"{sector}: {product}", region) for sector, region, product, _ in layout.uses]
    routes = [
        (f"{product} ({kind})", f"{seller} > {buyer}")
        for seller, _, product, buyer, kind in layout.routes
    ]
    makers = [(process, region) for process, region, _ in layout.makers]
    pools = [(f"{product} ({kind})", region) for product, region, kind in layout.pools]
    stores = [(f"{name}: {product}", place) for _, name, product, place in layout.stockpiles]
    spenders = [(name, "") for _, name in layout.instruments]
    for measure in ("reference", "delivered", "substituted", "curtailed", "shortfall", "released"):
        yield from _named(measure, "t", uses, getattr(run, f"{measure}_t"))
    yield from _named("days_short", "d", uses, run.days_short_d)
    yield from _named("shipped", "t", routes, run.shipped_t)
    for product, seller in sorted({(route[2], route[0]) for route in layout.routes}):
        abroad = run.shipped_t[:, exported(layout, product, seller)].sum(axis=1)
        yield "exports", "t", product, seller, abroad
    yield from _named("leaked", "t", routes, run.leaked_t)
    yield from _named("made", "t", makers, run.made_t)
    held = layout.commercial
    yield from _named("commercial_stock", "t", [pools[h] for h in held], run.stock_t[:, held])
    yield from _named("strategic_stock", "t", stores, run.strategic_t)
    yield from _named("bought", "t", stores, run.bought_t)
    yield from _named("drawn", "t", stores, run.drawn_t)
    for p, product in enumerate(layout.products):
        places = [(product, region) for region in layout.regions]
        yield from _named("price", "multiple of reference", places, run.price[:, p, :])
    yield from _named("spent", "USD", spenders, run.spent_usd)
    yield from _named("recovered", "USD", spenders, run.recovered_usd)


def _named(
    measure: str, unit: str, names: list[tuple[str, str]], values: "Floats"
) -> Iterator[Series]:
    for k, (what, where) in enumerate(names):
        yield measure, unit, what, where, values[:, k]
