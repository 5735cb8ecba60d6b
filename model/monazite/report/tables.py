"""The tables for people: as data to be drawn, and as plain text."""

from monazite.report.summary import headline, summary_tables
from monazite.report.table import Column, Table, text
from monazite.report.verdicts import comparison, verdict, verdicts

__all__ = [
    "Column",
    "Table",
    "comparison",
    "headline",
    "summary_tables",
    "text",
    "verdict",
    "verdicts",
]
