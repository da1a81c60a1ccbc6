"""Generated secrets of the local servers, kept in files that only their owner can read."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec

from chassis.private_file import write_private

if TYPE_CHECKING:
    from pathlib import Path


class Passwords:
    """Passwords by name, each generated when it is first asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, str] = msgspec.json.decode(path.read_bytes()) if path.exists() else {}

    def of(self, name: str) -> str:
        """Return the password of `name`."""
        if name not in self._known:
            self._known[name] = secrets.token_urlsafe(24)
            write_private(self._path, msgspec.json.format(msgspec.json.encode(self._known)))
        return self._known[name]
