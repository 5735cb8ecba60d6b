"""What to type: thin commands over the rooms, and nothing that computes."""

from monazite.cli.app import run

__all__ = ["run"]
