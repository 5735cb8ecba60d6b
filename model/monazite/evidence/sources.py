"""The sources that records cite."""

from functools import lru_cache

from monazite.evidence.seedfiles import part_of, seed_data
from monazite.scenario.part import Part


class Source(Part):
    """A document that a record cites."""

    publisher: str
    title: str
    date: str | int | None = None
    """Year or date of the document."""
    url: str | None = None
    """Address; None where it has none."""
    grade: str
    """primary, press, secondary, aggregator or article."""
    note: str | None = None


@lru_cache(maxsize=1)
def _sources() -> dict[str, Source]:
    raw = seed_data("sources.yaml")
    return {id_: part_of(Source, part, f"sources.yaml: {id_}") for id_, part in raw.items()}


def sources() -> dict[str, Source]:
    """Return every source by its id."""
    return dict(_sources())
