import errno
import os
import re
from pathlib import Path

import numpy as np
import pytest

from monazite.errors import ResultsError
from monazite.experiments.files import is_aside, write_aside, write_text
from monazite.experiments.shards import BLOCK, Block, Shards

STRATEGIES, CELLS = 2, 7


def shards_in(folder: Path, replications: int = 2 * BLOCK + 3, key: str = "key") -> Shards:
    return Shards(folder, key, replications, STRATEGIES, CELLS)


def block_of(shards: Shards, number: int) -> Block:
    count = shards.count(number)
    values = np.arange(STRATEGIES * CELLS * count, dtype=float) + 1000 * number
    events = "\n".join(f"{k},,1.5,2026-01-02,kind,name {k},détail" for k in range(count))
    lines = {"events": events, "replications": ""}
    return Block(shards.first(number), values.reshape(STRATEGIES, CELLS, count), lines)


def filled(folder: Path) -> Shards:
    shards = shards_in(folder)
    for number in shards.blocks:
        shards.write(block_of(shards, number))
    return shards


def test_blocks_cut_the_replications_by_their_number_alone(tmp_path):
    shards = shards_in(tmp_path)
    assert list(shards.blocks) == [0, 1, 2]
    assert [shards.count(block) for block in shards.blocks] == [BLOCK, BLOCK, 3]
    assert shards_in(tmp_path, 10 * BLOCK).count(1) == BLOCK


def test_a_shard_reads_back_as_it_was_written(tmp_path):
    shards = filled(tmp_path)
    assert shards.missing() == []
    for number in shards.blocks:
        put = block_of(shards, number)
        assert {name: shards.lines_of(number, name) for name in put.lines} == put.lines
        held = shards.rows(range(STRATEGIES), 0, CELLS)[:, :, put.first : put.first + BLOCK]
        assert np.array_equal(held, put.values)


def test_cells_are_read_in_the_order_of_the_replications_without_the_rest(tmp_path):
    shards = filled(tmp_path)
    whole = np.concatenate([block_of(shards, n).values for n in shards.blocks], axis=2)
    assert np.array_equal(shards.rows([1], 2, 5)[0], whole[1, 2:5])
    assert np.array_equal(shards.rows([1, 0], 0, CELLS), whole[::-1])


def test_the_same_block_is_the_same_file(tmp_path):
    shards = filled(tmp_path)
    before = shards.path(1).read_bytes()
    shards.write(block_of(shards, 1))
    assert shards.path(1).read_bytes() == before


def test_a_shard_torn_anywhere_is_not_counted(tmp_path):
    shards = filled(tmp_path)
    whole = shards.path(1).read_bytes()
    for length in range(0, len(whole), 97):
        shards.path(1).write_bytes(whole[:length])
        assert shards.missing() == [1]


def test_a_shard_with_any_byte_of_its_numbers_changed_is_not_counted(tmp_path):
    shards = filled(tmp_path)
    whole = shards.path(0).read_bytes()
    inside = whole.index(np.float64(3.0).tobytes())
    for at in range(inside, inside + 8):
        shards.path(0).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert shards.missing() == [0]


def test_a_shard_of_another_run_or_in_another_place_is_not_counted(tmp_path):
    shards = filled(tmp_path)
    assert shards_in(tmp_path, key="other").missing() == [0, 1, 2]
    os.replace(shards.path(0), shards.path(1))
    assert shards.missing() == [0, 1]


def test_a_shard_never_runs_what_is_in_it(tmp_path):
    shards = shards_in(tmp_path)
    np.savez(shards.path(0), values=np.array([print], dtype=object))
    assert not shards.is_whole(0)


def test_a_shard_that_goes_while_it_is_read_is_named(tmp_path):
    shards = filled(tmp_path)
    shards.rows([0], 0, 1)
    os.truncate(shards.path(2), shards.path(2).stat().st_size // 4)
    with pytest.raises(ResultsError, match=r"000002\.npz: cannot be read"):
        shards.rows([1], 0, CELLS)
    shards.path(0).unlink()
    with pytest.raises(ResultsError, match=r"000000\.npz: cannot be read"):
        shards.rows([1], 0, CELLS)


def test_a_file_that_cannot_be_finished_leaves_the_old_one_and_no_litter(tmp_path, monkeypatch):
    path = tmp_path / "table.csv"
    write_text(path, ["old"])

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ResultsError, match=re.escape(f"{path}: No space left on device")):
        write_text(path, ["new"])
    assert path.read_text() == "old\n"
    assert [p.name for p in tmp_path.iterdir()] == ["table.csv"]


def test_an_interrupted_write_leaves_no_litter(tmp_path):
    def stop(file):
        file.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_aside(tmp_path / "x", stop)
    assert list(tmp_path.iterdir()) == []
    assert is_aside(Path(".x.1.aside"))
    assert not is_aside(Path("x.aside"))
