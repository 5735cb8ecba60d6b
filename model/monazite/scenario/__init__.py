"""What the user wrote: scenario files in, one checked `Scenario` out."""

from monazite.scenario.files import shipped_names
from monazite.scenario.parts import Assertion, Scenario, Strategy
from monazite.scenario.reading import read_scenario, resolved_text
from monazite.scenario.schema import json_schema

__all__ = [
    "Assertion",
    "Scenario",
    "Strategy",
    "json_schema",
    "read_scenario",
    "resolved_text",
    "shipped_names",
]
