"""What is built carries its scenarios and its evidence, and works from any folder."""

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


def _do(*words: object, cwd: Path) -> str:
    ended = subprocess.run(
        [str(word) for word in words], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel that was built from the source archive, not from the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    _do(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, TOP, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; the libraries are lent by the one that runs the tests."""
    folder = tmp_path_factory.mktemp("elsewhere")
    _do(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    _do(python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=folder)
    site = _do(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder)
    lent = sysconfig.get_path("purelib") + "\n"
    (Path(site.strip()) / "lent.pth").write_text(lent, encoding="utf-8")
    return folder


def test_the_wheel_carries_every_scenario_and_every_seed(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    for room in ("scenarios", "seeds"):
        files = [path for path in (TOP / room).rglob("*") if path.is_file()]
        missing = [
            str(path.relative_to(TOP))
            for path in files
            if f"monazite/_shipped/{path.relative_to(TOP).as_posix()}" not in inside
        ]
        assert files
        assert missing == []


def test_the_wheel_carries_nothing_of_the_tests_or_the_results(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top.split("-")[0] for top in tops} == {"monazite"}


def test_the_installed_command_runs_from_another_folder(elsewhere: Path) -> None:
    command = elsewhere / "venv" / "bin" / "monazite"
    python = elsewhere / "venv" / "bin" / "python"
    where = _do(python, "-c", "import monazite; print(monazite.__file__)", cwd=elsewhere)
    assert Path(where.strip()).is_relative_to(elsewhere)
    assert "ree-magnets" in _do(command, "list", "scenarios", cwd=elsewhere)
    folder = _do(command, "run", "ree-magnets", "--replications", "2", "--quiet", cwd=elsewhere)
    assert (elsewhere / folder.strip() / "summary.csv").is_file()
