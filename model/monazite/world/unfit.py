"""Scrap without a source, and programmes that reach no one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from monazite.world.scrap import cohorts_in, fed, used_up, wear

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared
    from monazite.world.programmes import RecyclingPlan

Unfit = tuple[str, str, str, str]
"""Strategy and name of an instrument, nothing where it is the chain; what is wrong; its code."""


def unfit(prepared: "Prepared") -> Iterator[Unfit]:
    """Yield every recycler without scrap at the start, and every programme that changes nothing."""
    yield from _thrifts(prepared)
    if not prepared.scrap.yards:
        for programme in prepared.recycling:
            yield _nobody(programme.strategy, programme.part.name, programme.part.product)
        return
    values = prepared.central()
    start = prepared.balance(values)
    plan, network = prepared.scrap, prepared.network
    worn = wear(plan, prepared.growth, values, cohorts_in(prepared.clock))
    for yard in plan.yards:
        process, region = network.makers[yard.maker]
        share, made = values[yard.end_of_life], start.made[yard.maker]
        if not yard.known or made <= 0.0:
            continue
        if share < 1.0 and start.made[list(yard.leavers)].sum() <= 0.0:
            text = f"nobody leaves scrap for {process} in {region}; name its 'regions'"
            yield "", "", text, "missing-feedstock"
        if share <= 0.0:
            continue
        base = used_up(plan, network, start, worn, yard)[0] * values[yard.recovered]
        if base < share * made:
            text = (
                f"{process} in {region} works up {share * made * 365.25:,.0f} t/yr from worn-out "
            )
            text += f"goods, but only {base * 365.25:,.0f} t/yr can be had there"
            yield "", "", text, "missing-feedstock"
    feed = fed(plan, network, start, worn, values)
    yield from _recycling(prepared, [float(part) for part in feed.collection])


def _recycling(prepared: "Prepared", collected: list[float]) -> Iterator[Unfit]:
    taken: set[tuple[str, int]] = set()
    for plan in prepared.recycling:
        part, name = plan.part, (plan.strategy, plan.part.name)
        if not plan.yards:
            yield _nobody(*name, part.product)
            continue
        already = min(collected[s] for s in plan.yards)
        goods = any(prepared.scrap.yards[s].uses for s in plan.yards)
        if not goods and part.collection.central > 0.0:
            text = f"nothing there wears out that {part.product} could be made of"
            yield *name, text, "touches-no-flow"
        elif part.collection.central <= already and not _credited(prepared, plan):
            text = f"{already:.1%} is collected there already; give a larger part, or a credit"
            text += " and a project there that earns it"
            yield *name, text, "touches-no-flow"
        for s in plan.yards:
            if (plan.strategy, s) in taken:
                process, region = prepared.network.makers[prepared.scrap.yards[s].maker]
                text = f"another programme feeds {process} in {region} too"
                yield *name, text, "duplicate"
            taken.add((plan.strategy, s))


def _credited(prepared: "Prepared", plan: "RecyclingPlan") -> bool:
    """Return whether a programme pays a credit that some project earns."""
    network = prepared.network
    fed_there = {prepared.scrap.yards[s].maker for s in plan.yards}
    return plan.part.credit.central > 0.0 and any(
        network.maker(project.process, project.part.region) in fed_there
        for project in prepared.projects
        if project.strategy in ("", plan.strategy)
    )


def _nobody(strategy: str, name: str, product: str) -> Unfit:
    text = f"nobody recycles {product} there; add a project that does"
    return strategy, name, text, "touches-no-flow"


def _thrifts(prepared: "Prepared") -> Iterator[Unfit]:
    taken: set[tuple[str, int]] = set()
    for plan in prepared.thrifts:
        name = (plan.strategy, plan.part.name)
        if not plan.uses:
            yield *name, f"no such sector uses {plan.part.product} there", "touches-no-flow"
        for u in plan.uses:
            if (plan.strategy, u) in taken:
                sector, region = prepared.network.uses[u]
                yield *name, f"another programme reaches {sector} in {region} too", "duplicate"
            taken.add((plan.strategy, u))
