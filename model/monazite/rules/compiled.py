"""Compile rules once and keep them in the user's own cache.

The cache folder is named by a hash of every rule file, so a changed callee can never
leave an old caller behind. Where no folder can be written the rules run uncached.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

Rule = TypeVar("Rule", bound=Callable[..., object])


def _digest() -> str:
    digest = blake2b(digest_size=8)
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _cache_folder() -> Path | None:
    """Return a private folder for compiled rules, or None where none can be written."""
    asked = os.environ.get("NUMBA_CACHE_DIR")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "monazite"
    digest = _digest()
    folder = Path(asked) if asked else base
    if folder.name != digest:  # a worker inherits the folder that its parent chose
        folder = folder / digest
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        if os.environ.get("MONAZITE_UNCACHED") is None:
            os.environ["MONAZITE_UNCACHED"] = "1"
            sys.stderr.write("monazite: no cache folder can be written; rules are compiled anew\n")
        return None


_FOLDER = _cache_folder()
if _FOLDER is not None:
    os.environ["NUMBA_CACHE_DIR"] = str(_FOLDER)
for _vectoriser in ("NUMBA_LOOP_VECTORIZE", "NUMBA_SLP_VECTORIZE"):
    # loops over the few routes of a pool are quicker as they stand, and compiled sooner
    os.environ.setdefault(_vectoriser, "0")

import numba  # noqa: E402  (after the folder is set; workers inherit it)

ENTRIES = ("run_reviews", "book_outlay", "goes_short", "promise_holding")
"""Rules on a whole model that processes call; the others are called by rules alone."""


def _is_inner(rule: Callable[..., object]) -> bool:
    """Return whether only rules call it: what Python needs for a call takes time to compile."""
    takes = rule.__code__.co_varnames[: rule.__code__.co_argcount]
    return "model" in takes and rule.__name__ not in ENTRIES


def compiled(rule: Rule) -> Rule:
    """Compile a rule at its first call, from the cache where it has been before.

    Rules neither allocate nor keep what they are given, so they run without counting
    references to arrays, which cost ten times the arithmetic.
    """
    made: Rule = numba.njit(  # type: ignore[call-overload]
        rule,
        cache=_FOLDER is not None,
        error_model="numpy",
        _nrt=False,
        no_cpython_wrapper=_is_inner(rule),
        no_cfunc_wrapper=True,
    )
    return made


def inlined(rule: Rule) -> Rule:
    """Compile a rule into its only caller, so that all it calls is put together only once.

    For rules of calls alone: what stands in a large caller is copied for each such rule.
    """
    made: Rule = numba.njit(  # type: ignore[call-overload]
        rule,
        inline="always",
        error_model="numpy",
        _nrt=False,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
    )
    return made


def is_compiled(rule: Callable[..., object]) -> bool:
    """Return whether a rule is in the cache, or cannot be: whatever it was compiled for."""
    name = f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}"
    return _FOLDER is None or any(_FOLDER.rglob(f"{name}-*.nbi"))


def allocating(rule: Rule) -> Rule:
    """Compile a rule that makes arrays of its own: those before the clock starts."""
    made: Rule = numba.njit(rule, cache=_FOLDER is not None, error_model="numpy")
    return made
