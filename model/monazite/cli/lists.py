"""The lists of the evidence that are facts and not inputs: controls, projects and the like."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monazite.report.tables import Table

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list under `seeds/` and what of it is shown.

    Attributes:
        title: over the table.
        keys: what is shown of each entry, with the heading where it is another.
        section: heading of the column by whose value a person sees the rows grouped.
        spaced: headings of columns of which a person reads the words apart.
    """

    title: str
    keys: Mapping[str, str]
    section: str = ""
    spaced: tuple[str, ...] = ()


LISTS: dict[str, Listed] = {
    "regions": Listed("Regions", {"id": "region", "title": "", "aliases": "also called"}),
    "blocs": Listed(
        "Regions that act together",
        {"id": "bloc", "since": "", "kind": "", "members": "", "source": ""},
    ),
    "controls": Listed(
        "Export controls since 2009",
        {"id": "control", "form": "", "effective": "from", "ended": "to", "source": ""},
    ),
    "projects": Listed(
        "Real projects and what became of them",
        {
            **{"id": "project", "country": "", "first_output": "output", "outcome": ""},
            **{"slip_months": "months late", "source": "", "group": ""},
        },
        section="group",
        spaced=("outcome",),
    ),
    "price_support": Listed(
        "Price floors, offtakes and incentives",
        {
            "id": "scheme",
            "mineral": "",
            "floor_usd_kg": "floor [USD/kg]",
            "terms": "",
            "source": "",
        },
    ),
    "stockpiles": Listed(
        "Public stockpiles",
        {"id": "stockpile", "fact": "", "value": "", "unit": "", "source": ""},
        section="stockpile",
        spaced=("fact",),
    ),
    "budgets": Listed(
        "What governments have committed",
        {"id": "budget", "fact": "", "value": "", "unit": "", "source": ""},
    ),
    "rules": Listed(
        "What defence users may not use",
        {
            "name": "rule",
            "region": "binds",
            "barred": "bars",
            "from": "",
            "depth": "",
            "source": "",
        },
    ),
    "n_minus_one": Listed(
        "Published coverage of use without the largest supplier",
        {"id": "mineral", "value": "", "low": "", "high": "", "unit": "", "year": "", "source": ""},
    ),
    "sources": Listed(
        "Sources",
        {"id": "source", "publisher": "", "title": "", "date": "", "grade": "", "url": "address"},
        section="source",
    ),
}
"""The lists by name; the file is the name with `.yaml`."""

FILES = {"rules": "tier_1_rules.yaml"}


def list_of(name: str) -> "Table":
    """Return one list as a table."""
    return _listed(LISTS[name], _entries(name))


def lines_about(thing: str) -> "Table | None":
    """Return what the first list that names a thing says of it, None where none does."""
    for name, listed in LISTS.items():
        about = [one for one in _entries(name) if thing in (one.get("id"), one.get("name"))]
        if about:
            return _listed(listed, about)
    return None


def _listed(listed: Listed, entries: Iterable[Mapping[str, Any]]) -> "Table":
    rows = [tuple(_cell(entry.get(key)) for key in listed.keys) for entry in entries]
    return table(listed.title, [title or key for key, title in listed.keys.items()], rows)


def list_for_a_reader(name: str, found: "Table") -> "Table":
    """Return a list as a person reads it best: grouped, its words apart."""
    from dataclasses import replace

    listed = LISTS[name]
    heads = [column.name for column in found.columns]
    spaced = [heads.index(head) for head in listed.spaced]
    rows: list[Row] = [
        tuple(str(v).replace("_", " ") if k in spaced else v for k, v in enumerate(row))
        for row in found.rows
    ]
    if listed.section:
        at = heads.index(listed.section)
        rows = grouped(rows, at)
        return replace(found, columns=_without(found.columns, at), rows=tuple(rows))
    return replace(found, rows=tuple(rows))


def grouped(rows: Sequence[Row], at: int) -> list[Row]:
    """Return rows below a row for each value of one column, which they then lack.

    >>> grouped([("a", 1), ("b", 2), ("a", 3)], 0)
    [('a',), (1,), (3,), ('b',), (2,)]
    """
    groups: dict[object, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[at], []).append(_without(row, at))
    return [
        line
        for value, group in groups.items()
        for line in ((value, *[""] * (len(group[0]) - 1)), *group)
    ]


def _without(row: Sequence[Any], at: int) -> tuple[Any, ...]:
    return tuple(value for k, value in enumerate(row) if k != at)


def reasons() -> "Table":
    """Return for what reasons real projects stalled or ended."""
    from monazite.evidence import derive

    stalled, ended = derive.reasons("stalled"), derive.reasons("ended")
    rows: list[Row] = [(reason, stalled[reason].k, ended[reason].k) for reason in stalled]
    return table(
        "Why real projects stalled or ended",
        ("reason", "stalled:", "ended:"),
        rows,
        "Stalled: late by a year and a half or more. Ended: given up, failed or idled. Read from "
        "the notes, the first cause where there are several; projects whose note tells none are "
        "left out.",
    )


def outcomes() -> "Table":
    """Return how many of the real projects came late or never, by stage."""
    from monazite.evidence import derive
    from monazite.evidence.projects import projects

    rows: list[Row] = []
    for group in dict.fromkeys(project.group for project in projects().values()):
        stages = sorted({p.stage for p in projects().values() if p.group == group})
        for stage in (None, *stages):
            found = derive.tally(group, stage)
            bad = found.late_or_dead
            counts = (found.on_time, found.late, found.dead, found.unsettled)
            percent = None if bad is None else float(round(100 * bad))
            rows.append((group, stage or "all", *counts, percent, found.months_late))
    heads = ("group", "stage", "on time:", "late:", "dead:", "unsettled:", "late or dead:%",
             "months late:")  # fmt: skip
    return table(
        "What became of real projects, by stage",
        heads,
        rows,
        "Late or dead: of those settled. Unsettled: not due yet, or unclear. Months late: the "
        "middle of those on time or late. Small samples, chosen by the news: odds in the model "
        "take them with the rule of Jeffreys (docs/evidence.md).",
    )


def table(title: str, heads: Sequence[str], rows: Sequence[Row], *notes: str) -> "Table":
    """Return a table; a heading `name:unit` is of a column of numbers."""
    from monazite.report.tables import Column, Table

    columns = tuple(
        Column(name, unit, "right" if colon else "left")
        for name, colon, unit in (head.partition(":") for head in heads)
    )
    return Table(title, columns, tuple(rows), tuple(notes))


def _entries(name: str) -> Iterator[Mapping[str, Any]]:
    from monazite.evidence.seedfiles import seed_data

    found = seed_data(FILES.get(name, f"{name}.yaml"))
    named = [{"id": key, **entry} for key, entry in found.items()] if _by_name(found) else found
    for entry in named:
        facts = entry.get("facts")
        if isinstance(facts, Mapping):
            unknown = {"value": "not found"}
            yield from (
                {"id": entry["id"], "fact": key, **(unknown if fact.get("known") is False else {})}
                | fact
                for key, fact in facts.items()
            )
        else:
            yield entry


def _by_name(found: object) -> bool:
    return isinstance(found, Mapping)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)
