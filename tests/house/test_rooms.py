"""Rooms import in one direction, and libraries stay in theirs."""

import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


def test_import_contracts_hold() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    ended = subprocess.run(
        [tool, "--no-cache"], cwd=TOP, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_the_package_imports_without_its_heavy_libraries() -> None:
    """Help and completion wait for every import, so nothing heavy may be among them."""
    heavy = "{'numba', 'scipy', 'simpy', 'pandas', 'numpy', 'pydantic', 'yaml'}"
    code = f"import sys, monazite.cli.app; print(sorted({heavy} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_workers_import_nothing_of_the_commands() -> None:
    """They import the script that started the run, and with it what it imports at its top."""
    code = "import sys; from monazite.cli import run; print({'typer'} & set(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "set()"
