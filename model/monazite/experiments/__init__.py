"""How sure: many random worlds, paired, in parallel, resumable, compared."""

from monazite.experiments.ensemble import RunInterruptedError
from monazite.experiments.results import Results, compare, open_results
from monazite.experiments.running import resume, run

__all__ = ["Results", "RunInterruptedError", "compare", "open_results", "resume", "run"]
