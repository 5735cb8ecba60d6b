"""The numbers that a world is made of: each with its name, its range and its column."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from monazite.evidence.record import Record
from monazite.scenario.quantity import Quantity

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NONE = -1
"""Stands for a number that was not given."""


@dataclass
class Inputs:
    """Every number used, in the order of first use; a draw is one value for each.

    Attributes:
        names: dotted name of each number; also the name of its random stream.
        quantities: value and range of each.
        records: the record behind each, None where the scenario gave it.
    """

    names: list[str] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    records: list[Record | None] = field(default_factory=list)
    _columns: dict[str, int] = field(default_factory=dict)

    def of(self, record: Record) -> int:
        """Return the column of a record, the same for every user of it."""
        return self._column(record.name, record.quantity, record)

    def given(self, name: str, quantity: Quantity) -> int:
        """Return the column of a number that the scenario gave."""
        return self._column(name, quantity, None)

    def constant(self, name: str, value: float, unit: str) -> int:
        """Return the column of a number without a range."""
        return self._column(name, Quantity.fixed(value, unit), None)

    def _column(self, name: str, quantity: Quantity, record: Record | None) -> int:
        if name not in self._columns:
            self._columns[name] = len(self.names)
            self.names.append(name)
            self.quantities.append(quantity)
            self.records.append(record)
        return self._columns[name]

    def central(self) -> Floats:
        """Return the central value of every number, shape (n,)."""
        return np.array([quantity.central for quantity in self.quantities])


def pick(values: Floats, columns: Ints, missing: float = np.nan) -> Floats:
    """Return the values of some columns; `missing` where a column is NONE."""
    return np.where(columns < 0, missing, values[np.maximum(columns, 0)])
