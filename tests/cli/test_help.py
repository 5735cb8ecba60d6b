"""Help is there for everything, has an example, and comes at once."""

import re
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
import typer

from monazite import __version__
from monazite.cli.app import app, main

GROUP = typer.main.get_command(app)
COMMANDS = dict(GROUP.commands)  # type: ignore[attr-defined]
ISSUED = {
    "run", "resume", "compare", "validate", "check", "new", "list", "show", "explain", "stress",
    "trace", "schema", "import",
}  # fmt: skip


def test_the_commands_are_those_promised() -> None:
    assert set(COMMANDS) == ISSUED


@pytest.mark.parametrize("name", sorted(ISSUED))
def test_every_command_has_help_with_an_example(name: str) -> None:
    text = COMMANDS[name].help
    assert re.search(rf"Example: `monazite {name}\b.*`", text), text


@pytest.mark.parametrize("name", sorted(ISSUED))
def test_every_option_has_help(name: str) -> None:
    silent = [p.name for p in COMMANDS[name].params if not p.help]
    assert silent == []


@pytest.mark.parametrize("name", sorted(ISSUED))
def test_every_option_that_takes_a_value_shows_one(name: str) -> None:
    """A flag explains itself; `--seed N` shows `--seed 7`."""
    options = [p for p in COMMANDS[name].params if p.param_type_name == "option" and not p.is_flag]
    unclear = [p.opts[0] for p in options if f"`{p.opts[0]}" not in p.help and "`--" not in p.help]
    assert unclear == []


def test_flags_mean_the_same_everywhere() -> None:
    meanings: dict[str, set[str]] = {}
    for command in COMMANDS.values():
        for parameter in command.params:
            if parameter.param_type_name == "option" and parameter.opts[0] != "--out":
                meanings.setdefault(parameter.opts[0], set()).add(parameter.help)
    assert {flag: texts for flag, texts in meanings.items() if len(texts) > 1} == {}


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["run", "--help"], []])
def test_help_goes_to_stdout(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main(words)
    said = capsys.readouterr()
    assert "Usage: monazite" in said.out + said.err


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"monazite {__version__}\n"


def _best_of(attempts: int, action: Callable[[], object]) -> float:
    times = []
    for _ in range(attempts):
        begun = time.perf_counter()
        action()
        times.append(time.perf_counter() - begun)
    return min(times)


def test_help_comes_within_a_few_interpreter_starts() -> None:
    """Half a second on a slow machine, stated as a ratio so that no machine is too slow."""
    words = [sys.executable, "-m", "monazite", "--help"]
    bare = _best_of(3, lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
    ours = _best_of(3, lambda: subprocess.run(words, capture_output=True, check=True))
    assert ours < max(0.5, 25 * bare)
