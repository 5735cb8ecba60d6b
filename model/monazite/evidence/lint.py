"""Finds records under `seeds/` that no source or reason stands behind, or that serve nothing."""

from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Any, get_args

from pydantic import ValidationError

from monazite.evidence.behaviour import BEHAVIOUR_FILES
from monazite.evidence.chain import Chain
from monazite.evidence.feeds import idle_in, used_nowhere
from monazite.evidence.record import Kind
from monazite.evidence.seedfiles import name_records
from monazite.scenario.hints import did_you_mean
from monazite.scenario.text import read_bytes
from monazite.shipped import shipped

_NUMBERS = frozenset(("value", "low", "mode", "high", "median", "sigma", "a", "b", "rate"))
_KINDS = tuple(kind for kind in get_args(Kind) if kind != "scenario")
_FACTS = ("projects.yaml", "controls.yaml", "blocs.yaml", "price_support.yaml", "tier_1_rules.yaml")


def problems_in_seeds(folder: Traversable | None = None) -> list[str]:
    """Return what is wrong with the records of a folder of seeds, one line each.

    A number needs a unit, a kind, and a source or a reason as its kind demands; a central
    value must lie within its range; a cited source must stand in `sources.yaml`, and what
    stands there must be cited; a record must be read by the model, or say why it is kept.

    Args:
        folder: where to look; None is the folder that comes with monazite.
    """
    folder = folder or shipped("seeds")
    found: list[str] = []
    data: dict[str, Any] = {}
    for name, file in _files(folder):
        text = read_bytes(file.read_bytes(), name)
        found += [str(problem) for problem in text.problems]
        data[name] = text.data
    sources = data.pop("sources.yaml", None) or {}
    cited: set[str] = set()
    for name, raw in data.items():
        found += list(_in(raw, name, sources, cited))
        if name in _FACTS:
            found += list(_unfounded_facts(raw, name))
        found += list(_unused(raw, name))
    found += [f"sources.yaml: {id_}: cited by nothing" for id_ in sources if id_ not in cited]
    return found


def _unused(raw: Any, file: str) -> Iterator[str]:
    """Yield the records of a file that nothing in the model reads."""
    room, _, name = file.removesuffix(".yaml").rpartition("/")
    if room == "minerals" or file in {f"{behaviour}.yaml" for behaviour in BEHAVIOUR_FILES}:
        known = name_records(raw, name)
        idle = _idle(raw) if room == "minerals" else []
        yield from (f"{file}: {n}: used nowhere" for n in (*used_nowhere(known), *idle))


def _idle(raw: Any) -> list[str]:
    """Return what a chain has but does not use; nothing where it is not yet right as a chain."""
    try:
        return idle_in(Chain.model_validate(raw))
    except ValidationError:
        return []


def _files(folder: Traversable, above: str = "") -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            yield from _files(entry, f"{above}{entry.name}/")
        elif entry.name.endswith(".yaml"):
            yield f"{above}{entry.name}", entry


def _in(raw: Any, where: str, sources: Mapping[str, Any], cited: set[str]) -> Iterator[str]:
    if isinstance(raw, Mapping):
        if raw.keys() & _NUMBERS and not where.startswith("articles/"):
            yield from (f"{where}: {text}" for text in _record(raw))
        for key, value in raw.items():
            if key == "source" or (key == "by" and isinstance(value, list)):
                yield from _sources(value, where, sources, cited)
            else:
                yield from _in(
                    value,
                    f"{where}: {key}" if ":" not in where else f"{where}.{key}",
                    sources,
                    cited,
                )
    elif isinstance(raw, list):
        for i, entry in enumerate(raw):
            label = str(entry.get("id", i)) if isinstance(entry, Mapping) else str(i)
            joint = "." if ":" in where else ": "
            yield from _in(entry, f"{where}{joint}{label}", sources, cited)


def _sources(value: Any, where: str, sources: Mapping[str, Any], cited: set[str]) -> Iterator[str]:
    for id_ in [value] if isinstance(value, str) else value or ():
        cited.add(id_)
        if id_ not in sources:
            yield f"{where}: source '{id_}' is not in sources.yaml{did_you_mean(id_, sources)}"


def _record(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield what one record lacks."""
    if not raw.get("unit"):
        yield "the unit is missing"
    kind = raw.get("kind")
    if kind not in _KINDS:
        yield f"kind '{kind}' is none of {', '.join(_KINDS)}" if kind else "the kind is missing"
    if kind in ("reported", "article") and not raw.get("source"):
        yield f"{kind}, but without a source"
    if kind == "derived" and not (raw.get("source") or raw.get("because")):
        yield "derived, but without a source or 'because'"
    if kind == "judged" and not raw.get("because"):
        yield "judged, but without 'because'"
    yield from _range(raw)


def _range(raw: Mapping[str, Any]) -> Iterator[str]:
    central = raw.get("mode", raw.get("value"))
    low, high = raw.get("low", central), raw.get("high", central)
    numbers = [n for n in (low, central, high) if isinstance(n, int | float)]
    if numbers != sorted(numbers):
        yield f"the value lies outside its range: {' '.join(f'{n:g}' for n in numbers)}"


def _unfounded_facts(raw: Any, name: str) -> Iterator[str]:
    for entry in raw or ():
        if not entry.get("source") and "all" not in (entry.get("recollected") or ()):
            yield f"{name}: {entry.get('id', entry.get('name'))}: no source, and not recollected"
