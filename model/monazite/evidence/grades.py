"""How far a number can be trusted, from A to E, by a rule that anyone can repeat.

A number begins at the grade of its kind, and goes down for each weakness; none is below E:

- kind: reported A, derived B, said by an article C, judged D;
- best source: primary nothing, press or secondary one step, aggregator, article or none two;
  what is derived from lists of `seeds/` counts as press;
- age: one step where the number speaks of a year before `OLD`;
- width: one step where the range is wider than its central value.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from monazite.evidence.chain import Chain
from monazite.evidence.record import Record
from monazite.evidence.sources import sources

GRADES = "ABCDE"
OLD = 2021
"""Numbers that speak of an earlier year are of before the shocks of 2021-22."""
BEGIN = {"reported": 0, "derived": 1, "article": 2, "judged": 3}
STEPS = {"primary": 0, "press": 1, "secondary": 1}
NO_GOOD_SOURCE = 2


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of one number.

    Attributes:
        steps: how far it stands below A, 0 to 4.
        because: what it lost steps for, such as `1 for derived`.
    """

    steps: int
    because: tuple[str, ...]

    @property
    def letter(self) -> str:
        """A to E."""
        return GRADES[self.steps]


def grade_of(record: Record) -> Grade | None:
    """Return the grade of a number; None where the user's scenario set it.

    >>> from monazite.evidence import all_records
    >>> grade_of(all_records()["ndfeb.makers.light_mining.united_states.output"]).letter
    'A'
    """
    if record.kind == "scenario":
        return None
    lost = [(BEGIN[record.kind], record.kind), *_weaknesses(record)]
    steps = min(sum(step for step, _ in lost), len(GRADES) - 1)
    return Grade(steps, tuple(f"{step} for {words}" for step, words in lost if step))


def _weaknesses(record: Record) -> Iterator[tuple[int, str]]:
    yield _source(record)
    if record.year is not None and record.year < OLD:
        yield 1, f"speaking of {record.year}"
    if record.high - record.low > abs(record.central):
        yield 1, "a range wider than the value"


def _source(record: Record) -> tuple[int, str]:
    """Return the steps that the best source costs, and what it is."""
    if not record.source:
        if record.kind == "derived" and (record.where or "").startswith("seeds/"):
            return STEPS["press"], "lists of our own as its source"
        return NO_GOOD_SOURCE, "no source"
    known = sources()
    grades = [known[id_].grade for id_ in record.source if id_ in known]
    best = min(grades, key=lambda grade: STEPS.get(grade, NO_GOOD_SOURCE), default="unknown")
    return STEPS.get(best, NO_GOOD_SOURCE), f"a best source that is {best}"


@dataclass(frozen=True, slots=True)
class ChainGrade:
    """The grade of a chain: the mean of three parts, each counting a third.

    Attributes:
        output: of output, each product alike and within it by tonnes.
        use: of use by region, by tonnes.
        rest: of all other numbers, each alike.
    """

    output: float
    use: float
    rest: float

    @property
    def steps(self) -> float:
        """How far the chain stands below A, 0 to 4."""
        return (self.output + self.use + self.rest) / 3


def letter(steps: float) -> str:
    """Return the grade that is nearest to a mean of steps.

    >>> letter(0.4), letter(2.6)
    ('A', 'D')
    """
    return GRADES[min(int(steps + 0.5), len(GRADES) - 1)]


def chain_grade(chain: Chain) -> ChainGrade:
    """Return the grade of a chain."""
    weights = _output_weights(chain)
    used = {use.total.name: use.total.central for use in chain.use.values()}
    records = chain.records()
    rest = {name: 1.0 for name in records if name not in weights and name not in used}
    return ChainGrade(*(_mean(records, group) for group in (weights, used, rest)))


def _output_weights(chain: Chain) -> dict[str, float]:
    """Return the weight of each output: its part of what is made of its product."""
    weights: dict[str, float] = {}
    for product in chain.products:
        makers = chain.makers_of(product)
        total = sum(maker.output.central for maker in makers)
        weights |= {m.output.name: m.output.central / total for m in makers if total}
    return weights


def _mean(records: Mapping[str, Record], weights: Mapping[str, float]) -> float:
    """Return the weighted mean of the steps of some numbers."""
    total = sum(weights.values())
    graded: Iterable[tuple[float, Grade | None]] = (
        (weight, grade_of(records[name])) for name, weight in weights.items()
    )
    return sum(w * g.steps for w, g in graded if g is not None) / total if total else 0.0
