"""Contents follow from molar masses, and membership from the year."""

import pytest

from monazite.importing.basis import content_of, counts_a_compound
from monazite.importing.countries import region_of


@pytest.mark.parametrize(
    ("formula", "share"),
    [
        ("Li2O", 0.4645),
        ("Li2CO3", 0.1879),
        ("V2O5", 0.5602),
        ("WO3", 0.7930),
        ("Nd2O3", 0.8574),
        ("Sc2O3", 0.6520),
        ("Y2O3", 0.7874),
        ("GeO2", 0.6942),
        ("MgO", 0.6030),
    ],
)
def test_the_element_in_a_compound_is_that_of_the_textbook(formula: str, share: float) -> None:
    assert content_of(formula).factor == pytest.approx(share, abs=0.0001)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lithia", "no formula and no number"),
        ("Xx2O3", "no element 'Xx' known"),
        ("0", "must be above 0"),
        ("nan", "must be above 0"),
        ("Li2o", "did you mean 'Li2O'"),
    ],
)
def test_a_content_that_is_none_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        content_of(text)


@pytest.mark.parametrize("basis", ["", "copper content", "metal", "W", "Fe", "China-Clay"])
def test_an_element_is_no_compound(basis: str) -> None:
    assert not counts_a_compound(basis)


@pytest.mark.parametrize(
    ("country", "code", "year", "region"),
    [
        ("Bulgaria", "", 2006, None),
        ("Bulgaria", "", 2007, "eu"),
        ("Croatia", "HRV", 2013, "eu"),
        ("Czechia", "", 2003, None),
        ("United Kingdom", "GBR", 2019, "eu"),
        ("United Kingdom", "GBR", 2024, "united_kingdom"),
        ("Switzerland", "CHE", 2024, None),
        ("Norway", "NOR", 2024, "norway"),
        ("Other countries", "", 2024, "rest_of_world"),
    ],
)
def test_membership_is_that_of_the_year(
    country: str, code: str, year: int, region: str | None
) -> None:
    assert region_of(country, code, year) == region


def test_the_union_has_27_members_and_had_28() -> None:
    from monazite.importing.countries import _MEMBERS

    assert sum(region_of("", code, 2024) == "eu" for code in _MEMBERS) == 27
    assert sum(region_of("", code, 2003) == "eu" for code in _MEMBERS) == 14
