"""What a number counts: units of mass, and the part of a compound that is its element."""

import math
import re
from dataclasses import dataclass

from monazite.scenario.hints import did_you_mean, found

TONNES_IN = {
    "metric tons": 1.0,
    "metr. t": 1.0,
    "thousand metric tons": 1e3,
    "thousand metric dry tons": 1e3,
    "million metric tons": 1e6,
    "kilograms": 1e-3,
    "kg": 1e-3,
}
"""Tonnes in each unit of mass that the data sets use."""

_MOLAR_G = {
    **{"H": 1.008, "Li": 6.94, "Be": 9.012, "B": 10.81, "C": 12.011, "O": 15.999, "F": 18.998},
    **{"Na": 22.99, "Mg": 24.305, "Al": 26.982, "Si": 28.085, "P": 30.974, "S": 32.06},
    **{"Cl": 35.45, "K": 39.098, "Ca": 40.078, "Sc": 44.956, "Ti": 47.867, "V": 50.942},
    **{"Cr": 51.996, "Mn": 54.938, "Fe": 55.845, "Co": 58.933, "Ni": 58.693, "Cu": 63.546},
    **{"Zn": 65.38, "Ga": 69.723, "Ge": 72.63, "As": 74.922, "Se": 78.971, "Sr": 87.62},
    **{"Y": 88.906, "Zr": 91.224, "Nb": 92.906, "Mo": 95.95, "Ag": 107.868, "Cd": 112.414},
    **{"In": 114.818, "Sn": 118.71, "Sb": 121.76, "Te": 127.6, "Ba": 137.327, "La": 138.905},
    **{"Ce": 140.116, "Pr": 140.908, "Nd": 144.242, "Sm": 150.36, "Eu": 151.964, "Gd": 157.25},
    **{"Tb": 158.925, "Dy": 162.5, "Ho": 164.93, "Er": 167.259, "Tm": 168.934, "Yb": 173.045},
    **{"Lu": 174.967, "Hf": 178.486, "Ta": 180.948, "W": 183.84, "Re": 186.207, "Pb": 207.2},
    **{"Bi": 208.98, "U": 238.029},
}
"""Standard atomic weights [g/mol], conventional values."""

_ATOMS = re.compile(r"([A-Z][a-z]?)(\d*)")
_FORMULA = re.compile(r"(?:[A-Z][a-z]?\d*)+")
_COMPOUND = re.compile(r"oxide|\bREO\b|\bconc\.|gross weight|equivalent", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Content:
    """What a product counts in a unit of what the data set counts.

    Attributes:
        factor: by which amounts are multiplied.
        because: where the factor comes from; empty where amounts stay as they are.
    """

    factor: float = 1.0
    because: str = ""


def no_mass(unit: object) -> str:
    """Say that a unit cannot be brought to tonnes."""
    return f"unit {found(unit)} is no mass that is known; known are {', '.join(TONNES_IN)}"


def content_of(text: str | None) -> Content:
    """Return the content that a user states: a formula, or a number.

    Raises:
        ValueError: if it is neither.

    >>> round(content_of("V2O5").factor, 4), content_of("0.857").factor, content_of(None).factor
    (0.5602, 0.857, 1.0)
    """
    if text is None:
        return Content()
    try:
        factor = float(text)
    except ValueError:
        return _element_in(text)
    if not (math.isfinite(factor) and factor > 0):
        raise ValueError(f"--content {text}: the content must be above 0")
    return Content(factor, "" if factor == 1 else f"times {factor:g}, as stated by hand")


def _element_in(formula: str) -> Content:
    atoms = _atoms(formula)
    unknown = [symbol for symbol, _ in atoms if symbol not in _MOLAR_G]
    if not atoms or unknown:
        what = f"no element '{unknown[0]}' known" if unknown else "no formula and no number"
        hint = did_you_mean(formula, ("Li2O", "V2O5", "WO3", "Nd2O3", "Sc2O3", "Y2O3", "Sb2O3"))
        raise ValueError(
            f"--content {formula}: {what}{hint or '; write it as Li2O, V2O5 or 0.857'}"
        )
    whole_g = sum(_MOLAR_G[symbol] * count for symbol, count in atoms)
    symbol, count = atoms[0]
    factor = _MOLAR_G[symbol] * count / whole_g
    return Content(factor, f"times {factor:.4g}, the {symbol} in {formula} by molar mass")


def _atoms(formula: str) -> list[tuple[str, int]]:
    if not _FORMULA.fullmatch(formula):
        return []
    return [(symbol, int(count or 1)) for symbol, count in _ATOMS.findall(formula)]


def counts_a_compound(basis: str) -> bool:
    """Whether a basis counts something else than the element.

    >>> [counts_a_compound(b) for b in ("Li2O", "TiO2 content", "gross weight", "REO", "V")]
    [True, True, True, True, False]
    >>> counts_a_compound("copper content")
    False
    """
    formulas = (_atoms(word.strip("(),")) for word in basis.split())
    return bool(_COMPOUND.search(basis)) or any(
        len(atoms) > 1 and any(symbol == "O" for symbol, _ in atoms) and _known(atoms)
        for atoms in formulas
    )


def _known(atoms: list[tuple[str, int]]) -> bool:
    return all(symbol in _MOLAR_G for symbol, _ in atoms)
