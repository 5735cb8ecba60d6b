"""A quantity with its uncertainty, in base units, and how it is drawn."""

import math
from collections.abc import Sequence
from typing import Literal, Self, cast

import numpy as np
import numpy.typing as npt

from monazite.scenario.part import Part

Floats = npt.NDArray[np.float64]
Bound = float | Floats
"""Of one quantity, or of each of several."""
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
            u: uniforms between 0 and 1, of any shape with an axis.

        >>> q = Quantity(low=0.0, mode=1.0, high=2.0, shape="triangular", unit="d")
        >>> q.draw(np.array([0.0, 0.5, 0.875])).tolist()
        [0.0, 1.0, 1.5]
        """
        u = np.asarray(u, dtype=np.float64)
        if self.shape in _OPEN:
            return _special(self, np.clip(u, _TINY, 1 - _TINY))
        if self.shape == "triangular":
            return _triangular(self.low, self.mode, self.high, u)
        return np.clip(_bounded(self, u), self.low, self.high)

    def draw_one(self, u: float) -> float:
        """Return the value at one probability, as `draw` does, without an array for it."""
        if self.shape == "triangular":
            value = _triangular_one(self, u)
            return min(max(value, self.low), self.high)
        return float(self.draw(np.array([u]))[0])


class Ranges:
    """Quantities side by side, drawn together: each as `Quantity.draw` draws it alone.

    Triangular ones, which most are, in one go.
    """

    def __init__(self, quantities: Sequence[Quantity]) -> None:
        plain = [quantity.shape == "triangular" for quantity in quantities]
        self.central = np.array([quantity.central for quantity in quantities])
        self.triangular = np.flatnonzero(plain)
        self.others = [
            (i, one) for i, one in enumerate(quantities) if not plain[i] and not one.is_fixed
        ]
        bounds = [(one.low, one.mode, one.high) for one in quantities if one.shape == "triangular"]
        self.low, self.mode, self.high = np.array(bounds, np.float64).reshape(-1, 3).T.copy()

    def draw(self, u: Floats) -> Floats:
        """Return the values of all quantities at their probabilities.

        Args:
            u: uniforms between 0 and 1, shape (draws, quantities).

        >>> delay = Quantity(low=0.0, mode=1.0, high=2.0, shape="triangular", unit="d")
        >>> Ranges([delay, Quantity.fixed(3.0, "d")]).draw(np.array([[0.5, 0.5]])).tolist()
        [[1.0, 3.0]]
        """
        found = np.tile(self.central, (len(u), 1))
        mine = self.triangular
        found[:, mine] = _triangular(self.low, self.mode, self.high, u[:, mine])
        for i, quantity in self.others:
            found[:, i] = quantity.draw(np.ascontiguousarray(u[:, i]))
        return found


def _bounded(q: Quantity, u: Floats) -> Floats:
    match q.shape:
        case "uniform":
            return q.low + (q.high - q.low) * u
        case "loguniform":
            return q.low * np.power(q.high / q.low, u)
        case _:
            return np.full_like(u, q.mode, dtype=np.float64)


def _triangular(low: Bound, mode: Bound, high: Bound, u: Floats) -> Floats:
    """Return the values of triangular quantities; one root each, since tables are large."""
    span, left, right = high - low, mode - low, high - mode
    reach = u * span
    rises = reach <= left
    falling = 1 - u
    falling *= span
    falling *= right
    reach *= left
    root = np.where(rises, reach, falling)
    np.sqrt(root, out=root)
    found = np.where(rises, low + root, high - root)
    return np.asarray(found.clip(low, high, out=found))


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
