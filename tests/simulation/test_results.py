"""What a run leaves behind, beside the state that it began from."""

import numpy as np

from monazite.scenario import read_scenario
from monazite.simulation import run_world
from monazite.simulation.run import draw_world
from monazite.world import prepare


def test_the_stock_at_the_start_is_that_of_the_drawn_world() -> None:
    prepared = prepare(read_scenario("ree-magnets", ["end=2029-01-01"]))
    run = run_world(prepared, 3, ["none"]).trajectories["none"]
    drawn_t = draw_world(prepared, 3).model.pools["stock_t"]
    assert np.array_equal(run.start_stock_t, drawn_t)
    assert run.start_stock_t.shape == run.stock_t.shape[1:]
    assert not np.array_equal(run.start_stock_t, run.stock_t[0])
