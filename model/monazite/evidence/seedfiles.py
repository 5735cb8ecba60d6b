"""The files under `seeds/`: their text as plain data, with a name for every record."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from monazite.errors import Problem, SeedError
from monazite.evidence.record import ABOUT_KEYS, looks_like_record
from monazite.scenario.hints import did_you_mean
from monazite.scenario.text import read_bytes
from monazite.shipped import shipped

PartOf = TypeVar("PartOf", bound=BaseModel)

_LABELS = (("process", "region"), ("product", "from", "to"), ("id",), ("name",))


@lru_cache(maxsize=32)
def _bytes(where: tuple[str, ...]) -> bytes:
    file = shipped("seeds", *where)
    if not file.is_file():
        raise SeedError(f"seeds/{'/'.join(where)}: no such file")
    return file.read_bytes()


def seed_data(*where: str) -> Any:
    """Return the plain data of a seed file.

    Raises:
        SeedError: if there is no such file, or it is not right as YAML.
    """
    text = read_bytes(_bytes(where), f"seeds/{'/'.join(where)}")
    if text.problems:
        raise SeedError("\n".join(str(problem) for problem in text.problems))
    return text.data


def seed_head(*where: str, before: str) -> Any:
    """Return the plain data of a seed file above one of its keys: quick where the file is long."""
    head = _bytes(where).partition(f"\n{before}:".encode())[0]
    return read_bytes(head + b"\n", f"seeds/{'/'.join(where)}").data


def name_records(raw: Any, path: str) -> dict[str, dict[str, Any]]:
    """Write its name into every record of a file; return the raw records by name."""
    found: dict[str, dict[str, Any]] = {}
    _name(raw, path, found)
    return found


def _name(raw: Any, path: str, found: dict[str, dict[str, Any]]) -> None:
    if isinstance(raw, dict):
        if looks_like_record(raw):
            raw["name"] = path
            found[path] = raw
            return
        for key, value in raw.items():
            _name(value, f"{path}.{key}", found)
    elif isinstance(raw, list):
        for i, entry in enumerate(raw):
            _name(entry, f"{path}.{_label(entry, i)}", found)


def _label(entry: Any, i: int) -> str:
    if isinstance(entry, Mapping):
        for keys in _LABELS:
            if all(isinstance(entry.get(key), str) for key in keys):
                return ".".join(entry[key] for key in keys)
    return str(i)


def override(records: Mapping[str, dict[str, Any]], changes: Mapping[str, object]) -> None:
    """Put new values into raw records; the reason then is that the scenario says so.

    Raises:
        SeedError: naming every record that there is not, with the likely fix.
    """
    refuse_unrecorded(changes, records)
    for name, change in changes.items():
        raw = records[name]
        about = {key: raw[key] for key in ABOUT_KEYS if key in raw}
        raw.clear()
        raw.update(_changed(change, about))


def refuse_unrecorded(changes: Iterable[str], known: Collection[str]) -> None:
    """Refuse new values for what is no record.

    Raises:
        SeedError: naming every record that there is not, with the likely fix.
    """
    unknown = [
        Problem(f"overrides.{name}", f"no such record{did_you_mean(name, known)}", code="override")
        for name in changes
        if name not in known
    ]
    if unknown:
        raise SeedError(unknown)


def _changed(change: object, about: dict[str, Any]) -> dict[str, Any]:
    kept = {"kind": "scenario", "because": "set by the scenario", "name": about["name"]}
    if isinstance(change, Mapping):
        note = {"because": str(change["note"])} if "note" in change else {}
        numbers = {k: v for k, v in change.items() if k not in ("note", "source")}
        cited = {"where": str(change["source"])} if "source" in change else {}
        return {"unit": "", **numbers, **kept, **note, **cited}
    return {"value": change, "unit": "", **kept}


def part_of(model: type[PartOf], raw: Any, file: str) -> PartOf:
    """Read a part from plain data.

    Raises:
        SeedError: with every problem, each with the path of its record.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise SeedError(
            Problem(_blamed(raw, e["loc"], file), _words(e), code="override")
            for e in error.errors()
        ) from None


def _blamed(raw: Any, loc: tuple[int | str, ...], file: str) -> str:
    """Return the override that is wrong, or the place in the seed file."""
    at = raw
    for step in loc:
        try:
            at = at[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(at, dict) and at.get("kind") == "scenario":
            return f"overrides.{at['name']}"
    return f"seeds/{file}: {_place(raw, loc)}"


def _place(raw: Any, loc: tuple[int | str, ...]) -> str:
    names: list[str] = []
    for step in loc:
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            raw = None
        names.append(_label(raw, step) if isinstance(step, int) else str(step))
    return ".".join(names) or "file"


def _words(error: Any) -> str:
    match error["type"]:
        case "extra_forbidden":
            return "unknown key"
        case "missing":
            return "required, but missing"
        case _:
            return str(error["msg"]).removeprefix("Value error, ")
