"""What `import governance` shows of what it wrote."""

from pathlib import Path
from typing import TYPE_CHECKING

from monazite.cli.lists import Row, table
from monazite.cli.showing import as_data, on_terminal, show, show_json, write_lines
from monazite.cli.talk import TALK, tell

if TYPE_CHECKING:
    from monazite.importing import Governed
    from monazite.report.tables import Table


def conclude(governed: "Governed", rows: "Table", file: Path, *, as_json: bool) -> None:
    """Show the review, and last where the file is."""
    regions = _by_region(governed)
    if as_json:
        show_json({"governance": str(file), "regions": as_data(regions), "rows": as_data(rows)})
        return
    if not TALK.quiet:
        show(regions)
        if on_terminal():
            write_lines([""])
            show(rows)
            write_lines([""])
        if governed.silent:
            tell(f"Look at this: not known, and not 0: {', '.join(governed.silent)}.")
        tell(f"Review {file}, then weigh a chain with it: monazite show CHAIN --governance {file}")
    write_lines([str(file)])


def _by_region(governed: "Governed") -> "Table":
    from monazite.importing import told

    extract = governed.extract
    rows: list[Row] = [(part.region, part.amount, told(part)) for part in governed.parts]
    rows += [(region, None, lost[0].became) for region, lost in governed.silent.items()]
    return table(
        f"{extract.title}: {extract.where}",
        ("region", "value:", "what it is"),
        rows,
        f"Counts: {extract.basis}. The rest of the world has no value.",
    )
