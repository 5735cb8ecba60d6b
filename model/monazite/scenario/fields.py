"""The kinds of value a scenario part may hold, each read from how people write it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from monazite.scenario.hints import found
from monazite.scenario.part import FieldErrors
from monazite.scenario.quantity import Quantity, as_written, parse_quantity
from monazite.scenario.quantity_schema import quantity_schema
from monazite.scenario.units import DIMENSIONS


@dataclass(frozen=True, slots=True)
class _Read:
    """Reads a quantity of one of some dimensions; the first one gives the messages."""

    dimensions: tuple[str, ...]
    fixed: bool = False

    def __call__(self, raw: object) -> Quantity:
        """Return the quantity, or raise with what is wrong."""
        problems: list[tuple[str, str]] = []
        for dimension in self.dimensions:
            try:
                return self._checked(parse_quantity(raw, dimension))
            except FieldErrors as error:
                problems = problems or list(error.problems)
        others = [DIMENSIONS[dimension] for dimension in self.dimensions[1:]]
        also = "".join(f", or {other.title} such as '{other.example}'" for other in others)
        raise FieldErrors(
            (key, text + also if "expected" in text else text) for key, text in problems
        )

    def _checked(self, quantity: Quantity) -> Quantity:
        if self.fixed and not quantity.is_fixed:
            raise FieldErrors([("", "found a range; expected one value")])
        return quantity

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self, serialization=core_schema.plain_serializer_function_ser_schema(as_written)
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return quantity_schema(self.dimensions, self.fixed)


Duration = Annotated[Quantity, _Read(("duration",))]
Tonnes = Annotated[Quantity, _Read(("tonnes",))]
TonnesPerYear = Annotated[Quantity, _Read(("tonnes_per_year",))]
Rate = Annotated[Quantity, _Read(("rate",))]
Price = Annotated[Quantity, _Read(("price",))]
Share = Annotated[Quantity, _Read(("share",))]
Factor = Annotated[Quantity, _Read(("factor",))]
Number = Annotated[Quantity, _Read(("number",))]
UsdPerTonneYear = Annotated[Quantity, _Read(("usd_per_t_yr",))]

FixedTonnes = Annotated[Quantity, _Read(("tonnes",), fixed=True)]
FixedDuration = Annotated[Quantity, _Read(("duration",), fixed=True)]
FixedMoney = Annotated[Quantity, _Read(("money",), fixed=True)]
FixedRate = Annotated[Quantity, _Read(("rate",), fixed=True)]
FixedPrice = Annotated[Quantity, _Read(("price",), fixed=True)]
FixedShare = Annotated[Quantity, _Read(("share",), fixed=True)]
FixedNumber = Annotated[Quantity, _Read(("number",), fixed=True)]
FixedFactor = Annotated[Quantity, _Read(("factor",), fixed=True)]
FixedTonnesPerYear = Annotated[Quantity, _Read(("tonnes_per_year",), fixed=True)]
TonnesOrUse = Annotated[Quantity, _Read(("tonnes", "days_of_use"), fixed=True)]
"""Tonnes, or days of the owner's reference use; the unit tells which."""
MoneyOrShare = Annotated[Quantity, _Read(("money", "share"), fixed=True)]
"""Money, or a share of the strategy's budget; the unit tells which."""


class _ReadDay:
    """Reads a day written as year-month-day."""

    def __call__(self, raw: object) -> date:
        """Return the day, or raise with what is wrong."""
        if type(raw) is date:
            return raw
        if isinstance(raw, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", raw):
            try:
                return date.fromisoformat(raw)
            except ValueError:
                raise FieldErrors([("", f"found {found(raw)}, which is no day")]) from None
        message = f"found {found(raw)}; expected a date such as 2027-01-31"
        raise FieldErrors([("", message)])

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self, serialization=core_schema.plain_serializer_function_ser_schema(date.isoformat)
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$", "examples": ["2027-01-31"]}


Day = Annotated[date, _ReadDay()]


class _ReadDayOrLead:
    """Reads a day, or how long before another one."""

    def __init__(self) -> None:
        self.day, self.lead = _ReadDay(), _Read(("duration",))

    def __call__(self, raw: object) -> date | Quantity:
        """Return the day or the time before, or raise with what is wrong."""
        if type(raw) is date or (isinstance(raw, str) and re.match(r"\d{4}-", raw)):
            return self.day(raw)
        try:
            return self.lead(raw)
        except FieldErrors as error:
            also = ", or a date such as 2027-01-31"
            raise FieldErrors(
                (key, text + also if "expected" in text else text) for key, text in error.problems
            ) from None

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self, serialization=core_schema.plain_serializer_function_ser_schema(_day_or_lead)
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        day = self.day.__get_pydantic_json_schema__(schema, handler)
        return {"anyOf": [day, quantity_schema(("duration",), fixed=False)]}


def _day_or_lead(value: date | Quantity) -> Any:
    return value.isoformat() if isinstance(value, date) else as_written(value)


DayOrLead = Annotated[date | Quantity, _ReadDayOrLead()]
"""A day, or a time before the day that it leads up to."""


class _ReadRaw:
    """Keeps what is written for a record of the evidence, which knows its dimension."""

    def __call__(self, raw: object) -> object:
        """Return it unread, or raise when no quantity is written so."""
        if isinstance(raw, str | int | float | Mapping) and not isinstance(raw, bool):
            return raw
        message = f"found {found(raw)}; expected a value with its unit, or low, mode, high and unit"
        raise FieldErrors([("", message)])

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return quantity_schema(tuple(DIMENSIONS), fixed=False)


RawValue = Annotated[Any, _ReadRaw()]
"""A new value for a record: a text with a unit, a number, or a mapping; not yet read."""
