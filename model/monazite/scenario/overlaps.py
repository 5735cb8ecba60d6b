"""Controls of one controller that contradict each other.

Most that overlap only combine: the least cap holds, approval shares multiply, the longest wait
holds. Here is what no such reading makes sense of.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from monazite.errors import Problem
from monazite.scenario.disruptions import Control
from monazite.scenario.lives import least_d, most_d
from monazite.scenario.parts import Scenario

Placed = tuple[str, Control]
"""A control with its path in the file."""


def clashes(controls: Sequence[Placed], scenario: Scenario) -> Iterator[Problem]:
    """Yield every pair of controls that contradict each other, at the place of one of them.

    Args:
        controls: standing and scheduled ones.
        scenario: with its groups, first and last day.
    """
    by_name = {control.name: (path, control) for path, control in controls}
    lifted = {name for _, control in controls for name in control.exempt}
    for path, control in controls:
        yield from _lifting(path, control, by_name)
        for other in controls:
            if other[1].name not in lifted and _never_felt(control, other[1], scenario):
                text = f"lets pass what '{other[1].name}' ({other[0]}) bans all the while, "
                text += "so that it is never felt; mend the dates or the targets, or name the "
                yield Problem(path, f"{text}ban under 'exempt'", code="contradiction")


def _lifting(path: str, control: Control, by_name: Mapping[str, Placed]) -> Iterator[Problem]:
    """Yield exemptions that go in a circle, or that are not the controller's to give."""
    for i, name in enumerate(control.exempt):
        where, other = by_name.get(name, ("", control))
        if other.controller != control.controller:
            text = f"'{name}' ({where}) is a control of {other.controller}; a controller lifts "
            yield Problem(f"{path}.exempt.{i}", f"{text}only its own", code="contradiction")
        elif control.name in other.exempt and name < control.name:
            text = f"'{name}' ({where}) lifts this one in turn, so that neither would hold"
            yield Problem(f"{path}.exempt.{i}", text, code="contradiction")


def _never_felt(control: Control, ban: Control, scenario: Scenario) -> bool:
    """Return whether a control lets pass, as long as it lasts, what a ban stops all the while."""
    whole = ban.form == "ban" and not ban.tiers and ban.eases is None and not ban.suspended
    certain = ban.chance.is_fixed and ban.chance.central >= 1.0
    if control is ban or control.after is not None or ban.after is not None:
        return False
    if not (whole and certain and control.controller == ban.controller):
        return False
    if not _permits(control) or not set(control.products) <= set(ban.products):
        return False
    hit = scenario.regions_of(*ban.targets)
    if "all" not in hit and not {*scenario.regions_of(*control.targets)} <= {*hit}:
        return False
    run = scenario.start, scenario.end
    first, until = _life(control, run, widest=True)
    ban_first, ban_until = _life(ban, run, widest=False)
    return ban_first <= first and until <= ban_until


def _permits(control: Control) -> bool:
    """Return whether a control says that something may go."""
    if control.form == "licensing":
        licence = control.licence
        return licence is not None and (licence.approval.high > 0.0 or licence.general is not None)
    caps = (control.allowed, control.allowed_t_per_yr)
    return control.form == "quota" and any(cap is not None and cap.high > 0.0 for cap in caps)


def _life(control: Control, run: tuple[date, date], widest: bool) -> tuple[date, date]:
    """Return the days between which a control can be in force, or surely is."""
    start, end = run
    soonest, latest = (least_d, most_d) if widest else (most_d, least_d)
    since = control.start or start
    first = since + _days(soonest(control.delay), end - since)
    if control.duration is None:
        return max(first, start), end
    length_d = latest(control.delay) + latest(control.duration)
    return max(first, start), min(end, since + _days(length_d, end - since))


def _days(days: float, most: timedelta) -> timedelta:
    return most if math.isinf(days) else min(most, timedelta(days=days))
