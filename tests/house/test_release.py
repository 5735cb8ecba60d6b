"""What a release promises in more than one place is the same in all of them."""

import re
from pathlib import Path

import yaml

import monazite

TOP = Path(__file__).resolve().parents[2]


def test_newest_heading_of_the_changelog_is_the_version() -> None:
    headings = re.findall(r"^## (\S+)", (TOP / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert headings[0] == monazite.__version__


def test_citation_names_the_version_and_the_licence() -> None:
    citation = yaml.safe_load((TOP / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(citation["version"]) == monazite.__version__
    assert citation["license"] == "Apache-2.0"
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
