"""A quantity with its uncertainty, in base units, and how it is drawn."""

import math
from typing import Literal, Self, cast

import numpy as np
import numpy.typing as npt

from monazite.scenario.part import Part

Floats = npt.NDArray[np.float64]
Shape = Literal["fixed", "triangular", "uniform", "loguniform", "lognormal", "beta", "gamma"]

_OPEN = ("lognormal", "beta", "gamma")
_TINY = 2.0**-53


class Quantity(Part):
    """A number in the base unit of the code, with the range that it may lie in."""

    low: float
    """Lower bound; for lognormal and gamma about the 5th percentile, for beta 0."""
    mode: float
    """Central value: the mode; middle of a uniform, median of a lognormal, mean of the others."""
    high: float
    """Upper bound; for lognormal and gamma about the 95th percentile, for beta 1."""
    shape: Shape = "fixed"
    """How it is drawn; a fixed one always has its central value."""
    unit: str
    """Base unit, as it is written out."""
    a: float | None = None
    """First parameter of a beta."""
    b: float | None = None
    """Second parameter of a beta."""
    shape_k: float | None = None
    """Shape parameter of a gamma."""
    rate: float | None = None
    """Rate parameter of a gamma, per base unit; the mean is `shape_k / rate`."""
    median: float | None = None
    """Median of a lognormal."""
    sigma: float | None = None
    """Standard deviation of the logarithm of a lognormal."""
    source: str | None = None
    """Where the number comes from."""
    note: str | None = None
    """What a reader should know about the number."""

    @classmethod
    def fixed(cls, value: float, unit: str) -> Self:
        """Return a quantity that has no uncertainty."""
        return cls(low=value, mode=value, high=value, unit=unit)

    @property
    def is_fixed(self) -> bool:
        """Whether every draw is the same."""
        return self.shape == "fixed"

    @property
    def central(self) -> float:
        """The value used where nothing is drawn, in base units."""
        return self.mode

    def draw(self, u: Floats) -> Floats:
        """Return the values at these probabilities, by the inverse distribution function.

        Args:
            u: uniforms between 0 and 1, any shape.

        >>> q = Quantity(low=0.0, mode=1.0, high=2.0, shape="triangular", unit="d")
        >>> q.draw(np.array([0.0, 0.5, 0.875])).tolist()
        [0.0, 1.0, 1.5]
        """
        u = np.asarray(u, dtype=np.float64)
        if self.shape in _OPEN:
            return _special(self, np.clip(u, _TINY, 1 - _TINY))
        return np.clip(_bounded(self, u), self.low, self.high)

    def draw_one(self, u: float) -> float:
        """Return the value at one probability, as `draw` does, without an array for it."""
        if self.shape == "triangular":
            value = _triangular_one(self, u)
            return min(max(value, self.low), self.high)
        return float(self.draw(np.array([u]))[0])


def _bounded(q: Quantity, u: Floats) -> Floats:
    match q.shape:
        case "triangular":
            return _triangular(q, u)
        case "uniform":
            return q.low + (q.high - q.low) * u
        case "loguniform":
            return q.low * np.power(q.high / q.low, u)
        case _:
            return np.full_like(u, q.mode, dtype=np.float64)


def _triangular(q: Quantity, u: Floats) -> Floats:
    span, left, right = q.high - q.low, q.mode - q.low, q.high - q.mode
    rising = q.low + np.sqrt(u * span * left)
    falling = q.high - np.sqrt((1 - u) * span * right)
    return np.where(u * span <= left, rising, falling)


def _triangular_one(q: Quantity, u: float) -> float:
    span, left, right = q.high - q.low, q.mode - q.low, q.high - q.mode
    if u * span <= left:
        return q.low + math.sqrt(u * span * left)
    return q.high - math.sqrt((1 - u) * span * right)


def _special(q: Quantity, u: Floats) -> Floats:
    from scipy import special

    match q.shape, q.sigma, q.a, q.b, q.shape_k, q.rate:
        case "lognormal", float(sigma), _, _, _, _:
            return q.mode * np.exp(sigma * special.ndtri(u))
        case "beta", _, float(a), float(b), _, _:
            return special.betaincinv(a, b, u)
        case "gamma", _, _, _, float(k), float(rate):
            return cast(Floats, special.gammaincinv(k, u)) / rate
    raise ValueError(f"a {q.shape} quantity lacks its parameters")
