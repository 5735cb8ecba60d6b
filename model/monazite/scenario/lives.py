"""What the phases of one control say against each other: announced, in force, eased, suspended."""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from monazite.errors import Problem
from monazite.scenario.disruptions import Control, RandomControls, Suspension
from monazite.scenario.quantity import Quantity

_BOUNDED = ("fixed", "triangular", "uniform", "loguniform")


def contradictions(path: str, control: Control, start: date, end: date) -> Iterator[Problem]:
    """Yield every phase of a control that falls outside its life or contradicts another.

    Args:
        path: of the control in the file.
        control: standing or scheduled.
        start: first day of the run.
        end: last day of the run.
    """
    standing = path.startswith("disruptions.standing")
    unknown = (standing and control.start is None) or control.after is not None
    life = _Life(control, None if unknown else control.start, start)
    yield from _announced(path, control, life)
    yield from _eases(f"{path}.eases", control, life, end)
    yield from _leaks(f"{path}.leakage", control)
    spells = sorted(enumerate(control.suspended), key=lambda spell: spell[1].day)
    for i, spell in spells:
        yield from _suspended(f"{path}.suspended.{i}", spell, life, (start, end))
    for (_, before), (i, spell) in pairwise(spells):
        if spell.day <= before.until:
            text = f"not clear of the spell from {before.day} until {before.until}; write one spell"
            yield Problem(f"{path}.suspended.{i}.from", text, code="order")


class _Life:
    """The days between which a control can be in force.

    Attributes:
        first: day of coming into force, None where it is not known.
        last: day by which it is over at the latest, None where it may last for good.
    """

    def __init__(self, control: Control, begins: date | None, start: date) -> None:
        since = begins or start
        self.first = None if begins is None else since + _days(least_d(control.delay))
        self.last = None
        if control.duration is not None and control.after is None:
            length_d = most_d(control.delay) + most_d(control.duration)
            if math.isfinite(length_d):
                self.last = since + _days(length_d)


def _announced(path: str, control: Control, life: _Life) -> Iterator[Problem]:
    day = control.announced
    if isinstance(day, date) and life.first is not None and day >= life.first:
        text = f"{day} is not before it comes into force on {life.first}"
        yield Problem(f"{path}.announced", text, code="order")


def _eases(path: str, control: Control, life: _Life, end: date) -> Iterator[Problem]:
    part = control.eases
    if part is None:
        return
    if part.day is not None and life.first is not None and part.day <= life.first:
        text = f"{part.day} is not after it comes into force on {life.first}"
        yield Problem(f"{path}.from", text, code="order")
    if part.day is not None and part.day >= end:
        yield Problem(f"{path}.from", _not_before_end(part.day, end), code="order")
    if part.day is not None and life.last is not None and part.day >= life.last:
        yield Problem(f"{path}.from", f"the control is over by {life.last}", code="order")
    yield from easing_nothing(path, control)


def easing_nothing(path: str, control: Control | RandomControls) -> Iterator[Problem]:
    """Yield where a control is over before it eases, or lets no more pass once it has."""
    part = control.eases
    if part is None:
        return
    if control.duration is not None and least_d(part.after) >= most_d(control.duration):
        text = "the control is over by then; make it shorter than 'duration'"
        yield Problem(f"{path}.after", text, code="order")
    if part.form == control.form == "quota" and _not_wider(part.allowed, control.allowed):
        text = "lets no more pass than before, so it eases nothing"
        yield Problem(f"{path}.allowed", text, code="value")
    new, old = part.licence, control.licence
    slower = new is not None and old is not None and new.wait.central >= old.wait.central
    if slower and new is not None and old is not None and _not_wider(new.approval, old.approval):
        text = "no more is approved, and no sooner, than before, so it eases nothing"
        yield Problem(f"{path}.licence", text, code="value")


def _leaks(path: str, control: Control) -> Iterator[Problem]:
    if control.leakage is None:
        return
    found_d = least_d(control.leakage.delay)
    if control.duration is not None and found_d >= most_d(control.duration):
        text = "the control is over before anything comes round it"
        yield Problem(f"{path}.delay", text, code="order")
    eases = control.eases
    if eases is None or eases.form != "licensing" or eases.after is None:
        return
    if found_d >= most_d(eases.after):
        text = "the control has eased to licensing before anything comes round it"
        yield Problem(f"{path}.delay", text, code="order")


def _suspended(
    path: str, spell: Suspension, life: _Life, run: tuple[date, date]
) -> Iterator[Problem]:
    start, end = run
    if life.first is not None and spell.day < life.first:
        text = f"{spell.day} is before it comes into force on {life.first}"
        yield Problem(f"{path}.from", text, code="order")
    if life.last is not None and spell.day >= life.last:
        yield Problem(f"{path}.from", f"the control is over by {life.last}", code="order")
    elif spell.day >= end:
        yield Problem(f"{path}.from", _not_before_end(spell.day, end), code="order")
    if spell.until <= start:
        text = f"{spell.until} is not after the run starts on {start}; it would change nothing"
        yield Problem(f"{path}.until", text, code="order")


def _not_before_end(day: date, end: date) -> str:
    return f"{day} is not before the run ends on {end}"


def _not_wider(new: Quantity | None, old: Quantity | None) -> bool:
    return new is not None and old is not None and new.high <= old.low


def _days(days: float) -> timedelta:
    return timedelta(days=math.ceil(days))


def least_d(quantity: Quantity | None) -> float:
    """Return the shortest time that a duration may be drawn as, 0 where none is given."""
    if quantity is None or quantity.shape not in _BOUNDED:
        return 0.0
    return quantity.low


def most_d(quantity: Quantity | None) -> float:
    """Return the longest time that a duration may be drawn as, 0 where none is given."""
    if quantity is None:
        return 0.0
    return quantity.high if quantity.shape in _BOUNDED else math.inf
