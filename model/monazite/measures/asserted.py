"""What a scenario says must hold of measures that there are not."""

from collections.abc import Iterator

from monazite.errors import Problem
from monazite.measures.items import HEADLINE
from monazite.scenario.hints import did_you_mean, listed
from monazite.scenario.parts import Scenario


def unmeasured(scenario: Scenario) -> Iterator[Problem]:
    """Yield every assertion on a measure that no run has."""
    known = list(dict.fromkeys(item.name for item in HEADLINE))
    for i, assertion in enumerate(scenario.assertions):
        if assertion.measure not in known:
            hint = did_you_mean(assertion.measure, known) or f"; there are {listed(known)}"
            text = f"no measure '{assertion.measure}'{hint}"
            yield scenario.problem(f"assert.{i}.measure", text, "unknown-name")
