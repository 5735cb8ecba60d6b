"""The sizes of instruments: what a strategy scaled to its budget multiplies."""

from collections.abc import Iterator
from typing import Any

from monazite.errors import Problem
from monazite.scenario.contracts import Floor, Offtake
from monazite.scenario.instruments import Programme, Project, Release, Stockpile, kind_of
from monazite.scenario.part import Part
from monazite.scenario.parts import Strategy
from monazite.scenario.programmes import Recycling, Thrift
from monazite.scenario.quantity import Quantity
from monazite.scenario.reserves import Obligation, Swap
from monazite.scenario.trade import Bloc

SIZES: dict[type[Part], tuple[str, ...]] = {
    Stockpile: ("target", "pace", "release"),
    Release: ("rate",),
    Project: ("capacity",),
    Floor: ("cap",),
    Offtake: ("volume",),
    Obligation: ("days",),
    Swap: ("tonnes",),
}
"""The keys of each part that grow with it; what is not given stays so."""

WITHOUT_SIZE: dict[type[Part], str] = {
    Programme: "builds what its money reaches",
    Recycling: "collects a part of what there is",
    Thrift: "saves a part of what is used",
    Bloc: "costs what it costs",
}
"""Why the others that cost public money have no size."""


def scaled(part: Any, factor: float) -> Any:
    """Return an instrument, or a part of one, with its sizes multiplied by a factor."""
    changes = {}
    for key in SIZES.get(type(part), ()):
        size = getattr(part, key)
        if isinstance(size, Quantity):
            changes[key] = Quantity.fixed(size.central * factor, size.unit)
        elif size is not None:
            changes[key] = scaled(size, factor)
    return part.model_copy(update=changes)


def unscalable(path: str, strategy: Strategy) -> Iterator[Problem]:
    """Yield every instrument of a strategy scaled to its budget that cannot grow with it."""
    if strategy.scale_to is None:
        return
    for i, part in enumerate(strategy.instruments):
        where = f"{path}.instruments.{i}.{kind_of(part)}"
        why = WITHOUT_SIZE.get(type(part))
        if why is not None and (not isinstance(part, Bloc) or part.cost is not None):
            message = f"{why}, so that it cannot be scaled; remove it or the strategy's 'scale_to'"
            yield Problem(where, message, code="scale")
        elif getattr(part, "budget", None) is not None:
            message = "all is scaled to one budget; remove this or the strategy's 'scale_to'"
            yield Problem(f"{where}.budget", message, code="scale")
