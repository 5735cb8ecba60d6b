"""Each kind of ending has its status, and only what helps is said."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from monazite.cli.app import main

Monazite = Callable[..., "subprocess.CompletedProcess[str]"]


def test_a_misspelt_command_ends_with_2_and_what_was_meant(monazite: Monazite) -> None:
    ended = monazite("comapre")
    assert ended.returncode == 2
    assert "compare" in ended.stderr
    assert ended.stdout == ""


def test_a_file_that_is_not_there_ends_with_2_and_no_trace(monazite: Monazite) -> None:
    ended = monazite("run", "nowhere.yaml")
    assert ended.returncode == 2
    assert "nowhere.yaml" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_debug_shows_the_trace_of_a_mistake(monazite: Monazite) -> None:
    ended = monazite("run", "nowhere.yaml", "--debug")
    assert ended.returncode == 2
    assert "Traceback" in ended.stderr


def test_a_bug_ends_with_70_and_its_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import monazite.scenario

    def broken() -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(monazite.scenario, "json_schema", broken)
    assert main(["schema"]) == 70
    said = capsys.readouterr().err
    assert "ZeroDivisionError: planted" in said
    assert "a bug in monazite" in said


TOLD = ValueError("in a library: KeyboardInterrupt")


@pytest.mark.parametrize("told", [KeyboardInterrupt(), TOLD])
def test_an_interrupt_ends_with_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], told: BaseException
) -> None:
    import monazite.scenario

    def interrupted() -> None:
        raise told

    monkeypatch.setattr(monazite.scenario, "json_schema", interrupted)
    assert main(["schema"]) == 130
    assert capsys.readouterr().err.strip().endswith("interrupted before anything was done")


@pytest.mark.skipif(os.name == "nt", reason="pipes end differently there")
@pytest.mark.parametrize("words", [["schema"], ["show", "ndfeb"], ["--help"], ["list"]])
def test_a_closed_pipe_ends_quietly_with_0(words: list[str], tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "monazite", *words],
            stdout=writer,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            check=False,
        )
    finally:
        os.close(writer)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device there")
@pytest.mark.parametrize("words", [["schema"], ["list", "templates"], ["--help"]])
def test_a_full_disk_behind_stdout_ends_with_2_and_no_trace(words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "monazite", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert ended.stderr == b"cannot write the output: No space left on device\n"
    assert ended.returncode == 2
