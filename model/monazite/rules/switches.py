"""What one use substitutes, another needs."""

from monazite.rules.compiled import compiled
from monazite.rules.records import Model


@compiled
def switch_needs(model: Model) -> None:
    """Raise the reference of uses [t] by what others substitute in this review, times a ratio.

    A use stands in `to` before it stands in `of`, so that what has come to it goes on in part.
    """
    switches, uses = model.switches, model.uses
    for s in range(switches.size):
        switch = switches[s]
        left = uses[switch.of]
        uses[switch.to].reference_t += switch.ratio * left.reference_t * left.substituted
