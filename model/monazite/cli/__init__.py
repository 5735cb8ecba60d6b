"""What to type: thin commands over the rooms, and nothing that computes."""

__all__ = ["INTERRUPTED", "run"]

INTERRUPTED = 130
"""Exit status after Ctrl-C."""


def run() -> None:
    """Run the command of this process; the entry point of the installed script.

    Workers import the script that started the run, and need nothing of its commands.
    """
    try:
        from monazite.cli.app import main
    except KeyboardInterrupt:  # while all that is still being imported
        raise SystemExit(INTERRUPTED) from None
    raise SystemExit(main())
