"""Which routes a strategy uses: the network has all plants and offices of all strategies."""

from typing import TYPE_CHECKING

import numpy as np

from monazite.world.inputs import NONE, Ints

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared


def end_routes(prepared: "Prepared", strategy: str) -> Ints:
    """Return where the routes of each pool end that this strategy may use, shape (H,).

    Left out are those of plants and offices that only other strategies have; plants not there
    at the start come last among the sellers of a pool.
    """
    network, ours = prepared.network, ("", strategy)
    comes = {(p.process, p.part.region) for p in prepared.projects if p.strategy in ours}
    sells = network.maker_columns[:, 0] >= 0
    sells |= np.array([maker in comes for maker in network.makers])
    offices = [NONE, *(s for s, p in enumerate(prepared.stockpiles) if p.strategy in ours)]
    buys = np.isin(network.pool_stockpile, offices)
    shape = network.shape
    used = np.flatnonzero(sells[shape.route_maker] & buys[shape.route_pool])
    end: Ints = prepared.blank.pools["first_route"].astype(np.int64)
    np.maximum.at(end, shape.route_pool[used], used + 1)
    return end
