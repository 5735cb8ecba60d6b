"""Which random stream is whose.

A stream is addressed by the seed, the replication and the name of what is drawn, never
by how many draws went before. Adding a mine, a strategy or a draw elsewhere therefore
changes nobody else's numbers, and all strategies meet the same worlds.
"""

from hashlib import blake2b
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
    text = "\x1f".join((str(STREAM_VERSION), str(seed), str(replication), *name))
    digest = blake2b(text.encode(), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(_Key(digest)))  # type: ignore[arg-type]


class _Key(ISeedSequence):
    """Hands a key to Philox as it is.

    `Philox(key=...)` asks the system for entropy first and then throws it away, which
    takes longer than all the rest; a world opens some 200 streams.
    """

    def __init__(self, digest: bytes) -> None:
        self.key = np.frombuffer(digest, dtype="<u8")

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> Any:
        """Return the key: Philox asks for its two words."""
        return self.key


def uniforms(seed: int, name: str, first: int, count: int) -> Floats:
    """Return one uniform for each of `count` replications, starting at `first`.

    Replication k has the same number whatever block it is asked for in.

    Returns:
        Uniforms in [0, 1), shape (count,).

    >>> bool((uniforms(1, "x", 0, 6)[4:] == uniforms(1, "x", 4, 2)).all())
    True
    """
    generator = stream(seed, 0, "input", name)
    step = 4  # a Philox block holds four 64-bit words; whole blocks keep the jump exact
    start = first // step
    generator.bit_generator.advance(start)  # type: ignore[attr-defined]
    drawn = generator.random(first - start * step + count)
    return drawn[first - start * step :]
