"""Tables are read and written where they lie, and a copy has its own."""

import pickle
from dataclasses import dataclass, replace

import numpy as np
import pytest

from monazite.rules.addressed import Addressed
from monazite.rules.compiled import compiled
from monazite.rules.records import DUTY, Floats, Ints, Table


@dataclass(frozen=True, eq=False)
class Shelf(Addressed):
    rows: Table
    flat: Floats
    wide: Ints


@compiled
def fill(shelf: Shelf, by: float) -> float:
    rows, flat, wide = shelf.rows, shelf.flat, shelf.wide
    for i in range(flat.size):
        flat[i] = by * i
        rows[i].rate += flat[i]
    for i in range(wide.shape[0]):
        for j in range(wide.shape[1]):
            wide[i, j] = 10 * i + j
    return float(rows[rows.size - 1].rate)


def shelf() -> Shelf:
    rows = np.zeros(3, DUTY)
    rows["rate"] = 1.0
    return Shelf(rows, np.zeros(3), np.zeros((2, 4), np.int64))


def test_a_rule_reads_and_writes_every_table_in_its_place() -> None:
    one = shelf()
    assert fill(one, 2.0) == 5.0
    assert one.rows["rate"].tolist() == [1.0, 3.0, 5.0]
    assert one.flat.tolist() == [0.0, 2.0, 4.0]
    assert one.wide.tolist() == [[0, 1, 2, 3], [10, 11, 12, 13]]


def test_tables_without_rows_are_passed_too() -> None:
    one = replace(shelf(), flat=np.zeros(0), wide=np.zeros((0, 4), np.int64))
    assert fill(one, 2.0) == 1.0


@pytest.mark.parametrize(
    "copy",
    [
        lambda one: replace(one, flat=np.zeros(3)),
        lambda one: one.but(flat=np.zeros(3)),
        lambda one: pickle.loads(pickle.dumps(one)),
    ],
    ids=["replaced", "in part", "pickled"],
)
def test_what_is_made_from_tables_already_passed_has_its_own_address(copy) -> None:
    one = shelf()
    fill(one, 1.0)
    other = copy(one)
    fill(other, 5.0)
    assert one.flat.tolist() == [0.0, 1.0, 2.0]
    assert other.flat.tolist() == [0.0, 5.0, 10.0]
    assert other.address != one.address


def test_a_table_in_another_order_is_named() -> None:
    one = replace(shelf(), wide=np.zeros((2, 4), np.int64, order="F"))
    with pytest.raises(Exception, match="rules take arrays in C order: wide"):
        fill(one, 1.0)


@pytest.mark.parametrize("flat", [np.zeros(4), np.zeros(3, np.int64), np.zeros((3, 1))])
def test_tables_in_place_of_others_are_alike(flat: np.ndarray) -> None:
    with pytest.raises(ValueError, match="not alike: flat"):
        shelf().but(flat=flat)


def test_tables_that_are_not_replaced_are_shared() -> None:
    one = shelf()
    other = one.but(flat=np.zeros(3))
    fill(other, 2.0)
    assert one.flat.tolist() == [0.0, 0.0, 0.0]
    assert one.rows["rate"].tolist() == [1.0, 3.0, 5.0]
