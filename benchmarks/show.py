"""Tables as the benchmarks print them."""

from collections.abc import Sequence

from monazite.report.table import Column, Table, text


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *notes: str) -> None:
    """Print a table at 80 columns: words first, then numbers."""
    heads = [Column(name, align="right" if i else "left") for i, name in enumerate(columns)]
    print("\n" + text(Table(title, heads, rows, notes), 80), flush=True)
