"""Every mineral of the official lists has a chain, or a reason why it has none."""

from monazite.evidence import chain_names, sources
from monazite.evidence.coverage import coverage, gaps, modelled, unmodelled
from monazite.evidence.projects import controls

COVERAGE = coverage()
SYMBOLS = {
    **{"Ag": "silver", "As": "arsenic", "Be": "beryllium", "Cd": "cadmium", "Ce": "cerium"},
    **{"Cr": "chromium", "Cs": "cesium", "Hf": "hafnium", "La": "lanthanum", "Nb": "niobium"},
    **{"Pd": "palladium", "Pt": "platinum", "Rb": "rubidium", "Re": "rhenium", "Se": "selenium"},
    **{"Sn": "tin", "Sr": "strontium", "Ta": "tantalum", "Ti": "titanium", "Zr": "zirconium"},
}


def test_the_lists_are_as_long_as_the_governments_say() -> None:
    lengths = {name: len(set(part.minerals)) for name, part in COVERAGE.lists.items()}
    assert lengths == {"US": 60, "EU": 34, "IN": 30}
    assert all(set(part.source) <= set(sources()) for part in COVERAGE.lists.values())


def test_every_listed_mineral_has_one_chain_or_one_reason() -> None:
    listed = {m for part in COVERAGE.lists.values() for m in COVERAGE.opened(part.minerals)}
    settled = [m for minerals in COVERAGE.chains.values() for m in minerals]
    settled += [m for part in COVERAGE.not_modelled for m in part.minerals]
    assert len(settled) == len(set(settled))
    assert listed == set(settled)


def test_every_chain_is_in_the_coverage() -> None:
    assert set(chain_names()) <= set(COVERAGE.chains)


def test_a_group_stands_for_each_of_its_minerals() -> None:
    assert COVERAGE.listed_by(["dysprosium"]) == ["US", "EU", "IN"]
    assert COVERAGE.listed_by(["indium"]) == ["US", "IN"]
    assert COVERAGE.listed_by(["scandium"]) == ["US", "EU"]


def test_what_is_said_to_be_under_no_control_is_in_no_control() -> None:
    struck = {word for control in controls().values() for word in control.minerals}
    free = {
        mineral
        for part in COVERAGE.not_modelled
        if "control on them is recorded" in part.because and "since" not in part.because
        for mineral in part.minerals
    }
    assert {"niobium", "tin", "beryllium", "hafnium"} <= free
    assert not {SYMBOLS.get(word, word) for word in struck} & free


def test_a_chain_that_is_not_there_is_said_to_be_missing() -> None:
    absent = [minerals for chain, minerals in COVERAGE.chains.items() if chain not in chain_names()]
    missing = [m for m, _, why in unmodelled() if why.startswith("The chain")]
    assert missing == [mineral for minerals in absent for mineral in minerals]


def test_coverage_counts_every_number_and_names_the_gaps() -> None:
    found = {part.chain: part for part in modelled()}
    assert list(found) == chain_names()
    magnets = found["ndfeb"]
    assert magnets.lists == ["US", "EU", "IN"]
    assert magnets.kinds["judged"] > magnets.kinds["derived"] > magnets.kinds["reported"]
    assert "no source for any output of ndpr_metal, dytb_metal" in magnets.missing
    assert magnets.missing[-1].endswith("% of the numbers cite no source")


def test_gaps_tell_what_second_opinions_there_are() -> None:
    from monazite.evidence import read_chain

    chain = read_chain("ndfeb")
    alone = chain.model_copy(update={"second_opinions": ()})
    assert "no second opinion on any output" in list(gaps(alone))
