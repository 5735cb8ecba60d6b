"""The command `monazite`: its parts, and how each kind of ending is reported."""

import contextlib
import errno
import os
import sys
import traceback
from collections.abc import Sequence

import typer

from monazite import __version__
from monazite.cli import (
    INTERRUPTED,
    comparing,
    explaining,
    importing,
    looking,
    running,
    starting,
    stressing,
    tracing,
    validating,
)
from monazite.cli.talk import TALK, tell
from monazite.errors import MonaziteError

DONE = 0
FAILED_CHECK = 1
MENDABLE = 2
BUG = 70
STOPPED = "interrupted before anything was done"
REFUSED = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What the system says where stdout is a file that it cannot write."""

app = typer.Typer(
    name="monazite",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=(
        "Exit status: 0 done, 1 a check failed, 2 something to mend in the input, "
        "3 partly done, 70 a bug in monazite, 130 interrupted."
    ),
)
for command in (
    running.run,
    running.resume,
    comparing.compare,
    validating.validate,
    comparing.check,
    starting.new,
    starting.list_,
    looking.show,
    explaining.explain,
    stressing.stress,
    tracing.trace,
    validating.schema,
):
    app.command(name=command.__name__.rstrip("_"))(command)
app.add_typer(importing.importing)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"monazite {__version__}")
        raise typer.Exit


@app.callback()
def monazite(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and end."
    ),
) -> None:
    """Stockpile, or build processing? Critical-mineral disruptions at equal budgets.

    Start with: `monazite run ree-magnets`
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status.

    Args:
        arguments: words after `monazite`; None means those of the process.
    """
    TALK.reset()
    try:
        status = _obey(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
        return DONE
    except OSError as error:
        if error.errno not in REFUSED:
            raise
        _silence()
        tell(f"cannot write the output: {error.strerror}", always=True)
        return MENDABLE
    return status


def _obey(arguments: Sequence[str] | None) -> int:
    try:
        app(args=arguments, prog_name="monazite")
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):
            raise end.__context__ from None
        if end.code == INTERRUPTED and _is_interrupt(end.__context__):
            tell(STOPPED, always=True)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except MonaziteError as error:
        if TALK.debug:
            traceback.print_exc()
        else:
            tell(str(error), always=True)
        return MENDABLE
    except BrokenPipeError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in REFUSED:
            raise
        if _is_interrupt(error):
            tell(STOPPED, always=True)
            return INTERRUPTED
        traceback.print_exc()
        tell(f"This is a bug in monazite {__version__}, not in your input.", always=True)
        return BUG
    return DONE


def _is_interrupt(error: BaseException | None) -> bool:
    """Return whether Ctrl-C is behind an error; some libraries tell it as one of their own."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt) or "KeyboardInterrupt" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _silence() -> None:
    """Point a closed stdout at nothing, so that the interpreter can end without a word."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
