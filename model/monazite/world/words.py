"""What the words of a scenario mean in a network."""

from collections.abc import Iterable

import numpy as np

from monazite.scenario.parts import Scenario
from monazite.world.inputs import Ints
from monazite.world.network import Network


def members(scenario: Scenario, words: Iterable[str], all_but: str, network: Network) -> Ints:
    """Return 1 for every region that target words mean; `all` is everyone but the controller."""
    hit = np.zeros(len(network.regions), np.int64)
    for word in words:
        named = network.regions if word == "all" else scenario.regions_of(word)
        for region in named:
            if region != all_but and region in network.regions:
                hit[network.regions.index(region)] = 1
    return hit
