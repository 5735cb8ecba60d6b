"""Finished blocks of replications on disk, each file whole or not counted.

A shard holds the numbers of every strategy for one block of replications. The borders
of a block depend on the replication number alone, never on how many processes share the
work, so a shard is the same file whoever writes it.
"""

import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from monazite.errors import ResultsError
from monazite.experiments.files import write_aside
from monazite.trajectories import Floats

BLOCK = 10
"""Replications in a block: a second or so of work."""

VALUES, ABOUT = "values", "about"
"""Parts of a shard beside its lines."""

_UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, struct.error)


@dataclass(frozen=True, slots=True)
class Block:
    """What a shard holds.

    Attributes:
        first: the first replication.
        values: shape (strategies, cells, replications).
        lines: what belongs to it of each file with lines for every world, by name of the
            file; newlines between the lines.
    """

    first: int
    values: Floats
    lines: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards of one run.

    Attributes:
        folder: where they lie.
        key: names the run; a shard with another key is not counted.
        replications: how many replications the run has.
        strategies: how many strategies.
        cells: how many numbers a strategy has in each replication.
    """

    folder: Path
    key: str
    replications: int
    strategies: int
    cells: int
    _places: dict[int, tuple[str, int]] = field(default_factory=dict, compare=False)

    @property
    def blocks(self) -> range:
        """The numbers of all blocks."""
        return range(-(-self.replications // BLOCK))

    def path(self, block: int) -> Path:
        """Return where a block is kept."""
        return self.folder / f"{block:06d}.npz"

    def first(self, block: int) -> int:
        """Return the first replication of a block."""
        return block * BLOCK

    def count(self, block: int) -> int:
        """Return how many replications a block has."""
        return min(BLOCK, self.replications - self.first(block))

    def write(self, block: Block) -> None:
        """Keep a block.

        Raises:
            ResultsError: where the system refuses.
        """
        number = block.first // BLOCK
        texts = {ABOUT: self._about(number), **block.lines}
        parts: dict[str, Any] = {name: _coded(text) for name, text in texts.items()}
        parts[VALUES] = block.values
        write_aside(self.path(number), lambda file: np.savez(file, **parts))

    def is_whole(self, block: int) -> bool:
        """Return whether a block is there, whole by the checksum of each part, and of this run."""
        try:
            with zipfile.ZipFile(self.path(block)) as held:
                about = held.read(f"{ABOUT}.npy").endswith(f"\n{self._about(block)}".encode())
                return about and held.testzip() is None
        except _UNREADABLE:
            return False

    def missing(self) -> list[int]:
        """Return the blocks that are still to be done, in order."""
        return [block for block in self.blocks if not self.is_whole(block)]

    def rows(self, strategies: Sequence[int], first: int, last: int) -> Floats:
        """Return some cells of some strategies over all replications, in their order.

        Only these cells are read, so that memory does not grow with the rest.

        Args:
            strategies: which strategies.
            first: the first cell.
            last: the cell after the last.

        Returns:
            shape (len(strategies), last - first, replications).

        Raises:
            ResultsError: where a shard has gone or was cut since it was checked.
        """
        found = np.empty((len(strategies), last - first, self.replications))
        for block in self.blocks:
            begin = self.first(block)
            try:
                self._read(block, strategies, first, found[:, :, begin : begin + BLOCK])
            except _UNREADABLE as error:
                raise ResultsError(f"{self.path(block)}: cannot be read ({error})") from error
        return found

    def lines_of(self, block: int, table: str) -> str:
        """Return the lines of one file that belong to one block.

        Raises:
            ResultsError: where the shard has gone or was cut since it was checked.
        """
        path = self.path(block)
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
                return _text(held[table])
        except _UNREADABLE as error:
            raise ResultsError(f"{path}: cannot be read ({error})") from error

    def _read(self, block: int, strategies: Sequence[int], first: int, into: Floats) -> None:
        """Read cells from the first on, shape (strategies, cells, replications of the block)."""
        _, cells, count = into.shape
        if block not in self._places:
            self._places[block] = str(self.path(block)), _where_values_start(self.path(block))
        path, start = self._places[block]
        with open(path, "rb", buffering=0) as file:
            for row, strategy in zip(into, strategies, strict=True):
                file.seek(start + (strategy * self.cells + first) * count * 8)
                held = np.frombuffer(file.read(cells * count * 8), "<f8")
                row[:] = held.reshape(cells, count)  # a shard cut short has fewer: ValueError

    def _about(self, block: int) -> str:
        return "|".join(
            (
                self.key,
                str(self.first(block)),
                str((self.strategies, self.cells, self.count(block))),
            )
        )


def chunks(size: int, step: int) -> Iterator[tuple[int, int]]:
    """Yield borders that cut a range into steps, the last one shorter.

    >>> list(chunks(5, 2))
    [(0, 2), (2, 4), (4, 5)]
    """
    for first in range(0, size, step):
        yield first, min(size, first + step)


def _coded(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def _text(coded: NDArray[np.uint8]) -> str:
    return coded.tobytes().decode()


def _where_values_start(path: Path) -> int:
    """Return where the numbers start inside the uncompressed archive."""
    with zipfile.ZipFile(path) as archive:
        header = archive.getinfo(f"{VALUES}.npy").header_offset
    with path.open("rb") as file:
        file.seek(header + 26)
        name, extra = struct.unpack("<HH", file.read(4))
        file.seek(name + extra, 1)
        npy.read_magic(file)
        npy.read_array_header_1_0(file)
        return file.tell()
