"""`list --coverage`: what is modelled, how well, and what is not and why."""

from typing import TYPE_CHECKING

from monazite.cli.lists import Row, table

if TYPE_CHECKING:
    from monazite.evidence.coverage import Modelled
    from monazite.report.tables import Table

HEADS = ("state", "name", "lists", "grade", "of output", "of use", "of the rest", "numbers:",
         "reported:", "derived:", "judged:", "missing, or why not modelled")  # fmt: skip


def coverage_table() -> "Table":
    """Return a row for every chain, and one for every mineral of the official lists without."""
    from monazite.evidence.coverage import coverage, modelled, unmodelled

    rows: list[Row] = [_row(part) for part in modelled()]
    rows += [
        ("not modelled", mineral, " ".join(lists), *[""] * 4, *[None] * 4, why)
        for mineral, lists, why in unmodelled()
    ]
    lists = "; ".join(f"{name}: {part.title}" for name, part in coverage().lists.items())
    return table(
        "What is modelled, and what is not",
        HEADS,
        rows,
        f"Lists: {lists}.",
        "Grades, A to E: of a number by its kind, its best source, its age and its range; of a "
        "chain the mean of output (by tonnes), use (by tonnes) and all the rest, a third each "
        "(docs/evidence.md).",
    )


def _row(part: "Modelled") -> Row:
    from monazite.evidence.grades import letter

    grade = part.grade
    letters = [letter(steps) for steps in (grade.steps, grade.output, grade.use, grade.rest)]
    kinds = [part.kinds.get(kind, 0) for kind in ("reported", "derived", "judged")]
    lists, missing = " ".join(part.lists), "; ".join(part.missing)
    return ("modelled", part.chain, lists, *letters, sum(part.kinds.values()), *kinds, missing)


def coverage_for_a_reader(found: "Table") -> "tuple[Table, Table]":
    """Return what is modelled, and what is not, minerals of one reason in one row."""
    chains: list[Row] = []
    reasons: dict[object, list[str]] = {}
    for state, name, lists, grade, *parts, number, _, _, judged, text in found.rows:
        if state == "modelled":
            grades = f"{grade} ({''.join(map(str, parts))})"
            chains.append((name, lists, grades, number, judged, text))
        else:
            reasons.setdefault(text, []).append(f"{name} ({','.join(str(lists).split())})")
    modelled = table(
        found.title,
        ("chain", "lists", "grade", "numbers:", "judged:", "missing"),
        chains,
        found.notes[-1],
        "In brackets after the grade: of output, of use, of the rest.",
    )
    left = [(", ".join(names), why) for why, names in reasons.items()]
    return modelled, table(
        "Minerals of official lists without a chain", ("mineral", "why"), left, found.notes[0]
    )
