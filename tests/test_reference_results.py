"""The committed results of the main scenario are what the code makes of it today."""

import csv
import math
from pathlib import Path

import pytest

from monazite.experiments import run
from monazite.scenario import read_scenario

TOP = Path(__file__).resolve().parents[1]
REFERENCE = TOP / "results" / "reference" / "ree-magnets"
CLOSE = 1e-6
"""Relative difference between platforms; on one machine the bytes are the same."""


def same(found: str, stored: str) -> bool:
    if found == stored:
        return True
    try:
        a, b = float(found), float(stored)
    except ValueError:
        return False
    return math.isclose(a, b, rel_tol=CLOSE, abs_tol=1e-6)


@pytest.mark.slow
def test_the_committed_results_are_those_of_the_main_scenario(tmp_path: Path) -> None:
    """After a change of numbers: `make reference`, and say why in the changelog."""
    run(read_scenario("ree-magnets"), out=tmp_path / "again", jobs=2)
    stored = sorted(REFERENCE.glob("*.csv"))
    assert len(stored) == 10
    for file in stored:
        with (
            file.open(encoding="utf-8", newline="") as old,
            (tmp_path / "again" / file.name).open(encoding="utf-8", newline="") as new,
        ):
            for number, (was, now) in enumerate(
                zip(csv.reader(old), csv.reader(new), strict=True), start=1
            ):
                differ = [(a, b) for a, b in zip(now, was, strict=True) if not same(a, b)]
                assert not differ, f"{file.name} line {number}: {differ[:3]}"
