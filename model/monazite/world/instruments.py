"""Stockpiles and projects of every strategy, as rows that a run switches on."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from monazite.rules import records
from monazite.rules.records import STRATEGIC, Model
from monazite.world.inputs import NONE, Floats, Ints
from monazite.world.plan import DAYS_PER_YEAR
from monazite.world.reserves import fill_claims
from monazite.world.tables import KG_PER_T

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared

TRIGGERS = {
    "never": records.NEVER,
    "shortfall": records.SHORTFALL,
    "cover": records.COVER,
    "price": records.PRICE,
    "control": records.CONTROL,
    "declared": records.DECLARED,
}
NO_BOUND = np.inf
LAST = 2**31 - 2
"""Turn of a stockpile without a priority."""


def regions_of(prepared: "Prepared", name: str) -> tuple[str, ...]:
    """Return the regions behind the name of a region, a group or, ever, a bloc."""
    for plan in prepared.blocs:
        if plan.part.name == name:
            return tuple(member.region for member in plan.part.members)
    return prepared.scenario.regions_of(name)


def with_instruments(model: Model, prepared: "Prepared") -> Model:
    """Return the model with a row for each instrument, all switched off, as no draw changes it."""
    count = len(prepared.stockpiles)
    regions = len(prepared.network.regions)
    model = replace(
        model,
        stockpiles=np.zeros(count, records.STOCKPILE),
        release_order=np.zeros(count, np.uint64),
        projects=np.zeros(len(prepared.projects), records.PROJECT),
        instruments=np.zeros(len(prepared.layout.instruments), records.INSTRUMENT),
        claims=np.zeros(count * regions, records.CLAIM),
        entitled=np.zeros((count, regions), np.int64),
        offer_t=np.zeros((count, model.pools.size)),
    )
    for s, plan in enumerate(prepared.stockpiles):
        _lay_stockpile(model, prepared, s)
        model.stockpiles[s]["instrument"] = prepared.layout.instrument(
            plan.strategy, plan.part.name
        )
        fill_claims(model, prepared, s)
    model.release_order[:] = _release_order(model, [p.part.name for p in prepared.stockpiles])
    model.settings[0]["ageing"] = int((model.stockpiles["ageing_per_d"] > 0.0).any())
    if model.stockpiles["lends"].any():
        shape = (count * regions, prepared.clock.reviews + 1)
        model = replace(model, returns_t=np.zeros(shape))
    for i, project in enumerate(prepared.projects):
        row = model.projects[i]
        row["maker"] = prepared.network.maker(project.process, project.part.region)
        row["instrument"] = NONE
        if project.strategy:
            row["instrument"] = prepared.layout.instrument(project.strategy, project.part.name)
        row["nameplate_per_d"] = project.part.capacity.central / DAYS_PER_YEAR
        if project.part.support is not None:
            row["support_usd_per_t"] = project.part.support.per_kg.central * KG_PER_T
    return model


def _release_order(model: Model, names: list[str]) -> list[int]:
    """Return stockpiles with the fewest owners first, then by name: not as a file lists them."""
    owners = model.entitled.sum(axis=1).tolist()
    return sorted(range(len(names)), key=lambda s: (owners[s], names[s]))


def fill_instruments(model: Model, prepared: "Prepared", values: Floats) -> None:
    """Fill in what a draw changes of the instruments: sizes, reach and costs."""
    for s in range(len(prepared.stockpiles)):
        _fill_stockpile(model, prepared, s, values)
    opex = [project.columns["opex"] for project in prepared.projects]
    model.projects["opex_usd_per_t"] = values[opex] * KG_PER_T


def _lay_stockpile(model: Model, prepared: "Prepared", s: int) -> None:
    network = prepared.network
    part, row = prepared.stockpiles[s].part, model.stockpiles[s]
    product = network.products.index(part.product)
    row["pool"] = int(np.flatnonzero(network.pool_stockpile == s)[0])
    row["product"], row["place"] = product, network.regions.index(part.place)
    members = [member.region for member in part.members]
    for region in members or regions_of(prepared, part.owner):
        model.entitled[s, network.regions.index(region)] = 1
    row["pace_per_d"] = NO_BOUND if part.pace is None else part.pace.central / DAYS_PER_YEAR
    row["ceiling"] = NO_BOUND if part.price_ceiling is None else part.price_ceiling.central
    release = part.release
    row["trigger"] = TRIGGERS[release.trigger]
    row["level"] = 0.0 if release.level is None else release.level.central
    row["rate_per_d"] = NO_BOUND if release.rate is None else release.rate.central / DAYS_PER_YEAR
    row["tiers"] = sum(1 << tier for tier in release.tiers)
    row["refill"] = int(part.refill)
    row["final"] = int(product in set(model.uses["product"]))
    row["turn"] = LAST if part.priority is None else part.priority
    row["ageing_per_d"] = 0.0 if part.shelf_life is None else 1.0 / part.shelf_life.central
    row["rotation"] = 0.0 if part.rotation_cost is None else part.rotation_cost.central


def _fill_stockpile(model: Model, prepared: "Prepared", s: int, values: Floats) -> None:
    plan, row = prepared.stockpiles[s], model.stockpiles[s]
    mine = prepared.reaches[s]
    row["target_t"] = values[plan.target]
    if prepared.inputs.quantities[plan.target].unit != "t":
        row["target_t"] *= float(model.use_year[0][mine.owners].sum())
    row["accessible_per_d"] = values[plan.accessible] * float(model.flow_year[0][mine.trade].sum())
    row["usable_share"] = values[plan.usable]
    row["holding_per_d"] = values[plan.holding] / DAYS_PER_YEAR
    row["herfindahl"] = _concentration(model.capacity_year[0][mine.makers], mine.regions)


@dataclass(frozen=True)
class Reach:
    """What the size of a stockpile, its purchases and its turn are measured by.

    Attributes:
        owners: pools of its product whose use counts as its owners', shape (n,).
        trade: routes between regions whose goods its office can reach, shape (n,).
        makers: makers of its product, shape (n,).
        regions: regions of these, shape (n,).
    """

    owners: Ints
    trade: Ints
    makers: Ints
    regions: Ints


def reach_of(blank: Model, s: int) -> Reach:
    """Return what a stockpile is measured by.

    A purchasing office reaches what sellers it may buy from ship to other regions; one that
    excludes no one has all trade before it.

    Args:
        blank: the tables as far as no draw changes them.
        s: number of the stockpile.
    """
    pools, routes, makers = blank.pools, blank.routes, blank.makers
    row = blank.stockpiles[s]
    owners = (pools["product"] == row["product"]) & (pools["kind"] != STRATEGIC)
    owners &= blank.entitled[s][pools["region"]] == 1
    sellers = set(routes["maker"][(routes["pool"] == row["pool"]) & (routes["barred"] == 0)])
    trade = (routes["home"] == 0) & (pools["product"][routes["pool"]] == row["product"])
    trade &= np.isin(routes["maker"], list(sellers))
    mine = np.flatnonzero(makers["product"] == row["product"])
    return Reach(
        owners=np.flatnonzero(owners),
        trade=np.flatnonzero(trade),
        makers=mine,
        regions=makers["region"][mine].astype(np.int64),
    )


def _concentration(capacity: Floats, region: Ints) -> float:
    """Return the Herfindahl index of capacity by region, 0 to 1."""
    made = np.bincount(region, capacity)
    return float(((made / made.sum()) ** 2).sum()) if made.sum() > 0.0 else 0.0
