"""Collecting faults with the line of what they are about."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy.practices.located import Document, Fault, Key


class Faults:
    """The faults found in one document so far."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.found: list[Fault] = []

    def add(self, message: str, *path: Key) -> None:
        """Note a fault at `path`."""
        self.found.append(self._document.fault(message, *path))

    def unless(self, holds: bool, message: str, *path: Key) -> None:  # noqa: FBT001 (reads as a sentence)
        """Note a fault at `path` unless the rule holds."""
        if not holds:
            self.add(message, *path)

    def repeated(self, values: Iterable[str], what: str, *path: Key, key: str) -> None:
        """Note each of `values`, the `key`s of the list at `path`, that is there before."""
        seen: set[str] = set()
        for index, value in enumerate(values):
            self.unless(value not in seen, f"the {what} `{value}` is here twice", *path, index, key)
            seen.add(value)


def template_faults(text: str, known: set[str]) -> list[str]:
    """Return what is wrong with a text that has places to fill in, such as `{region}`."""
    try:
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        return [f"{text!r}: {error}"]
    allowed = ", ".join(f"{{{name}}}" for name in sorted(known))
    return [f"{{{name}}} is not known here; known are {allowed}" for name in sorted(names - known)]
