"""Which backstop covers a project, and how many plants of its kind came before it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from monazite.naming import bare
from monazite.scenario.backing import Backstop, fits
from monazite.scenario.held import held
from monazite.scenario.parts import Scenario
from monazite.world.plan import ProjectPlan

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared


def with_backing(scenario: Scenario, plans: Iterable[ProjectPlan]) -> Iterator[ProjectPlan]:
    """Yield the projects with their backstop and their place among plants alike."""
    plans = list(plans)
    for plan in plans:
        place = _place(plan, plans) if scenario.learning else 1
        yield replace(plan, backstop=_backstop(scenario, plan), place=place)


def _backstop(scenario: Scenario, plan: ProjectPlan) -> Backstop | None:
    own = (part for _, whose, part in held(scenario, Backstop) if whose == plan.strategy)
    return next((part for part in own if fits(part, plan.part, scenario)), None)


def _place(plan: ProjectPlan, plans: Iterable[ProjectPlan]) -> int:
    """Return the place of a plant among those of its kind and region, by their rank.

    Those of its strategy and those under way count; what is under way learns from its like alone.
    """
    return 1 + sum(
        one.rank < plan.rank
        and one.strategy in ("", plan.strategy)
        and one.part.region == plan.part.region
        and bare(one.part.kind) == bare(plan.part.kind)
        for one in plans
    )


def unbacked(prepared: "Prepared") -> Iterator[tuple[str, str, str]]:
    """Yield path, text and code of each limit and backstop on no project, and of doubled ones."""
    scenario, projects = prepared.scenario, prepared.projects
    for i, limit in enumerate(scenario.limits):
        if not any(fits(limit, plan.part, scenario) for plan in projects):
            text = "no project of any strategy or under way is of these kinds and regions"
            yield f"limits.{i}", text, "touches-no-flow"
    for path, name, part in held(scenario, Backstop):
        own = (plan for plan in projects if plan.strategy == name)
        covered = [plan for plan in own if fits(part, plan.part, scenario)]
        if not covered:
            text = "covers no project of this strategy; look at its regions, kinds and start"
            yield path, text, "touches-no-flow"
        for plan in covered:
            if plan.backstop is not None and plan.backstop is not part:
                text = f"'{plan.backstop.name}' covers '{plan.part.name}' already"
                yield path, f"{text}; give them other regions or kinds", "duplicate"
