"""Monazite: do we stockpile or build processing, and how sure are we?

The road in Python is that of the command: `read_scenario("ree-magnets")`, then
`run(scenario, replications=20)`, then `compare(results)`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monazite.experiments import Results, compare, open_results, resume, run
    from monazite.scenario import Scenario, read_scenario
    from monazite.world import prepare

__version__ = "0.1.0"

__all__ = [
    "Results",
    "Scenario",
    "compare",
    "open_results",
    "prepare",
    "read_scenario",
    "resume",
    "run",
]

_ROOMS = {
    "Results": "experiments",
    "Scenario": "scenario",
    "compare": "experiments",
    "open_results": "experiments",
    "prepare": "world",
    "read_scenario": "scenario",
    "resume": "experiments",
    "run": "experiments",
}
"""Where each public name lives; a room is imported when a name of it is asked for."""


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'monazite' has no attribute '{name}'")
    return getattr(import_module(f"monazite.{_ROOMS[name]}"), name)
