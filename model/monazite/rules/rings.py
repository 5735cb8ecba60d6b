"""Rings of slots, one for each review to come: what lies in them comes when its turn does."""

import numpy as np

from monazite.rules.compiled import compiled


@compiled
def wrapped(slot: int, slots: int) -> np.uint64:
    """Return a slot of a ring, counted on from its first one again after the last.

    Unsigned, so that it is not looked for from the end.
    """
    return np.uint64(slot - slots if slot >= slots else slot)
