"""Files that are either whole or not there: written aside, synced and renamed."""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from monazite.errors import ResultsError

ASIDE = ".aside"


def write_aside(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file beside its place, sync it and put it there in one step.

    Args:
        path: where the file shall be; its folder exists.
        write: called with the open file.

    Raises:
        ResultsError: where the system refuses, a full disk included; the old file stays.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}{ASIDE}")
    try:
        with aside.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise ResultsError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(OSError):
            aside.unlink()


def write_text(path: Path, lines: Iterable[str]) -> None:
    """Write lines as UTF-8, each ended by one newline, aside first.

    Raises:
        ResultsError: where the system refuses.
    """

    def write(file: IO[bytes]) -> None:
        for line in lines:
            file.write(line.encode() + b"\n")

    write_aside(path, write)


def make_folder(path: Path) -> None:
    """Make a folder and those above it.

    Raises:
        ResultsError: where the system refuses.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultsError(f"cannot make the folder {path}: {error.strerror or error}") from error


def sync_folder(path: Path) -> None:
    """Make a rename in a folder last through a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_aside(path: Path) -> bool:
    """Return whether a file was being written when its writer ended."""
    return path.name.startswith(".") and path.name.endswith(ASIDE)


def remove(paths: Iterable[Path]) -> None:
    """Remove files, those that are gone already included.

    Raises:
        ResultsError: where the system refuses.
    """
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise ResultsError(f"cannot remove {path}: {error.strerror or error}") from error
