"""What must not happen where nothing happens."""

import numpy as np

from monazite.simulation.run import draw_world, edges_by, simulate
from monazite.trajectories import Trajectories
from monazite.world.prepare import Prepared


def assert_nothing_moves(ready: Prepared, replication: int = 0) -> None:
    """Assert that no state leaves its start, that nothing is short, and that no price moves."""
    world = draw_world(ready, replication)
    start = world.model.pools["stock_t"].copy()
    result = simulate(world, ready.strategies[0], edges_by(ready, "review"))
    days = np.diff(result.edges_d)[:, None]
    assert result.shortfall_t.max(initial=0.0) == 0.0
    assert np.abs(result.price - 1.0).max() < 1e-9
    off = np.abs(result.stock_t - start)[days[:, 0] == days[0, 0]]
    assert (off <= 1e-9 * np.maximum(start, 1e-3 * start.max())).all()
    flow = world.model.flow_year[0]
    sent = result.shipped_t / days
    assert np.abs(sent - flow).max() <= 1e-9 * max(1.0, flow.max())
    assert_accounted_for(result)


def assert_accounted_for(result: Trajectories) -> None:
    """Assert the demand identity: exact but for rounding, in every bin."""
    parts = result.delivered_t + result.substituted_t + result.curtailed_t + result.shortfall_t
    np.testing.assert_allclose(parts, result.reference_t, rtol=1e-9, atol=1e-12)
