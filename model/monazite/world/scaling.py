"""The one factor that brings the sizes of a strategy to its budget, on paper."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from monazite.scenario.parts import Scenario
from monazite.scenario.scaling import scaled
from monazite.world.paper import Paper

MILLION = 1e6
SMALLEST, LARGEST = 2.0**-40, 2.0**40
"""Between these lies the factor."""
FOLLOWS = 1e-6
"""What costs more than this part of the budget at the smallest sizes does not follow them."""
HALVINGS = 80
"""Of the span in which the factor lies: more than a number can tell."""


@dataclass(frozen=True)
class Settlement:
    """Something that was settled on paper.

    Attributes:
        name: dotted name, as of the other numbers of a strategy.
        value: what was settled.
        because: how it came to that, in words.
    """

    name: str
    value: float
    because: str

    def row(self) -> dict[str, object]:
        """Return it as a row among the numbers used."""
        ends = dict.fromkeys(("value", "low", "high"), self.value)
        blank = dict.fromkeys(("unit", "year", "source"), "")
        about = {"shape": "fixed", "kind": "settled", "because": self.because}
        return {"name": self.name, **ends, **blank, **about}


def scale(paper: Paper, scenario: Scenario, strategy: str) -> Settlement:
    """Return the factor for a strategy; 0 or infinite, with what is wrong, where there is none."""
    budget, part = scenario.budget_of(strategy), scenario.strategies[strategy].scale_to
    assert budget is not None, "a strategy with instruments has a budget"
    assert part is not None, "only a strategy that says so is scaled"
    name, aim = f"strategies.{strategy}.scale_to", budget.central * part.central

    def cost(factor: float) -> float:
        return sum(paper.cost_usd(strategy, factor).values())

    least, written, most = cost(SMALLEST), cost(1.0), cost(LARGEST)
    if least > FOLLOWS * aim:
        text = f"on paper {in_words(least)} do not follow the sizes; give floors over plants "
        return Settlement(name, 0.0, f"{text}under way or of today a 'cap'")
    if most < aim:
        text = f"however large, its instruments cost {in_words(most)} on paper, of "
        return Settlement(name, np.inf, f"{text}{in_words(aim)}: stockpiles can buy no more")
    low, high = SMALLEST, 1.0
    while cost(high) < aim:
        low, high = high, 2.0 * high
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if cost(middle) <= aim else (low, middle)
    text = f"all sizes times {low:.6g}: on paper {in_words(written)} as written, "
    return Settlement(name, low, f"{text}{in_words(cost(low))} as scaled")


def with_sizes(scenario: Scenario, factors: Mapping[str, float]) -> Scenario:
    """Return the scenario with the sizes of some strategies multiplied by their factors."""
    strategies = dict(scenario.strategies)
    for name, factor in factors.items():
        parts = tuple(scaled(part, factor) for part in strategies[name].instruments)
        strategies[name] = strategies[name].model_copy(update={"instruments": parts})
    return scenario.model_copy(update={"strategies": strategies})


def in_words(usd: float) -> str:
    """Return money in words, less than a tenth of a million in dollars.

    >>> in_words(1.25e6), in_words(112.257), in_words(0.0)
    ('1.25 million USD', '112.257 USD', '0 USD')
    """
    if usd < 0.1 * MILLION:
        return f"{usd:,.6g} USD"
    return f"{usd / MILLION:,.6g} million USD"
