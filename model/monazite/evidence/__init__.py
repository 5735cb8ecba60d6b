"""Where numbers come from: reads the records under `seeds/`."""

from monazite.evidence.behaviour import (
    Behaviour,
    Hazard,
    Phases,
    ReferenceClass,
    read_behaviour,
    read_hazard,
    read_phases,
)
from monazite.evidence.chain import Chain
from monazite.evidence.reading import (
    all_records,
    chain_names,
    chain_title,
    read_chain,
    records_of,
    refuse_unknown,
)
from monazite.evidence.record import Record, records_in
from monazite.evidence.regions import Bloc, ProcurementRule, Region, read_rules, regions
from monazite.evidence.sources import Source, sources

__all__ = [
    "Behaviour",
    "Bloc",
    "Chain",
    "Hazard",
    "Phases",
    "ProcurementRule",
    "Record",
    "ReferenceClass",
    "Region",
    "Source",
    "all_records",
    "chain_names",
    "chain_title",
    "read_behaviour",
    "read_chain",
    "read_hazard",
    "read_phases",
    "read_rules",
    "records_in",
    "records_of",
    "refuse_unknown",
    "regions",
    "sources",
]
