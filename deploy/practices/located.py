"""YAML read together with the line of every value, so that a fault can be shown where it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

Key = str | int
"""A step into a document: the key of a mapping or the index (from 0) of a list."""

_PLAIN = "tag:yaml.org,2002:"
_UNKNOWN_FIELD = re.compile(r"unknown field `(?P<name>[^`]*)`")
_STEP = re.compile(r"\.(?P<name>[^.\[\]]+)|\[(?P<index>\d+|\.\.\.)\]")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a practice: which file, the line in it (from 1), and what.

    With `is_warning` the practice can be loaded: it may be meant so, and is a mistake more often.
    """

    path: Path
    line: int
    message: str
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'warning: ' if self.is_warning else ''}{self.message}"


class PracticeError(Exception):
    """A practice cannot be read; `faults` says what is wrong and where."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain values, and the line of each by its path."""

    path: Path
    value: Any
    lines: dict[tuple[Key, ...], int] = field(repr=False)

    def line(self, *path: Key) -> int:
        """Return the line of the value at `path`, or of the nearest thing around it that the file has."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def fault(self, message: str, *path: Key) -> Fault:
        """Return a fault at the line of `path`."""
        return Fault(self.path, self.line(*path), message)


def read_document(path: Path) -> Document:
    """Read a YAML file of plain values: mappings with text keys, lists, text, numbers, dates, true and false.

    Raises PracticeError when the file is missing, is not UTF-8 or YAML, has tags or anchors, or names a key twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PracticeError([Fault(path, 1, f"the file cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise PracticeError([Fault(path, 1, "the file is not UTF-8")]) from error
    try:
        # A node's value is read off it here, so that its line stays known; the loader constructs scalars only.
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        reader = _Reader(path, loader)
        value = reader.value(root, ()) if root else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PracticeError([Fault(path, line, f"not YAML: {error.problem or error}")]) from error
    except yaml.YAMLError as error:
        raise PracticeError([Fault(path, 1, f"not YAML: {str(error).splitlines()[0]}")]) from error
    if reader.faults:
        raise PracticeError(reader.faults)
    return Document(path, value, {(): 1} | reader.lines)


def steps(jsonpath: str) -> tuple[Key, ...]:
    """Return the steps of a path as msgspec writes it: `$.a[0].b` is ("a", 0, "b"); a step it cannot name ends it."""
    found: list[Key] = []
    for match in _STEP.finditer(jsonpath):
        if match["index"] == "...":
            break
        found.append(match["name"] if match["name"] is not None else int(match["index"]))
    return tuple(found)


def pointed(message: str, path: tuple[Key, ...]) -> tuple[str, tuple[Key, ...]]:
    """Return msgspec's message about the value at `path` in our words; an unknown key is pointed at itself."""
    if unknown := _UNKNOWN_FIELD.search(message):
        return f"the key `{unknown['name']}` is not known here", (*path, unknown["name"])
    return message[0].lower() + message[1:], path


class _Reader:
    """Turns nodes into plain values, noting lines and faults on the way."""

    def __init__(self, path: Path, loader: yaml.SafeLoader) -> None:
        self._path = path
        self._loader = loader
        self._seen: set[int] = set()
        self.lines: dict[tuple[Key, ...], int] = {}
        self.faults: list[Fault] = []

    def value(self, node: yaml.Node, path: tuple[Key, ...]) -> Any:
        """Return the plain value of `node`, which lies at `path`."""
        self.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in self._seen:
            self._refuse(node, "anchors and aliases are not used in practices")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode) and node.tag == _PLAIN + "map":
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == _PLAIN + "seq":
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        self._refuse(node, f"the tag {node.tag} is not used in practices")
        return None

    def _mapping(self, node: yaml.MappingNode, path: tuple[Key, ...]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._scalar(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str):
                self._refuse(key_node, "a key must be text; put numbers and dates in quotes")
            elif key in values:
                self._refuse(key_node, f"the key `{key}` is here twice")
            else:
                self.lines[*path, key] = key_node.start_mark.line + 1
                values[key] = self.value(value_node, (*path, key))
        return values

    def _scalar(self, node: yaml.Node) -> Any:
        # A number that is not finite or a malformed date raises ValueError here.
        try:
            return self._loader.construct_object(node, deep=True)
        except ValueError as error:
            self._refuse(node, str(error))
            return None

    def _refuse(self, node: yaml.Node, message: str) -> None:
        self.faults.append(Fault(self._path, node.start_mark.line + 1, message))
