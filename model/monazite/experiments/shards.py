"""Finished blocks of replications on disk, each file whole or not counted.

A shard holds the numbers of every strategy for one block of replications. The borders
of a block depend on the replication number alone, never on how many processes share the
work, so a shard is the same file whoever writes it.
"""

import hashlib
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from monazite.errors import ResultsError
from monazite.experiments.files import write_aside
from monazite.trajectories import Floats

BLOCK = 10
"""Replications in a block: a second or so of work."""

_UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, struct.error)


@dataclass(frozen=True, slots=True)
class Block:
    """What a shard holds.

    Attributes:
        first: the first replication.
        values: shape (strategies, cells, replications).
        events: the lines of events.csv that belong to it, each ended by a newline.
    """

    first: int
    values: Floats
    events: str


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
    _offsets: dict[int, int] = field(default_factory=dict, compare=False)

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
        events = np.frombuffer(block.events.encode(), dtype=np.uint8)
        about = self._about(block.first // BLOCK)
        digest = _digest(about, block.values, events)

        def write(file: IO[bytes]) -> None:
            np.savez(file, values=block.values, events=events, digest=digest)

        write_aside(self.path(block.first // BLOCK), write)

    def read(self, block: int) -> Block:
        """Read a block back.

        Raises:
            ResultsError: where it is not there, torn, or of another run.
        """
        path = self.path(block)
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
                values, events, digest = held["values"], held["events"], held["digest"]
            whole = np.array_equal(digest, _digest(self._about(block), values, events))
        except _UNREADABLE as error:
            raise ResultsError(f"{path}: not a whole shard ({error})") from error
        if not whole:
            raise ResultsError(f"{path}: not a whole shard of this run")
        return Block(self.first(block), values, events.tobytes().decode())

    def is_whole(self, block: int) -> bool:
        """Return whether a block is there, whole, and of this run."""
        try:
            self.read(block)
        except ResultsError:
            return False
        return True

    def missing(self) -> list[int]:
        """Return the blocks that are still to be done, in order."""
        return [block for block in self.blocks if not self.is_whole(block)]

    def rows(self, strategy: int, first: int, last: int) -> Floats:
        """Return some cells of one strategy over all replications, in their order.

        Only these cells are read, so that memory does not grow with the rest.

        Args:
            strategy: which strategy.
            first: the first cell.
            last: the cell after the last.

        Returns:
            shape (last - first, replications).

        Raises:
            ResultsError: where a shard has gone or was cut since it was checked.
        """
        found = np.empty((last - first, self.replications))
        for block in self.blocks:
            count, begin = self.count(block), self.first(block)
            found[:, begin : begin + count] = self._checked(block, strategy, first, last)
        return found

    def cells_of(self, block: int, part: slice) -> Floats:
        """Return some cells of every strategy in one block.

        Returns:
            shape (strategies, cells of the part, replications of the block).

        Raises:
            ResultsError: where the shard has gone or was cut since it was checked.
        """
        every = range(self.strategies)
        return np.stack([self._checked(block, s, part.start, part.stop) for s in every])

    def events_of(self, block: int) -> str:
        """Return the lines of events.csv of one block.

        Raises:
            ResultsError: where the shard has gone or was cut since it was checked.
        """
        path = self.path(block)
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
                text: str = held["events"].tobytes().decode()
        except _UNREADABLE as error:
            raise ResultsError(f"{path}: cannot be read ({error})") from error
        return text

    def _checked(self, block: int, strategy: int, first: int, last: int) -> Floats:
        try:
            return self._slice(block, strategy, first, last)
        except _UNREADABLE as error:
            raise ResultsError(f"{self.path(block)}: cannot be read ({error})") from error

    def _slice(self, block: int, strategy: int, first: int, last: int) -> Floats:
        count = self.count(block)
        if block not in self._offsets:
            self._offsets[block] = _where_values_start(self.path(block))
        skip = (strategy * self.cells + first) * count * 8
        values = np.fromfile(
            self.path(block),
            "<f8",
            count=(last - first) * count,
            offset=self._offsets[block] + skip,
        )
        return values.reshape(last - first, count)  # a shard cut short has fewer: ValueError

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


def _digest(about: str, values: Floats, events: np.ndarray[Any, np.dtype[np.uint8]]) -> Any:
    digest = hashlib.sha256(f"{about}|{values.shape}|{values.dtype.str}".encode())
    digest.update(np.ascontiguousarray(values).data)
    digest.update(events.tobytes())
    return np.frombuffer(digest.digest(), dtype=np.uint8)


def _where_values_start(path: Path) -> int:
    """Return where the numbers start inside the uncompressed archive."""
    with zipfile.ZipFile(path) as archive:
        header = archive.getinfo("values.npy").header_offset
    with path.open("rb") as file:
        file.seek(header + 26)
        name, extra = struct.unpack("<HH", file.read(4))
        file.seek(name + extra, 1)
        npy.read_magic(file)
        npy.read_array_header_1_0(file)
        return file.tell()
