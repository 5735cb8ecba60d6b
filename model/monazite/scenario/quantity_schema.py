"""The JSON Schema of a quantity as a file writes it, so that editors can help."""

from typing import Any

from monazite.scenario.units import DIMENSIONS

KIND = "x-kind"
"""Names the kind of quantity, so that each is written once in the whole schema."""

_NUMBER = {"anyOf": [{"type": "number"}, {"type": "string"}]}
_POSITIVE = {"type": "number", "exclusiveMinimum": 0}
_SHAPES = {
    "fixed": "one value",
    "triangular": "low, mode and high",
    "uniform": "any value between low and high alike",
    "loguniform": "any size between low and high alike",
    "lognormal": "median, and sigma of the logarithm",
    "beta": "a and b, between 0 and 1",
    "gamma": "k and rate",
}


def quantity_schema(dimensions: tuple[str, ...], fixed: bool) -> dict[str, Any]:
    """Return the schema of a quantity: a text with a unit, a number, or a block.

    Args:
        dimensions: names of `units.DIMENSIONS` that are understood.
        fixed: whether ranges are refused.
    """
    kinds = [DIMENSIONS[name] for name in dimensions]
    examples = [kind.example for kind in kinds]
    plain: list[dict[str, Any]] = [{"type": "string", "examples": examples}]
    if any(kind.bare for kind in kinds):
        bound = {"maximum": kinds[0].most} if len(kinds) == 1 and kinds[0].most <= 1 else {}
        plain.append({"type": "number", "minimum": 0, **bound})
    block = _block(sorted({unit for kind in kinds for unit in kind.units}), fixed)
    return {KIND: _name(dimensions, fixed), "anyOf": [*plain, block]}


def _name(dimensions: tuple[str, ...], fixed: bool) -> str:
    """Return the name under which schemas that are alike are kept once."""
    if len(dimensions) == len(DIMENSIONS):
        return "AnyQuantity"
    words = "_or_".join(dimensions).split("_")
    return ("Fixed" if fixed else "") + "".join(word.capitalize() for word in words)


def _block(units: list[str], fixed: bool) -> dict[str, Any]:
    about = {
        "unit": {"type": "string", "examples": units[:12]},
        "source": {"type": "string", "description": "Where the number comes from."},
        "note": {"type": "string", "description": "What a reader should know about it."},
    }
    shapes = {"shape": {"enum": ["fixed"] if fixed else list(_SHAPES)}}
    ends = {key: _NUMBER for key in ("value", "low", "mode", "high")}
    spread = {} if fixed else {key: _POSITIVE for key in ("sigma", "a", "b", "k", "rate")}
    median = {} if fixed else {"median": _NUMBER}
    return {
        "type": "object",
        "properties": {**ends, **median, **spread, **shapes, **about},
        "additionalProperties": False,
    }
