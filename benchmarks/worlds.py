"""The scenario that is timed: the main one."""

from pathlib import Path

from monazite.scenario import Scenario, read_scenario

FILE = Path(__file__).resolve().parents[1] / "scenarios" / "ree-magnets.yaml"


def scenario() -> Scenario:
    """Return the scenario that is timed."""
    return read_scenario(FILE)
