import gc
import os
import subprocess
import sys
from pathlib import Path

from small_world import Ring, SmallScenario, ringed_world, small_model

from monazite import experiments

HERE = Path(__file__).parent
CHILD = """
import resource, sys
from small_world import SmallScenario, small_model
from monazite import experiments

experiments.run(SmallScenario(replications=int(sys.argv[1])), sys.argv[2], model=small_model())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(replications: int, folder: Path) -> int:
    words = [sys.executable, "-c", CHILD, str(replications), str(folder)]
    environment = os.environ | {"PYTHONPATH": str(HERE)}
    ended = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    return int(ended.stdout)


def test_ten_times_the_worlds_take_no_more_memory(tmp_path):
    few, many = peak(100, tmp_path / "few"), peak(1000, tmp_path / "many")
    assert many < 1.1 * few


def test_what_worlds_leave_in_rings_goes_with_their_block(tmp_path):
    left, model = [], small_model(ringed_world)
    gc.collect()  # what earlier tests left
    experiments.run(
        SmallScenario(replications=35),
        tmp_path / "run",
        model=model,
        progress=lambda done, wanted: left.append(len(Ring.alive)),
    )
    assert left == [0] * 5
    assert gc.get_freeze_count() == 0
