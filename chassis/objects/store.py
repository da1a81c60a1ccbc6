"""The port behind which files lie: clients put and get them by links that expire, the service looks after them.

Nothing in a store can be read, listed or written without a link or the store's own keys. A link is bound to one method
and one key; an upload's also to the size, media type and digest that were declared.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from chassis.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import datetime

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*", re.ASCII)
_LONGEST_KEY = 300
CHUNK = 256 * 1024


class StoreAway(Unavailable):
    """The store does not answer; nothing was changed."""

    en = "The file store cannot be reached just now; nothing was changed, please try again."
    zh = "文件存储暂时无法访问；未作任何更改，请稍后重试。"


class ObjectGone(Exception):
    """There is nothing under the key."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What lies under a key, as the store tells it: bytes, and the SHA-256 (hexadecimal) where it keeps one."""

    size: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Declared:
    """What an upload is to be: bytes, media type (RFC 6838), SHA-256 in hexadecimal."""

    size: int
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Link:
    """A request that whoever has it may send, until it expires."""

    method: str
    url: str
    headers: Mapping[str, str]
    """To be sent as they are; without them the store refuses the request."""
    expires_at: datetime


class ObjectStore(Protocol):
    """A store of files by key. Every method raises StoreAway when the store does not answer."""

    async def upload_link(self, key: str, declared: Declared, seconds: int) -> Link:
        """Return a link by which exactly what was declared can be put under `key`, for so many seconds."""

    async def download_link(self, key: str, name: str, seconds: int) -> Link:
        """Return a link by which `key` can be fetched for so many seconds, to be saved under the file name `name`."""

    async def stat(self, key: str) -> Stored | None:
        """Return what lies under `key`, None when nothing does."""

    def read(self, key: str, most: int | None = None) -> AsyncIterator[bytes]:
        """Yield the bytes under `key`, only the first `most` when that is given. Raises ObjectGone."""

    async def move(self, key: str, to: str) -> None:
        """Put what lies under `key` under `to` instead. Raises ObjectGone."""

    async def delete(self, key: str) -> None:
        """Delete what lies under `key`; it may be gone already."""

    async def older_than(self, prefix: str, before: datetime, most: int) -> list[str]:
        """Return at most `most` keys below the folder `prefix` that were last written before an instant."""

    async def close(self) -> None:
        """Give back what the store holds open."""


def checked_key(key: str) -> str:
    """Return a key that no store takes for anything but a path below its root. Raises ValueError."""
    if len(key) > _LONGEST_KEY or not _KEY.fullmatch(key):
        raise ValueError(f"not a key: {key!r}")
    return key


def saved_as(name: str) -> str:
    """Return the Content-Disposition by which a browser saves a file under `name` and never shows it (RFC 6266)."""
    shown = "".join(char for char in name if unicodedata.category(char)[0] != "C" and char not in '/\\:*?"<>|')
    shown = shown.strip(" .") or "file"
    plain = "".join(char if char.isascii() and char not in "%;" else "_" for char in shown)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"
