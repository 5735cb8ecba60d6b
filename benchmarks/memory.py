"""Peak memory and time of a run at 100 against 1,000 replications, in processes of its own."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.show import show
from benchmarks.worlds import FILE, scenario
from monazite.world import prepare

MEASURED = """
import json, resource, subprocess, sys, time
begun = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=sys.stderr)
spent, used = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_maxrss, spent, used.ru_utime + used.ru_stime]))
"""
"""A small process of its own, so that no earlier child counts."""

TO_MB = 1e-3 if sys.platform != "darwin" else 1e-6


def measured(replications: int, jobs: int) -> tuple[float, float, float]:
    """Return peak memory of the largest process [MB], wall time and processor time [s]."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            *(sys.executable, "-m", "monazite", "run", str(FILE)),
            *("--replications", str(replications), "--jobs", str(jobs)),
            *("--out", str(Path(folder) / "run")),
        ]
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, *command], check=False, capture_output=True, text=True
        )
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    peak, wall_s, cpu_s = json.loads(done.stdout)
    return peak * TO_MB, wall_s, cpu_s


def main(rules_us: float = 0.0, few: int = 100, many: int = 1000) -> None:
    """Print peak memory and time of two sizes of run; `rules_us` is a review of bare rules."""
    prepared = prepare(scenario())
    a_world = len(prepared.strategies) * prepared.clock.reviews
    jobs = min(2, os.cpu_count() or 1)
    measured(1, 1)  # compiles
    rows, peaks = [], []
    for replications in (few, many):
        peak_mb, wall_s, cpu_s = measured(replications, jobs)
        peaks.append(peak_mb)
        cost_us = 1e6 * cpu_s / (replications * a_world)
        ratio = f"{cost_us / rules_us:.2f}" if rules_us else ""
        rows.append(
            (f"{replications:,}", f"{peak_mb:.0f}", f"{100 * (peak_mb / peaks[0] - 1):+.1f}",
             f"{wall_s:.1f}", f"{cost_us:.1f}", ratio)
        )  # fmt: skip
    show(
        f"monazite run {FILE.name} --jobs {jobs}: memory and time",
        (
            "replications",
            "peak\nMB",
            "more\n%",
            "wall\ns",
            "processor\nµs a review",
            "times\nrules",
        ),
        rows,
        "Peak of the largest process, by getrusage of children; all the run's work counts in "
        "the time: start, evidence, workers, shards, statistics, CSVs. Aims: within 10 %, and "
        "60 s on two free cores.",
    )


if __name__ == "__main__":
    main()
