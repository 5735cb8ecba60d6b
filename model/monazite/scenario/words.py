"""What the checker of types complains of, in the words of someone who writes a file."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monazite.errors import Problem
from monazite.scenario.hints import did_you_mean, found, listed
from monazite.scenario.one_key import OneKey
from monazite.scenario.part import FieldErrors, Part
from monazite.scenario.text import Keys, dotted

RENAMED: Mapping[str, str] = {}
"""Keys of earlier formats and what they are called now; none has changed yet."""

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a block of keys",
    "model_type": "a block of keys",
}
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
    "greater_than": ("gt", "more than"),
    "less_than": ("lt", "less than"),
}
_SLUG = "small letters, digits, '-' and '_', a letter first"


def problems_of(error: ValidationError, part: type[Part]) -> Iterator[Problem]:
    """Yield each complaint as a problem without a place.

    Args:
        error: what was raised.
        part: what was being read.
    """
    for detail in error.errors(include_url=False):
        keys = detail["loc"]
        if keys and keys[-1] == "[key]":
            yield Problem(dotted(keys[:-1]), f"a name must be {_SLUG}", code="name")
        elif detail["type"] == "value_error":
            yield from _own(detail, keys)
        elif detail["type"] == "one_key":
            below = (detail["ctx"]["key"],) if detail["ctx"]["key"] else ()
            yield Problem(dotted((*keys, *below)), detail["ctx"]["message"], code="instrument")
        elif detail["type"] == "extra_forbidden":
            yield Problem(dotted(keys), _unknown_key(keys, part), code="unknown-key")
        else:
            yield Problem(dotted(keys), _message(detail), code=_code(detail["type"]))


def _own(detail: ErrorDetails, keys: Keys) -> Iterator[Problem]:
    """Yield what one of our own parts said about itself."""
    error = detail["ctx"]["error"]
    if not isinstance(error, FieldErrors):
        yield Problem(dotted(keys), str(error))
        return
    for key, text in error.problems:
        code = "unknown-key" if text.startswith("unknown key") else "value"
        yield Problem(dotted((*keys, key) if key else keys), text, code=code)


def _code(kind: str) -> str:
    return {"missing": "missing", "literal_error": "choice"}.get(kind, "value")


def _message(detail: ErrorDetails) -> str:
    kind, raw = detail["type"], detail["input"]
    if kind == "missing":
        key = detail["loc"][-1]
        return "required, but missing" + ("; write 'schema: 1'" if key == "schema" else "")
    if kind in ("int_type", "int_from_float") and isinstance(raw, float):
        whole = f"; write {raw:.0f}" if raw.is_integer() and abs(raw) < 1e15 else ""
        return f"found {raw!r}; expected a whole number{whole}"
    if kind in _KINDS:
        return f"found {found(raw)}; expected {_KINDS[kind]}"
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"must be {words} {detail['ctx'][name]:,}; found {found(raw)}"
    match kind:
        case "literal_error":
            return _choice(detail, raw)
        case "string_pattern_mismatch":
            return f"found {found(raw)}; expected {_SLUG}"
        case "string_too_long":
            return f"too long; at most {detail['ctx']['max_length']} characters"
        case "string_too_short" | "too_short":
            return "must not be empty"
        case _:
            return f"found {found(raw)}, which does not fit here"


def _choice(detail: ErrorDetails, raw: object) -> str:
    """Return the message for a word that is none of those offered."""
    if detail["loc"][-1] == "schema":
        return f"found {found(raw)}; this version of monazite reads schema 1"
    expected = detail["ctx"]["expected"].replace(" or ", ", ")
    words = [word.strip().strip("'") for word in expected.split(",")]
    hint = did_you_mean(raw, words) if isinstance(raw, str) else ""
    return f"found {found(raw)}; expected {listed(words)}{hint}"


def _unknown_key(keys: Keys, part: type[Part]) -> str:
    """Return the message for a key that does not belong here, with the likely one."""
    name = str(keys[-1])
    if name in RENAMED:
        return f"is called '{RENAMED[name]}' now"
    here = _part_at(keys[:-1], part)
    known = _keys_of(here) if here is not None else []
    hint = did_you_mean(name, known)
    return f"unknown key{hint}" if hint else f"unknown key; expected one of {', '.join(known)}"


def _keys_of(part: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in part.model_fields.items()]


def _part_at(keys: Keys, part: type[BaseModel]) -> type[BaseModel] | None:
    """Return the part that a path of keys leads to, following the fields' types."""
    here: Any = part
    for key in keys:
        if isinstance(here, type) and issubclass(here, BaseModel):
            fields = {info.alias or name: info for name, info in here.model_fields.items()}
            if key not in fields:
                return None
            info = fields[str(key)]
            here = next((m for m in info.metadata if isinstance(m, OneKey)), info.annotation)
        elif isinstance(here, OneKey):
            here = here.kinds.get(str(key))
        else:
            here = _inside(here)
    return _only_part(here)


def _inside(annotation: Any) -> Any:
    """Return what stands in a list or under the names of a block."""
    for kind in _unwrapped(annotation):
        args = [arg for arg in get_args(kind) if arg is not Ellipsis]
        if args and getattr(kind, "__origin__", None) in (tuple, dict):
            inner = args[-1]
            marks = getattr(inner, "__metadata__", ())
            return next((m for m in marks if isinstance(m, OneKey)), inner)
    return None


def _unwrapped(annotation: Any) -> Iterator[Any]:
    """Yield the types that an optional or annotated one is made of."""
    if getattr(annotation, "__metadata__", None) is not None:
        yield from _unwrapped(annotation.__origin__)
    elif type(None) in (args := get_args(annotation)):
        for arg in args:
            yield from _unwrapped(arg)
    else:
        yield annotation


def _only_part(annotation: Any) -> type[BaseModel] | None:
    if annotation is None or isinstance(annotation, OneKey):
        return None
    kinds = (kind for kind in _unwrapped(annotation) if isinstance(kind, type))
    return next((kind for kind in kinds if issubclass(kind, BaseModel)), None)
