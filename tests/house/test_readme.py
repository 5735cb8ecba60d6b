"""What the README tells a newcomer to type works, in the order in which it stands."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
README = (TOP / "README.md").read_text(encoding="utf-8")


def _typed() -> list[str]:
    blocks = re.findall(r"^```console\n(.*?)^```", README, flags=re.M | re.S)
    return [line[2:] for block in blocks for line in block.splitlines() if line[:2] == "$ "]


@pytest.mark.slow
def test_console_lines_of_the_readme_run(tmp_path: Path) -> None:
    assert _typed()
    for line in _typed():
        program, *words = shlex.split(line)
        assert program == "monazite"
        ended = subprocess.run(
            [sys.executable, "-m", "monazite", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, f"{line}\n{ended.stderr}"


@pytest.mark.slow
def test_yaml_of_the_readme_is_a_scenario(tmp_path: Path) -> None:
    from monazite.scenario import read_scenario

    for k, block in enumerate(re.findall(r"^```yaml\n(.*?)^```", README, flags=re.M | re.S)):
        file = tmp_path / f"{k}.yaml"
        file.write_text(block, encoding="utf-8")
        assert read_scenario(file).strategies


def test_sample_in_the_readme_is_the_reference_output() -> None:
    """After a change of numbers: `make reference`, then `make docs`."""
    reference = TOP / "results" / "reference" / "ree-magnets"
    if not (reference / "manifest.json").is_file():
        pytest.skip("there is no reference output yet")
    sample = re.search(
        r"<!-- sample:start -->\n```text\n(.*?)```\n<!-- sample:end -->", README, flags=re.S
    )
    assert sample is not None
    ended = subprocess.run(
        [sys.executable, "-m", "monazite", "compare", str(reference)],
        env={**os.environ, "TTY_COMPATIBLE": "1", "COLUMNS": "80", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert sample[1].split() == ended.stdout.split()
