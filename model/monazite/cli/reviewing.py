"""How every `import` ends: its tables, what to look at, and where the file is."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from monazite.cli.showing import as_data, on_terminal, show, show_json, write_lines
from monazite.cli.talk import TALK, tell

if TYPE_CHECKING:
    from monazite.report.tables import Table


def conclude(
    kind: str, file: Path, tables: tuple["Table", "Table"], remarks: Iterable[str], *, as_json: bool
) -> None:
    """Show what was read by region and row by row, and last where the file is.

    Args:
        kind: what the file is, its key in JSON.
        file: what was written.
        tables: amounts by region, and what became of the rows.
        remarks: what a person has to look at or do next, a line each.
        as_json: whether a program reads it.
    """
    regions, rows = tables
    if as_json:
        show_json({kind: str(file), "regions": as_data(regions), "rows": as_data(rows)})
        return
    if not TALK.quiet:
        show(regions)
        if on_terminal():
            write_lines([""])
            show(rows)
            write_lines([""])
        for remark in remarks:
            tell(remark)
    write_lines([str(file)])
