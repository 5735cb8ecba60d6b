"""A grade follows from kind, source, age and width, and nothing else."""

from typing import Any

import pytest

from monazite.evidence import Record, all_records, chain_names, read_chain
from monazite.evidence.grades import GRADES, chain_grade, grade_of, letter
from monazite.scenario.quantity import parse_quantity

PRIMARY, PRESS, AGGREGATOR = "usgs_mcs26_data", "mining_2016", "365247_2025"


def record(kind: str, spread: tuple[float, float, float] = (9, 10, 11), **about: Any) -> Record:
    low, mode, high = spread
    number = parse_quantity({"low": low, "mode": mode, "high": high, "unit": "d"}, "duration")
    facts = {"year": 2024, "because": "a test", **about}
    return Record.model_validate({"quantity": number, "kind": kind, **facts})


@pytest.mark.parametrize(
    ("found", "grade", "because"),
    [
        (record("reported", source=[PRIMARY]), "A", ()),
        (record("reported", source=[PRESS]), "B", ("1 for a best source that is press",)),
        (record("reported", source=[PRESS, PRIMARY]), "A", ()),
        (
            record("reported", source=[AGGREGATOR]),
            "C",
            ("2 for a best source that is aggregator",),
        ),
        (record("reported", source=[PRIMARY], year=2020), "B", ("1 for speaking of 2020",)),
        (
            record("reported", (4, 10, 15), source=[PRIMARY]),
            "B",
            ("1 for a range wider than the value",),
        ),
        (record("derived", source=[PRIMARY]), "B", ("1 for derived",)),
        (record("derived"), "D", ("1 for derived", "2 for no source")),
        (
            record("derived", where="seeds/controls.yaml"),
            "C",
            ("1 for derived", "1 for lists of our own as its source"),
        ),
        (record("judged", source=[PRIMARY]), "D", ("3 for judged",)),
        (record("judged"), "E", ("3 for judged", "2 for no source")),
    ],
)
def test_the_rule_gives(found: Record, grade: str, because: tuple[str, ...]) -> None:
    given = grade_of(found)
    assert given is not None
    assert (given.letter, given.because) == (grade, because)


def test_what_the_user_sets_has_no_grade() -> None:
    assert grade_of(record("scenario")) is None


def test_every_record_has_a_grade() -> None:
    assert {grade_of(r).letter for r in all_records().values()} <= set(GRADES)  # type: ignore[union-attr]


@pytest.mark.parametrize("chain", chain_names())
def test_a_chain_is_the_mean_of_output_use_and_the_rest(chain: str) -> None:
    grade = chain_grade(read_chain(chain))
    assert all(0 <= part <= 4 for part in (grade.output, grade.use, grade.rest))
    assert grade.steps == pytest.approx((grade.output + grade.use + grade.rest) / 3)


def test_large_makers_weigh_more_than_small_ones() -> None:
    """Chinese output of magnets, B, is 94 % of all; the others are judged, D and E."""
    chain = read_chain("ndfeb")
    grades = [grade_of(maker.output) for maker in chain.makers_of("magnets")]
    plain = sum(grade.steps for grade in grades if grade) / len(grades)
    assert chain_grade(chain).output < plain


def test_letters_are_the_nearest() -> None:
    assert [letter(x) for x in (0, 0.49, 0.5, 2.5, 3.5, 4)] == ["A", "A", "B", "D", "E", "E"]
