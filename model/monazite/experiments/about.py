"""What a run is: the facts that its files are read with, and the name made from them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self

from monazite import __version__
from monazite.errors import Problem, ScenarioError
from monazite.experiments.model import Model, Prepared
from monazite.naming import bare, chain_of

MOST_REPLICATIONS = 1_000_000
ALL = "all"
"""Stands for all chains of a scenario together."""


@dataclass(frozen=True, slots=True)
class About:
    """The facts of a run.

    Attributes:
        scenario: name of the scenario.
        mineral: name of the chain, `all` where there are several.
        run: eight hexadecimal digits that name the run.
        version: version of the package.
        seed: the root seed.
        replications: how many random worlds.
        strategies: chosen strategies, in the order of the file.
        baseline: the one that the others are compared with.
        instruments: names of the instruments of each chosen strategy.
        stockpiles: names of the stockpiles of each chosen strategy.
        budget_usd: discounted public budget of each chosen strategy.
        groups: regions of each group that is reported.
        start: the first day, as an ISO date.
        quiet: nothing in the scenario but an instrument can make anybody short.
        scenario_sha256: hash of the resolved scenario.
        parameters_sha256: hash of every number used.
    """

    scenario: str
    mineral: str
    run: str
    version: str
    seed: int
    replications: int
    strategies: tuple[str, ...]
    baseline: str
    instruments: dict[str, tuple[str, ...]]
    stockpiles: dict[str, tuple[str, ...]]
    budget_usd: dict[str, float]
    groups: dict[str, tuple[str, ...]]
    start: str
    quiet: bool
    scenario_sha256: str
    parameters_sha256: str

    def is_group(self, name: str) -> bool:
        """Return whether a name stands for several regions."""
        return self.groups[name] != (bare(name),)

    def mineral_of(self, name: str) -> str:
        """Return the chain that the name of a product or of what is reported carries."""
        return chain_of(name) or self.mineral

    def adds_minerals(self, name: str) -> bool:
        """Return whether what is reported under a name adds up several minerals."""
        return self.mineral_of(name) == ALL

    def is_idle(self, strategy: str) -> bool:
        """Return whether nothing can happen with a strategy: a quiet world, no instruments."""
        return self.quiet and not self.instruments[strategy]

    def allotted_usd(self, strategy: str) -> float:
        """Return the budget that a strategy may spend: 0 without instruments."""
        return self.budget_usd[strategy] if self.instruments[strategy] else 0.0

    @property
    def first_day(self) -> date:
        """The first day of the run."""
        return date.fromisoformat(self.start)

    def plain(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return asdict(self)

    @classmethod
    def from_plain(cls, data: Mapping[str, Any]) -> Self:
        """Return the facts from what was read.

        Raises:
            KeyError: where one is missing.
        """
        held = {field.name: data[field.name] for field in fields(cls)}
        for name in ("instruments", "stockpiles", "groups"):
            held[name] = {key: tuple(value) for key, value in held[name].items()}
        return cls(**held | {"strategies": tuple(held["strategies"])})


def about(
    model: Model, scenario: Any, prepared: Prepared, strategies: Sequence[str] | None
) -> About:
    """Return the facts of the run of a scenario.

    Raises:
        ScenarioError: for a strategy that the scenario does not have.
    """
    chosen = choose(prepared.strategies, strategies)
    instruments = _of_each(chosen, prepared.layout.instruments)
    text = model.resolved_text(scenario)
    parameters = json.dumps([dict(row) for row in prepared.parameters()], default=str)
    return About(
        scenario=scenario.name,
        mineral=scenario.chains[0] if len(scenario.chains) == 1 else ALL,
        run=run_name(text, scenario.seed, scenario.replications, chosen),
        version=__version__,
        seed=scenario.seed,
        replications=scenario.replications,
        strategies=chosen,
        baseline=_baseline(prepared.baseline, chosen, instruments),
        instruments=instruments,
        stockpiles=_of_each(chosen, [row[:2] for row in prepared.layout.stockpiles]),
        budget_usd={name: float(prepared.budget_usd[name]) for name in chosen},
        groups={name: tuple(regions) for name, regions in prepared.groups.items()},
        start=prepared.start.isoformat(),
        quiet=model.is_quiet(scenario),
        scenario_sha256=hashlib.sha256(text.encode()).hexdigest(),
        parameters_sha256=hashlib.sha256(parameters.encode()).hexdigest(),
    )


def run_name(text: str, seed: int, replications: int, strategies: Sequence[str]) -> str:
    """Return the eight digits that name a run; the same inputs have the same name."""
    facts = json.dumps([__version__, seed, replications, list(strategies), text])
    return hashlib.sha256(facts.encode()).hexdigest()[:8]


def choose(known: Sequence[str], wanted: Sequence[str] | None) -> tuple[str, ...]:
    """Return the wanted strategies in the order of the file; all where none is named.

    Raises:
        ScenarioError: for each that is not known.
    """
    if not wanted:
        return tuple(known)
    unknown = [name for name in dict.fromkeys(wanted) if name not in known]
    if unknown:
        raise ScenarioError(
            Problem("strategies", _no_strategy(name, known), code="unknown-strategy")
            for name in unknown
        )
    return tuple(name for name in known if name in wanted)


def with_replications(scenario: Any, replications: int | None) -> Any:
    """Return the scenario with another number of replications.

    Raises:
        ScenarioError: for a number out of bounds.
    """
    if replications is None:
        return scenario
    if not 1 <= replications <= MOST_REPLICATIONS:
        message = f"got {replications}, expected 1 to {MOST_REPLICATIONS}"
        raise ScenarioError([Problem("replications", message, code="out-of-range")])
    return scenario.model_copy(update={"replications": replications})


def check_budgets(facts: About) -> None:
    """Check that every strategy with instruments may spend the same.

    Raises:
        ScenarioError: naming two that differ and their budgets.
    """
    spend = [name for name in facts.strategies if facts.instruments[name]]
    problems = [
        Problem(
            f"strategies.{name}.budget",
            f"'{name}' has {facts.budget_usd[name]:.10g} USD and '{spend[0]}' has "
            f"{facts.budget_usd[spend[0]]:.10g} USD; only equal budgets are compared: "
            "leave out one of them or give both the same",
            code="unequal-budgets",
        )
        for name in spend[1:]
        if not may_compare(facts, name, spend[0])
    ]
    if problems:
        raise ScenarioError(problems)


def may_compare(facts: About, one: str, other: str) -> bool:
    """Return whether two strategies have equal budgets, or one of them no instruments."""
    if not (facts.instruments[one] and facts.instruments[other]):
        return True
    a, b = facts.budget_usd[one], facts.budget_usd[other]
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b))


def _baseline(wanted: str, chosen: Sequence[str], instruments: Mapping[str, Sequence[str]]) -> str:
    if wanted in chosen:
        return wanted
    return next((name for name in chosen if not instruments[name]), chosen[0])


def _of_each(
    strategies: Sequence[str], pairs: Sequence[tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    return {
        strategy: tuple(pair[1] for pair in pairs if pair[0] == strategy) for strategy in strategies
    }


def _no_strategy(name: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(known)}"
    return f"no strategy '{name}'; {hint}"
