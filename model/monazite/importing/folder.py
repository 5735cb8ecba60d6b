"""Writes a fragment with its sources and its review into a folder, and overwrites nothing."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from monazite.errors import DataError, Problem
from monazite.importing.rows import Extract

FRAGMENT, SOURCES, REVIEW = "fragment.yaml", "sources.yaml", "review.csv"
HEADS = ("place", "country", "region", "written", "amount", "unit", "became")


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files into a folder that has none of them yet.

    Raises:
        DataError: if one is there, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if there := [name for name in files if (folder / name).exists()]:
            raise DataError([Problem("", _there(folder, there))])
        for name, text in files.items():
            with (folder / name).open("x", encoding="utf-8", newline="") as file:
                file.write(text)
    except OSError as error:
        raise DataError([Problem("", f"{folder}: cannot be written ({error.strerror})")]) from None


def _there(folder: Path, names: list[str]) -> str:
    return f"{folder}: {', '.join(names)} is already there and is kept; name another folder"


def review_text(extract: Extract, region_of: Mapping[str, str]) -> str:
    """Return every row that was looked at, and what became of it, as CSV.

    Args:
        extract: the rows.
        region_of: the region of each country whose row was taken or is not known.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADS)
    for row in extract.rows:
        amount = "" if row.amount is None else f"{row.amount:.10g}"
        looked_at = row.amount is not None or row.not_known
        region = region_of[row.country] if looked_at else ""
        counted = (amount, extract.unit)
        writer.writerow((row.place, row.country, region, row.written, *counted, row.became))
    return out.getvalue()
