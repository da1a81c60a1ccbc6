"""A store in a folder, for one machine: links are signed with a key that the folder's server knows too.

The service reads and moves the files itself; clients come to `folder_server`, which takes what a link allows and
nothing else. One link says everything that is bound in its query, so it needs no state.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from chassis.objects.store import CHUNK, Declared, Link, ObjectGone, StoreAway, Stored, checked_key, saved_as

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from pathlib import Path

_SIGNATURE = "signature"
_SHORTEST_KEY = 32


class LinkKey:
    """Signs and checks links; the key is at least 32 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) < _SHORTEST_KEY:
            raise ValueError(f"the key of a folder store has at least {_SHORTEST_KEY} bytes")
        self._key = key

    @classmethod
    def from_file(cls, file: Path) -> LinkKey:
        """Read the key from a file with one line of urlsafe base64. Raises OSError or ValueError."""
        return cls(base64.urlsafe_b64decode(file.read_bytes().strip()))

    def signed(self, method: str, key: str, bound: Mapping[str, str]) -> str:
        """Return the query of a link: what it is bound to, and the signature."""
        return urlencode({**bound, _SIGNATURE: self._signature(method, key, bound)})

    def is_valid(self, method: str, key: str, query: Mapping[str, str]) -> bool:
        """Tell whether a link was signed here for exactly this, and has not expired."""
        bound = {name: value for name, value in query.items() if name != _SIGNATURE}
        given = query.get(_SIGNATURE, "")
        if not hmac.compare_digest(given.encode(), self._signature(method, key, bound).encode()):
            return False
        return bound.get("expires", "").isdecimal() and time.time() < int(bound["expires"])

    def _signature(self, method: str, key: str, bound: Mapping[str, str]) -> str:
        said = "\n".join([method, key, urlencode(sorted(bound.items()))])
        return hmac.new(self._key, said.encode(), hashlib.sha256).hexdigest()


class FolderStore:
    """Files below a folder; `url` is where clients reach its server."""

    def __init__(self, root: Path, url: str, key: LinkKey) -> None:
        self._root = root
        self._url = url.rstrip("/")
        self._key = key

    async def upload_link(self, key: str, declared: Declared, seconds: int) -> Link:
        """See ObjectStore."""
        bound = {"size": str(declared.size), "type": declared.media_type, "sha256": declared.sha256}
        return self._link("PUT", key, bound, {"Content-Type": declared.media_type}, seconds)

    async def download_link(self, key: str, name: str, seconds: int) -> Link:
        """See ObjectStore."""
        return self._link("GET", key, {"disposition": saved_as(name)}, {}, seconds)

    def _link(self, method: str, key: str, bound: dict[str, str], headers: dict[str, str], seconds: int) -> Link:
        expires = int(time.time()) + seconds
        query = self._key.signed(method, checked_key(key), {**bound, "expires": str(expires)})
        return Link(method, f"{self._url}/objects/{key}?{query}", headers, datetime.fromtimestamp(expires, UTC))

    async def stat(self, key: str) -> Stored | None:
        """See ObjectStore."""
        try:
            with _told():
                return await asyncio.to_thread(_stat, self._root / checked_key(key))
        except ObjectGone:
            return None

    async def read(self, key: str, most: int | None = None) -> AsyncIterator[bytes]:
        """See ObjectStore."""
        left = most
        with _told():
            file = await asyncio.to_thread((self._root / checked_key(key)).open, "rb")
        try:
            while left is None or left > 0:
                with _told():
                    chunk = await asyncio.to_thread(file.read, CHUNK if left is None else min(CHUNK, left))
                if not chunk:
                    return
                left = None if left is None else left - len(chunk)
                yield chunk
        finally:
            file.close()

    async def move(self, key: str, to: str) -> None:
        """See ObjectStore."""
        target = self._root / checked_key(to)
        with _told():
            await asyncio.to_thread(_move, self._root / checked_key(key), target)

    async def delete(self, key: str) -> None:
        """See ObjectStore."""
        with _told():
            await asyncio.to_thread((self._root / checked_key(key)).unlink, missing_ok=True)

    async def older_than(self, prefix: str, before: datetime, most: int) -> list[str]:
        """See ObjectStore."""
        with _told():
            return await asyncio.to_thread(_older_than, self._root, checked_key(prefix), before.timestamp(), most)

    async def close(self) -> None:
        """See ObjectStore."""


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the system says of a file into ObjectGone or StoreAway."""
    try:
        yield
    except FileNotFoundError as error:
        raise ObjectGone from error
    except OSError as error:
        raise StoreAway from error


def _stat(path: Path) -> Stored:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256")
        return Stored(size=file.tell(), sha256=found.hexdigest())


def make_private_folder(folder: Path) -> None:
    """Make a folder that only this user may enter, and those above it that are not there."""
    # A mode that is given to `mkdir` is not that of the folders above.
    for one in reversed((folder, *folder.parents)):
        if not one.exists():
            one.mkdir(mode=0o700, exist_ok=True)


def _move(path: Path, target: Path) -> None:
    make_private_folder(target.parent)
    path.replace(target)


def _not_there(error: OSError) -> None:
    """Let a folder that nothing was put into be an empty one; what else cannot be read is told."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _older_than(root: Path, prefix: str, before: float, most: int) -> list[str]:
    found: list[str] = []
    for folder, _, names in os.walk(root / prefix, onerror=_not_there):
        for name in names:
            path = os.path.join(folder, name)  # noqa: PTH118 (os.walk speaks in strings)
            try:
                is_old = os.stat(path).st_mtime < before  # noqa: PTH116
            except FileNotFoundError:
                continue
            if is_old:
                found.append(os.path.relpath(path, root))
            if len(found) == most:
                return found
    return found
