"""What becomes of each project: how long its phases take, what it costs, how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log2

import numpy as np

from monazite.simulation.draws import LUCK, TERMS, Floats, draw_phases, draw_reasons
from monazite.world.plan import OWN, PHASES, RAMP_RECORDED_TO, ProjectPlan, public_part
from monazite.world.prepare import Prepared

TINY = 1e-12

MAY_CANCEL = ("permitting", "financing", "construction")
"""A project that is doomed ends within one of these, each alike: the record of ended
projects is too short to tell more."""

HELPED = ("permit", "finance")
"""Reasons to stall or end that a backstop helps against."""


@dataclass(frozen=True)
class Fate:
    """The course of one project, should it be begun; known to nobody in the model.

    Attributes:
        lengths_d: length of each phase, stalls included, by name.
        stalled_for: why its construction stalls, or None where it does not.
        ended_for: why it ends for good, or None where it does not.
        cancelled_in: phase in which it ends for good, or None.
        cancelled_part: how far into that phase.
        plateau: part of nameplate that it reaches.
        cost_usd: its whole cost, overrun included.
        public_usd: public money in it, in whatever form.
        lent_usd: part of that which is lent.
        owned_usd: part of that which is equity.
        development: part of the cost that is spent before construction.
    """

    lengths_d: Mapping[str, float]
    stalled_for: str | None
    ended_for: str | None
    cancelled_in: str | None
    cancelled_part: float
    plateau: float
    cost_usd: float
    public_usd: float
    lent_usd: float
    owned_usd: float
    development: float


def draw_fates(prepared: Prepared, replication: int, values: Floats) -> list[Fate]:
    """Return the course of every project, from streams keyed by project and phase.

    The same project in two strategies meets the same luck. Why it stalls or ends has a stream of
    its own, so that it changes nothing else.
    """
    if not prepared.projects:
        return []
    names = [plan.part.name for plan in prepared.projects]
    luck = draw_phases(prepared, replication, dict.fromkeys(names))
    reasons = draw_reasons(prepared, replication, dict.fromkeys(names), values)
    own = prepared.project_ranges.central
    if prepared.scenario.uncertain:
        turns = np.array([luck[name] for name in names])[:, TERMS]
        own = prepared.project_ranges.draw(turns.reshape(1, -1))
    return [
        _fate(prepared, plan, values, row, (luck[name], reasons[name]))
        for plan, name, row in zip(
            prepared.projects, names, own.reshape(-1, len(OWN)).tolist(), strict=True
        )
    ]


def _fate(
    prepared: Prepared,
    plan: ProjectPlan,
    values: Floats,
    own: list[float],
    drawn: tuple[Floats, tuple[str, str]],
) -> Fate:
    """Return the course of a project.

    An experienced builder's odds to cancel, and never to reach nameplate, are cut by the factor of
    the behaviour record. A project cannot end in a phase that it has behind it, one of no length.

    Args:
        prepared: the scenario.
        plan: the project.
        values: one value for each input, shape (n,).
        own: its own terms, as `OWN`.
        drawn: its luck, as `LUCK`, and why it stalls and ends.
    """
    luck, (stall, end) = dict(zip(LUCK, drawn[0].tolist(), strict=True)), drawn[1]
    value = dict(zip(OWN, own, strict=True))
    lengths = {name: value[name] for name in PHASES}
    if plan.backstop is not None:
        lengths["financing"] *= plan.backstop.financing_factor.central
    if plan.part.ramp is None:
        lengths["ramp"] /= RAMP_RECORDED_TO
    odds = float(values[prepared.behaviour["experienced_odds_factor"]])
    odds = odds if plan.part.experienced else 1.0
    stalled = luck["stall_chance"] < chance(plan, values, "stall", stall)
    stalled = stalled and lengths["construction"] > 0.0
    lengths["construction"] *= learnt(prepared, plan, values, "learning_time")
    if stalled:
        lengths["construction"] += value["stall"]
    doomed = MAY_CANCEL[int(luck["cancel_phase"] * len(MAY_CANCEL))]
    cancelled = luck["cancel_chance"] < chance(plan, values, "cancel", end) * odds
    cancelled = cancelled and lengths[doomed] > 0.0
    stuck = luck["never_chance"] < values[plan.columns["never_chance"]] * odds
    planned = value["capex"] * plan.part.capacity.central
    planned *= learnt(prepared, plan, values, "learning_cost")
    cost, funded, share = planned * value["overrun"], plan.funded, plan.funded.share
    public = public_part(share, plan.part.overrun_borne, planned, cost)
    return Fate(
        lengths_d=lengths,
        stalled_for=stall if stalled else None,
        ended_for=end if cancelled else None,
        cancelled_in=doomed if cancelled else None,
        cancelled_part=luck["cancel_part"],
        plateau=value["plateau"] if stuck else 1.0,
        cost_usd=cost,
        public_usd=public,
        lent_usd=public * funded.lent / max(share, TINY),
        owned_usd=public * funded.equity.central / max(share, TINY),
        development=value["development_share"],
    )


def chance(plan: ProjectPlan, values: Floats, what: str, reason: str) -> float:
    """Return the chance that a project stalls, or is cancelled, for this reason if it does.

    Money and a government behind it help against want of finance and of permits, not against a
    market or a process that fails. The draw stays the same, so that what goes well without a
    backstop goes well with it.
    """
    odds = float(values[plan.columns[f"{what}_chance"]])
    if plan.backstop is None or reason not in HELPED:
        return odds
    return odds * float(getattr(plan.backstop, f"{what}_factor").central)


def learnt(prepared: Prepared, plan: ProjectPlan, values: Floats, record: str) -> float:
    """Return by what the plants before it multiply time or cost: a part for each doubling.

    Wright's law, (1 - rate) to the power log2(n) for the n-th.
    """
    if plan.place == 1:
        return 1.0
    return float((1.0 - values[prepared.behaviour[record]]) ** log2(plan.place))
