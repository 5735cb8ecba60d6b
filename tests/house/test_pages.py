"""Pages that come from the code say what the code says, and examples in them run."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

TOP = Path(__file__).resolve().parents[2]


def _generator() -> ModuleType:
    found = importlib.util.spec_from_file_location("generate", TOP / "docs" / "generate.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_generated_pages_are_those_of_the_code() -> None:
    """After a change of a command, a key or a column: `make docs`."""
    for target, text in _generator().pages().items():
        assert target.read_text(encoding="utf-8") == text, f"{target} is stale; run `make docs`"


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "docs/developing.md"])
def test_links_between_pages_lead_somewhere(page: str) -> None:
    text = (TOP / page).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert ((TOP / page).parent / link).exists(), f"{page}: no {link}"


@pytest.mark.parametrize(
    "scenario", sorted((TOP / "scenarios").glob("*.yaml")), ids=lambda p: p.name
)
def test_shipped_scenarios_name_their_schema(scenario: Path) -> None:
    first = scenario.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=monazite.schema.json"
