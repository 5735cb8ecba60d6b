"""What a chain says about licences: targets that are none, applications without number."""

from collections.abc import Iterator

from monazite.scenario.disruptions import Control, RandomControls
from monazite.scenario.hints import did_you_mean
from monazite.scenario.licences import Licence
from monazite.scenario.parts import Scenario
from monazite.world.controls import OneControl, Source
from monazite.world.inputs import Floats
from monazite.world.licences import LicencePlan

MOST_APPLICATIONS = 1000
"""More applications for one route in one review are refused: nobody would wait for the run."""

Found = Iterator[tuple[str, str, str]]
"""Paths, messages and codes of problems."""


def licences_of(part: Control | RandomControls) -> list[tuple[str, Licence]]:
    """Return the licences of a control with their keys."""
    eases = part.eases
    pairs = [("licence", part.licence), ("eases.licence", None if eases is None else eases.licence)]
    return [(key, licence) for key, licence in pairs if licence is not None]


def named_in(part: Control | RandomControls) -> Iterator[tuple[str, str]]:
    """Yield every region or group that the licences of a control name, with its key."""
    for key, licence in licences_of(part):
        for word in licence.by_target:
            yield f"{key}.by_target.{word}", word
        if licence.general is not None:
            for i, word in enumerate(licence.general.targets):
                if word != "all":
                    yield f"{key}.general.targets.{i}", word


def unknown_targets(path: str, part: Control | RandomControls, scenario: Scenario) -> Found:
    """Yield every target of a licence that its control does not hit, or that is named twice.

    Args:
        path: of the control in the file.
        part: the control.
        scenario: with its groups.
    """
    scopes = [part] if isinstance(part, Control) else part.scopes
    words = {word for scope in scopes for word in scope.targets}
    hit = None if "all" in words else {*scenario.regions_of(*words)}
    for key, licence in licences_of(part):
        yield from _targets(f"{path}.{key}", licence, hit, (scenario, part.controller))


def _targets(
    path: str, licence: Licence, hit: set[str] | None, where: tuple[Scenario, str]
) -> Found:
    scenario = where[0]
    seen: dict[str, str] = {}
    for word in licence.by_target:
        at = f"{path}.by_target.{word}"
        yield from _one(at, word, hit, where)
        for region in sorted(scenario.regions_of(word)):
            if region in seen:
                text = f"'{region}' has two approvals, by '{seen[region]}' and by '{word}'"
                yield at, text, "duplicate"
            seen[region] = word
    general = licence.general
    for i, word in enumerate(general.targets if general is not None else ()):
        if word != "all":
            yield from _one(f"{path}.general.targets.{i}", word, hit, where)


def _one(path: str, word: str, hit: set[str] | None, where: tuple[Scenario, str]) -> Found:
    scenario, controller = where
    others = {*scenario.regions_of(word)} - {controller}
    if not others:
        yield path, f"'{word}' cannot be a target of its own control", "touches-no-flow"
    if hit is not None and not others <= hit:
        text = f"'{word}' is no target of this control{did_you_mean(word, hit)}"
        yield path, text, "touches-no-flow"


def too_many(one: OneControl | Source, flow: Floats, step_d: float) -> Found:
    """Yield every licence whose shipments are so small that applications have no end.

    Args:
        one: a control with its plans.
        flow: reference flow of each route [t/d], shape (X,).
        step_d: length of a review.
    """
    plans: list[tuple[str, LicencePlan | None]] = []
    if isinstance(one, OneControl):
        scopes = [one.scope]
        plans = [("licence", one.licence), ("eases.licence", one.eased)]
    else:
        scopes = list(one.scopes)
        plans = [("licence", one.licences[0][0]), ("eases.licence", one.licences[0][1])]
    rows = [routes for scope in scopes for routes in scope.routes if routes.size]
    most_t = max((float(flow[routes].max()) for routes in rows), default=0.0) * step_d
    for key, plan in plans:
        shipment = None if plan is None else plan.part.shipment
        if shipment is not None and most_t > MOST_APPLICATIONS * shipment.central:
            least = most_t / MOST_APPLICATIONS
            text = f"more than 1,000 applications a review on one route; give {least:.2g} t or more"
            yield f"{one.path}.{key}.shipment", text, "too-large"
