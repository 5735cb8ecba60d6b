"""The lists of the evidence that are facts and not inputs: controls, projects and the like."""

from collections.abc import Iterator, Mapping, Sequence
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
    """

    title: str
    keys: Mapping[str, str]


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
            **{"slip_months": "months\nlate", "source": ""},
        },
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
    "sources": Listed(
        "Sources",
        {"id": "source", "publisher": "", "title": "", "date": "", "grade": "", "url": "address"},
    ),
}
"""The lists by name; the file is the name with `.yaml`."""

FILES = {"rules": "tier_1_rules.yaml"}


def list_of(name: str) -> "Table":
    """Return one list as a table."""
    listed = LISTS[name]
    rows = [tuple(_cell(entry.get(key)) for key in listed.keys) for entry in _entries(name)]
    return table(listed.title, [title or key for key, title in listed.keys.items()], rows)


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
            yield from ({"id": entry["id"], "fact": key, **fact} for key, fact in facts.items())
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
