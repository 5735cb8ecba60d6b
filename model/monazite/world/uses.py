"""The rows of final uses at the start."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from monazite.rules.records import TIER1, Model
from monazite.world.inputs import Floats, Ints
from monazite.world.plan import SECTOR
from monazite.world.tables import Ends, closed_in

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared


def with_uses(model: Model, ends: Ends, sectors: Ints) -> Model:
    """Return the tables with who draws where, and which use before each answers alike.

    That is the last of its sector.

    Args:
        model: the tables; their uses are filled in.
        ends: pools of uses.
        sectors: columns of the sector records of each use, shape (U, len(SECTOR)).
    """
    uses = model.uses
    uses["pool"] = ends.use_pool
    uses["open_pool"] = ends.open_pool
    uses["tier"] = ends.tier
    uses["region"] = model.pools["region"][ends.use_pool]
    uses["product"] = model.pools["product"][ends.use_pool]
    last: dict[int, int] = {}
    for u, elasticity in enumerate(sectors[:, SECTOR.index("elasticity")].tolist()):
        uses["alike"][u] = last.get(elasticity, u)
        last[elasticity] = u
    own = model.pools["kind"][ends.use_pool] == TIER1
    return replace(
        model,
        own_use=np.flatnonzero(own).astype(np.uint64),
        open_use=np.flatnonzero(~own).astype(np.uint64),
        use_pool=np.unique(ends.use_pool[~own]).astype(np.uint64),
    )


def fill_uses(
    model: Model, prepared: "Prepared", values: Floats, behaviour: Mapping[str, float]
) -> None:
    """Fill in how demand answers to price, and how it adapts.

    Substitution falls back slower than it rises, by the factor of the behaviour record.
    """
    uses = model.uses
    step_d = float(model.settings[0]["step_d"])
    of = {name: values[prepared.sectors[:, i]] for i, name in enumerate(SECTOR)}
    uses["elasticity"] = of["elasticity"]
    uses["ceiling"] = of["ceiling"]
    uses["smooth"] = closed_in(step_d, of["adjustment"])
    uses["rise"] = closed_in(step_d, of["lag"])
    uses["fall"] = closed_in(step_d, of["lag"] * behaviour["substitution_release_slowdown"])
