"""What programmes of plants say against the rest of their strategy."""

from collections.abc import Iterator

from monazite.errors import Problem
from monazite.scenario.instruments import Programme
from monazite.scenario.parts import Strategy
from monazite.scenario.programmes import Recycling


def programmes(path: str, strategy: Strategy) -> Iterator[Problem]:
    """Yield every programme that takes what is left where nobody can tell how much that is."""
    open_ended = [
        f"{path}.instruments.{i}.programme"
        for i, part in enumerate(strategy.instruments)
        if isinstance(part, Programme) and part.budget is None
    ]
    for where in open_ended[1:]:
        message = "another programme takes what is left already; give one of them a 'budget'"
        yield Problem(where, message, code="budget")
    for part in strategy.instruments:
        if open_ended and isinstance(part, Recycling) and part.budget is None:
            message = f"what '{part.name}' costs is not known on paper, nor what it leaves; "
            message += "give it or this programme a 'budget'"
            yield Problem(open_ended[0], message, code="budget")
