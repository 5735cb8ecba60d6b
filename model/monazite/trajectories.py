"""What one run of one strategy in one world leaves behind."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Event:
    """Something dated that happened: a control, a plant's milestone, a release.

    Attributes:
        day: days since the start of the run.
        kind: a stable word, such as `control-in-force` or `plant-first-output`.
        name: the control, plant or stockpile that it happened to.
        detail: the rest, for a reader.
    """

    day: float
    kind: str
    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The names behind the axes of `Trajectories`.

    Attributes:
        uses: (sector, region, product, tier) of each final use.
        routes: (maker region, process, product, buyer region, pool kind) of each route;
            the pool kind is `open` or `tier1`.
        makers: (process, region, product) of each maker.
        pools: (product, region, pool kind) of each stock, those of offices included.
        stockpiles: (strategy, name, product, place) of each strategic stockpile.
        instruments: (strategy, name) of each instrument that spends.
        yards: (process, region, product) of each maker that works up scrap of the chain.
        products: ids of the products, mines first.
        regions: ids of the regions.
        suppressions: name of each suppression.
        leaky: numbers of the routes on which goods may come round a control.
    """

    uses: tuple[tuple[str, str, str, int], ...]
    routes: tuple[tuple[str, str, str, str, str], ...]
    makers: tuple[tuple[str, str, str], ...]
    pools: tuple[tuple[str, str, str], ...]
    stockpiles: tuple[tuple[str, str, str, str], ...]
    instruments: tuple[tuple[str, str], ...]
    yards: tuple[tuple[str, str, str], ...]
    products: tuple[str, ...]
    regions: tuple[str, ...]
    suppressions: tuple[str, ...] = ()
    leaky: tuple[int, ...] = ()

    @property
    def commercial(self) -> list[int]:
        """Numbers of the pools that are no strategic stock."""
        return [h for h, (_, _, kind) in enumerate(self.pools) if kind != "strategic"]

    def instrument(self, strategy: str, name: str) -> int:
        """Return the number of an instrument."""
        return self.instruments.index((strategy, name))


@dataclass(frozen=True, slots=True)
class Trajectories:
    """Amounts by time bin: calendar quarters in ensembles, single reviews in a trace.

    Shapes: B bins, U uses, X routes, M makers, H pools, S stockpiles, I instruments,
    P products, R regions, C suppressions. Stocks are those at the end of the bin.

    Attributes:
        edges_d: borders of the bins in days since the start, shape (B + 1,).
        reference_t: demand at reference price and no substitution of its own, with
            what others switch to it, shape (B, U).
        delivered_t: met from commercial and strategic stock, shape (B, U).
        substituted_t: not needed because of substitution, shape (B, U).
        curtailed_t: given up because of the price, shape (B, U).
        shortfall_t: wanted at the going price and not served, shape (B, U).
        released_t: part of delivered that came from strategic stock, shape (B, U).
        days_short_d: days with a shortfall, shape (B, U).
        first_short_d: day of the first shortfall in the bin, inf if none, shape (B, U).
        last_short_d: end of the last shortfall in the bin, -inf if none, shape (B, U).
        shipped_t: dispatched on each route, shape (B, X).
        leaked_t: of it, what came round a control, shape (B, X).
        made_t: output of each maker, shape (B, M).
        start_stock_t: stock of each pool at the start, shape (H,).
        stock_t: stock of each pool, shape (B, H).
        strategic_t: strategic stock, shape (B, S).
        bought_t: bought for strategic stock, shape (B, S).
        drawn_t: drawn from strategic stock, shape (B, S).
        price: time mean of the price as a multiple of the reference, shape (B, P, R).
        at_bound_d: days that any region's price spent at a bound, shape (B, P).
        spent_usd: public outlay, shape (B, I).
        recovered_usd: receipts, shape (B, I).
        spent_pv_usd: outlay discounted to the start, shape (B, I).
        recovered_pv_usd: receipts discounted to the start, shape (B, I).
        committed_usd: public money bound: phases of a project in full when they begin, all else
            as it is paid, shape (B, I).
        private_usd: what others pay for what the instrument builds, shape (B, I).
        salvage_pv_usd: discounted worth at the end of what is left, shape (I,).
        forgone_usd: what suppliers who sell below the price forgo on what they sell, (B, C).
        worn_t: what could be made of goods that wore out, shape (B, Z) for Z yards.
        collected_t: part of it that was collected, shape (B, Z).
        offcut_t: what could be made of the scrap that makers left, shape (B, Z).
        lost_t: what lay too long and was lost, shape (B, Z).
        scrap_t: scrap in hand at the end of the bin, shape (B, Z).
        value_added_usd_per_t: value added per tonne of each use, shape (U,).
        reference_price_usd_per_kg: price of each product at the start, shape (P,).
        events: what happened, in order of time.
        layout: the names behind the axes.
    """

    edges_d: Floats
    reference_t: Floats
    delivered_t: Floats
    substituted_t: Floats
    curtailed_t: Floats
    shortfall_t: Floats
    released_t: Floats
    days_short_d: Floats
    first_short_d: Floats
    last_short_d: Floats
    shipped_t: Floats
    leaked_t: Floats
    made_t: Floats
    start_stock_t: Floats
    stock_t: Floats
    strategic_t: Floats
    bought_t: Floats
    drawn_t: Floats
    price: Floats
    at_bound_d: Floats
    spent_usd: Floats
    recovered_usd: Floats
    spent_pv_usd: Floats
    recovered_pv_usd: Floats
    committed_usd: Floats
    private_usd: Floats
    salvage_pv_usd: Floats
    forgone_usd: Floats
    worn_t: Floats
    collected_t: Floats
    offcut_t: Floats
    lost_t: Floats
    scrap_t: Floats
    value_added_usd_per_t: Floats
    reference_price_usd_per_kg: Floats
    events: tuple[Event, ...]
    layout: Layout
