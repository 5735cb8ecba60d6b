"""One network, 4 stages x 8 regions, all regions trading with all, said three times.

A node is one stage in one region: who makes there, and the stock that the product is taken
from. A period is a week. All three keep 32 nodes, 8 sources each, and constant use.
"""

import warnings
from datetime import date, timedelta
from typing import Any

from monazite.evidence import read_behaviour, read_phases
from monazite.evidence.chain import Chain
from monazite.evidence.record import Record
from monazite.scenario import Scenario
from monazite.scenario.quantity import Quantity
from monazite.world import Prepared
from monazite.world.prepare import prepare_from

STAGES = ("ore", "oxide", "metal", "magnet")
REGIONS = tuple(f"region-{letter}" for letter in "abcdefgh")
NODES = len(STAGES) * len(REGIONS)
WEEKS = 783
"""15 years."""
USE_T = 100.0
"""Weekly use of each region [t]."""
HOME_WEEKS, AWAY_WEEKS, COVER_WEEKS = 1, 2, 5

UNDER_CONTROL = {
    "outages": True,
    "procurement": False,
    "standing": [
        {"name": "licences", "controller": "region-a", "products": ["magnet"],
         "targets": ["all"], "form": "licensing",
         "licence": {"wait": "60 days", "approval": 0.8}}],
    "random": [
        {"name": "packages", "controller": "region-a", "hits": 1, "form": "quota",
         "allowed": 0.3, "duration": "12 months",
         "scopes": [{"products": ["oxide", "magnet"], "targets": ["all"]}]}],
}  # fmt: skip
"""A disturbed world, for ours only: neither of the others can say it."""


def ours(disturbed: bool) -> Prepared:
    """Return the network as this package has it."""
    quiet = {"outages": False, "procurement": False}
    start = date(2026, 1, 1)
    scenario = Scenario.model_validate(
        {
            "schema": 1,
            "name": "same-network",
            "title": "Four stages in eight regions",
            "chain": "same",
            "start": start,
            "end": start + timedelta(weeks=WEEKS),
            "growth": False,
            "uncertain": False,
            "report": [REGIONS[0]],
            "disruptions": UNDER_CONTROL if disturbed else quiet,
            "strategies": {"none": {}},
        }
    )
    return prepare_from(scenario, chain(), read_behaviour(), read_phases(), ())


def chain() -> Chain:
    """Return four products, each made of the one before, in every region."""
    yearly_t = USE_T * 365.25 / 7
    names = list(zip(STAGES, ("", *STAGES), strict=False))
    return Chain.model_validate(
        {
            "chain": "same",
            "title": "Four stages in eight regions",
            "hazard_class": "low_volume_high_criticality",
            "reference_year": 2025,
            "products": {p: _product(p) for p in STAGES},
            "processes": {f"making_{p}": _process(p, q) for p, q in names},
            "makers": [_maker(p, r, yearly_t) for p in STAGES for r in REGIONS],
            "sectors": {"users": _sector()},
            "use": {r: _use(r, yearly_t) for r in REGIONS},
            "leads": {
                "home": _number(7.0 * HOME_WEEKS, "d", "leads.home"),
                "away": _number(7.0 * AWAY_WEEKS, "d", "leads.away"),
            },
            "routes": [
                {"product": p, "from": a, "to": b, "lead": "home" if a == b else "away"}
                for p in STAGES for a in REGIONS for b in REGIONS
            ],
        }
    )  # fmt: skip


def _product(name: str) -> dict[str, Any]:
    return {
        "title": name,
        "stage": "oxide",
        "basis": "t",
        "price": _number(10.0 * (1 + STAGES.index(name)), "USD/kg", f"{name}.price"),
        "cover": _number(7.0 * COVER_WEEKS, "d", f"{name}.cover"),
        "accessible": _number(0.1, "share", f"{name}.accessible"),
        "usable_share": _number(1.0, "share", f"{name}.usable"),
    }


def _process(makes: str, needs: str) -> dict[str, Any]:
    return {
        "title": f"making {makes}",
        "makes": makes,
        "needs": {needs: _number(1.0, "t/t", f"{makes}.needs")} if needs else {},
        "opex": {"elsewhere": _number(1.0, "USD/kg", f"{makes}.opex")},
    }


def _maker(product: str, region: str, yearly_t: float) -> dict[str, Any]:
    return {
        "process": f"making_{product}",
        "region": region,
        "output": _number(yearly_t, "t/yr", f"{product}.{region}.output"),
        "utilisation": _number(0.8, "share", f"{product}.{region}.utilisation"),
        "plants": 2,
        "balances": True,
    }


def _sector() -> dict[str, Any]:
    return {
        "title": "users",
        "tier": 3,
        "product": STAGES[-1],
        "elasticity": _number(0.3, "", "users.elasticity"),
        "ceiling": _number(0.2, "share", "users.ceiling"),
        "lag": _number(730.0, "d", "users.lag"),
        "adjustment": _number(182.0, "d", "users.adjustment"),
        "value_added": _number(1e5, "USD/t", "users.value"),
        "growth": {"2025": _number(1.0, "", "users.growth.2025")},
    }


def _use(region: str, yearly_t: float) -> dict[str, Any]:
    total = _number(yearly_t, "t/yr", f"use.{region}")
    return {"total": total, "split": {}, "remainder": "users"}


def _number(value: float, unit: str, name: str) -> Record:
    return Record(quantity=Quantity.fixed(value, unit), kind="scenario", name=name)


def supplynetpy() -> Any:
    """Return the network as SupplyNetPy can say it.

    Only a first stage can make anything (its manufacturers take raw material alone), so
    later stages are stocks; an order goes to one source, by lot.
    """
    import SupplyNetPy.Components as scm

    scm.global_logger.disable_logging()
    scm.set_seed(1)
    nodes, links, demands = [], [], []
    stock = {"inventory_holding_cost": 0.1, "product_sell_price": 4, "capacity": 1e6}
    for r in range(len(REGIONS)):
        raw = scm.RawMaterial(f"raw{r}", f"raw{r}", 1e6, 1, 1, 1)
        made = scm.Product(
            f"ore{r}", f"ore{r}", manufacturing_cost=1, manufacturing_time=1, sell_price=4,
            raw_materials=[(raw, 1)], batch_size=2 * USE_T,
        )  # fmt: skip
        mine = {"ID": f"mine{r}", "name": "mine", "node_type": "infinite_supplier"}
        nodes.append({**mine, "raw_material": raw})
        nodes.append(
            {**stock, **_refilled(0), "ID": f"0-{r}", "name": "maker", "product": made,
             "node_type": "manufacturer"}
        )  # fmt: skip
        links.append(_link(f"mine{r}", f"0-{r}", HOME_WEEKS))
        demands.append(
            {"ID": f"use{r}", "name": "use", "demand_node": f"3-{r}", "consume_available": True,
             "order_arrival_model": lambda: 1, "order_quantity_model": lambda: USE_T}
        )  # fmt: skip
    kinds = ("distributor", "warehouse", "retailer")
    for s, kind in enumerate(kinds, start=1):
        chances = {f"{s - 1}-{q}": 1 / len(REGIONS) for q in range(len(REGIONS))}
        for r in range(len(REGIONS)):
            nodes.append(
                {**stock, **_refilled(s), "ID": f"{s}-{r}", "name": kind, "node_type": kind,
                 "product_buy_price": 3, "supplier_selection_policy": scm.SelectProbabilistic,
                 "supplier_selection_param": {"probabilities": chances}}
            )  # fmt: skip
            for q in range(len(REGIONS)):
                weeks = HOME_WEEKS if q == r else AWAY_WEEKS
                links.append(_link(f"{s - 1}-{q}", f"{s}-{r}", weeks))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on capacities, once a link
        return scm.create_sc_net(nodes, links, demands)


def _refilled(stage: int) -> dict[str, Any]:
    import SupplyNetPy.Components as scm

    full = USE_T * (COVER_WEEKS + AWAY_WEEKS + (2 if stage == 0 else 0))
    return {
        "initial_level": full,
        "replenishment_policy": scm.SSReplenishment,
        "policy_param": {"s": full - 1, "S": full, "period": 1},
    }


def _link(source: str, sink: str, weeks: float) -> dict[str, Any]:
    return {"ID": f"{source}>{sink}", "source": source, "sink": sink, "cost": 1,
            "lead_time": lambda: weeks}  # fmt: skip


def stockpyl() -> Any:
    """Return the network as stockpyl can say it.

    The products of eight sources are eight raw materials, an eighth of each needed: shares
    of sources are fixed. One lead time for all sources of a node; no capacity.
    """
    from stockpyl.supply_chain_network import network_from_edges
    from stockpyl.supply_chain_product import SupplyChainProduct

    size = len(REGIONS)
    stages = range(len(STAGES) - 1)
    edges = [
        (s * size + a, (s + 1) * size + b)
        for s in stages for a in range(size) for b in range(size)
    ]  # fmt: skip
    last, all_nodes = NODES - size, range(NODES)
    net = network_from_edges(
        edges=edges,
        shipment_lead_time=AWAY_WEEKS,
        local_holding_cost=1,
        stockout_cost=10,
        demand_type={n: "D" if n >= last else None for n in all_nodes},
        demand_list={n: USE_T if n >= last else None for n in all_nodes},
        supply_type={n: "U" if n < size else None for n in all_nodes},
        policy_type="BS",
        base_stock_level=USE_T * COVER_WEEKS,
    )
    products = {n: SupplyChainProduct(index=100 + n) for n in all_nodes}
    for n in all_nodes:
        net.nodes_by_index[n].add_product(products[n])
    for source, sink in edges:
        products[sink].set_bill_of_materials(products[source], 1 / size)
    return net
