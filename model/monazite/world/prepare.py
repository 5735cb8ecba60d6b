"""A scenario joined with its evidence: everything that does not depend on the draw."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property

import numpy as np

from monazite.errors import Problem, ScenarioError, SeedError
from monazite.evidence.behaviour import Behaviour, Phases, read_behaviour, read_phases
from monazite.evidence.chain import Chain
from monazite.evidence.joined import joined, streams
from monazite.evidence.reading import no_chain, read_chain, refuse_unknown
from monazite.evidence.regions import ProcurementRule, read_rules
from monazite.naming import bare
from monazite.rules.records import Model
from monazite.scenario.drawn import Ranges
from monazite.scenario.instruments import Project, Stockpile
from monazite.scenario.parts import Scenario
from monazite.trajectories import Layout
from monazite.world.assemble import Balanced, balanced
from monazite.world.backing import with_backing
from monazite.world.checks import Checks
from monazite.world.contracts import FloorPlan, floor_plans, with_floors
from monazite.world.controls import ControlPlan, plan_controls
from monazite.world.ends import changes, ends_of
from monazite.world.flow_checks import FlowChecks
from monazite.world.incumbents import IncumbentPlan, fill_incumbents, incumbent_plan
from monazite.world.inputs import Floats, Inputs, Ints
from monazite.world.instruments import Reach, fill_instruments, reach_of, with_instruments
from monazite.world.left_out import end_routes
from monazite.world.leverage import Exposure, exposure_of
from monazite.world.names import layout_of
from monazite.world.network import Builder, Network, Purchase
from monazite.world.outages import FailingPlan, failing_plans
from monazite.world.plan import (
    LEARNING,
    OWN,
    Growth,
    ProjectPlan,
    StockpilePlan,
    behaviour_columns,
    growth_of,
    market_columns,
    project_plan,
    sector_columns,
    stockpile_plan,
)
from monazite.world.procurement import ProcurementPlan, procurement_plans
from monazite.world.programmes import (
    RecyclingPlan,
    ThriftPlan,
    recycling_plans,
    thrift_plans,
    with_thrifts,
)
from monazite.world.reserves import (
    ObligationPlan,
    fill_obligations,
    obligation_plans,
    with_obligations,
    with_swaps,
)
from monazite.world.scaling import Settlement
from monazite.world.scrap import (
    ScrapPlan,
    Told,
    cohorts_in,
    fed,
    fill_yards,
    on_reference,
    scrap_plan,
    shares_at_start,
    wear,
    with_yards,
)
from monazite.world.settling import settle, with_candidates
from monazite.world.shocks import ShockPlan, plan_shocks
from monazite.world.stocks import fill_stocks
from monazite.world.switches import SwitchPlan, switch_plans, with_switches
from monazite.world.tables import (
    Clock,
    Ends,
    at_start,
    fill_growth,
    fill_products,
    set_weights,
    without_draws,
)
from monazite.world.trade import BlocPlan, TariffPlan, bloc_plans, tariff_plans, with_tariffs
from monazite.world.uses import fill_uses, with_uses
from monazite.world.wording import in_full


@dataclass(frozen=True)
class Prepared:
    """A scenario, its evidence and its network, ready to draw worlds from; picklable.

    Attributes:
        scenario: as read, programmes of plants as the projects that they build.
        chain: as the evidence and the scenario's overrides have it.
        network: the shape.
        inputs: every number used, with its range.
        ends: pools of uses and rules on origin.
        rule_days: the same on each later day on which procurement rules change.
        clock: steps and length.
        growth: columns of the growth indices.
        behaviour: columns of the behaviour records, by name.
        markets: columns of the market records of each product.
        sectors: columns of the sector records of each use.
        stockpiles: of all strategies, in the order of the file.
        projects: of all strategies, in the order of the file.
        floors: of all strategies, in the order of the file.
        tariffs: those that all strategies meet, then those of each.
        procurement: the same of rules on what is bought where.
        blocs: those that all strategies meet, then those of each.
        obligations: of all strategies, in the order of the file.
        incumbents: columns of what the plants of today cost, None where that stops none.
        scrap: where the scrap of recyclers comes from.
        recycling: programmes of recycling of all strategies.
        thrifts: programmes of thrift of all strategies.
        switches: needs that go to another sector once they are substituted.
        controls: export controls that may happen.
        shocks: what else may happen.
        rules: procurement rules that bind some tier 1.
        layout: names behind the axes of the results.
        settlements: what was settled on paper before the run.
    """

    scenario: Scenario
    chain: Chain
    network: Network
    inputs: Inputs
    ends: Ends
    rule_days: dict[date, Ends]
    clock: Clock
    growth: Growth
    behaviour: dict[str, int]
    markets: np.ndarray
    sectors: np.ndarray
    stockpiles: tuple[StockpilePlan, ...]
    projects: tuple[ProjectPlan, ...]
    floors: tuple[FloorPlan, ...]
    tariffs: tuple[TariffPlan, ...]
    procurement: tuple[ProcurementPlan, ...]
    blocs: tuple[BlocPlan, ...]
    obligations: tuple[ObligationPlan, ...]
    incumbents: IncumbentPlan | None
    scrap: ScrapPlan
    recycling: tuple[RecyclingPlan, ...]
    thrifts: tuple[ThriftPlan, ...]
    switches: tuple[SwitchPlan, ...]
    controls: ControlPlan
    shocks: tuple[ShockPlan, ...]
    rules: tuple[ProcurementRule, ...]
    layout: Layout
    settlements: tuple[Settlement, ...] = ()

    def __getstate__(self) -> dict[str, object]:
        """Leave behind what can be worked out again: workers are handed less."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @property
    def strategies(self) -> tuple[str, ...]:
        """Names of the strategies, in the order of the file."""
        return tuple(self.scenario.strategies)

    @property
    def start(self) -> date:
        """First day of the run."""
        return self.scenario.start

    def day(self, when: date | None, unset: float = np.inf) -> float:
        """Return a date as days since the start, and what stands for none."""
        return unset if when is None else float((when - self.start).days)

    @property
    def end_d(self) -> float:
        """Length of the run in days."""
        return self.clock.end_d

    @property
    def baseline(self) -> str:
        """Strategy that the others are compared with."""
        strategies = self.scenario.strategies
        flagged = [name for name, s in strategies.items() if s.baseline]
        idle = [name for name, s in strategies.items() if not s.instruments]
        return (flagged + idle + list(strategies))[0]

    @cached_property
    def budget_usd(self) -> dict[str, float]:
        """Discounted public budget of each strategy, 0 for one that holds no instrument."""
        found = {}
        for name, strategy in self.scenario.strategies.items():
            budget = self.scenario.budget_of(name)
            found[name] = budget.central if budget is not None and strategy.instruments else 0.0
        return found

    @property
    def foreseen(self) -> frozenset[str]:
        """Names of the controls whose first day is known at the start."""
        found = {
            part.name: part.after
            for part in (one.part for one in self.controls.ones)
            if part.chance.is_fixed
            and part.chance.central >= 1.0
            and (part.delay is None or part.delay.is_fixed)
        }
        while any(after is not None and after not in found for after in found.values()):
            found = {n: after for n, after in found.items() if after is None or after in found}
        return frozenset(found)

    @property
    def controllers(self) -> dict[str, frozenset[str]]:
        """The regions that control a product in this scenario, or may by chance, by product."""
        given = self.scenario.disruptions
        pairs = [
            (p, one.controller) for one in (*given.standing, *given.scheduled) for p in one.products
        ]
        pairs += [(p, r.controller) for r in given.random for s in r.scopes for p in s.products]
        return {p: frozenset(who for what, who in pairs if what == p) for p, _ in pairs}

    @cached_property
    def exposure(self) -> Exposure:
        """Who depends on whom, as far as random controls answer it."""
        return exposure_of(self)

    @cached_property
    def blank(self) -> Model:
        """The tables as far as no draw changes them, without controls; not to be changed."""
        model = without_draws(self.network, self.ends, self.clock)
        model = with_uses(model, self.ends, self.sectors)
        if self.scrap.yards:
            model = with_yards(model, self.scrap, self.network, cohorts_in(self.clock))
        model = with_switches(with_thrifts(model, self), self)
        model = with_floors(with_instruments(model, self), self)
        model = with_swaps(with_obligations(model, self), self)
        return with_tariffs(model, self)

    @cached_property
    def end_route(self) -> dict[str, Ints]:
        """Where the routes of each pool end that a strategy may use, by strategy."""
        return {strategy: end_routes(self, strategy) for strategy in self.strategies}

    @cached_property
    def reaches(self) -> tuple[Reach, ...]:
        """What each stockpile is measured by."""
        return tuple(reach_of(self.blank, s) for s in range(len(self.stockpiles)))

    @cached_property
    def ranges(self) -> Ranges:
        """Ranges of all inputs, in their order."""
        return Ranges(self.inputs.quantities)

    @cached_property
    def project_ranges(self) -> Ranges:
        """Ranges of the own terms of all projects, those of the first before those of the next."""
        quantities = self.inputs.quantities
        return Ranges([quantities[plan.columns[name]] for plan in self.projects for name in OWN])

    @cached_property
    def failing(self) -> tuple[FailingPlan, ...]:
        """The plants of each maker whose plants are told apart, where plants fail."""
        return tuple(failing_plans(self)) if self.scenario.disruptions.outages else ()

    @cached_property
    def route_words(self) -> tuple[tuple[str, ...], ...]:
        """Words for each route in the names of random streams."""
        words = streams(self.chain)
        return tuple(
            (seller, words[process], bare(product), buyer, kind)
            for seller, process, product, buyer, kind in self.layout.routes
        )

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Regions behind every entry of the scenario's report.

        With several chains, behind each entry of all together and then of each chain.
        """
        scenario = self.scenario
        return {name: scenario.regions_of(bare(name)) for name in scenario.reported}

    @property
    def discount_rate(self) -> float:
        """Central discount rate [per year]."""
        return self.inputs.quantities[self.behaviour["discount_rate"]].central

    def central(self) -> Floats:
        """Return the central value of every input."""
        return self.inputs.central()

    def balance(self, values: Floats) -> Balanced:
        """Return the balance of one drawn world."""
        return balanced(self.network, values, self.ends.use_pool, self.ends.barred)

    def model(self, values: Floats) -> Model:
        """Return the tables of one drawn world at its start, without controls.

        Args:
            values: one value for each input, shape (n,).

        Raises:
            BalanceError: where the drawn numbers cannot be made to agree.
        """
        behaviour = {name: float(values[column]) for name, column in self.behaviour.items()}
        start = self.balance(values)
        model = at_start(self.blank, self.network, values, start, behaviour)
        cohorts = cohorts_in(self.clock)
        worn = wear(self.scrap, self.growth, values, cohorts)
        feed = fed(self.scrap, self.network, start, worn, values)
        along = on_reference(self.scrap, self.network, feed)
        fill_growth(model, self.network, self.ends, start, (self.growth, values, along))
        if self.scrap.yards:
            shares_at_start(model, self.scrap.yards)
        fill_products(model, self.markets, values)
        set_weights(model, self.ends, behaviour)
        fill_stocks(model)
        fill_uses(model, self, values, behaviour)
        fill_incumbents(model, self, values, behaviour)
        fill_instruments(model, self, values)
        fill_obligations(model, self, values)
        if self.scrap.yards:
            fill_yards(model, self.scrap, start, Told(cohorts, worn, feed, values, along.plain))
        return model

    def parameters(self) -> list[dict[str, object]]:
        """Return every number used, with its range, kind and source, as rows."""
        rows: list[dict[str, object]] = []
        shown = zip(self.inputs.names, self.inputs.quantities, self.inputs.records, strict=True)
        for name, quantity, record in shown:
            rows.append(
                {
                    "name": name,
                    "value": quantity.central,
                    "low": quantity.low,
                    "high": quantity.high,
                    "unit": quantity.unit,
                    "shape": quantity.shape,
                    "year": "" if record is None or record.year is None else record.year,
                    "kind": "scenario" if record is None else record.kind,
                    "source": (quantity.source or "")
                    if record is None
                    else " ".join(record.source),
                    "because": (quantity.note or "") if record is None else record.because or "",
                }
            )
        return rows + [settlement.row() for settlement in self.settlements]

    def adjustments(self) -> list[dict[str, object]]:
        """Return what the balance moved at central values, one row a maker."""
        start = self.balance(self.central())
        rows: list[dict[str, object]] = []
        for m, (process, region) in enumerate(self.network.makers):
            recorded, made = start.recorded[m] * 365.25, start.made[m] * 365.25
            if recorded > 0:
                rows.append(
                    {
                        "record": self._output_record(process, region),
                        "recorded": recorded,
                        "balanced": made,
                        "unit": "t/yr",
                        "moved_share": made / recorded - 1.0,
                        "balances": "yes" if self.network.balances[m] else "no",
                    }
                )
        return rows

    def _output_record(self, process: str, region: str) -> str:
        chain = self.chain.owner_of(process).chain
        return f"{chain}.makers.{bare(process)}.{region}.output"


def prepare(scenario: Scenario) -> Prepared:
    """Join a scenario with its evidence.

    Raises:
        ScenarioError: with every place where the scenario does not fit the evidence.
    """
    if problems := list(_unknown_chains(scenario)):
        raise ScenarioError(problems)
    overrides = scenario.overrides
    try:
        refuse_unknown(overrides, scenario.chains)
        chain = joined([read_chain(name, overrides) for name in scenario.chains])
        behaviour, phases = read_behaviour(overrides), read_phases(overrides)
        return prepare_from(scenario, chain, behaviour, phases, _rules(scenario, chain))
    except SeedError as error:
        if not any(problem.path.startswith("overrides.") for problem in error.problems):
            raise
        raise ScenarioError(
            scenario.problem(problem.path, problem.message, problem.code)
            for problem in error.problems
        ) from error


def _unknown_chains(scenario: Scenario) -> Iterator[Problem]:
    for i, name in enumerate(scenario.chains):
        if wrong := no_chain(name):
            path = "chain" if len(scenario.chains) == 1 else f"chain.{i}"
            yield scenario.problem(path, wrong, "unknown-chain")


def prepare_from(
    scenario: Scenario,
    chain: Chain,
    behaviour: Behaviour,
    phases: Phases,
    rules: tuple[ProcurementRule, ...],
) -> Prepared:
    """Join a scenario with evidence that is at hand.

    Raises:
        ScenarioError: with every place where the scenario does not fit the chain.
    """
    scenario = in_full(scenario, chain)
    checks = Checks(scenario, chain, phases)
    if problems := checks.words():
        raise ScenarioError(problems)
    offered = _joined(with_candidates(scenario), checks, behaviour, rules)
    if problems := FlowChecks(scenario, offered).all():
        raise ScenarioError(problems)
    settled, settlements = settle(scenario, offered)
    if not settlements:
        return offered
    return replace(_joined(settled, checks, behaviour, rules), settlements=settlements)


def _joined(
    scenario: Scenario, checks: Checks, behaviour: Behaviour, rules: tuple[ProcurementRule, ...]
) -> Prepared:
    """Join a scenario of ordinary instruments with its evidence."""
    chain, phases = checks.chain, checks.phases
    inputs = Inputs()
    stockpiles, projects = _instruments(scenario, chain, behaviour, phases, inputs)
    network = Builder(
        chain,
        inputs,
        [(p.process, p.part.region) for p in projects],
        [_purchase(s.part, checks) for s in stockpiles],
    ).build()
    clock = Clock(scenario.review.central, float((scenario.end - scenario.start).days))
    columns, markets = behaviour_columns(behaviour, chain, inputs)
    if scenario.discount_rate is not None:
        columns["discount_rate"] = inputs.given("discount_rate", scenario.discount_rate)
    if scenario.learning:
        columns |= {name: inputs.of(getattr(behaviour, name)) for name in LEARNING}
    growth = growth_of(chain, network, inputs, (scenario.start, clock.end_d, scenario.growth))
    sectors = sector_columns(chain, network, inputs)
    controls = plan_controls(scenario, chain, behaviour, network, inputs)
    scrap = scrap_plan(chain, network, behaviour, inputs)
    return Prepared(
        scenario=scenario,
        chain=chain,
        network=network,
        inputs=inputs,
        ends=ends_of(network, chain, rules, scenario.start),
        rule_days={
            day: ends_of(network, chain, rules, day)
            for day in changes(rules)
            if scenario.start < day < scenario.end
        },
        clock=clock,
        growth=growth,
        behaviour=columns,
        markets=market_columns(markets, chain, network),
        sectors=sectors,
        stockpiles=tuple(stockpiles),
        projects=tuple(projects),
        floors=tuple(floor_plans(scenario, projects)),
        tariffs=tuple(tariff_plans(scenario, network)),
        procurement=tuple(procurement_plans(scenario, network)),
        blocs=tuple(bloc_plans(scenario)),
        obligations=tuple(obligation_plans(scenario, behaviour, inputs)),
        incumbents=incumbent_plan(chain, network, behaviour, inputs)
        if scenario.incumbents_idle
        else None,
        controls=controls,
        scrap=scrap,
        recycling=tuple(recycling_plans(scenario, chain, network, scrap)),
        thrifts=tuple(thrift_plans(scenario, chain, network)),
        switches=switch_plans(scenario, chain, network),
        shocks=plan_shocks(scenario, chain, network, projects, inputs),
        rules=rules,
        layout=layout_of(network, chain, scenario, stockpiles, controls),
    )


def _rules(scenario: Scenario, chain: Chain) -> tuple[ProcurementRule, ...]:
    if not scenario.disruptions.procurement:
        return ()
    found = [rule for one in chain.owners() for rule in read_rules(one.chain, one.regions())]
    return tuple(dict.fromkeys(found))


def _purchase(part: Stockpile, checks: Checks) -> Purchase:
    outside = part.buy_from == "outside"
    barred = checks.controllers(part.product, part.owner) if outside else frozenset[str]()
    return Purchase(part.product, part.place, barred)


def _instruments(
    scenario: Scenario, chain: Chain, behaviour: Behaviour, phases: Phases, inputs: Inputs
) -> tuple[Sequence[StockpilePlan], Sequence[ProjectPlan]]:
    stockpiles: list[StockpilePlan] = []
    projects = [project_plan("", part, chain, phases, inputs) for part in scenario.under_way]
    for name, strategy in scenario.strategies.items():
        for part in strategy.instruments:
            if isinstance(part, Stockpile):
                stockpiles.append(stockpile_plan(name, part, chain, behaviour, inputs))
            elif isinstance(part, Project):
                projects.append(project_plan(name, part, chain, phases, inputs))
    return stockpiles, list(with_backing(scenario, projects))
