"""A whole scenario to change, and a way to write it."""

from collections.abc import Callable
from pathlib import Path

import pytest

WHOLE = Path(__file__).parents[1] / "data" / "scenario" / "whole.yaml"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a file in an empty folder."""

    def write(text: str, name: str = "scenario.yaml") -> Path:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def whole() -> str:
    """Return a scenario that uses every part and every shape of a quantity."""
    return WHOLE.read_text(encoding="utf-8")
