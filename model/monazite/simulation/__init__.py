"""When: SimPy processes around the compiled review; the only room that knows SimPy."""

from monazite.simulation.run import WorldRun, run_world, warm_up

__all__ = ["WorldRun", "run_world", "warm_up"]
