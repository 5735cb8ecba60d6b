"""Strategies that build on one another, written out.

A strategy that extends another has the instruments of that one first, then its own; one of the
same kind and name is changed in place by what is written. Its title and whether it is the
baseline are its own.
"""

from monazite.errors import Place, Problem
from monazite.scenario.hints import did_you_mean, found
from monazite.scenario.layers import merge
from monazite.scenario.text import Node

_OWN = ("title", "baseline", "extends")


def with_built_strategies(root: Node, problems: list[Problem]) -> Node:
    """Return a tree in which no strategy extends another any more.

    Args:
        root: the merged layers.
        problems: gathers what is wrong.
    """
    keys = dict(root.keys or {})
    if "strategies" not in keys or keys["strategies"][1].keys is None:
        return root
    place, block = keys["strategies"]
    written = {k: v for k, v in (block.keys or {}).items() if not v[1].is_nothing}
    built: dict[str, Node] = {}
    for name in written:
        _build(name, written, built, (), problems)
    new = {name: (written[name][0], built[name]) for name in written}
    keys["strategies"] = (place, Node(block.place, keys=new))
    return Node(root.place, keys=keys)


def _build(
    name: str,
    written: dict[str, tuple[Place | None, Node]],
    built: dict[str, Node],
    above: tuple[str, ...],
    problems: list[Problem],
) -> Node:
    """Return one strategy written out, building those it extends first."""
    if name in built:
        return built[name]
    own = written[name][1]
    base = _stated_base(own)
    if base is None:
        built[name] = own
        return own
    wrong = _why_not(base, name, written, above)
    if wrong is not None:
        problems.append(Problem(f"strategies.{name}.extends", wrong, base.place, "extends"))
        built[name] = _without(own, ("extends",))
        return built[name]
    below = _build(str(base.scalar), written, built, (*above, name), problems)
    built[name] = _joined(_without(below, _OWN), _without(own, ("extends",)))
    return built[name]


def _stated_base(node: Node) -> Node | None:
    _, base = (node.keys or {}).get("extends", (None, None))
    return None if base is None or base.is_nothing else base


def _why_not(
    base: Node, name: str, written: dict[str, tuple[Place | None, Node]], above: tuple[str, ...]
) -> str | None:
    if not isinstance(base.scalar, str):
        return f"found {found(base.scalar)}; expected the name of another strategy"
    if base.scalar not in written:
        return f"no strategy '{base.scalar}'{did_you_mean(base.scalar, written)}"
    circle = (*above, name)
    if base.scalar in circle:
        around = " extends ".join((*circle[circle.index(base.scalar) :], base.scalar))
        return f"a circle: {around}"
    return None


def _without(node: Node, names: tuple[str, ...]) -> Node:
    if node.keys is None:
        return node
    return Node(node.place, keys={k: v for k, v in node.keys.items() if k not in names})


def _joined(base: Node, own: Node) -> Node:
    """Return a strategy as changed by one that extends it."""
    merged = merge(base, own)
    (_, ours), (_, theirs) = (
        (node.keys or {}).get("instruments", (None, None)) for node in (own, base)
    )
    if merged.keys is None or ours is None or ours.entries is None:
        return merged
    if theirs is None or theirs.entries is None:
        return merged
    entries = list(theirs.entries)
    known = {_who(entry): i for i, entry in enumerate(entries)}
    for entry in ours.entries:
        who = _who(entry)
        if who is not None and who in known:
            entries[known[who]] = merge(entries[known[who]], entry)
        else:
            entries.append(entry)
    place, _ = merged.keys["instruments"]
    merged.keys["instruments"] = (place, Node(ours.place, entries=entries))
    return merged


def _who(entry: Node) -> tuple[str, str] | None:
    """Return the kind and name of an instrument as written, None where it has none."""
    for kind, (_, block) in (entry.keys or {}).items():
        _, name = (block.keys or {}).get("name", (None, None))
        if name is not None and isinstance(name.scalar, str):
            return kind, name.scalar
    return None
