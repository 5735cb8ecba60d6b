"""The JSON Schema of a scenario file, so that editors complete and check it."""

from copy import deepcopy
from typing import Any

from monazite.scenario.parts import Scenario
from monazite.scenario.quantity import Quantity, as_written
from monazite.scenario.quantity_schema import KIND

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_NAMED = ("strategies", "groups", "overrides")


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file.

    A file that extends another may leave out what the other says, and may delete an entry of
    a block with `null`; so may a strategy that extends another.
    """
    schema = {"$schema": _DRAFT, **Scenario.model_json_schema(by_alias=True)}
    required = schema.pop("required")
    schema["if"] = {"required": ["extends"]}
    schema["then"] = {}
    schema["else"] = {"required": required}
    for name in _NAMED:
        _allow_deleting(schema["properties"][name])
    _allow_changes(schema)
    _tidy(schema)
    kinds: dict[str, Any] = {}
    short: dict[str, Any] = _shared(schema, kinds)
    short["$defs"] |= dict(sorted(kinds.items()))
    return short


def _shared(schema: Any, kinds: dict[str, Any]) -> Any:
    """Return a schema in which each kind of quantity stands once and is referred to."""
    if isinstance(schema, list):
        return [_shared(item, kinds) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if KIND in schema:
        name = schema[KIND]
        kinds[name] = {"anyOf": schema["anyOf"]}
        rest = {key: value for key, value in schema.items() if key not in ("anyOf", KIND)}
        return {"$ref": f"#/$defs/{name}", **rest}
    return {key: _shared(value, kinds) for key, value in schema.items()}


def _allow_deleting(block: dict[str, Any]) -> None:
    """Let `null` delete an entry of a block whose keys are names."""
    if "additionalProperties" in block:
        entry = block["additionalProperties"]
        block["additionalProperties"] = {"anyOf": [entry, {"type": "null"}]}
        return
    for pattern, entry in block["patternProperties"].items():
        block["patternProperties"][pattern] = {"anyOf": [entry, {"type": "null"}]}
    block["additionalProperties"] = False


def _allow_changes(schema: dict[str, Any]) -> None:
    """Let the instruments of a strategy that extends another state only what they change."""
    parts = schema["$defs"]
    strategy = parts["Strategy"]
    whole = strategy["properties"]["instruments"]
    changed = deepcopy(whole)
    for choice in changed["items"]["anyOf"]:
        for reference in choice["properties"].values():
            name = reference["$ref"].rpartition("/")[2]
            parts[f"Changed{name}"] = {**deepcopy(parts[name]), "required": ["name"]}
            reference["$ref"] = f"#/$defs/Changed{name}"
    parts["ChangedRelease"] = {k: v for k, v in parts["Release"].items() if k != "required"}
    parts["ChangedStockpile"]["properties"]["release"]["$ref"] = "#/$defs/ChangedRelease"
    strategy["properties"]["instruments"] = {
        key: whole[key] for key in ("type", "description") if key in whole
    }
    strategy["if"] = {"required": ["extends"]}
    strategy["then"] = {"properties": {"instruments": changed}}
    strategy["else"] = {"properties": {"instruments": whole}}


def _tidy(schema: Any) -> None:
    """Write defaults as a file does, and drop titles that say no more than the names."""
    if isinstance(schema, list):
        for item in schema:
            _tidy(item)
    elif isinstance(schema, dict):
        for part in schema.get("properties", {}).values():
            part.pop("title", None)
            if part.get("default", "") is None:
                del part["default"]
            elif _is_quantity(part.get("default")):
                part["default"] = as_written(Quantity(**part["default"]))
        for part in schema.values():
            _tidy(part)


def _is_quantity(default: Any) -> bool:
    return isinstance(default, dict) and default.keys() == Quantity.model_fields.keys()
