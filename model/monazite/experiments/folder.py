"""A results folder: what is in it, who may write there, and whether it is finished."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from monazite.errors import ResultsError
from monazite.experiments.about import About
from monazite.experiments.columns import COLUMNS
from monazite.experiments.files import is_aside, make_folder, remove, write_text

MANIFEST = "manifest.json"
SCENARIO = "scenario.yaml"
PACKAGE = "datapackage.json"
SHARDS = "shards"
LATEST = "latest"


def place(scenario: str, run: str) -> Path:
    """Return where a run goes when nothing else is asked for."""
    return Path("results") / scenario / run


def find(folder: str | Path) -> Path:
    """Return the folder of a run; a folder of runs stands for its latest one.

    Raises:
        ResultsError: where there is none.
    """
    folder = Path(folder)
    latest = folder / LATEST
    if (folder / MANIFEST).exists() or not latest.is_file():
        return folder
    return folder / latest.read_text(encoding="utf-8").strip()


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return what the manifest says.

    Raises:
        ResultsError: where there is none or it is not one of ours.
    """
    path = folder / MANIFEST
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        About.from_plain(held["about"])
        held["complete"] = bool(held["complete"])
    except NotADirectoryError as error:
        raise ResultsError(f"{folder}: a file, not a results folder") from error
    except FileNotFoundError as error:
        raise ResultsError(f"{folder}: no results here ({MANIFEST} is missing)") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResultsError(f"{path}: not a manifest of monazite ({error})") from error
    manifest: dict[str, Any] = held
    return manifest


def write_manifest(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write the manifest in one step."""
    write_json(folder / MANIFEST, facts)


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write plain data as JSON in one step."""
    write_text(path, [json.dumps(data, indent=2, ensure_ascii=False)])


def claim(folder: Path, about: About, text: str, *, overwrite: bool) -> None:
    """Make a folder ready for a run, or for more of the same run.

    Args:
        folder: where the run goes.
        about: the facts of the run.
        text: the resolved scenario.
        overwrite: whether results that are there may go.

    Raises:
        ResultsError: where something else is there, or the run is there and complete.
    """
    held = _manifest_or_none(folder)
    if held is None:
        _refuse_foreign(folder)
    elif not overwrite:
        if held["complete"]:
            raise ResultsError(
                f"{folder} holds a complete run already; read it, or run again with --overwrite"
            )
        check_same(folder, held, about)
    make_folder(folder)
    if held is None or overwrite:
        write_text(folder / SCENARIO, [text.rstrip("\n")])
        write_manifest(folder, {"complete": False, "about": about.plain()})
        remove(folder / name for name in _finished_files())
        remove((folder / SHARDS).glob("*.npz") if overwrite else ())
    make_folder(folder / SHARDS)


def check_same(folder: Path, held: Mapping[str, Any], about: About) -> None:
    """Check that an unfinished folder is of this very run.

    Raises:
        ResultsError: naming what differs.
    """
    there, here = held["about"], json.loads(json.dumps(about.plain()))
    for name, what in (
        ("version", "another version of monazite"),
        ("run", "another run"),
        ("parameters_sha256", "other seeds"),
    ):
        if there[name] != here[name]:
            raise ResultsError(
                f"{folder} holds an unfinished run of {what} ({there[name]}, here {here[name]}); "
                "choose another folder with --out, or start anew with --overwrite"
            )


def tidy(folder: Path) -> None:
    """Remove what only an unfinished run needs."""
    remove(path for path in folder.iterdir() if is_aside(path))
    shutil.rmtree(folder / SHARDS, ignore_errors=True)


def _finished_files() -> list[str]:
    return [*(f"{name}.csv" for name in COLUMNS), PACKAGE]


def _manifest_or_none(folder: Path) -> dict[str, Any] | None:
    return read_manifest(folder) if (folder / MANIFEST).exists() else None


def _refuse_foreign(folder: Path) -> None:
    """Refuse a folder with anything in it that a run cut off at its start did not leave."""
    if folder.exists() and not folder.is_dir():
        raise ResultsError(f"{folder} is a file; the results need a folder")
    if not folder.exists():
        return
    strange = [p.name for p in folder.iterdir() if not (p.name == SCENARIO or is_aside(p))]
    if strange:
        raise ResultsError(
            f"{folder} is not empty and holds no results ('{min(strange)}'); choose another folder"
        )
