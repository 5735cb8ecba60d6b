"""Which random stream is whose.

A stream is addressed by the seed, the replication and the name of what is drawn, never
by how many draws went before. Adding a mine, a strategy or a draw elsewhere therefore
changes nobody else's numbers, and all strategies meet the same worlds.
"""

from hashlib import blake2b
from struct import unpack
from threading import local
from typing import Any

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STREAM_VERSION = 1
"""Written into every manifest; rises when the numbers behind a name change."""


def stream(seed: int, replication: int, *name: str) -> np.random.Generator:
    """Return the generator of one name in one replication.

    Args:
        seed: the root seed of the run, >= 0.
        replication: ordinal of the random world, >= 0.
        name: words that say what is drawn for whom, such as `"outage", "japan"`.

    >>> float(stream(7, 0, "a").random()) == float(stream(7, 0, "a").random())
    True
    >>> float(stream(7, 0, "a").random()) == float(stream(7, 1, "a").random())
    False
    """
    bits = np.random.Philox(_Key(_digest(seed, replication, name)), counter=_START)  # type: ignore[arg-type]
    return np.random.Generator(bits)


def first_uniforms(count: int, seed: int, replication: int, *name: str) -> Floats:
    """Return what `stream(seed, replication, *name).random(count)` does, in half the time.

    >>> bool((first_uniforms(5, 7, 0, "a") == stream(7, 0, "a").random(5)).all())
    True
    """
    return _shared.keyed(_digest(seed, replication, name)).random(count)


def first_exponentials(count: int, seed: int, replication: int, *name: str) -> Floats:
    """Return the first unit exponentials of a stream: those that it gives one by one, too.

    >>> one_by_one = stream(7, 0, "a")
    >>> first_exponentials(2, 7, 0, "a").tolist() == [one_by_one.exponential() for _ in range(2)]
    True
    """
    return _shared.keyed(_digest(seed, replication, name)).standard_exponential(count)


def _digest(seed: int, replication: int, name: tuple[str, ...]) -> bytes:
    """Return the key of a stream, 16 bytes."""
    text = "\x1f".join((str(STREAM_VERSION), str(seed), str(replication), *name))
    return blake2b(text.encode(), digest_size=16).digest()


class _Key(ISeedSequence):
    """Hands a key to Philox as it is.

    `Philox(key=...)` asks the system for entropy first and then throws it away, which
    takes longer than all the rest.
    """

    def __init__(self, digest: bytes) -> None:
        self.key = np.frombuffer(digest, dtype="<u8")

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> Any:
        """Return the key: Philox asks for its two words."""
        return self.key


_START = np.zeros(4, np.uint64)
"""Counter of a stream at its first number; Philox takes long to make one of a plain 0."""


class _Shared(local):
    """A generator for each thread, keyed anew for each stream that is read in one go.

    That takes a third of the time of making one; a world reads some 150 streams so.
    """

    def __init__(self) -> None:
        self.bits = np.random.Philox(_Key(bytes(16)), counter=_START)  # type: ignore[arg-type]
        self.generator = np.random.Generator(self.bits)

    def keyed(self, digest: bytes) -> np.random.Generator:
        """Return the generator at the start of a stream, good until the next one is asked for."""
        start: Any = {
            "bit_generator": "Philox",
            "state": {"counter": (0, 0, 0, 0), "key": unpack("<2Q", digest)},
            "buffer": (0, 0, 0, 0),
            "buffer_pos": 4,  # all used up
            "has_uint32": 0,
            "uinteger": 0,
        }
        self.bits.state = start
        return self.generator


_shared = _Shared()


def uniforms(seed: int, name: str, first: int, count: int) -> Floats:
    """Return one uniform for each of `count` replications, starting at `first`.

    Replication k has the same number whatever block it is asked for in.

    Returns:
        Uniforms in [0, 1), shape (count,).

    >>> bool((uniforms(1, "x", 0, 6)[4:] == uniforms(1, "x", 4, 2)).all())
    True
    """
    generator = _shared.keyed(_digest(seed, 0, ("input", name)))
    step = 4  # a Philox block holds four 64-bit words; whole blocks keep the jump exact
    start = first // step
    generator.bit_generator.advance(start)  # type: ignore[attr-defined]
    drawn = generator.random(first - start * step + count)
    return drawn[first - start * step :]
