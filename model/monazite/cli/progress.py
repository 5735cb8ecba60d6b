"""The progress bar, on stderr and only where a person watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from monazite.cli.talk import TALK, tell

Progress = Callable[[int, int], None]
"""Called with how many replications are done, and of how many."""


@contextmanager
def progress_bar(what: str) -> Iterator[Progress]:
    """Show how far a run is, and how long the rest will take.

    Yields:
        A function to call with the replications done and those wanted.
    """
    if TALK.quiet or not sys.stderr.isatty():
        tell(f"{what} ...")
        yield _nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar
    from rich.progress import TimeRemainingColumn as TimeLeft

    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeLeft())
    with Bar(*parts, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def advance(done: int, wanted: int) -> None:
            bar.update(task, completed=done, total=wanted)

        yield advance


def _nothing(done: int, wanted: int) -> None:
    """Take note of nothing."""
