"""Running the command as a user does, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Ended = subprocess.CompletedProcess[str]
Monazite = Callable[..., Ended]


@pytest.fixture
def monazite(tmp_path: Path) -> Monazite:
    """The command, run in an empty folder with a pipe for stdout."""

    def command(*words: str, **environment: str) -> Ended:
        return subprocess.run(
            [sys.executable, "-m", "monazite", *words],
            cwd=tmp_path,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "80", **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return command
