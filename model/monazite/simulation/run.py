"""One world, every strategy: draw it once, then run each strategy through it."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import ceil
from typing import Any

import numpy as np
import simpy

from monazite.errors import BrokenInvariantError
from monazite.rules import records, review
from monazite.rules.bids import promise_holding
from monazite.rules.compiling import compile_in_two
from monazite.rules.money import book_beside, book_outlay
from monazite.rules.records import Books, Model
from monazite.rules.release import goes_short
from monazite.simulation.answers import (
    Course,
    Leverage,
    answering,
    course_of,
    further,
    leverage_of,
)
from monazite.simulation.building import building, plant_events
from monazite.simulation.coming import control_events, controlling
from monazite.simulation.controls import (
    Facing,
    bar_origins,
    facing_of,
    fill_controls,
    switch,
)
from monazite.simulation.dated import draw_dated
from monazite.simulation.draws import (
    Floats,
    Regime,
    draw_defections,
    draw_inputs,
    draw_outages,
    draw_packages,
    draw_regimes,
)
from monazite.simulation.ledger import check_ledger, fund
from monazite.simulation.lives import Happening
from monazite.simulation.procuring import buyers_caps, procurement_events
from monazite.simulation.projects import Fate, draw_fates
from monazite.simulation.reserves import keep_reserves
from monazite.simulation.results import plant_worth, results_of
from monazite.simulation.shocks import (
    Spell,
    cuts,
    delaying,
    draw_shocks,
    shock_events,
    with_shocks,
)
from monazite.simulation.sites import Sites
from monazite.simulation.standing import back_cast
from monazite.simulation.suppression import dated_events, suppressing
from monazite.simulation.trading import bloc_events, tariff_events, trading
from monazite.trajectories import Event, Trajectories
from monazite.world.contracts import sign
from monazite.world.ends import holds_on
from monazite.world.inputs import NONE, Ints
from monazite.world.prepare import Prepared
from monazite.world.programmes import begin_programmes
from monazite.world.tables import Ends, copied, flow_path

Happens = Generator[simpy.Event, Any, None]

LAST = simpy.events.EventPriority(3)
"""Priority of a review among what falls on the same time: after everything else."""


@dataclass(frozen=True)
class WorldRun:
    """All strategies run through one world.

    Attributes:
        trajectories: by strategy, in the order asked for.
        world_events: controls, switches of regime, rules: what no strategy changes.
    """

    trajectories: dict[str, Trajectories]
    world_events: tuple[Event, ...]


@dataclass(frozen=True)
class World:
    """One drawn world.

    Attributes:
        prepared: the scenario.
        values: one value for each input.
        model: tables at the start; runs work on copies.
        happenings: controls and closures that happen, in order of time.
        spells: shocks that happen, in order of time.
        regimes: switches between calm and tense times.
        fates: course of each project.
        leverage: how random controls answer dependence; None where they do not.
        courses: random sources that answer something, by name; their controls come as they do in
            each run.
        defections: luck of the hosts of shared stockpiles, shortage by shortage.
        faced: what follows from the sets of controls met so far; the same for all strategies.
    """

    prepared: Prepared
    values: Floats
    model: Model
    happenings: list[Happening]
    spells: list[Spell]
    regimes: list[Regime]
    fates: list[Fate]
    leverage: Leverage | None = None
    courses: dict[str, Course] = field(default_factory=dict)
    defections: dict[str, Floats] = field(default_factory=dict)
    faced: dict[tuple[frozenset[int], frozenset[int]], Facing] = field(default_factory=dict)

    def facing(self, in_force: set[int], announced: Iterable[int] = ()) -> Facing:
        """Return what follows when exactly these happenings are in force, and these announced."""
        key = frozenset(in_force), frozenset(announced)
        if key not in self.faced:
            column = self.prepared.controls.rush
            rush = 1.0 if column == NONE else float(self.values[column])
            self.faced[key] = facing_of(self.model, self.happenings, *key, rush)
        return self.faced[key]


@dataclass
class Run:
    """The state of one run, shared by its processes.

    Attributes:
        fates: course of each project, as far as it is known what holds it up.
        sites: who may be under construction, and who waits.
        forgone_usd: what each suppression costs its supplier, by time bin.
        in_force: numbers of the happenings that hold now.
        announced: numbers of those that are known to come.
        switched: whether one came or went since the last review, or a procurement rule.
        ends: procurement rules of the day, None for those of the start.
        owners: 1 where a region is an owner of a stockpile today, shape (S, R).
        kept: numbers of the stockpiles that their hosts keep for themselves.
        came: day on which a control of each name last came into force.
        struck: happens when the next one does.
        pressing: numbers of the suppressions that press prices now.
        awaited: what happens when a project of this name reaches a milestone that is waited for.
        looked: number of the last look at dependence, and what it found by source and by scope.
    """

    world: World
    strategy: str
    model: Model
    books: Books
    fates: list[Fate] = field(init=False)
    sites: Sites = field(init=False)
    forgone_usd: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    in_force: set[int] = field(default_factory=set)
    announced: set[int] = field(default_factory=set)
    switched: bool = True
    ends: Ends | None = None
    owners: Ints = field(init=False)
    kept: set[int] = field(default_factory=set)
    came: dict[str, float] = field(default_factory=dict)
    struck: simpy.Event = field(default_factory=lambda: simpy.Environment().event())
    pressing: set[int] = field(default_factory=set)
    awaited: dict[tuple[str, str], simpy.Event] = field(default_factory=dict)
    looked: tuple[int, Floats, Floats] = (0, np.empty(0), np.empty(0))
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with the courses that were drawn; what holds projects up comes as they build."""
        self.fates = list(self.world.fates)
        self.owners = self.world.model.entitled.copy()


def draw_world(prepared: Prepared, replication: int) -> World:
    """Draw one world from the named streams of its replication."""
    values = draw_inputs(prepared, replication)
    happenings = draw_dated(prepared, replication, values)
    start = prepared.model(values)
    leverage = leverage_of(prepared, values, start)
    regimes: dict[str, list[Regime]] = {}
    for i, source in enumerate(prepared.controls.sources):
        switches = draw_regimes(prepared, replication, source, values)
        regimes[source.part.name] = switches
        most = further(source, i, values, leverage)
        happenings += draw_packages(prepared, replication, source, values, switches, most)
    spells = draw_shocks(prepared, replication, values)
    happenings += cuts(spells)
    happenings += buyers_caps(prepared, start)
    happenings.sort(key=lambda happening: happening.onset_d)
    model = fill_controls(start, prepared, replication, happenings)
    up, flow_per_d = draw_outages(prepared, replication, values), flow_path(start)
    model = replace(model, up=up, flow_per_d=flow_per_d)
    model = with_shocks(model, prepared, spells)
    back_cast(model, prepared, replication, happenings)
    return World(
        prepared=prepared,
        values=values,
        model=model,
        happenings=happenings,
        spells=spells,
        regimes=[regime for switches in regimes.values() for regime in switches],
        fates=draw_fates(prepared, replication, values),
        leverage=leverage,
        courses={
            source.part.name: course_of(prepared, i, values, regimes[source.part.name], happenings)
            for i, source in enumerate(prepared.controls.sources)
            if leverage is not None or source.part.escalation
        },
        defections=draw_defections(prepared, replication),
    )


def ruling(env: simpy.Environment, run: Run, day: date) -> Happens:
    """Let the procurement rules of a day hold from then on."""
    prepared = run.world.prepared
    yield env.timeout(prepared.day(day))
    run.ends = prepared.rule_days[day]
    run.switched = True


def reviewing(env: simpy.Environment, run: Run) -> Happens:
    """Run all reviews up to the next event in one call, then let the event happen.

    An event acts from the next review on: one that falls on the day of a review comes
    before it, and controls that come or go together are switched together.

    Raises:
        BrokenInvariantError: where material does not balance.
    """
    prepared, model, books = run.world.prepared, run.model, run.books
    reviews, step_d, fault = prepared.clock.reviews, prepared.clock.step_d, model.settings["fault"]
    now = 0
    while now < reviews:
        turn = simpy.Event(env)
        turn._ok, turn._value = True, None
        env.schedule(turn, priority=LAST, delay=now * step_d - env.now)
        yield turn
        if run.switched:
            facing = run.world.facing(run.in_force, run.announced)
            switch(model, facing)
            rules = run.ends or prepared.ends
            bar_origins(model, rules, prepared.network.route_barred, facing)
            run.switched = False
        until = min(reviews, max(now + 1, ceil(env.peek() / step_d - 1e-9)))
        review.run_reviews(model, books, now, until)
        if fault[0] != 0:
            raise unbalanced(run)
        now = until


def unbalanced(run: Run) -> BrokenInvariantError:
    """Return what stops a run whose material does not balance: review, pool and amount."""
    settings = run.model.settings[0]
    product, region, kind = run.world.prepared.network.pools[int(settings["fault_pool"])]
    return BrokenInvariantError(
        f"mass balance: {settings['fault_t']:.6g} t of {product} in {region} (pool {kind}) "
        f"appear or vanish in review {int(settings['fault']) - 1} of strategy {run.strategy}"
    )


def simulate(world: World, strategy: str, edges_d: Floats) -> Trajectories:
    """Run one strategy through one world; a function of its arguments alone.

    Args:
        world: as drawn; it is not changed.
        strategy: name of the strategy.
        edges_d: borders of the time bins to record in, shape (B + 1,).
    """
    prepared = world.prepared
    model = own_tables(world)
    suppressions = len(prepared.scenario.disruptions.suppression)
    forgone_usd = np.zeros((edges_d.size - 1, suppressions))
    books = empty_books(model, edges_d)
    run = Run(world, strategy, model, books, forgone_usd)
    fund(run)
    model.pools["end_route"] = prepared.end_route[strategy]
    sign(model, prepared, strategy)
    begin_programmes(model, prepared, strategy)
    env = simpy.Environment()
    run.struck, run.sites = env.event(), Sites(env, run)
    for number, happening in enumerate(world.happenings):
        begin_d = min(happening.onset_d, happening.announced_d)
        ours = happening.strategy in ("", strategy)
        if ours and begin_d < prepared.end_d and happening.source not in world.courses:
            env.process(controlling(env, run, number, happening))
    for course in world.courses.values():
        env.process(answering(env, run, course))
    for number in range(suppressions):
        env.process(suppressing(env, run, number))
    env.process(delaying(env, run))
    env.process(trading(env, run))
    own = (plan for plan in prepared.procurement if plan.strategy == strategy)
    run.events += procurement_events(prepared, own)
    for day in prepared.rule_days:
        env.process(ruling(env, run, day))
    keep_reserves(env, run)
    plans = prepared.projects
    mine = [i for i, plan in enumerate(plans) if plan.strategy in ("", strategy)]
    for i in sorted(mine, key=lambda i: plans[i].part.name):
        env.process(building(env, run, i))
    env.process(reviewing(env, run))
    env.run(until=prepared.end_d + 1.0)
    check_ledger(run)
    costs = np.array([fate.public_usd - fate.lent_usd for fate in world.fates])
    life_d = float(world.values[prepared.behaviour["plant_life"]])
    events = sorted_events(run.events + plant_events(run))
    told = (plant_worth(model, costs, life_d), run.forgone_usd, events)
    return results_of(prepared, world.values, (world.model, model), run.books, told)


CHANGED = (
    *("settings", "products", "pools", "routes", "lanes", "sent_t", "lead", "allowed"),
    *("premium", "makers", "uses", "controls"),
    *("stockpiles", "claims", "returns_t", "obligations", "swaps", "projects", "floors"),
    *("instruments", "thrifts", "yards", "delivered", "offer_t", "way_t", "way_clean_t"),
    "way_more_t",
    *("queue_t", "desk_d", "tariff_rate", "duties", "borders", "entitled", "grants", "tight"),
    *("log_price", "multiple", "landed", "price_target", "pressed", "area", "markets"),
    "under_control",
)
"""Tables of the model that a run changes."""


def own_tables(world: World) -> Model:
    """Return the model of a world with tables of its own where a run changes them."""
    tables = world.model.arrays
    return world.model.but(**{name: copied(tables[name]) for name in CHANGED})


def sorted_events(events: list[Event]) -> tuple[Event, ...]:
    """Return events in order of time, then kind and name."""
    return tuple(sorted(events, key=lambda event: (event.day, event.kind, event.name)))


def empty_books(model: Model, edges_d: Floats) -> Books:
    """Return books for these time bins, with nothing in them."""
    bins = edges_d.size - 1
    products, regions = model.log_price.shape
    uses = np.zeros((bins, model.uses.size), records.USE_BOOK)
    uses["first_short_d"], uses["last_short_d"] = np.inf, -np.inf
    return Books(
        edges_d=edges_d,
        uses=uses,
        money=np.zeros((bins, model.instruments.size), records.MONEY_BOOK),
        shipped_t=np.zeros((bins, model.routes.size)),
        leaked_t=np.zeros((bins, model.routes.size)),
        made_t=np.zeros((bins, model.makers.size)),
        stock_t=np.zeros((bins, model.pools.size)),
        bought_t=np.zeros((bins, model.stockpiles.size)),
        drawn_t=np.zeros((bins, model.stockpiles.size)),
        price_d=np.zeros((bins, products, regions)),
        at_bound_d=np.zeros((bins, products)),
        scrap=np.zeros((bins, model.yards.size), records.SCRAP_BOOK),
        plant_state=np.zeros((model.up.shape[0], model.projects.size), np.int8),
    )


def edges_by(prepared: Prepared, by: str) -> Floats:
    """Return the borders of time bins: calendar quarters, or single reviews."""
    if by == "review":
        steps = np.arange(prepared.clock.reviews) * prepared.clock.step_d
        return np.append(steps, prepared.end_d)
    start, end = prepared.start, prepared.scenario.end
    firsts = [date(y, m, 1) for y in range(start.year, end.year + 1) for m in (1, 4, 7, 10)]
    inner = [float((day - start).days) for day in firsts if start < day < end]
    return np.array([0.0, *inner, prepared.end_d])


def world_events(world: World) -> tuple[Event, ...]:
    """Return what happens whatever is done: controls, switches of regime, rules."""
    prepared = world.prepared
    found: list[Event] = []
    for one in world.happenings:
        if one.source not in world.courses and one.form not in ("closure", "procurement"):
            found += control_events(prepared, one)
    for regime in world.regimes:
        times = "tense" if regime.tense else "calm"
        found.append(Event(regime.day, f"regime-{times}", regime.source))
    found += dated_events(prepared)
    found += tariff_events(prepared, (plan for plan in prepared.tariffs if not plan.strategy))
    rules = (plan for plan in prepared.procurement if not plan.strategy)
    found += procurement_events(prepared, rules)
    found += shock_events(world)
    found += bloc_events(prepared, (plan for plan in prepared.blocs if not plan.strategy))
    for day in prepared.rule_days:
        for rule in prepared.rules:
            if rule.start == day or (rule.end is not None and holds_on(rule, day)):
                at = prepared.day(day)
                found.append(Event(at, "rule-in-force", rule.name, rule.title))
    return sorted_events(found)


def run_world(
    prepared: Prepared, replication: int, strategies: Sequence[str], by: str = "quarter"
) -> WorldRun:
    """Draw one world and run strategies through it.

    Args:
        prepared: from `world.prepare`.
        replication: ordinal of the world.
        strategies: names of the strategies to run.
        by: time bins of the results, `quarter` or `review`.

    Raises:
        BalanceError: where the drawn numbers cannot be brought into balance.
        BrokenInvariantError: where the model breaks a promise of its own.
    """
    world = draw_world(prepared, replication)
    edges_d = edges_by(prepared, by)
    runs = {name: simulate(world, name, edges_d) for name in strategies}
    return WorldRun(runs, world_events(world))


def warm_up(prepared: Prepared) -> None:
    """Compile the rules once, before workers start."""
    world = draw_world(prepared, 0)
    model = own_tables(world)
    books = empty_books(model, edges_by(prepared, "quarter"))
    compile_in_two(model)
    review.run_reviews(model, books, 0, 1)
    promise_holding(model, 0.0)
    if model.instruments.size:
        book_outlay(model, books, 0, (0.0, 1.0), 0.0)
        book_beside(books, 0, (0.0, 1.0), 0.0, 0.0)
    if model.stockpiles.size:
        goes_short(model, 0, model.entitled[0])
