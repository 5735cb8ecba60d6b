"""The files a scenario is made of: finding them, and refusing those that should not be read."""

from pathlib import Path, PurePosixPath, PureWindowsPath

from monazite.errors import Place, Problem, ScenarioError
from monazite.scenario.hints import did_you_mean
from monazite.scenario.text import MOST_BYTES, Text, read_bytes
from monazite.shipped import shipped

_ENDINGS = (".yaml", ".yml")


def shipped_names() -> list[str]:
    """Return the names of the scenarios that come with monazite."""
    folder = Path(str(shipped("scenarios")))
    found = (path for path in folder.rglob("*.yaml") if path.is_file())
    return sorted(path.relative_to(folder).with_suffix("").as_posix() for path in found)


def located(path_or_name: str | Path) -> Path:
    """Return the file of a path, or of the name of a shipped scenario.

    Raises:
        ScenarioError: when there is none, with the name that was probably meant.
    """
    path = Path(path_or_name)
    if path.suffix in _ENDINGS or path.is_file():
        if path.is_file():
            return path
        raise ScenarioError([_no_file(path)])
    names = shipped_names()
    name = path.as_posix()
    if name in names:
        return Path(str(shipped("scenarios", f"{name}.yaml")))
    if path.exists():
        message = "not a file; expected a scenario file such as scenario.yaml"
    else:
        hint = did_you_mean(name, names) or f"; shipped are {', '.join(names) or 'none'}"
        message = f"no such file and no shipped scenario of this name{hint}"
    raise ScenarioError([Problem(str(path), message, code="no-file")])


def _no_file(path: Path) -> Problem:
    if path.exists():
        return Problem(str(path), "not a file; expected a scenario file", code="no-file")
    beside = path.parent.iterdir() if path.parent.is_dir() else ()
    names = [other.name for other in beside if other.suffix in _ENDINGS]
    return Problem(str(path), f"no such file{did_you_mean(path.name, names)}", code="no-file")


def load(path: Path) -> Text:
    """Read one file, unless it is too large to be a scenario.

    Args:
        path: a file that exists.
    """
    name = str(path)
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        message = f"cannot be read: {(error.strerror or 'unknown reason').lower()}"
        return Text(problems=[Problem("", message, Place(name, 1, 1), "no-file")])
    if len(raw) > MOST_BYTES:
        message = f"larger than {MOST_BYTES / 1e6:g} MB; refused"
        return Text(problems=[Problem("", message, Place(name, 1, 1), "too-large")])
    return read_bytes(raw, name)


def extended(stated: str, by: Path) -> Path:
    """Return the file that `extends:` names: in the same folder, or a shipped scenario.

    Args:
        stated: what stands after `extends:`.
        by: the file in which it stands.

    Raises:
        ValueError: saying why it is refused, or that there is none.
    """
    if PureWindowsPath(stated).drive or PurePosixPath(stated).is_absolute() or "\\" in stated:
        raise ValueError(f"'{stated}' is not a path from this file's folder; refused")
    if not stated.endswith(_ENDINGS):
        names = shipped_names()
        if stated in names:
            return Path(str(shipped("scenarios", f"{stated}.yaml")))
        raise ValueError(f"no shipped scenario '{stated}'{did_you_mean(stated, names)}")
    path = by.parent / stated
    if not path.resolve().is_relative_to(by.parent.resolve()):
        raise ValueError(f"'{stated}' lies outside the folder of this file; refused")
    if not path.is_file():
        names = [other.name for other in by.parent.iterdir() if other.suffix in _ENDINGS]
        raise ValueError(f"no file '{stated}' in this folder{did_you_mean(stated, names)}")
    return path
