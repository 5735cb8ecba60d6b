"""What a run means: trajectories turned into tonnes, days and dollars.

Everything is by group of regions, tier and calendar year, tier `all` included. Sums run
in a fixed order, so the same run gives the same bits wherever it is computed.
"""

from monazite.measures.asserted import unmeasured
from monazite.measures.faced import Faced, faced, first_onset_d
from monazite.measures.items import (
    ANY,
    COSTS,
    HEADLINE,
    MARKETS,
    ONSET,
    PRICES,
    TIERS,
    TOTALS,
    WORLD,
    YEARLY,
    Item,
)
from monazite.measures.lookup import Plan, Source, plan
from monazite.measures.run import Measures, check_demand, measure

__all__ = [
    "ANY",
    "COSTS",
    "HEADLINE",
    "MARKETS",
    "ONSET",
    "PRICES",
    "TIERS",
    "TOTALS",
    "WORLD",
    "YEARLY",
    "Faced",
    "Item",
    "Measures",
    "Plan",
    "Source",
    "check_demand",
    "faced",
    "first_onset_d",
    "measure",
    "plan",
    "unmeasured",
]
