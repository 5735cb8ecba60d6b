"""The instruments that strategies hold, and the rules of trade that all of them meet."""

from collections.abc import Iterator
from typing import TypeVar

from monazite.scenario.instruments import kind_of
from monazite.scenario.part import Part
from monazite.scenario.parts import Scenario

T = TypeVar("T", bound=Part)


def held(scenario: Scenario, *kinds: type[T]) -> Iterator[tuple[str, str, T]]:
    """Yield every instrument of some kinds: its path in the file, its strategy, and itself."""
    for name, strategy in scenario.strategies.items():
        for i, part in enumerate(strategy.instruments):
            if isinstance(part, kinds):
                yield f"strategies.{name}.instruments.{i}.{kind_of(part)}", name, part


def met(scenario: Scenario, key: str, kind: type[T]) -> Iterator[tuple[str, str, T]]:
    """Yield what stands under a key of `trade`, for all strategies, then what each holds of it.

    As `held` does; the strategy of what holds for all is "".
    """
    for i, part in enumerate(getattr(scenario.trade, key)):
        yield f"trade.{key}.{i}", "", part
    yield from held(scenario, kind)
