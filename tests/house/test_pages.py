"""Pages that come from the code say what the code says, and examples in them run."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from monazite.scenario import read_scenario
from monazite.world import prepare

TOP = Path(__file__).resolve().parents[2]


def _generator() -> ModuleType:
    found = importlib.util.spec_from_file_location("generate", TOP / "docs" / "generate.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


PAGES = _generator().pages()
SLOW = {"docs/chains.md"}
"""Pages that are worked out by running the model."""


@pytest.mark.parametrize(
    "page", [pytest.param(p, marks=pytest.mark.slow) if p in SLOW else p for p in PAGES]
)
def test_generated_pages_are_those_of_the_code(page: str) -> None:
    """After a change of a command, a key, a column or a chain: `make docs`."""
    written = (TOP / page).read_text(encoding="utf-8")
    assert written == PAGES[page](), f"{page} is stale; run `make docs`"


def test_the_example_of_shocks_is_a_scenario(tmp_path: Path) -> None:
    text = (TOP / "docs/scenario-intro.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.S)
    (shocks,) = (block for block in blocks if "closures:" in block)
    file = tmp_path / "shocks.yaml"
    file.write_text(f"name: shocks\nextends: ree-magnets\n{shocks}", encoding="utf-8")
    assert len(prepare(read_scenario(file)).shocks) == 5


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
