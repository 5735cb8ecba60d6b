"""What a run keeps when it is cut off, and that it ends in the same bytes."""

import errno
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from multiprocessing import forkserver
from pathlib import Path
from threading import Event

import pytest
from small_world import SmallScenario, deadly_world, slow_world, small_model, stopped_world

from monazite import experiments, ready
from monazite.errors import ResultsError
from monazite.experiments import ensemble
from monazite.experiments.shards import BLOCK

SCENARIO = SmallScenario(replications=8 * BLOCK + 5)
HERE = Path(__file__).parent
MAY_DIFFER = "manifest.json"

CHILD = """
import sys
from small_world import SmallScenario, slow_world, small_model
from monazite import experiments
from monazite.errors import MonaziteError

if __name__ == "__main__":
    folder, replications, jobs, pause_s = sys.argv[1:]
    scenario = SmallScenario(replications=int(replications))
    model = small_model(slow_world, pause_s=float(pause_s))
    try:
        experiments.run(scenario, folder, jobs=int(jobs), model=model)
    except experiments.RunInterruptedError as error:
        sys.exit(f"130: {error}")
    except MonaziteError as error:
        sys.exit(f"2: {error}")
"""


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.name != MAY_DIFFER}


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole") / "run"
    experiments.run(SCENARIO, folder, model=small_model())
    return contents(folder)


def child(folder: Path, jobs: int, pause_s: float = 0.0, **options) -> "subprocess.Popen[str]":
    script = folder.parent / "child.py"
    script.write_text(CHILD)
    words = [sys.executable, str(script), str(folder), str(SCENARIO.replications), str(jobs)]
    path = [str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path)}
    return subprocess.Popen(
        [*words, str(pause_s)], env=environment, stderr=subprocess.PIPE, text=True, **options
    )


def kill_and_resume(folder: Path, kills: int, seed: int) -> int:
    """Kill runs of one folder at random moments, then finish it; return how many were cut."""
    luck, cut = random.Random(seed), 0
    for kill in range(kills):
        process = child(folder, jobs=1 + kill % 2, pause_s=0.001, start_new_session=True)
        try:
            process.communicate(timeout=luck.uniform(0.35, 0.9))
        except subprocess.TimeoutExpired:
            cut += 1
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
        if (folder / MAY_DIFFER).exists() and kill % 3 == 2:
            leave_half_a_write(folder, luck)
    if (folder / MAY_DIFFER).exists():
        experiments.resume(folder, model=small_model())
    else:
        experiments.run(SCENARIO, folder, model=small_model())
    return cut


def leave_half_a_write(folder: Path, luck: random.Random) -> None:
    """Tear the newest shard and leave the beginning of another, as a kill mid-write may."""
    shards = sorted((folder / "shards").glob("*.npz"))
    if shards:
        held = shards[-1].read_bytes()
        cut = luck.randrange(len(held))
        shards[-1].write_bytes(held[:cut])
        (folder / "shards" / ".000007.npz.1.aside").write_bytes(held[:cut])
        (folder / ".summary.csv.1.aside").write_bytes(b"strategy,mine")


@pytest.mark.parametrize("way", ["spawn", ensemble.WAY])
def test_one_process_and_two_give_the_same_bytes(tmp_path, monkeypatch, whole, way):
    monkeypatch.setattr(ensemble, "WAY", way)
    experiments.run(SCENARIO, tmp_path / "run", jobs=2, model=small_model())
    assert contents(tmp_path / "run") == whole


@pytest.mark.parametrize(("jobs", "replications"), [(1, 1000), (8, BLOCK)])
def test_no_process_is_made_ready_where_none_is_needed(monkeypatch, jobs, replications):
    def refuse() -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(forkserver, "ensure_running", refuse)
    ensemble.make_ready(jobs, replications)


def test_what_is_made_ready_ends_with_the_process_that_asked_for_it(monkeypatch):
    done, ended = Event(), []
    monkeypatch.setattr(os, "_exit", lambda status: (ended.append(status), done.set()))
    ready.end_with(os.getppid() + 1, done)
    assert ended == [1]


def test_a_run_killed_at_random_moments_and_resumed_gives_the_same_bytes(tmp_path, whole):
    kill_and_resume(tmp_path / "run", kills=3, seed=4)
    assert contents(tmp_path / "run") == whole


@pytest.mark.slow
def test_a_run_killed_twenty_times_and_resumed_gives_the_same_bytes(tmp_path, whole):
    cut = sum(kill_and_resume(tmp_path / str(i), kills=4, seed=i) for i in range(5))
    assert cut >= 10
    for i in range(5):
        assert contents(tmp_path / str(i)) == whole


def test_a_kill_at_every_write_and_resumed_gives_the_same_bytes(tmp_path, monkeypatch, whole):
    """Stop before each rename in turn: what is seen then is what a kill would leave."""

    class Killed(BaseException):
        pass

    rename, count = Path.replace, 0

    def stopping(self: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count == stop:
            raise Killed
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", stopping)
    stop, ended = 0, False
    while not ended:
        stop, count = stop + 1, 0
        try:
            experiments.run(SCENARIO, tmp_path / "run", model=small_model())
            ended = True
        except Killed:
            pass
    assert stop > 10
    assert contents(tmp_path / "run") == whole


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path, whole):
    folder = tmp_path / "run"
    stopped = small_model(stopped_world, at=3 * BLOCK + 4)
    with pytest.raises(experiments.RunInterruptedError) as caught:
        experiments.run(SCENARIO, folder, model=stopped)
    assert (caught.value.done, caught.value.total) == (3 * BLOCK, SCENARIO.replications)
    assert str(caught.value) == (
        f"interrupted; 30 of 85 replications are kept. Go on with: monazite resume {folder}"
    )
    with pytest.raises(ResultsError, match="not finished; monazite resume"):
        experiments.open_results(folder)
    seen = []
    experiments.resume(folder, model=small_model(), progress=lambda d, n: seen.append((d, n)))
    assert seen[0] == (30, 85)
    assert contents(folder) == whole


def test_ctrl_c_to_the_whole_group_of_processes_ends_in_one_message(tmp_path, whole):
    folder = tmp_path / "run"
    process = child(folder, jobs=2, pause_s=0.005, start_new_session=True)
    wait_for(folder / "shards" / "000001.npz")
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert said.startswith("130: interrupted; ")
    assert "Traceback" not in said
    experiments.resume(folder, jobs=2, model=small_model())
    assert contents(folder) == whole


def test_workers_end_with_the_process_that_started_them(tmp_path):
    folder = tmp_path / "run"
    process = child(folder, jobs=2, pause_s=0.02, start_new_session=True)
    wait_for(folder / "shards" / "000000.npz")
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("a worker outlived its parent by ten seconds")


def test_a_lost_worker_is_replaced_and_the_bytes_are_the_same(tmp_path, whole):
    trouble = small_model(deadly_world, at=2 * BLOCK, mark=str(tmp_path / "died"))
    experiments.run(SCENARIO, tmp_path / "run", jobs=2, model=trouble)
    assert (tmp_path / "died").exists()
    assert contents(tmp_path / "run") == whole


def test_a_worker_lost_twice_at_one_place_ends_the_run_and_keeps_the_rest(tmp_path, whole):
    folder = tmp_path / "run"
    trouble = small_model(deadly_world, at=4 * BLOCK, mark="")
    with pytest.raises(ResultsError, match=r"lost twice.*of 85 replications are kept.*resume"):
        experiments.run(SCENARIO, folder, jobs=2, model=trouble)
    experiments.resume(folder, model=small_model())
    assert contents(folder) == whole


@pytest.mark.parametrize("room", [2, 5, 12, 17])
def test_a_full_disk_ends_in_a_message_and_what_was_kept_is_used(
    tmp_path, monkeypatch, whole, room
):
    folder, sync, written = tmp_path / "run", os.fsync, 0

    def filling(handle: int) -> None:
        nonlocal written
        written += 1
        if written > 2 * room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(handle)

    monkeypatch.setattr(os, "fsync", filling)
    with pytest.raises(ResultsError, match="No space left on device"):
        experiments.run(SCENARIO, folder, model=small_model())
    monkeypatch.setattr(os, "fsync", sync)
    if (folder / MAY_DIFFER).exists():
        with pytest.raises(ResultsError, match="not finished"):
            experiments.open_results(folder)
    experiments.run(SCENARIO, folder, model=small_model())
    assert contents(folder) == whole


def test_a_write_that_the_system_cuts_off_is_reported_with_what_was_kept(tmp_path, whole):
    def no_large_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    process = child(tmp_path / "run", jobs=1, preexec_fn=no_large_files)
    _, said = process.communicate(timeout=60)
    assert said.startswith("2: cannot write ")
    assert "File too large. 0 of 85 replications are kept" in said
    experiments.resume(tmp_path / "run", model=small_model())
    assert contents(tmp_path / "run") == whole


def test_damage_between_writing_and_reducing_is_found(tmp_path, monkeypatch, whole):
    folder, work = tmp_path / "run", ensemble.do_block

    def tearing(job, block):
        count = work(job, block)
        os.truncate(job.shards.path(0), 100)
        return count

    monkeypatch.setattr(ensemble, "do_block", tearing)
    with pytest.raises(ResultsError, match=r"000000\.npz was damaged.*75 of 85"):
        experiments.run(SCENARIO, folder, model=small_model())
    monkeypatch.setattr(ensemble, "do_block", work)
    experiments.run(SCENARIO, folder, model=small_model())
    assert contents(folder) == whole


def test_an_unfinished_run_is_continued_only_with_the_same_inputs(tmp_path):
    folder = tmp_path / "run"
    with pytest.raises(experiments.RunInterruptedError):
        experiments.run(SCENARIO, folder, model=small_model(stopped_world, at=30))
    with pytest.raises(ResultsError, match="unfinished run of another run"):
        experiments.run(SmallScenario(seed=9), folder, model=small_model())
    manifest = json.loads((folder / MAY_DIFFER).read_text())
    manifest["about"]["parameters_sha256"] = "0"
    (folder / MAY_DIFFER).write_text(json.dumps(manifest))
    with pytest.raises(ResultsError, match="unfinished run of other seeds"):
        experiments.resume(folder, model=small_model())
    manifest["about"]["version"] = "0.0.0"
    (folder / MAY_DIFFER).write_text(json.dumps(manifest))
    with pytest.raises(ResultsError, match=r"another version of monazite \(0\.0\.0, here"):
        experiments.resume(folder, model=small_model())
    again = experiments.run(SmallScenario(seed=9), folder, overwrite=True, model=small_model())
    assert again.about.seed == 9


def test_resuming_a_complete_run_changes_nothing(tmp_path, whole):
    folder = tmp_path / "run"
    experiments.run(SCENARIO, folder, model=small_model())
    before = (folder / MAY_DIFFER).read_bytes()
    experiments.resume(folder, model=small_model())
    assert contents(folder) == whole
    assert (folder / MAY_DIFFER).read_bytes() == before


def test_slow_worlds_give_the_bytes_of_quick_ones(tmp_path, whole):
    experiments.run(SCENARIO, tmp_path / "run", model=small_model(slow_world, pause_s=0.0))
    assert contents(tmp_path / "run") == whole


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.01)
