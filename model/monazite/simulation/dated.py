"""The standing and scheduled controls of one world, as the spells in which they are in force."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from monazite.chance import first_uniforms
from monazite.simulation.licensing import draw_terms
from monazite.simulation.lives import Happening, eased, lived
from monazite.world.controls import OneControl
from monazite.world.inputs import Floats

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared


def draw_dated(prepared: "Prepared", replication: int, values: Floats) -> list[Happening]:
    """Return the standing and scheduled controls that happen; chance is drawn for each."""
    found = []
    for one in prepared.controls.ones:
        onset_d = _onset_d(prepared, replication, values, one)
        if np.isfinite(onset_d):
            found += list(_dated(prepared, values, one, onset_d))
    return found


def _onset_d(prepared: "Prepared", replication: int, values: Floats, one: OneControl) -> float:
    """Return the day on which a control comes into force, inf where it does not happen.

    One that follows another comes so long after it, if that one happens.
    """
    part = one.part
    seed = prepared.scenario.seed
    luck = first_uniforms(1, seed, replication, "control", part.name, "chance")[0]
    if luck >= values[one.columns["chance"]]:
        return np.inf
    if part.after is not None:
        leader = next(lead for lead in prepared.controls.ones if lead.part.name == part.after)
        since_d = _onset_d(prepared, replication, values, leader)
    else:
        since_d = prepared.day(part.start, 0.0)
    onset_d = since_d + (float(values[one.columns["delay"]]) if "delay" in one.columns else 0.0)
    return min(onset_d, -1.0) if one.standing else onset_d


def _dated(
    prepared: "Prepared", values: Floats, one: OneControl, onset_d: float
) -> Iterator[Happening]:
    """Yield the spells in which a control is in force, from its first day to its last."""
    part = one.part
    given = {name: float(values[column]) for name, column in one.columns.items()}
    end_d = onset_d + given["duration"] if "duration" in given else np.inf
    licences = None if one.licence is None else draw_terms(one.licence, values, part.name)
    acute = Happening(
        name=part.name,
        onset_d=onset_d,
        end_d=end_d,
        source=part.name,
        scope=one.scope,
        form=part.form,
        allowed=given.get("allowed", 0.0),
        allowed_t_per_yr=given.get("allowed_t_per_yr", -1.0),
        terms=None if licences is None else licences[0],
        settled=bool(getattr(part, "in_force_at_start", False)),
        lifts=part.exempt,
        path=one.path,
        announced_d=_announced_d(prepared, one, onset_d, given),
    )
    pauses = [(prepared.day(spell.day), prepared.day(spell.until)) for spell in part.suspended]
    eased_d = onset_d + given.get("eases.after", 0.0)
    if part.eases is not None and part.eases.day is not None:
        eased_d = prepared.day(part.eases.day)
    later = None if one.eased is None else draw_terms(one.eased, values, f"{part.name}, eased")
    phases = [(acute, licences)]
    phases += [(each, later) for each in eased(acute, part.eases, eased_d, (given, later))]
    for spell in lived(phases, given, pauses):
        if spell.end_d > 0.0:
            yield spell


def _announced_d(
    prepared: "Prepared", one: OneControl, onset_d: float, given: dict[str, float]
) -> float:
    """Return the day on which a control becomes known, inf where it comes without warning."""
    if "announced" in given:
        return onset_d - given["announced"]
    if isinstance(one.part.announced, date):
        return prepared.day(one.part.announced)
    return np.inf
