"""A number and where it comes from."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator

from monazite.scenario.part import FieldErrors, Part, Several
from monazite.scenario.quantity import Quantity, parse_quantity

Kind = Literal["article", "reported", "derived", "judged", "scenario"]
"""Said by one of the five articles, reported elsewhere, worked out here from reported
numbers, judged, or set by the user's scenario."""

ABOUT_KEYS = ("year", "kind", "source", "where", "because", "name")
"""The keys of a record that say where its numbers come from."""


class Record(Part):
    """One number of the evidence: its range, its year, and its source or reason."""

    quantity: Quantity
    """Value, range and shape of its uncertainty, in base units."""
    kind: Kind
    """What sort of knowledge this is."""
    year: int | None = None
    """The year that the number speaks of."""
    source: Several[str] = ()
    """Sources, as ids of `sources.yaml`; several where the number needs several."""
    where: str | None = None
    """The place in the source, or what is read from it."""
    because: str | None = None
    """How it was derived, or why it was judged so."""
    name: str = ""
    """Path of the record, such as `ndfeb.makers.magnet_making.japan.output`."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what is missing of a source or a reason."""
        if self.kind in ("reported", "article") and not self.source:
            yield "source", f"a record that is '{self.kind}' needs a source"
        if self.kind == "derived" and not (self.source or self.because):
            yield "because", "a derived record needs a source, or 'because'"
        if self.kind == "judged" and not self.because:
            yield "because", "a judged record needs 'because'"

    @property
    def low(self) -> float:
        """Lower bound, in base units."""
        return self.quantity.low

    @property
    def central(self) -> float:
        """The value used where nothing is drawn, in base units."""
        return self.quantity.central

    @property
    def high(self) -> float:
        """Upper bound, in base units."""
        return self.quantity.high

    @property
    def unit(self) -> str:
        """Base unit of the numbers."""
        return self.quantity.unit


def looks_like_record(raw: object) -> bool:
    """Whether a block of a seed file is meant as a record."""
    return isinstance(raw, Mapping) and "kind" in raw and ("unit" in raw or "value" in raw)


def read_record(dimension: str, raw: object) -> object:
    """Turn a flat record, as it stands in a file, into the parts of a `Record`."""
    if not isinstance(raw, Mapping):
        return raw
    about: dict[str, Any] = {key: raw[key] for key in ABOUT_KEYS if key in raw}
    if isinstance(about.get("source"), str):
        about["source"] = [about["source"]]
    rest = {key: value for key, value in raw.items() if key not in about}
    if set(rest) == {"quantity"}:
        return raw
    if "unit" not in rest:
        raise FieldErrors([("unit", "missing; every number states its unit, a share 'share'")])
    if rest.get("shape") == "beta" and rest["unit"] == "share":
        del rest["unit"]
    if isinstance(rest.get("value"), str):
        return {"quantity": parse_quantity(rest["value"], dimension), **about}
    return {"quantity": parse_quantity(rest, dimension), **about}


def _of(dimension: str) -> BeforeValidator:
    return BeforeValidator(partial(read_record, dimension))


Days = Annotated[Record, _of("duration")]
Tonnes = Annotated[Record, _of("tonnes")]
TonnesPerYear = Annotated[Record, _of("tonnes_per_year")]
Rate = Annotated[Record, _of("rate")]
Money = Annotated[Record, _of("money")]
UsdPerKg = Annotated[Record, _of("price")]
UsdPerT = Annotated[Record, _of("usd_per_t")]
UsdPerTYr = Annotated[Record, _of("usd_per_t_yr")]
ShareOf = Annotated[Record, _of("share")]
Factor = Annotated[Record, _of("factor")]
Number = Annotated[Record, _of("number")]
PerTonne = Annotated[Record, _of("tonnes_per_tonne")]


def records_in(part: BaseModel) -> dict[str, Record]:
    """Return every record of a part by its name, in the order of the file."""
    return {record.name: record for record in _walk(part)}


def _walk(thing: object) -> Iterator[Record]:
    if isinstance(thing, Record):
        yield thing
    elif isinstance(thing, BaseModel):
        for key in type(thing).model_fields:
            yield from _walk(getattr(thing, key))
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from _walk(value)
    elif isinstance(thing, tuple):
        for value in thing:
            yield from _walk(value)
