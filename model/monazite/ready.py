"""Import all that workers need, in the process that they are copies of.

It starts before the run is prepared, which may find something to mend. Whoever reads what a
command says waits for each process that could say more, so this one ends with its parent. Its
room imports nothing, so that it is watched from the start.
"""

import os
from importlib import import_module
from threading import Event, Thread

NEEDED = ("monazite.experiments.ensemble", "monazite.simulation", "scipy.linalg", "scipy.special")
"""Of scipy, what the first world would import."""

OFTEN_S = 0.05
"""How often to look whether the parent is there."""


def end_with(parent: int, done: Event) -> None:
    """End this process when it has another parent, until it is done."""
    while not done.wait(OFTEN_S):
        if os.getppid() != parent:
            os._exit(1)


def _import_all() -> None:
    done = Event()
    watch = Thread(target=end_with, args=(os.getppid(), done), daemon=True)
    watch.start()
    for name in NEEDED:
        import_module(name)
    done.set()
    watch.join()  # a process with a thread is not to be copied


_import_all()
