"""A part that a file gives under one key that says what it is: `- stockpile: {...}`."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from monazite.scenario.hints import did_you_mean, found, listed
from monazite.scenario.part import Part


class OneKey:
    """Reads a part by the only key of its block, and writes it back so.

    Args:
        kinds: the parts by their key.
    """

    def __init__(self, kinds: Mapping[str, type[Part]]) -> None:
        self.kinds = kinds

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        choices: dict[Any, CoreSchema] = {
            kind: core_schema.no_info_before_validator_function(
                _below(kind), handler.generate_schema(part)
            )
            for kind, part in self.kinds.items()
        }
        return core_schema.no_info_before_validator_function(
            self._one_key,
            core_schema.tagged_union_schema(choices, self._key),
            serialization=core_schema.plain_serializer_function_ser_schema(self._written),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        choices = schema["schema"]["choices"]
        return {
            "anyOf": [
                {
                    "type": "object",
                    "properties": {kind: handler(choices[kind])},
                    "required": [kind],
                    "additionalProperties": False,
                }
                for kind in self.kinds
            ]
        }

    def _key(self, raw: Any) -> str:
        """Return the kind of a part, or the only key of a block."""
        for kind, part in self.kinds.items():
            if isinstance(raw, part):
                return kind
        return str(next(iter(raw)))

    def _one_key(self, raw: Any) -> Any:
        """Return the block as it is, or raise where it has not just one known key."""
        if isinstance(raw, tuple(self.kinds.values())):
            return raw
        expected = f"expected one key, {listed(self.kinds)}, with its block indented below it"
        if not isinstance(raw, Mapping):
            raise _wrong(f"found {found(raw)}; {expected}", "")
        if len(raw) != 1:
            raise _wrong(f"found {len(raw)} keys; {expected}", "")
        (key,) = raw
        if key not in self.kinds:
            raise _wrong(f"unknown key{did_you_mean(key, self.kinds) or f'; {expected}'}", key)
        return raw

    def _written(self, part: Part) -> dict[str, Any]:
        return {self._key(part): part.model_dump(mode="json", by_alias=True)}


def _wrong(message: str, key: str) -> PydanticCustomError:
    return PydanticCustomError("one_key", "{message}", {"message": message, "key": key})


def _below(kind: str) -> Callable[[Any], Any]:
    def below(raw: Any) -> Any:
        return raw[kind] if isinstance(raw, Mapping) else raw

    return below
