"""Small chains by hand, and the steps that lead from one to a run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from monazite.evidence import read_behaviour, read_phases
from monazite.evidence.chain import Chain
from monazite.evidence.record import Record
from monazite.evidence.regions import ProcurementRule
from monazite.rules.records import Model
from monazite.scenario.parts import Scenario
from monazite.scenario.quantity import Quantity
from monazite.simulation.run import draw_world, edges_by, simulate
from monazite.trajectories import Trajectories
from monazite.world.prepare import Prepared, prepare_from

START = date(2026, 1, 1)
YEAR_D = 365.25

CALM = {
    "behaviour.price_cover_elasticity": 0,
    "behaviour.price_tightness_elasticity": 0,
}
"""Overrides under which no price moves: sectors then neither save nor substitute."""


@dataclass(frozen=True)
class Plant:
    """All plants of one process in one region."""

    process: str
    region: str
    output: float
    utilisation: float = 0.8
    plants: int = 0
    balances: bool = True


@dataclass(frozen=True)
class Kind:
    """A final use."""

    product: str = "part"
    tier: int = 3
    elasticity: float = 0.0
    ceiling: float = 0.0
    cover_d: float | None = None
    growth: Mapping[str, float] = field(default_factory=dict)
    life: tuple[float, float] | None = None  # mean [years] and shape


@dataclass(frozen=True)
class Feed:
    """The scrap of a process: part from worn-out goods, what they and making leave of which."""

    end_of_life: float
    used_in: tuple[str, ...] = ("part",)
    recovered: float = 1.0
    made_in: tuple[str, ...] = ("part",)
    delay_d: float = 30.0
    regions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Small:
    """A chain in few words.

    Attributes:
        products: cover in days and price in USD/kg of each, in any order.
        processes: product made and tonnes of each input per tonne.
        plants: who makes.
        sectors: final uses by name.
        use: tonnes a year of each sector by region; the last sector named is the remainder.
        lead_d: lead time of every route, or by (seller, buyer).
        shares: part of the buyer's use by (product, seller, buyer); others by gravity.
        routes: the pairs (product, seller, buyer) that trade; None lets all trade.
        opex: USD/kg of processes that cost another amount than 1.
        hosts: metal that a process follows as its by-product.
        scrap: what processes work up, by name.
    """

    products: Mapping[str, tuple[float, float]]
    processes: Mapping[str, tuple[str, Mapping[str, float]]]
    plants: Sequence[Plant]
    sectors: Mapping[str, Kind]
    use: Mapping[str, Mapping[str, float]]
    lead_d: float | Mapping[tuple[str, str], float] = 14.0
    shares: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    routes: Iterable[tuple[str, str, str]] | None = None
    opex: Mapping[str, float] = field(default_factory=dict)
    hosts: Mapping[str, str] = field(default_factory=dict)
    scrap: Mapping[str, Feed] = field(default_factory=dict)

    def chain(self) -> Chain:
        """Return it as the evidence would have it."""
        leads = self._leads()
        return Chain(
            chain="small",
            title="Small",
            hazard_class="low_volume_high_criticality",
            reference_year=2025,
            products={n: self._product(n, *of) for n, of in self.products.items()},
            processes={n: self._process(n, *of) for n, of in self.processes.items()},
            makers=tuple(self._maker(plant) for plant in self.plants),
            sectors={n: self._sector(n, kind) for n, kind in self.sectors.items()},
            use={region: self._use(region, of) for region, of in self.use.items()},
            leads={_lead(d): number(d, "d", f"leads.{_lead(d)}") for d in set(leads.values())},
            routes=tuple(
                {
                    "product": p,
                    "from": a,
                    "to": b,
                    "lead": _lead(leads[a, b]),
                    "share": None
                    if (p, a, b) not in self.shares
                    else number(self.shares[p, a, b], "share", f"routes.{p}.{a}.{b}"),
                }
                for p, a, b in self._pairs()
            ),
        )

    def regions(self) -> list[str]:
        """Return every region."""
        return list(dict.fromkeys([*(plant.region for plant in self.plants), *self.use]))

    def _pairs(self) -> list[tuple[str, str, str]]:
        if self.routes is not None:
            return list(self.routes)
        regions = self.regions()
        return [(p, a, b) for p in self.products for a in regions for b in regions]

    def _leads(self) -> dict[tuple[str, str], float]:
        regions = self.regions()
        if isinstance(self.lead_d, Mapping):
            return {(a, b): self.lead_d.get((a, b), 14.0) for a in regions for b in regions}
        return {(a, b): self.lead_d for a in regions for b in regions}

    def _product(self, name: str, cover_d: float, usd_per_kg: float) -> dict[str, Any]:
        at = f"products.{name}"
        return {
            "title": name,
            "stage": "oxide",
            "basis": "t",
            "price": number(usd_per_kg, "USD/kg", f"{at}.price"),
            "cover": number(cover_d, "d", f"{at}.cover"),
            "accessible": number(0.5, "share", f"{at}.accessible"),
            "usable_share": number(1.0, "share", f"{at}.usable_share"),
        }

    def _process(self, name: str, makes: str, needs: Mapping[str, float]) -> dict[str, Any]:
        at = f"processes.{name}"
        return {
            "title": name,
            "makes": makes,
            "needs": {q: number(t, "t/t", f"{at}.needs.{q}") for q, t in needs.items()},
            "opex": {"elsewhere": number(self.opex.get(name, 1.0), "USD/kg", f"{at}.opex")},
            "by_product_of": self.hosts.get(name),
            "scrap": _scrap(self.scrap[name], f"{at}.scrap") if name in self.scrap else None,
        }

    def _maker(self, plant: Plant) -> dict[str, Any]:
        at = f"makers.{plant.process}.{plant.region}"
        return {
            "process": plant.process,
            "region": plant.region,
            "output": number(plant.output, "t/yr", f"{at}.output"),
            "utilisation": number(plant.utilisation, "share", f"{at}.utilisation"),
            "plants": plant.plants,
            "balances": plant.balances,
        }

    def _sector(self, name: str, kind: Kind) -> dict[str, Any]:
        at = f"sectors.{name}"
        return {
            "title": name,
            "tier": kind.tier,
            "product": kind.product,
            "elasticity": number(kind.elasticity, "", f"{at}.elasticity"),
            "ceiling": number(kind.ceiling, "share", f"{at}.ceiling"),
            "lag": number(365.25, "d", f"{at}.lag"),
            "adjustment": number(182.0, "d", f"{at}.adjustment"),
            "value_added": number(1e5, "USD/t", f"{at}.value_added"),
            "cover": None if kind.cover_d is None else number(kind.cover_d, "d", f"{at}.cover"),
            "life": kind.life and number(kind.life[0] * YEAR_D, "d", f"{at}.life"),
            "life_shape": kind.life and number(kind.life[1], "", f"{at}.life_shape"),
            "growth": {y: number(g, "", f"{at}.growth.{y}") for y, g in kind.growth.items()},
        }

    def _use(self, region: str, amounts: Mapping[str, float]) -> dict[str, Any]:
        at, total = f"use.{region}", sum(amounts.values())
        *split, remainder = amounts
        return {
            "total": number(total, "t/yr", f"{at}.total"),
            "split": {
                s: number(amounts[s] / total if total else 0.0, "share", f"{at}.split.{s}")
                for s in split
            },
            "remainder": remainder,
        }


def _scrap(feed: Feed, at: str) -> dict[str, Any]:
    return {
        "end_of_life": number(feed.end_of_life, "share", f"{at}.end_of_life"),
        "used_in": feed.used_in,
        "recovered": number(feed.recovered, "t/t", f"{at}.recovered") if feed.used_in else None,
        "made_in": feed.made_in,
        "delay": number(feed.delay_d, "d", f"{at}.delay") if feed.made_in else None,
        "regions": feed.regions,
    }


def number(value: float, unit: str, name: str) -> Record:
    """Return a record without a range."""
    return Record(quantity=Quantity.fixed(float(value), unit), kind="scenario", name=name)


def _lead(days: float) -> str:
    return f"l{days:g}".replace(".", "-")


ALLIES = Small(
    products={"part": (45.0, 60.0)},
    processes={"making": ("part", {})},
    plants=[Plant("making", "china", 260.0, 0.5)],
    sectors={"cars": Kind()},
    use={"china": {"cars": 60.0}, "japan": {"cars": 100.0}, "united_states": {"cars": 100.0}},
    lead_d=14.0,
)
"""China alone makes the part; Japan and the United States use 100 t a year each."""


def scenario(days: float = 730.0, **parts: Any) -> Scenario:
    """Return a scenario that runs for some days; nothing happens unless parts say so."""
    quiet = {"outages": False, "procurement": False}
    data = {
        "schema": 1,
        "name": "small",
        "title": "Small",
        "chain": "small",
        "start": START,
        "end": START + timedelta(days=days),
        "growth": False,
        "uncertain": False,
        "budget": "1 billion USD",
        "report": [],
        "strategies": {"none": {}},
        **parts,
    }
    data["disruptions"] = quiet | dict(parts.get("disruptions", {}))
    return Scenario.model_validate(data)


def prepared(
    small: Small,
    days: float = 730.0,
    rules: tuple[ProcurementRule, ...] = (),
    **parts: Any,
) -> Prepared:
    """Return a small chain ready to draw worlds from."""
    asked = scenario(days, **({"report": [small.regions()[0]]} | parts))
    overrides = asked.overrides
    return prepare_from(
        asked, small.chain(), read_behaviour(overrides), read_phases(overrides), rules
    )


def run(ready: Prepared, strategy: str = "none", replication: int = 0) -> Trajectories:
    """Return one run, review by review."""
    return simulate(draw_world(ready, replication), strategy, edges_by(ready, "review"))


def bar(region: str, barred: str, depth: str = "chain") -> ProcurementRule:
    """Return a rule that bars an origin from tier 1 of a region, always in force."""
    return ProcurementRule.model_validate(
        {
            "name": f"{region}-{barred}",
            "title": "a rule",
            "region": region,
            "chains": ["small"],
            "barred": [barred],
            "depth": depth,
            "by": "nobody",
            "source": [],
        }
    )


def part_ban(day: float = 0.0, lasts_d: float | None = None, **more: Any) -> dict[str, Any]:
    """Return a ban of China's on parts to all, from a day of the run on, for good or some days."""
    own = {
        "name": "ban",
        "controller": "china",
        "products": ["part"],
        "targets": ["all"],
        "form": "ban",
        "start": START + timedelta(days=day),
    }
    spell = {} if lasts_d is None else {"duration": f"{lasts_d} days"}
    return own | spell | more


def copied(model: Model) -> Model:
    """Return a model that shares nothing with the first."""
    return Model(**{name: array.copy() for name, array in model.arrays.items()})
