"""What `import governance` shows of what it wrote."""

from pathlib import Path
from typing import TYPE_CHECKING

from monazite.cli import reviewing
from monazite.cli.lists import Row, table

if TYPE_CHECKING:
    from monazite.importing import Governed
    from monazite.report.tables import Table


def conclude(governed: "Governed", rows: "Table", file: Path, *, as_json: bool) -> None:
    """Show the review, and last where the file is."""
    remarks = []
    if governed.silent:
        remarks.append(f"Look at this: not known, and not 0: {', '.join(governed.silent)}.")
    remarks.append(
        f"Review {file}, then weigh a chain with it: monazite show CHAIN --governance {file}"
    )
    reviewing.conclude("governance", file, (_by_region(governed), rows), remarks, as_json=as_json)


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
