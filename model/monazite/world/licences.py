"""How each regime grants licences, with the columns of its numbers."""

from dataclasses import dataclass

import numpy as np

from monazite.scenario.licences import Licence
from monazite.scenario.parts import Scenario
from monazite.world.inputs import Inputs, Ints
from monazite.world.network import Network
from monazite.world.words import members


@dataclass(frozen=True)
class LicencePlan:
    """The licences of one regime.

    Attributes:
        part: as written.
        apart: regions whose approval differs, shape (R,), by the word that names them.
        general: 1 for every region that general licences are good for, shape (R,).
        columns: of what is drawn once a world: `approval`, `by_target.<word>`,
            `general.share`, `general.after`.
    """

    part: Licence
    apart: dict[str, Ints]
    general: Ints
    columns: dict[str, int]


def plan_licence(
    name: str,
    part: Licence | None,
    targets: Ints,
    where: tuple[Scenario, Network, Inputs],
    by_chance: bool = False,
) -> LicencePlan | None:
    """Return the licences of a regime with their columns, or None for another form.

    Args:
        name: of the numbers of the control, `controls.<name>` and its phase.
        part: as written.
        targets: 1 for every region that the control hits, shape (R,).
        where: scenario, network and inputs.
        by_chance: whether approval is drawn anew for each control that comes.
    """
    if part is None:
        return None
    scenario, network, inputs = where
    given = {}
    if not by_chance:
        given = {"approval": part.approval}
        given |= {f"by_target.{word}": share for word, share in part.by_target.items()}
    general = np.zeros_like(targets)
    if part.general is not None:
        given["general.share"] = part.general.share
        if part.general.after is not None:
            given["general.after"] = part.general.after
        words = part.general.targets or ("all",)
        general = targets * members(scenario, words, "", network)
    columns = {key: inputs.given(f"{name}.{key}", quantity) for key, quantity in given.items()}
    apart = {word: members(scenario, (word,), "", network) for word in part.by_target}
    return LicencePlan(part, apart, general, columns)
