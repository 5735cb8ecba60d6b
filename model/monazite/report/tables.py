"""The tables for people: as data to be drawn, and as plain text."""

from monazite.report.comparison import comparison
from monazite.report.findings import findings
from monazite.report.flips import flips
from monazite.report.summary import headline, summary_tables
from monazite.report.table import Column, Table, has_sections, lines, text

__all__ = [
    "Column",
    "Table",
    "comparison",
    "findings",
    "flips",
    "has_sections",
    "headline",
    "lines",
    "summary_tables",
    "text",
]
