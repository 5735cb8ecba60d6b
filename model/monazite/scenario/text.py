"""YAML text in; plain data out, with the line and column of every key and value.

Nothing in the text is ever executed: tags are refused, and what an alias may expand to is
bounded. The parser is libyaml's where PyYAML was built with it, else the one in Python.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import yaml

from monazite.errors import Place, Problem
from monazite.scenario.scalars import core_scalar
from monazite.scenario.slips import in_plain_words

Keys = tuple[str | int, ...]

LOADERS: Sequence[Any] = tuple(
    getattr(yaml, name) for name in ("CSafeLoader", "SafeLoader") if hasattr(yaml, name)
)
"""The parsers that can be used, fastest first."""

MOST_BYTES = 1_000_000
MOST_VALUES = 50_000
MOST_DEPTH = 40

_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a key and its value stand; None where `--set` gave it.

    The two are the same for an entry of a list.
    """

    key: Place | None
    value: Place | None


@dataclass(slots=True)
class Node:
    """A value and where it stands: a scalar, a list, or keys with values."""

    place: Place | None
    scalar: Any = None
    entries: "list[Node] | None" = None
    keys: "dict[str, tuple[Place | None, Node]] | None" = None

    @property
    def is_nothing(self) -> bool:
        """Whether it is YAML's `null`, which deletes the key."""
        return self.scalar is None and self.entries is None and self.keys is None


@dataclass(slots=True)
class Text:
    """What a text says, where, and what is wrong with it as a text."""

    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def data(self) -> Any:
        """What the text says, without places."""
        return flatten(self.root)[0] if self.root is not None else None


class _Refused(Exception):
    """The text cannot be read any further."""


def dotted(keys: Keys) -> str:
    """Return a path as it is shown: `strategies.oxide.instruments.0`."""
    return ".".join(map(str, keys))


def read_bytes(raw: bytes, file: str, loader: Any = None) -> Text:
    """Read the bytes of a file, which must be UTF-8."""
    try:
        return read_text(raw.decode("utf-8-sig"), file, loader)
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before) - (before.rfind(b"\n") + 1) + 1
        problem = Problem("", "not saved as UTF-8", Place(file, line, column), "encoding")
        return Text(problems=[problem])


def read_text(text: str, file: str, loader: Any = None) -> Text:
    """Read a YAML text under the core schema of YAML 1.2.

    Args:
        text: the whole text.
        file: the name that messages give.
        loader: a parser of `LOADERS`; None is the fastest.
    """
    read = Text()
    if strange := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, strange.start()) + 1
        column = strange.start() - text.rfind("\n", 0, strange.start())
        message = f"a character that cannot be printed (U+{ord(strange[0]):04X})"
        read.problems.append(Problem("", message, Place(file, line, column), "encoding"))
        return read
    parser = (loader or LOADERS[0])(text)
    try:
        _Reader(parser, file, read).whole()
    except _Refused:
        pass
    except yaml.MarkedYAMLError as error:
        message, mark = in_plain_words(error, text)
        place = Place(file, mark.line + 1, mark.column + 1) if mark else None
        read.problems.append(Problem("", message, place, "yaml"))
    finally:
        parser.dispose()
    return read


class _Reader:
    """Turns the parser's events into data and marks."""

    def __init__(self, parser: Any, file: str, read: Text) -> None:
        self.parser = parser
        self.file = file
        self.read = read
        self.anchors: dict[str, Node | None] = {}
        self.path: list[str | int] = []
        self.spent = 0

    def whole(self) -> None:
        """Read the only document of the text."""
        self._next()
        event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            return
        root = self._node(self._next())
        self._next()
        event = self._next()
        if isinstance(event, yaml.DocumentStartEvent):
            self._wrong("a second document starts here; a file holds one", self._place(event))
        self.spent = 0
        self._count(root, None)
        self.read.root = root

    def _next(self) -> Any:
        return self.parser.get_event()

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _wrong(self, message: str, place: Place | None, code: str = "yaml") -> None:
        path = dotted(tuple(self.path))
        self.read.problems.append(Problem(path, message, place, code))

    def _spend(self, count: int, place: Place | None) -> None:
        self.spent += count
        if self.spent > MOST_VALUES:
            message = f"more than {MOST_VALUES:,} values once aliases are written out; refused"
            self._wrong(message, place, "too-large")
            raise _Refused

    @contextmanager
    def _within(self, key: str | int) -> Iterator[None]:
        self.path.append(key)
        yield
        self.path.pop()

    def _node(self, event: Any) -> Node:
        place = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            return self._aliased(str(event.anchor), place)
        self._not_too_deep(len(self.path), place)
        self._spend(1, place)
        if event.tag is not None:
            self._wrong(f"the tag '{_short(event.tag)}' is refused; remove it", place, "tag")
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            node = Node(place, scalar=self._scalar(event, place))
        elif isinstance(event, yaml.SequenceStartEvent):
            node = Node(place, entries=self._entries())
        else:
            node = Node(place, keys=self._keys())
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def _aliased(self, anchor: str, place: Place) -> Node:
        node = self.anchors.get(anchor)
        if node is not None:
            return node
        if anchor in self.anchors:
            self._wrong(f"'*{anchor}' stands inside the value that it names", place)
        else:
            self._wrong(f"'*{anchor}' names no value above; mark one with '&{anchor}'", place)
        return Node(place)

    def _scalar(self, event: Any, place: Place) -> Any:
        if not event.implicit[0]:
            return event.value
        try:
            return core_scalar(event.value)
        except ValueError as error:
            self._wrong(str(error), place, "number")
            return None

    def _entries(self) -> list[Node]:
        entries: list[Node] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            with self._within(len(entries)):
                entries.append(self._node(event))
        return entries

    def _keys(self) -> dict[str, tuple[Place | None, Node]]:
        keys: dict[str, tuple[Place | None, Node]] = {}
        merged: list[Node] | None = None
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            place = self._place(event)
            if not isinstance(event, yaml.ScalarEvent):
                self._wrong("a key must be a word", place)
                raise _Refused
            name = event.value
            with self._within(name):
                node = self._node(self._next())
                if name == "<<" and event.implicit[0] and merged is None:
                    merged = node.entries if node.entries is not None else [node]
                elif name in keys or name == "<<":
                    first = keys[name][0] if name in keys else None
                    where = f"; first in line {first.line}" if first else ""
                    self._wrong(f"written twice{where}", place, "duplicate-key")
                else:
                    keys[name] = (place, node)
        return self._merge(keys, merged) if merged is not None else keys

    def _merge(
        self, keys: dict[str, tuple[Place | None, Node]], merged: list[Node]
    ) -> dict[str, tuple[Place | None, Node]]:
        """Add what `<<` brings in; a key written here wins, then the earlier of the merged."""
        all_keys = dict(keys)
        for node in merged:
            if node.keys is None:
                self._wrong("'<<' takes a block of keys or a list of them", node.place)
                continue
            self._spend(len(node.keys), node.place)
            for name, entry in node.keys.items():
                all_keys.setdefault(name, entry)
        return all_keys

    def _count(self, node: Node, place: Place | None, depth: int = 0) -> None:
        """Count the values of a node, each alias written out."""
        self._spend(1, place)
        self._not_too_deep(depth, place)
        for key_place, value in (node.keys or {}).values():
            self._count(value, place or key_place, depth + 1)
        for entry in node.entries or ():
            self._count(entry, place, depth + 1)

    def _not_too_deep(self, depth: int, place: Place | None) -> None:
        if depth > MOST_DEPTH:
            message = f"nested more than {MOST_DEPTH} deep; refused"
            self.read.problems.append(Problem("", message, place, "too-large"))
            raise _Refused


def flatten(root: Node) -> tuple[Any, dict[Keys, Mark]]:
    """Return the plain data of a tree, and where every value of it stands."""
    marks: dict[Keys, Mark] = {(): Mark(root.place, root.place)}
    return _plain(root, (), marks), marks


def _plain(node: Node, at: Keys, marks: dict[Keys, Mark]) -> Any:
    if node.keys is not None:
        data: dict[str, Any] = {}
        for name, (place, value) in node.keys.items():
            below = (*at, name)
            marks[below] = Mark(place, value.place)
            data[name] = _plain(value, below, marks)
        return data
    if node.entries is not None:
        for i, entry in enumerate(node.entries):
            marks[(*at, i)] = Mark(entry.place, entry.place)
        return [_plain(entry, (*at, i), marks) for i, entry in enumerate(node.entries)]
    return node.scalar


def _short(tag: object) -> str:
    return cast(str, tag).replace("tag:yaml.org,2002:", "!!")[:60]
