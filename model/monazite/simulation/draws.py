"""All chance of one world, drawn from named streams before the clock starts."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from monazite.chance import first_exponentials, first_uniforms, stream, uniforms
from monazite.simulation.licensing import draw_terms
from monazite.simulation.lives import Happening, eased, lived
from monazite.world.controls import Source, terms
from monazite.world.inputs import NONE
from monazite.world.plan import CLASS, DAYS_PER_YEAR, OWN, PHASES, REASONS

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared

Floats = NDArray[np.float64]

BLOCK = 32
"""Replications whose inputs are drawn together; their values do not depend on it."""

LEAST_HAZARD = 1e-12

SPARE = 8
"""Times of a plant that are drawn at once beyond those that it has on the mean; an even number."""

PACKAGE = (
    *("hits", "scope", "duration", "allowed", "approval", "announced", "eases.after"),
    *("eases.allowed", "eases.allowed_t_per_yr", "eases.approval"),
)
"""What is drawn for a package of random controls; new words go to the end here too."""

LUCK = (*PHASES, *CLASS, "capex", "cancel_phase", "cancel_part")
"""What is drawn for a project, each at its own place in the project's stream; new words
go to the end, so that they change nothing else."""

TERMS = [LUCK.index(name) for name in OWN]
"""Places of the luck of a project's own terms."""


def stream_name(name: str) -> str:
    """Return the stream of an input: the years of one growth path share theirs.

    >>> stream_name("ndfeb.sectors.ev.growth.2040")
    'ndfeb.sectors.ev.growth'
    """
    head, _, last = name.rpartition(".")
    return head if head.endswith(".growth") and last.isdigit() else name


@lru_cache(maxsize=4)
def _block(prepared: "_ByIdentity", first: int) -> Floats:
    """Return the inputs of some replications, shape (BLOCK, n)."""
    inputs, scenario = prepared.it.inputs, prepared.it.scenario
    if not scenario.uncertain:
        return np.tile(inputs.central(), (BLOCK, 1))
    luck = np.zeros((BLOCK, len(inputs.names)))
    shared: dict[str, Floats] = {}
    for column, (name, quantity) in enumerate(zip(inputs.names, inputs.quantities, strict=True)):
        if not quantity.is_fixed:
            word = stream_name(name)
            if word not in shared:
                shared[word] = uniforms(scenario.seed, word, first, BLOCK)
            luck[:, column] = shared[word]
    return prepared.it.ranges.draw(luck)


class _ByIdentity:
    """Lets a cache tell one prepared scenario from another without comparing them."""

    def __init__(self, it: "Prepared") -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.it is self.it


def draw_inputs(prepared: "Prepared", replication: int) -> Floats:
    """Return one value for each input in one replication, shape (n,)."""
    first = replication // BLOCK * BLOCK
    values: Floats = _block(_ByIdentity(prepared), first)[replication - first]
    return values


@dataclass(frozen=True)
class Regime:
    """A switch between calm and tense times."""

    day: float
    tense: bool
    source: str


def draw_regimes(
    prepared: "Prepared", replication: int, source: Source, values: Floats
) -> list[Regime]:
    """Return the switches between calm and tense times, the start being the first.

    Exponential stays: the n-th draw belongs to the n-th stay (Markov-modulated Poisson
    process; rates from `seeds/hazard.yaml`).
    """
    stays = stream(prepared.scenario.seed, replication, "regime", source.part.name)
    tense, day = source.part.starts == "tense", 0.0
    found = [Regime(0.0, tense, source.part.name)]
    while True:
        rate = values[source.columns["to_calm" if tense else "to_tense"]] / DAYS_PER_YEAR
        day += stays.exponential() / max(rate, LEAST_HAZARD)
        if day >= prepared.end_d:
            return found
        tense = not tense
        found.append(Regime(day, tense, source.part.name))


def hazards(
    prepared: "Prepared", source: Source, values: Floats, regimes: Sequence[Regime]
) -> tuple[Floats, Floats]:
    """Return the borders of calm and tense times, (n + 1,), and packages a day in each, (n,)."""
    edges = [regime.day for regime in regimes] + [prepared.end_d]
    kinds = ["tense_rate" if regime.tense else "calm_rate" for regime in regimes]
    rates = [max(float(values[source.columns[k]]), LEAST_HAZARD) / DAYS_PER_YEAR for k in kinds]
    return np.array(edges), np.array(rates)


KEYS = ("approval", "eases.approval")
"""What a package draws for its licences, at once and once it has eased."""


def draw_packages(
    prepared: "Prepared",
    replication: int,
    source: Source,
    values: Floats,
    regimes: list[Regime],
    further: float = 1.0,
) -> list[Happening]:
    """Return the controls of one random source that touch this chain.

    Package n fires when the integral of the hazard passes the n-th unit exponential; what
    it hits, how hard and how long is drawn from streams keyed by n, and by chain where each is
    hit for itself. It is announced on the day it fires, if at all. Dates are those of a hazard
    that answers nothing; one that answers may come to `further` times the integral, so
    packages beyond the end of the run are drawn too.
    """
    seed, name, part = prepared.scenario.seed, source.part.name, source.part
    fires = stream(seed, replication, "package", name)
    edges, rates = hazards(prepared, source, values, regimes)
    whole = np.concatenate([[0.0], np.cumsum(np.diff(edges) * rates)])
    end, weights = float(whole[-1]), list(accumulate(scope.weight for scope in source.scopes))
    named, borders = terms(part), edges[1:-1].tolist()
    found: list[Happening] = []
    passed, n = 0.0, 0
    while True:
        passed += fires.exponential()
        if passed >= end * further:
            return found
        day = float(np.interp(passed, whole, edges) + max(0.0, passed - end) / rates[-1])
        drawn = first_uniforms(len(PACKAGE), seed, replication, "package", name, str(n))
        luck = dict(zip(PACKAGE, drawn.tolist(), strict=True))
        which = bisect_right(weights, luck["scope"] * weights[-1])
        tense = regimes[bisect_right(borders, day)].tense
        hit = _hit(prepared, (replication, n), source, values, luck["hits"], tense)
        n += 1
        scope = source.scopes[which].of(hit)
        if scope.products:
            given = {term: quantity.draw_one(luck[term]) for term, quantity in named.items()} | {
                term: float(values[at]) for term, at in source.leakage[which].items()
            }
            licences, later = (
                None if plan is None else draw_terms(plan, values, f"{name}-{n}, {key}", luck[key])
                for plan, key in zip(source.licences[which], KEYS, strict=True)
            )
            onset_d = day + given.get("announced", 0.0)
            acute = Happening(
                name=f"{name}-{n}",
                onset_d=onset_d,
                end_d=onset_d + given["duration"],
                source=name,
                scope=scope,
                form=part.form,
                allowed=given.get("allowed", 0.0),
                allowed_t_per_yr=-1.0,
                terms=None if licences is None else licences[0],
                settled=False,
                lifts=(),
                path=f"{source.path}.scopes.{which}",
                announced_d=day if "announced" in given else np.inf,
                due=passed,
            )
            eased_d = onset_d + given.get("eases.after", 0.0)
            phases = [(acute, licences)]
            phases += [(each, later) for each in eased(acute, part.eases, eased_d, (given, later))]
            found += lived(phases, given, ())


def _hit(
    prepared: "Prepared",
    package: tuple[int, int],
    source: Source,
    values: Floats,
    luck: float,
    tense: bool,
) -> Collection[str]:
    """Return the chains that one package hits, where its scope names them."""
    replication, n = package
    if not source.each:
        touches = luck < values[source.columns["hits"]]
        return [chain for scope in source.scopes for chain in scope.chains] if touches else ()
    rate = "tense_rate" if tense else "calm_rate"
    name = ("package", source.part.name, str(n), "hits")
    return [
        chain
        for chain in source.each
        if first_uniforms(1, prepared.scenario.seed, replication, *name, chain)[0]
        < source.chance(chain, values, rate)
    ]


def draw_outages(prepared: "Prepared", replication: int, values: Floats) -> Floats:
    """Return the part of each maker that is in order, by review, shape (K, M).

    Each plant of a maker alternates between up and down, for exponential times
    (alternating renewal); what fails or is mended counts from the next review on. A
    maker with too many plants to tell apart has no outages: they average out.
    """
    clock, plans = prepared.clock, prepared.failing
    up = np.ones((clock.reviews, len(prepared.network.makers)))
    if not plans:
        return up
    changes = np.zeros((len(plans), clock.reviews + 1), np.int64)
    whose = np.repeat(np.arange(len(plans)), [plan.plants for plan in plans])
    fails_d, mended_d = _failures(prepared, replication, values)
    plant, n = np.nonzero(fails_d < clock.end_d)
    for days, change in ((fails_d, 1), (mended_d, -1)):
        first = np.ceil(days[plant, n] / clock.step_d).astype(np.int64)
        np.add.at(changes, (whose[plant], np.minimum(first, clock.reviews)), change)
    for plan, down in zip(plans, changes.cumsum(axis=1), strict=True):
        up[:, plan.maker] = plan.in_order[down[:-1]]
    return up


def _failures(prepared: "Prepared", replication: int, values: Floats) -> tuple[Floats, Floats]:
    """Return the days on which plants fail and on which they are mended, to the end of the run.

    Both of shape (plants, n), with some days beyond the end.
    """
    seed, plans = prepared.scenario.seed, prepared.failing
    usual_d = float(values[prepared.behaviour["outage_up"]])
    down_d = float(values[prepared.behaviour["outage_down"]])
    up_d = np.array([[usual_d / plan.factor] for plan in plans for _ in range(plan.plants)])
    names = [("outage", *plan.words, str(i)) for plan in plans for i in range(plan.plants)]
    count = 2 * ceil(prepared.end_d / (up_d.min() + down_d)) + SPARE
    while True:
        units = np.array([first_exponentials(count + 1, seed, replication, *n) for n in names])
        lengths_d = units[:, 1::2] * down_d
        between_d = lengths_d + units[:, 2::2] * up_d
        fails_d = np.hstack([units[:, :1] * up_d, between_d]).cumsum(axis=1)
        if fails_d[:, -1].min() >= prepared.end_d:
            return fails_d[:, :-1], fails_d[:, :-1] + lengths_d
        count *= 2


def draw_waits(prepared: "Prepared", replication: int, happening: Happening, p: int) -> Floats:
    """Return the licence times of a control, route by route, used or not.

    Keyed by source, route and review.

    Args:
        prepared: the scenario.
        replication: the world.
        happening: a licensing control.
        p: which of its products.

    Returns:
        Times of reviews 0, 1, ..., shape (routes, K), in days.
    """
    return _waits(prepared, (replication, ()), happening, p, prepared.clock.reviews)


def draw_past_waits(
    prepared: "Prepared", replication: int, happening: Happening, p: int, before: int
) -> Floats:
    """Return the licence times of the reviews before the start, latest first.

    They have a stream of their own.

    Returns:
        Shape (routes, before), in days.
    """
    return _waits(prepared, (replication, ("before",)), happening, p, before)


def _waits(
    prepared: "Prepared",
    which: tuple[int, tuple[str, ...]],
    happening: Happening,
    p: int,
    reviews: int,
) -> Floats:
    assert happening.terms is not None, "only licensing asks for licence times"
    seed, (replication, last), words = prepared.scenario.seed, which, prepared.route_words
    routes = happening.scope.routes[p]
    rows = np.empty((len(routes), reviews))
    for row, x in zip(rows, routes, strict=True):
        name = ("licence", happening.source, *words[x], *last)
        row[:] = first_uniforms(reviews, seed, replication, *name)
    return happening.terms.wait.draw(rows)


def draw_defections(prepared: "Prepared", replication: int) -> dict[str, Floats]:
    """Return luck of each shared stockpile by name: the n-th is for its host's n-th shortage.

    One of the same name meets the same luck in every strategy.
    """
    return {
        plan.part.name: first_uniforms(
            prepared.clock.reviews,
            *(prepared.scenario.seed, replication),
            *("stockpile", plan.part.name, "defection"),
        )
        for plan in prepared.stockpiles
        if plan.defection != NONE
    }


def draw_reasons(
    prepared: "Prepared", replication: int, names: Iterable[str], values: Floats
) -> dict[str, tuple[str, str]]:
    """Return why each project stalls, if it does, and why it ends, if it does, by name."""
    names, seed = tuple(names), prepared.scenario.seed
    luck = np.array(
        [first_uniforms(2, seed, replication, "project", name, "reason") for name in names]
    )
    found = []
    for end, turns in zip(("stalled", "ended"), luck.T, strict=True):
        weights = [values[prepared.behaviour[f"{end}_for_{reason}"]] for reason in REASONS]
        passed = np.cumsum(weights)
        which = np.searchsorted(passed, turns * passed[-1], side="right")
        found.append([REASONS[i] for i in np.minimum(which, len(REASONS) - 1)])
    return dict(zip(names, zip(*found, strict=True), strict=True))


def draw_phases(prepared: "Prepared", replication: int, names: Iterable[str]) -> dict[str, Floats]:
    """Return one uniform for each phase and each turn of luck of projects, as `LUCK`, by name."""
    seed = prepared.scenario.seed
    return {name: first_uniforms(len(LUCK), seed, replication, "project", name) for name in names}
