"""Every kind of bad input, and the words that its author reads.

The files and the messages lie in tests/data/broken; a comment in the first line of each file
says what is wrong with it.
"""

import os
import re
from pathlib import Path

import pytest

from monazite.errors import ScenarioError
from monazite.scenario import read_scenario

BROKEN = Path(__file__).parents[1] / "data" / "broken"
FILES = sorted(BROKEN.glob("*.yaml"))


def expected_messages() -> dict[str, list[str]]:
    """Return the messages of messages.txt by the name of the file that gives them."""
    blocks = re.split(r"^# ", (BROKEN / "messages.txt").read_text(encoding="utf-8"), flags=re.M)
    lines = [block.strip().splitlines() for block in blocks if block.strip()]
    return {name: messages for name, *messages in lines}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_broken_file_is_refused_with_all_that_is_wrong_and_where(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(BROKEN)
    with pytest.raises(ScenarioError, match=r".") as caught:
        read_scenario(file.name)
    assert [str(problem) for problem in caught.value.problems] == expected_messages()[file.name]


def test_every_message_belongs_to_a_file_and_every_file_has_one() -> None:
    assert set(expected_messages()) == {file.name for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_message_speaks_of_types_of_python_or_of_the_library(file: Path) -> None:
    said = "\n".join(expected_messages()[file.name]).lower()
    for word in ("pydantic", "http", "nonetype", "float", "dict", "tuple", "int ", "input should"):
        assert word not in said


def test_a_file_of_many_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    with file.open("wb") as large:
        large.truncate(2**30)
    with pytest.raises(ScenarioError, match=r"large.yaml:1:1: larger than 1 MB; refused"):
        read_scenario(file)


def test_a_file_that_never_ends_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"/dev/zero: not a file"):
        read_scenario("/dev/zero")


def test_a_link_that_leads_outside_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("schema: 1\n", encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    os.symlink(outside, folder / "base.yaml")
    (folder / "mine.yaml").write_text("extends: base.yaml\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"mine.yaml:1:10: extends: 'base.yaml' lies outside"):
        read_scenario(folder / "mine.yaml")


@pytest.mark.parametrize(
    "stated", ["C:/secrets.yaml", r"..\secrets.yaml", "/secrets.yaml", "//host/share.yaml"]
)
def test_a_base_by_its_full_path_is_refused_on_any_system(tmp_path: Path, stated: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(f"extends: '{stated}'\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="is not a path from this file's folder; refused"):
        read_scenario(file)


def test_a_missing_file_is_named_with_the_one_probably_meant() -> None:
    with pytest.raises(ScenarioError, match=r"no such file; did you mean 'twice.yaml'"):
        read_scenario(BROKEN / "twise.yaml")


def test_a_name_that_is_no_shipped_scenario_says_so() -> None:
    with pytest.raises(ScenarioError, match="no such file and no shipped scenario of this name"):
        read_scenario("nothing-of-this-name")


def test_a_folder_is_no_scenario(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="not a file; expected a scenario file"):
        read_scenario(tmp_path)
