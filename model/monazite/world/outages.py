"""Who fails: makers whose plants are told apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from monazite.evidence.joined import streams
from monazite.naming import bare
from monazite.world.inputs import Floats

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared


@dataclass(frozen=True)
class FailingPlan:
    """The plants of a maker that fail each for itself.

    Attributes:
        maker: number of the maker.
        plants: how many there are.
        factor: how many times as often as usual they fail.
        words: what stands for the maker in the names of random streams.
    """

    maker: int
    plants: int
    factor: float
    words: tuple[str, str]

    @cached_property
    def in_order(self) -> Floats:
        """Part of the maker that is in order while 0, 1, ... of its plants are down."""
        steps = np.full(self.plants + 1, -1.0 / self.plants)
        steps[0] = 1.0
        return np.asarray(np.maximum(steps.cumsum(), 0.0))


def failing_plans(prepared: "Prepared") -> Iterator[FailingPlan]:
    """Yield the makers whose plants are told apart."""
    words = streams(prepared.chain)
    factors = prepared.scenario.disruptions.outage_factors
    for maker in prepared.chain.makers:
        factor = factors.get(maker.process, factors.get(bare(maker.process)))
        if maker.plants:
            yield FailingPlan(
                maker=prepared.network.maker(maker.process, maker.region),
                plants=maker.plants,
                factor=1.0 if factor is None else factor.central,
                words=(words[maker.process], maker.region),
            )
