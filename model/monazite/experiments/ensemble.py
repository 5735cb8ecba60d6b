"""Many blocks of work: in this process or in several, interrupted or not, the same result.

What is done is on disk before it is counted. A run that ends early, whatever the reason,
loses the blocks that were being worked on and nothing else.
"""

import gc
import os
import pickle
import signal
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import connection, get_context, parent_process

from monazite.errors import MonaziteError, ResultsError
from monazite.experiments.shards import BLOCK, Shards
from monazite.experiments.work import Job, do_block

Progress = Callable[[int, int], object]
"""Called with how many replications are done, and of how many."""

WINDOW = 2
"""Blocks handed to each process ahead of time."""

WAY = "forkserver" if sys.platform == "linux" else "spawn"
"""How a worker starts: as a copy of a process that has imported all, where that is safe."""


class RunInterruptedError(MonaziteError):
    """Ctrl-C; what was finished is kept.

    Attributes:
        folder: the folder of the run.
        done: finished replications.
        total: all replications of the run.
        resume: the command that goes on.
    """

    def __init__(self, folder: str, done: int, total: int) -> None:
        self.folder, self.done, self.total = folder, done, total
        self.resume = f"monazite resume {folder}"
        super().__init__(
            f"interrupted; {done} of {total} replications are kept. Go on with: {self.resume}"
        )

    def __reduce__(self) -> tuple[type["RunInterruptedError"], tuple[str, int, int]]:
        return type(self), (self.folder, self.done, self.total)


def make_ready(jobs: int, replications: int) -> None:
    """Let another process import what workers need, while this one prepares the run.

    Args:
        jobs: how many processes will work.
        replications: how many worlds there are; those of one block need no worker.
    """
    if WAY != "forkserver" or jobs <= 1 or replications <= BLOCK:
        return
    from multiprocessing import forkserver

    import_module("monazite.rules")  # chooses the cache of compiled rules, for all processes
    forkserver.set_forkserver_preload(["monazite.ready"])
    with _deaf():
        forkserver.ensure_running()


def run_blocks(job: Job, jobs: int, progress: Progress | None) -> None:
    """Do every block that is not kept already.

    Args:
        job: what to do.
        jobs: how many processes; 1 works in this one.
        progress: told after each block, and once at the start.

    Raises:
        ResultsError: where a file cannot be written or a block loses its worker twice.
    """
    missing = job.shards.missing()
    total = job.shards.replications
    done = kept(job.shards, missing)

    def tell(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, total)

    tell(0)
    if jobs == 1 or len(missing) <= 1:
        gc.freeze()
        try:
            for block in missing:
                tell(do_block(job, block))
        finally:
            gc.unfreeze()
    else:
        _in_processes(job, missing, jobs, tell)


def kept(shards: Shards, missing: Sequence[int] | None = None) -> int:
    """Return how many replications are on disk."""
    missing = shards.missing() if missing is None else missing
    return shards.replications - sum(shards.count(block) for block in missing)


def _in_processes(job: Job, missing: Sequence[int], jobs: int, tell: Callable[[int], None]) -> None:
    waiting, losses = deque(missing), Counter[int]()
    while waiting:
        lost = _one_pool(job, waiting, min(jobs, len(waiting)), tell)
        losses.update(lost)
        twice = [block for block in lost if losses[block] > 1]
        if twice:
            first = job.shards.first(twice[0])
            raise ResultsError(
                "a worker process was lost twice, the second time at a replication from "
                f"{first} to {first + job.shards.count(twice[0]) - 1}; out of memory?"
            )
        waiting.extendleft(reversed(lost))


def _one_pool(job: Job, waiting: deque[int], jobs: int, tell: Callable[[int], None]) -> list[int]:
    """Work until all is done or a worker is lost.

    Returns:
        The blocks that were lost with the worker.
    """
    running: dict[Future[int], int] = {}
    pool = ProcessPoolExecutor(jobs, mp_context=get_context(WAY), initializer=_start)
    pickled = pickle.dumps(job)

    def fill() -> None:
        while waiting and len(running) < WINDOW * jobs:
            future = pool.submit(_do, pickled, waiting[0])
            running[future] = waiting.popleft()

    try:
        with _deaf():
            fill()
        while running:
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                tell(future.result())
                del running[future]
            fill()
    except BrokenProcessPool:
        pool.shutdown()
        whole = [block for block in running.values() if job.shards.is_whole(block)]
        tell(sum(job.shards.count(block) for block in whole))
        return sorted(set(running.values()) - set(whole))
    except BaseException:
        with _deaf():  # else the next Ctrl-C would leave workers that nobody ends
            pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown(wait=False)  # they end while their files are read
    return []


@contextmanager
def _deaf() -> Iterator[None]:
    """Start workers that ignore Ctrl-C from their first moment, while they still import too."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears it, and only there it can be turned off
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


_JOB: list[Job] = []


def _start() -> None:
    """Make a worker ready: Ctrl-C is for the parent, and without it there is no work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _do(pickled: bytes, block: int) -> int:
    """Do a block of the one job of this pool.

    The job comes with the block, not with the process: a parent that hands over more than a
    pipe holds waits until the new process has imported all, before it starts the next.
    """
    if not _JOB:
        _JOB.append(pickle.loads(pickled))
        gc.freeze()
    return do_block(_JOB[0], block)
