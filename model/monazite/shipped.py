"""The files that come with monazite: evidence and scenarios."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def shipped(*where: str) -> Traversable:
    """Return a shipped file or folder: inside the wheel, else beside the source root.

    Args:
        where: parts of the path below the top level, such as `"seeds", "sources.yaml"`.
    """
    inside = files("monazite").joinpath("_shipped")
    root: Traversable = inside if inside.is_dir() else Path(__file__).resolve().parents[2]
    return root.joinpath(*where)
