"""The JSON Schema accepts what is read, refuses what is refused, and explains every key."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from monazite.errors import ScenarioError
from monazite.scenario import json_schema, read_scenario, resolved_text, shipped_names
from monazite.scenario.files import load, located
from monazite.scenario.text import read_text

from .conftest import WHOLE

Schema = jsonschema.Draft202012Validator


def complaints(data: Any) -> list[str]:
    return [error.message for error in Schema(json_schema()).iter_errors(data)]


@pytest.fixture
def data() -> Any:
    return load(WHOLE).data


def test_the_schema_is_one() -> None:
    Schema.check_schema(json_schema())


def test_it_accepts_every_file_that_is_read(data: Any) -> None:
    assert complaints(data) == []
    assert complaints(read_text(resolved_text(read_scenario(WHOLE)), "f").data) == []
    for file in [*map(located, shipped_names()), *WHOLE.parent.glob("*.yaml")]:
        assert complaints(load(file).data) == []


@pytest.mark.parametrize("stem", ["unknown_key", "wrong_type", "missing_key", "schema_version"])
def test_it_refuses_what_the_reader_refuses(stem: str) -> None:
    file = Path(__file__).parents[1] / "data" / "broken" / f"{stem}.yaml"
    assert complaints(load(file).data)
    with pytest.raises(ScenarioError, match=stem):
        read_scenario(file)


def test_a_file_that_extends_another_may_leave_out_what_that_one_says(data: Any) -> None:
    assert complaints({"seed": 3})
    assert complaints({"extends": "base.yaml", "seed": 3, "strategies": {"oxide": None}}) == []


def test_an_instrument_may_be_short_only_in_a_strategy_that_extends_another(data: Any) -> None:
    short = {"stockpile": {"name": "oxides", "release": {"level": 2}}}
    with_base, without = deepcopy(data), deepcopy(data)
    with_base["strategies"]["more"] = {"extends": "oxide", "instruments": [short]}
    without["strategies"]["more"] = {"instruments": [short]}
    assert complaints(with_base) == []
    assert complaints(without)


def keys_of(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every property of every part."""
    parts = {name: part for name, part in schema["$defs"].items() if "properties" in part}
    for name, part in {"Scenario": schema, **parts}.items():
        for key, value in part["properties"].items():
            yield f"{name}.{key}", value


def test_every_key_is_explained() -> None:
    unexplained = [key for key, value in keys_of(json_schema()) if "description" not in value]
    assert unexplained == []


def test_every_part_has_a_name_of_its_own() -> None:
    assert [name for name in json_schema()["$defs"] if "__" in name] == []


def test_every_reference_leads_somewhere() -> None:
    schema = json_schema()

    def references(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            if "$ref" in part:
                yield part["$ref"]
            part = list(part.values())
        if isinstance(part, list):
            for item in part:
                yield from references(item)

    assert {ref.rpartition("/")[2] for ref in references(schema)} == set(schema["$defs"])


def test_defaults_are_shown_as_a_file_writes_them() -> None:
    schema = json_schema()
    assert schema["properties"]["review"]["default"] == "7 d"
    assert schema["$defs"]["Control"]["properties"]["chance"]["default"] == 1
