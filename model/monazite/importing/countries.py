"""Which region of the model a country is, in the year that a number speaks of."""

from monazite.errors import SeedError
from monazite.evidence.regions import region_called

ELSEWHERE = "rest_of_world"
UNION = "eu"
BRITAIN = "united_kingdom"
LAST_OF_BRITAIN = 2020
"""Britain left on 31 January 2020 and was in the customs union to the end of that year."""

_MEMBERS = {
    **dict.fromkeys(("BEL", "DEU", "FRA", "ITA", "LUX", "NLD"), 1958),
    **dict.fromkeys(("DNK", "IRL"), 1973),
    "GRC": 1981,
    **dict.fromkeys(("ESP", "PRT"), 1986),
    **dict.fromkeys(("AUT", "FIN", "SWE"), 1995),
    **dict.fromkeys(("CYP", "CZE", "EST", "HUN", "LVA", "LTU", "MLT", "POL", "SVK", "SVN"), 2004),
    **dict.fromkeys(("BGR", "ROU"), 2007),
    "HRV": 2013,
}
"""First year of each member; those that joined within a year count from that year on."""
_NAMES = {
    **{"belgium": "BEL", "germany": "DEU", "france": "FRA", "italy": "ITA", "luxembourg": "LUX"},
    **{"netherlands": "NLD", "denmark": "DNK", "ireland": "IRL", "greece": "GRC", "spain": "ESP"},
    **{"portugal": "PRT", "austria": "AUT", "finland": "FIN", "sweden": "SWE", "cyprus": "CYP"},
    **{"czechia": "CZE", "czech republic": "CZE", "estonia": "EST", "hungary": "HUN"},
    **{"latvia": "LVA", "lithuania": "LTU", "malta": "MLT", "poland": "POL", "slovakia": "SVK"},
    **{"slovenia": "SVN", "bulgaria": "BGR", "romania": "ROU", "croatia": "HRV"},
}
_TRADE_CODES = {"S19": "taiwan"}
"""Codes of trade statistics that are no ISO codes: `Other Asia, nes` stands for Taiwan."""


def region_of(country: str, code: str, year: int) -> str | None:
    """Return the region that a country is part of, or None where the model has none for it.

    Args:
        country: its name, read where there is no code.
        code: ISO code of three letters, or empty.
        year: the year whose membership of the European Union holds.

    >>> region_of("Belgium", "", 2024), region_of("Croatia", "HRV", 2012)
    ('eu', None)
    >>> region_of("United Kingdom", "", 2020), region_of("United Kingdom", "", 2021)
    ('eu', 'united_kingdom')
    >>> region_of("Korea, Republic of", "", 2024), region_of("Korea, North", "", 2024)
    ('south_korea', 'north_korea')
    """
    iso = code or _NAMES.get(country.lower(), "")
    if iso in _MEMBERS:
        return UNION if _MEMBERS[iso] <= year else None
    region = _TRADE_CODES.get(code) or _called(code or _turned(country))
    return UNION if region == BRITAIN and year <= LAST_OF_BRITAIN else region


def _called(word: str) -> str | None:
    try:
        return region_called(word)
    except SeedError:
        return None


def _turned(country: str) -> str:
    """Return `Korea, Republic of` as `Republic of Korea`."""
    name, _, before = country.partition(", ")
    return f"{before} {name}" if before else name
