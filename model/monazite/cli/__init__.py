"""What to type: thin commands over the rooms, and nothing that computes."""

__all__ = ["run"]


def run() -> None:
    """Run the command of this process; the entry point of the installed script.

    Workers import the script that started the run, and need nothing of its commands.
    """
    try:
        from monazite.cli.app import main
    except KeyboardInterrupt:  # while all that is still being imported
        raise SystemExit(130) from None
    raise SystemExit(main())
