"""A stream belongs to its name, and stays the same numbers for ever."""

from hashlib import blake2b

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monazite.chance import STREAM_VERSION, stream, uniforms

GOLDEN = [0.9577295066457314, 0.38835931399704404, 0.24574261020886956]
NAMES = st.lists(st.text(max_size=12), min_size=1, max_size=4)


@given(NAMES, st.integers(0, 2**63 - 1), st.integers(0, 10**6))
def test_a_stream_is_philox_under_the_hash_of_its_name(
    name: list[str], seed: int, replication: int
) -> None:
    text = "\x1f".join((str(STREAM_VERSION), str(seed), str(replication), *name))
    key = np.frombuffer(blake2b(text.encode(), digest_size=16).digest(), dtype="<u8")
    plain = np.random.Generator(np.random.Philox(key=key))
    ours = stream(seed, replication, *name)
    assert ours.random(9).tolist() == plain.random(9).tolist()
    assert ours.exponential(size=3).tolist() == plain.exponential(size=3).tolist()


@given(st.integers(0, 200), st.integers(1, 40))
def test_a_replication_has_its_uniform_whatever_block_asks_for_it(first: int, count: int) -> None:
    whole = uniforms(7, "japan", 0, first + count)
    assert uniforms(7, "japan", first, count).tolist() == whole[first:].tolist()


def test_the_numbers_behind_a_name_do_not_change() -> None:
    drawn = stream(1, 0, "outage", "magnet_making", "japan", "0").random(3)
    assert drawn.tolist() == GOLDEN, "raise STREAM_VERSION and say so in the changelog"
