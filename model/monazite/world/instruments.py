"""Stockpiles and projects of every strategy, as rows that a run switches on."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from monazite.rules import records
from monazite.rules.records import STRATEGIC, Model
from monazite.world.inputs import NONE, Floats, Ints
from monazite.world.plan import DAYS_PER_YEAR, StockpilePlan
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


def fill_instruments(model: Model, prepared: "Prepared", values: Floats) -> Model:
    """Return the model with a row for each instrument, all switched off."""
    count = len(prepared.stockpiles)
    regions = len(prepared.network.regions)
    model = replace(
        model,
        stockpiles=np.zeros(count, records.STOCKPILE),
        projects=np.zeros(len(prepared.projects), records.PROJECT),
        instruments=np.zeros(len(prepared.layout.instruments), records.INSTRUMENT),
        claims=np.zeros(count * regions, records.CLAIM),
        entitled=np.zeros((count, regions), np.int64),
        offer_t=np.zeros((count, model.pools.size)),
    )
    for s, plan in enumerate(prepared.stockpiles):
        _fill_stockpile(model, prepared, s, values)
        model.stockpiles[s]["instrument"] = prepared.layout.instrument(
            plan.strategy, plan.part.name
        )
        fill_claims(model, prepared, s)
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
        row["opex_usd_per_t"] = values[project.columns["opex"]] * KG_PER_T
        if project.part.support is not None:
            row["support_usd_per_t"] = project.part.support.per_kg.central * KG_PER_T
    return model


def _fill_stockpile(model: Model, prepared: "Prepared", s: int, values: Floats) -> None:
    plan, network = prepared.stockpiles[s], prepared.network
    part, row = plan.part, model.stockpiles[s]
    product = network.products.index(part.product)
    row["pool"] = int(np.flatnonzero(network.pool_stockpile == s)[0])
    row["product"], row["place"] = product, network.regions.index(part.place)
    members = [member.region for member in part.members]
    for region in members or regions_of(prepared, part.owner):
        model.entitled[s, network.regions.index(region)] = 1
    row["target_t"] = values[plan.target]
    if prepared.inputs.quantities[plan.target].unit != "t":
        row["target_t"] *= owners_use(model, s)
    row["pace_per_d"] = NO_BOUND if part.pace is None else part.pace.central / DAYS_PER_YEAR
    row["accessible_per_d"] = values[plan.accessible] * outside_trade(model, prepared, plan)
    row["ceiling"] = NO_BOUND if part.price_ceiling is None else part.price_ceiling.central
    row["usable_share"] = values[plan.usable]
    row["holding_per_d"] = values[plan.holding] / DAYS_PER_YEAR
    release = part.release
    row["trigger"] = TRIGGERS[release.trigger]
    row["level"] = 0.0 if release.level is None else release.level.central
    row["rate_per_d"] = NO_BOUND if release.rate is None else release.rate.central / DAYS_PER_YEAR
    row["tiers"] = sum(1 << tier for tier in release.tiers)
    row["refill"] = int(part.refill)
    row["final"] = int(product in set(model.uses["product"]))
    row["turn"] = LAST if part.priority is None else part.priority
    row["herfindahl"] = concentration(model, product)
    row["ageing_per_d"] = 0.0 if part.shelf_life is None else 1.0 / part.shelf_life.central
    row["rotation"] = 0.0 if part.rotation_cost is None else part.rotation_cost.central


def concentration(model: Model, product: int) -> float:
    """Return the Herfindahl index of a product's output by region at the start, 0 to 1."""
    makers = model.makers
    mine = makers["product"] == product
    made = np.bincount(makers["region"][mine], model.capacity_year[0][mine])
    return float(((made / made.sum()) ** 2).sum()) if made.sum() > 0.0 else 0.0


def owners_use(model: Model, s: int) -> float:
    """Return the reference use of a stockpile's product by its owners at the start [t/d]."""
    pools = model.pools
    mine = (pools["product"] == model.stockpiles[s]["product"]) & (pools["kind"] != STRATEGIC)
    mine &= model.entitled[s][pools["region"]] == 1
    return float(model.use_year[0][mine].sum())


def outside_trade(model: Model, prepared: "Prepared", plan: StockpilePlan) -> float:
    """Return the trade between regions that a purchasing office can reach at the start [t/d].

    What sellers it may buy from ship to other regions; a buyer who excludes no one has
    all trade before it.
    """
    network, routes = prepared.network, model.routes
    office = int(np.flatnonzero(network.pool_stockpile == prepared.stockpiles.index(plan))[0])
    mine: Ints = routes["pool"] == office
    sellers = set(routes["maker"][mine & (routes["barred"] == 0)])
    product = network.products.index(plan.part.product)
    traded = (routes["home"] == 0) & (model.pools["product"][routes["pool"]] == product)
    reached = traded & np.isin(routes["maker"], list(sellers))
    return float(model.flow_year[0][reached].sum())
