"""How layers of a scenario become one: the file it extends, the file, then `--set`.

Blocks are merged key by key; lists, and values that carry a range, are replaced whole; `null`
deletes a key. Every value keeps the place of the layer that it came from.
"""

from collections.abc import Sequence
from pathlib import Path

from monazite.errors import Place, Problem
from monazite.scenario.files import extended, load
from monazite.scenario.hints import found
from monazite.scenario.quantity import QUANTITY_KEYS
from monazite.scenario.text import Node, read_text

MOST_LAYERS = 10


def read_layers(path: Path, problems: list[Problem]) -> Node | None:
    """Read a file and all it extends, merged; None when a file cannot be read at all.

    Args:
        path: the file.
        problems: gathers what is wrong.
    """
    layers: list[Node] = []
    seen: list[Path] = []
    next_path: Path | None = path
    while next_path is not None:
        path = next_path
        text = load(path)
        problems.extend(text.problems)
        root = text.root
        if root is None or root.keys is None:
            if not text.problems:
                problems.append(_not_keys(root, path))
            return None
        layers.append(root)
        seen.append(path.resolve())
        next_path = _base(root, path, seen, problems)
    merged = layers.pop()
    while layers:
        merged = merge(merged, layers.pop())
    return merged


def _not_keys(root: Node | None, path: Path) -> Problem:
    if root is None or root.is_nothing:
        message = "the file is empty; 'monazite new' writes one to start from"
        return Problem("", message, Place(str(path), 1, 1), "empty")
    raw = found(root.scalar if root.entries is None else root.entries)
    message = f"found {raw}; expected keys with values, such as 'schema: 1'"
    return Problem("", message, root.place, "yaml")


def _base(root: Node, path: Path, seen: list[Path], problems: list[Problem]) -> Path | None:
    """Return the file that this one extends, taking the key out."""
    place, node = (root.keys or {}).pop("extends", (None, None))
    if node is None or node.is_nothing:
        return None
    if not isinstance(node.scalar, str):
        raw = found(node.scalar if node.scalar is not None else node.entries or {})
        message = f"found {raw}; expected a file or a shipped scenario"
        problems.append(Problem("extends", message, place, "extends"))
        return None
    try:
        base = extended(node.scalar, path)
        if base.resolve() in seen:
            raise ValueError(f"'{node.scalar}' extends this file in turn; a circle is refused")
        if len(seen) >= MOST_LAYERS:
            raise ValueError(f"more than {MOST_LAYERS} files extend one another; refused")
    except ValueError as error:
        problems.append(Problem("extends", str(error), node.place, "extends"))
        return None
    return base


def merge(base: Node, over: Node) -> Node:
    """Return a tree with what the upper layer says, and the lower where it is silent."""
    if base.keys is None or over.keys is None or _is_quantity(base) or _is_quantity(over):
        return over
    keys = dict(base.keys)
    for name, (place, value) in over.keys.items():
        if value.is_nothing:
            keys.pop(name, None)
        elif name in keys:
            keys[name] = (place, merge(keys[name][1], value))
        else:
            keys[name] = (place, value)
    return Node(over.place, keys=keys)


def _is_quantity(node: Node) -> bool:
    """Whether a block is one value with its range, which is not mixed with another."""
    keys = set(node.keys or ())
    return bool(keys) and keys <= QUANTITY_KEYS


def without_nothing(node: Node) -> Node:
    """Return a tree without the keys that `null` deletes."""
    if node.keys is not None:
        kept = {
            name: (place, without_nothing(value))
            for name, (place, value) in node.keys.items()
            if not value.is_nothing
        }
        return Node(node.place, keys=kept)
    if node.entries is not None:
        return Node(node.place, entries=[without_nothing(entry) for entry in node.entries])
    return node


def with_sets(root: Node, sets: Sequence[str], problems: list[Problem]) -> Node:
    """Return a tree with the values that `--set path=value` gives.

    Args:
        root: the merged files.
        sets: texts such as `strategies.oxide.budget=1e9 USD`; lists are entered by number.
        problems: gathers what is wrong.
    """
    for text in sets:
        path, equals, value = text.partition("=")
        path = path.strip()
        if not equals or not path:
            message = f"--set {found(text)}; expected path=value, such as seed=3"
            problems.append(Problem("", message, code="set"))
            continue
        if path == "extends":
            message = "a file says what it extends; --set changes what comes of it"
            problems.append(Problem(path, message, code="set"))
            continue
        read = read_text(value, "--set")
        if read.problems:
            said = read.problems[0].message
            problems.append(Problem(path, f"{said} (given by --set)", code="set"))
            continue
        try:
            root = _with(root, _steps(path), _without_places(read.root or Node(None)))
        except ValueError as error:
            problems.append(Problem(path, f"{error} (given by --set)", code="set"))
    return root


def _steps(path: str) -> list[str]:
    """Split a path at its dots; the name of a record keeps its own."""
    first, dot, rest = path.partition(".")
    return [first, rest] if dot and first == "overrides" else path.split(".")


def _with(node: Node, steps: list[str], value: Node) -> Node:
    if not steps:
        return value
    step, *rest = steps
    if node.entries is not None:
        entries = list(node.entries)
        entry = _with(entries[_index(step, entries)], rest, value)
        entries[int(step) : int(step) + 1] = [] if entry.is_nothing else [entry]
        return Node(node.place, entries=entries)
    if node.scalar is not None:
        raise ValueError(f"there is nothing below {found(node.scalar)} to set '{step}' in")
    keys = dict(node.keys or {})
    place, below = keys.get(step, (None, Node(None)))
    keys[step] = (place if rest else None, _with(below, rest, value))
    return Node(node.place, keys=keys)


def _index(step: str, entries: list[Node]) -> int:
    if step.isdecimal() and int(step) < len(entries):
        return int(step)
    last = f"0 to {len(entries) - 1}" if entries else "but the list is empty"
    raise ValueError(f"no entry '{step}' in this list; entries are numbered, {last}")


def _without_places(node: Node) -> Node:
    if node.keys is not None:
        keys = {name: (None, _without_places(value)) for name, (_, value) in node.keys.items()}
        return Node(None, keys=dict(keys))
    if node.entries is not None:
        return Node(None, entries=[_without_places(entry) for entry in node.entries])
    return Node(None, scalar=node.scalar)
