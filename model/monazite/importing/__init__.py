"""Reads the user's own copy of a public data set into a fragment of evidence with its sources."""

from monazite.importing.aims import Aim, aim_at
from monazite.importing.basis import Content, content_of
from monazite.importing.folder import FRAGMENT, REVIEW, SOURCES, review_text, write
from monazite.importing.fragment import fragment_text, sources_text
from monazite.importing.gathering import Gathered, gather, lacking, summed, without_estimates
from monazite.importing.governance import (
    GOVERNANCE,
    Governed,
    governance_text,
    read_governance,
    told,
)
from monazite.importing.mining import read_mining
from monazite.importing.rows import Extract, tally
from monazite.importing.trade import read_trade
from monazite.importing.usgs import read_usgs

__all__ = [
    "FRAGMENT",
    "GOVERNANCE",
    "REVIEW",
    "SOURCES",
    "Aim",
    "Content",
    "Extract",
    "Gathered",
    "Governed",
    "aim_at",
    "content_of",
    "fragment_text",
    "gather",
    "governance_text",
    "lacking",
    "read_governance",
    "read_mining",
    "read_trade",
    "read_usgs",
    "review_text",
    "sources_text",
    "summed",
    "tally",
    "told",
    "without_estimates",
    "write",
]
