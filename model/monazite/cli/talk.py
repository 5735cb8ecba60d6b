"""Talk to a person on stderr; stdout is kept for data."""

import sys
from dataclasses import dataclass


@dataclass(slots=True)
class Talk:
    """How much is said, set by the flags of the one command that runs.

    Attributes:
        quiet: say only what went wrong.
        debug: show the trace of errors that would otherwise be one line.
    """

    quiet: bool = False
    debug: bool = False

    def reset(self) -> None:
        """Forget the flags of the command before."""
        self.quiet = self.debug = False


TALK = Talk()


def tell(text: str, *, always: bool = False) -> None:
    """Write a line on stderr; `--quiet` leaves it out unless it is always said."""
    if always or not TALK.quiet:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def set_quiet(wanted: bool) -> bool:
    """Take note of `--quiet` and hand it on."""
    TALK.quiet = TALK.quiet or wanted
    return wanted


def set_debug(wanted: bool) -> bool:
    """Take note of `--debug` and hand it on."""
    TALK.debug = TALK.debug or wanted
    return wanted
