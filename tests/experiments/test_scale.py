import os
import subprocess
import sys
from pathlib import Path

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
