"""Generated secrets of the local servers, kept in files that only their owner can read."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """Write `content` to `path`, readable by its owner only, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    unfinished.replace(path)


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
