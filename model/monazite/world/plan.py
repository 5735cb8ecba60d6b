"""Columns of everything beside the network: behaviour, sectors, growth, instruments, controls."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import get_args

import numpy as np

from monazite.evidence.behaviour import Behaviour, Phases, ReferenceClass
from monazite.evidence.chain import Chain, Market
from monazite.evidence.projects import Reason
from monazite.naming import bare
from monazite.scenario.backing import Backstop
from monazite.scenario.funding import Funding
from monazite.scenario.instruments import Project, Stockpile
from monazite.scenario.quantity import Quantity
from monazite.world.inputs import NONE, Inputs, Ints
from monazite.world.network import Network, ints
from monazite.world.wording import processes_of

DAYS_PER_YEAR = 365.25

REASONS = get_args(Reason)
"""Why a project stalls or ends, in the order in which one draw picks among them."""

BEHAVIOUR = [
    "adjustment_time",
    "price_time",
    "price_cover_elasticity",
    "price_tightness_elasticity",
    "price_floor_factor",
    "price_cap_factor",
    "supplier_price_elasticity",
    "share_time",
    "default_weight_own",
    "default_weight_bloc",
    "default_weight_other",
    "home_first",
    "substitution_trigger",
    "substitution_release_slowdown",
    "discount_rate",
    "holding_cost",
    "selling_cost",
    "plant_life",
    "mothball_after",
    "restart_time",
    "restart_cost",
    "restart_payback",
    "closure_after",
    "outage_up",
    "outage_down",
    "experienced_odds_factor",
    *(f"{end}_for_{reason}" for end in ("stalled", "ended") for reason in REASONS),
]
"""Records of `seeds/behaviour.yaml` that the world uses."""

LEARNING = ("learning_time", "learning_cost")
"""Those that it uses where a scenario lets builders learn."""

MARKET = tuple(name for name in BEHAVIOUR if name in Market.model_fields)
"""Those of them that a chain may know better of its own market."""

SECTOR = ("elasticity", "ceiling", "lag", "adjustment", "value_added")
"""Records of a sector that each of its uses takes, in this order."""

PHASES = ("permitting", "financing", "construction", "commissioning", "ramp", "qualification")
RAMP_RECORDED_TO = 0.8
"""The record tells when a plant came to 80 % of nameplate; it goes on in a straight line."""

CLASS = [
    "stall_chance",
    "stall",
    "cancel_chance",
    "never_chance",
    "plateau",
    "overrun",
    "development_share",
]
"""Records of a reference class that a project cannot change."""


OWN = (*PHASES, "stall", "plateau", "overrun", "development_share", "capex")
"""What is drawn anew for each project, others of its class alike or not."""


@dataclass(frozen=True)
class StockpilePlan:
    """A stockpile of one strategy, with its columns (NONE: not bounded or not given)."""

    strategy: str
    part: Stockpile
    target: int
    accessible: int
    usable: int
    holding: int
    defection: int


@dataclass(frozen=True)
class ProjectPlan:
    """A project, with the columns of its phases, odds and costs.

    One without a strategy is under way whatever is chosen, and books nothing.
    """

    strategy: str
    part: Project
    process: str
    product: str
    columns: Mapping[str, int]
    backstop: Backstop | None = None
    place: int = 1
    """Its place among the plants of its kind in its region, 1 where nothing is learnt."""

    @cached_property
    def funded(self) -> Funding:
        """The public money in it."""
        return self.part.funded

    @property
    def rank(self) -> tuple[date, str, str]:
        """What puts projects in order: start, those under way first, name."""
        return self.part.start, self.strategy, self.part.name


def behaviour_columns(
    behaviour: Behaviour, chain: Chain, inputs: Inputs
) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Return the columns of the behaviour records by name, and those of `MARKET` by chain.

    What a chain knows of its own market goes before the general record, and what a scenario
    says before both.
    """
    columns: dict[str, int] = {}
    markets: dict[str, dict[str, int]] = {one.chain: {} for one in chain.owners()}
    for name in BEHAVIOUR:
        general = getattr(behaviour, name)
        if name not in MARKET:
            columns[name] = inputs.of(general)
            continue
        for one in chain.owners():
            own = getattr(one.market, name)
            said = general.kind == "scenario" and own is not None and own.kind != "scenario"
            markets[one.chain][name] = inputs.of(general if own is None or said else own)
    return columns, markets


def market_columns(
    markets: Mapping[str, Mapping[str, int]], chain: Chain, network: Network
) -> Ints:
    """Return the columns of `MARKET` for each product, shape (P, len(MARKET))."""
    rows = (markets[chain.owner_of(product).chain] for product in network.products)
    return ints([[row[name] for name in MARKET] for row in rows])


def sector_columns(chain: Chain, network: Network, inputs: Inputs) -> Ints:
    """Return the columns of `SECTOR` for each use, shape (U, 5)."""
    rows = [
        [inputs.of(getattr(chain.sectors[sector], name)) for name in SECTOR]
        for sector, _ in network.uses
    ]
    return ints(rows).reshape(-1, len(SECTOR))


@dataclass(frozen=True)
class Growth:
    """Columns of the growth indices.

    Attributes:
        years: years of the indices, shape (G,).
        columns: index of each use at these years, shape (U, G).
        at: where each border of the reference tables lies among these years, (Y + 1,). What a
            record says of a year is its total, so that it holds in the middle of it.
        base_year: year of the balance of each use, shape (U,).
    """

    years: np.ndarray
    columns: Ints
    at: np.ndarray
    base_year: np.ndarray
    grows: bool

    @cached_property
    def alike(self) -> tuple[tuple[int, ...], ...]:
        """Uses that grow alike, those that do not grow left out."""
        found: dict[tuple[float, ...], list[int]] = {}
        for u, (columns, base_year) in enumerate(zip(self.columns, self.base_year, strict=True)):
            if (columns >= 0).any():
                found.setdefault((base_year, *columns), []).append(u)
        return tuple(map(tuple, found.values()))


def growth_of(
    chain: Chain, network: Network, inputs: Inputs, span: tuple[date, float, bool]
) -> Growth:
    """Return the growth columns; `span` is the first day, the days of the run, and whether."""
    start, end_d, grows = span
    years = sorted({int(year) for sector in chain.sectors.values() for year in sector.growth})
    rows = []
    for name, _ in network.uses:
        index = chain.sectors[name].growth
        rows.append([inputs.of(index[str(y)]) if str(y) in index else NONE for y in years])
    first = start.year + (start.timetuple().tm_yday - 1) / DAYS_PER_YEAR
    at = first - 0.5 + np.arange(int(np.ceil(end_d / DAYS_PER_YEAR)) + 1)
    return Growth(
        np.array(years, float),
        ints(rows).reshape(len(rows), len(years)),
        at,
        np.array([float(chain.owner_of(name).reference_year) for name, _ in network.uses]),
        grows,
    )


def stockpile_plan(
    strategy: str, part: Stockpile, chain: Chain, behaviour: Behaviour, inputs: Inputs
) -> StockpilePlan:
    """Return a stockpile with its columns; what the scenario leaves open comes from seeds."""
    path = f"strategies.{strategy}.{part.name}"
    product = chain.products[part.product]

    def column(name: str, own: Quantity | None, record: object) -> int:
        if own is not None:
            return inputs.given(f"{path}.{name}", own)
        return inputs.of(record)  # type: ignore[arg-type]

    return StockpilePlan(
        strategy,
        part,
        target=inputs.given(f"{path}.target", part.target),
        accessible=column("accessible_share", part.accessible_share, product.accessible),
        usable=column("usable_share", part.usable_share, product.usable_share),
        holding=column("holding", part.holding, behaviour.holding_cost),
        defection=inputs.given(f"{path}.defection", part.defection) if part.defection else NONE,
    )


def project_plan(
    strategy: str, part: Project, chain: Chain, phases: Phases, inputs: Inputs
) -> ProjectPlan:
    """Return a project with its columns; phases not given come from its reference class."""
    kind: ReferenceClass = phases[bare(part.kind)]
    (process,) = processes_of(part.kind, phases, chain)
    path = f"strategies.{strategy}.{part.name}" if strategy else f"under_way.{part.name}"
    columns = {name: inputs.of(getattr(kind, name)) for name in CLASS}
    for name in (*PHASES, "capex", "opex"):
        own = getattr(part, name)
        if own is not None:
            columns[name] = inputs.given(f"{path}.{name}", own)
        else:
            columns[name] = inputs.of(getattr(kind, name))
    return ProjectPlan(strategy, part, process, chain.processes[process].makes, columns)


def public_part(share: float, overrun_borne: str, planned_usd: float, cost_usd: float) -> float:
    """Return the public money in a project of this cost, by who bears the overrun [USD].

    >>> public_part(0.5, "shared", 100.0, 140.0)
    70.0
    >>> public_part(0.5, "public", 100.0, 140.0)
    90.0
    >>> public_part(0.5, "private", 100.0, 140.0)
    50.0
    """
    if overrun_borne == "shared":
        return cost_usd * share
    beyond = cost_usd - planned_usd
    return planned_usd * share + (beyond if overrun_borne == "public" else 0.0)
