"""How a quantity is read from a file, and written back."""

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any, cast, get_args

from monazite.scenario.drawn import Floats, Quantity, Shape
from monazite.scenario.hints import did_you_mean, found, listed
from monazite.scenario.part import FieldErrors
from monazite.scenario.units import DIMENSIONS, factor_of, in_base_units, scaled

__all__ = ["QUANTITY_KEYS", "Floats", "Quantity", "Shape", "as_written", "parse_quantity"]

_Z90 = NormalDist().inv_cdf(0.95)


def parse_quantity(raw: object, dimension: str) -> Quantity:
    """Read a quantity as it is written in a file.

    Args:
        raw: a text with a unit, a bare number where the dimension allows one, or a
            mapping such as `{low: 4, mode: 6, high: 12, unit: months}`.
        dimension: a name of `units.DIMENSIONS`, such as `duration`.

    Raises:
        FieldErrors: saying what was found, what was expected, and the likely fix.

    >>> parse_quantity("18 months", "duration").central
    547.875
    >>> parse_quantity({"low": 1, "high": 2, "unit": "weeks", "shape": "uniform"}, "duration").high
    14.0
    """
    kind = DIMENSIONS[dimension]
    if isinstance(raw, Quantity):
        if raw.unit != kind.base:
            raise FieldErrors([("", f"found {raw.unit}; expected {kind.title} in {kind.base}")])
        return raw
    if isinstance(raw, Mapping):
        return _Written(dict(raw), dimension).quantity()
    try:
        return Quantity.fixed(_plain(raw, "", dimension), kind.base)
    except ValueError as error:
        raise FieldErrors([("", str(error))]) from None


def _plain(raw: object, unit: str, dimension: str) -> float:
    """Return a number or a text with a unit in base units."""
    if isinstance(raw, str):
        return in_base_units(raw, dimension)
    if _is_number(raw):
        return scaled(float(cast(float, raw)), unit, dimension)
    kind = DIMENSIONS[dimension]
    raise ValueError(f"found {found(raw)}; expected {kind.title} such as '{kind.example}'")


def _is_number(raw: object) -> bool:
    return isinstance(raw, int | float) and not isinstance(raw, bool)


_KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fixed": (("mode",), ("low", "high")),
    "triangular": (("low", "mode", "high"), ()),
    "uniform": (("low", "high"), ("mode",)),
    "loguniform": (("low", "high"), ("mode",)),
    "lognormal": (("median", "sigma"), ()),
    "beta": (("a", "b"), ()),
    "gamma": (("k", "rate"), ()),
}
_SCALED = ("low", "mode", "high", "median")
_ABOUT = ("unit", "shape", "source", "note")
_PARAMETERS = ("sigma", "a", "b", "k", "rate")
_ALL_KEYS = ("value", *_SCALED, *_PARAMETERS, *_ABOUT)

QUANTITY_KEYS = frozenset(_ALL_KEYS)
"""Every key that a quantity written as a block may have."""


class _Written:
    """A quantity written as a mapping, on its way to being read."""

    def __init__(self, raw: dict[Any, object], dimension: str) -> None:
        self.problems: list[tuple[str, str]] = []
        self.dimension = dimension
        self.kind = DIMENSIONS[dimension]
        self.called = "mode"
        if "value" in raw and "mode" not in raw:
            raw["mode"] = raw.pop("value")
            self.called = "value"
        self.raw = raw

    def quantity(self) -> Quantity:
        """Return what was written, or raise with every problem in it."""
        unknown = [key for key in self.raw if key not in _ALL_KEYS]
        for key in unknown:
            self._wrong(str(key), f"unknown key{did_you_mean(str(key), _ALL_KEYS)}")
        shape = None if unknown else self._shape()
        if shape is None:
            raise FieldErrors(self.problems)
        self._fitting_keys(shape)
        numbers = self._numbers()
        if self.problems:
            raise FieldErrors(self.problems)
        about = {key: self.raw[key] for key in ("source", "note") if key in self.raw}
        parts = self._parts(shape, numbers)
        if self.problems:
            raise FieldErrors(self.problems)
        return Quantity(unit=self.kind.base, **parts, **about)  # type: ignore[arg-type]

    def _wrong(self, key: str, text: str) -> None:
        self.problems.append((self.called if key == "mode" else key, text))

    def _shape(self) -> Shape | None:
        """Return the shape stated, or the one that the keys imply."""
        raw = self.raw
        if "shape" in raw:
            if raw["shape"] in get_args(Shape):
                return cast(Shape, raw["shape"])
            names = get_args(Shape)
            hint = did_you_mean(str(raw["shape"]), names) or f"; expected {listed(names)}"
            self._wrong("shape", f"unknown shape {found(raw['shape'])}{hint}")
            return None
        for keys, shape in (
            ({"low", "mode", "high"}, "triangular"),
            ({"median"}, "lognormal"),
            ({"a", "b"}, "beta"),
            ({"k"}, "gamma"),
        ):
            if keys <= raw.keys():
                return cast(Shape, shape)
        if "mode" in raw and not {"low", "high"} & raw.keys():
            return "fixed"
        if {"low", "high"} & raw.keys():
            self._wrong("", "give low, mode and high, or low and high with 'shape: uniform'")
        else:
            example = f"expected {self.kind.title} such as '{self.kind.example}'"
            self._wrong("", f"{example}, or low, mode, high and unit")
        return None

    def _fitting_keys(self, shape: Shape) -> None:
        needed, allowed = _KEYS[shape]
        for key in needed:
            if key not in self.raw:
                self._wrong("", f"a {shape} quantity needs '{key}'")
        for key in self.raw:
            if key not in (*needed, *allowed, *_ABOUT):
                self._wrong(key, f"does not belong to a {shape} quantity")
        for key in ("source", "note"):
            if key in self.raw and not isinstance(self.raw[key], str):
                self._wrong(key, f"found {found(self.raw[key])}; expected text")
        if shape == "beta" and self.kind.most != 1.0:
            self._wrong("shape", f"a beta lies between 0 and 1; {self.kind.title} does not")
        if shape == "beta" and "unit" in self.raw:
            self._wrong("unit", "a beta has no unit; remove it")
        if shape in {"lognormal", "gamma"} and self.kind.most == 1.0:
            self._wrong("shape", f"a {shape} has no upper end; {self.kind.title} is at most 1")

    def _numbers(self) -> dict[str, float]:
        """Return every number by its key, in base units where it has a unit."""
        unit = self._unit()
        if unit is None:
            return {}
        numbers: dict[str, float] = {}
        for key in self.raw:
            if key in _PARAMETERS:
                self._parameter(key, unit, numbers)
            elif key in _SCALED:
                try:
                    numbers[key] = _plain(self.raw[key], unit, self.dimension)
                except ValueError as error:
                    self._wrong(key, str(error))
        return numbers

    def _unit(self) -> str | None:
        """Return the unit of the plain numbers, or None when that is wrong or missing."""
        unit = self.raw.get("unit", "")
        if not isinstance(unit, str):
            self._wrong("unit", f"found {found(unit)}; expected a unit such as '{self.kind.base}'")
            return None
        plain = [raw for key in (*_SCALED, "rate") if _is_number(raw := self.raw.get(key))]
        try:
            if unit or plain:
                factor_of(cast(float, plain[0]) if plain else 1.0, unit, self.dimension)
        except ValueError as error:
            self._wrong("unit" if unit else "", str(error))
            return None
        return unit

    def _parameter(self, key: str, unit: str, numbers: dict[str, float]) -> None:
        raw = self.raw[key]
        number = float(cast(float, raw)) if _is_number(raw) else -1.0
        if not (0 < number < math.inf or (key == "sigma" and number == 0)):
            self._wrong(key, f"found {found(raw)}; expected a number above 0")
            return
        numbers[key] = number
        if key == "rate":
            numbers[key] /= factor_of(number, unit, self.dimension)

    def _parts(self, shape: Shape, n: dict[str, float]) -> dict[str, Any]:
        match shape:
            case "lognormal":
                spread = math.exp(_Z90 * n["sigma"])
                ends = {"low": n["median"] / spread, "high": n["median"] * spread}
                if n["sigma"] == 0 or n["median"] == 0:
                    return dict.fromkeys(("low", "mode", "high"), n["median"])
                return {**ends, "mode": n["median"], "shape": shape, **n}
            case "beta":
                mean = n["a"] / (n["a"] + n["b"])
                return {"low": 0.0, "mode": mean, "high": 1.0, "shape": shape, **n}
            case "gamma":
                k, rate = n["k"], n["rate"]
                low, high = (k / rate * _gamma_end(k, z) for z in (-_Z90, _Z90))
                ends = {"low": low, "mode": k / rate, "high": high}
                return {**ends, "shape": shape, "shape_k": k, "rate": rate}
            case _:
                return self._bounded(shape, n)

    def _bounded(self, shape: Shape, n: dict[str, float]) -> dict[str, Any]:
        low, high = n.get("low", n.get("mode", 0.0)), n.get("high", n.get("mode", 0.0))
        if low > high:
            ends = f"{found(self.raw['low'])} above {found(self.raw['high'])}"
            self._wrong("low", f"low must not lie above high; found {ends}")
            return {}
        if shape == "loguniform" and low <= 0:
            self._wrong("low", "a loguniform quantity must lie above 0")
            return {}
        middle = math.sqrt(low * high) if shape == "loguniform" else (low + high) / 2
        mode = n.get("mode", middle)
        if not low <= mode <= high:
            where = f"between low and high; found {found(self.raw['mode'])}"
            self._wrong("mode", f"must lie {where}")
        if low == high:
            shape = "fixed"
        return {"low": low, "mode": mode, "high": high, "shape": shape}


def _gamma_end(k: float, z: float) -> float:
    """Return about which multiple of its mean a gamma has at a normal score (Wilson-Hilferty)."""
    return float(max(0.0, 1 - 1 / (9 * k) + z / (3 * math.sqrt(k)))) ** 3


_WRITTEN = {
    "lognormal": {"median": "median", "sigma": "sigma"},
    "beta": {"a": "a", "b": "b"},
    "gamma": {"k": "shape_k", "rate": "rate"},
}
_ENDS = {"low": "low", "mode": "mode", "high": "high"}


def as_written(quantity: Quantity) -> object:
    """Return the quantity as a file would write it, so that it reads back equal.

    >>> as_written(parse_quantity("3.8 billion USD", "money"))
    '3800000000 USD'
    """
    kind = next(kind for kind in DIMENSIONS.values() if kind.base == quantity.unit)
    about = {k: v for k in ("source", "note") if (v := getattr(quantity, k)) is not None}
    if quantity.is_fixed and quantity.low == quantity.mode == quantity.high:
        value = _short(quantity.mode)
        unit = {} if kind.bare else {"unit": quantity.unit}
        if about:
            return {"value": value, **unit, **about}
        return value if kind.bare else f"{value} {quantity.unit}"
    names = _WRITTEN.get(quantity.shape, _ENDS)
    keys: dict[str, object] = {key: _short(getattr(quantity, name)) for key, name in names.items()}
    if not kind.bare:
        keys["unit"] = quantity.unit
    return keys | {"shape": quantity.shape} | about


def _short(value: float) -> int | float:
    return int(value) if value.is_integer() and abs(value) < 1e15 else value
