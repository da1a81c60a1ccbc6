"""A virus scanner by clamd's protocol (clamd(8), INSTREAM): the file goes over TCP, the answer is a line.

Written here because a file is streamed from its store, which none of the clients at hand does.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_CONNECT_SECONDS = 10.0
_SCAN_SECONDS = 300.0
_LONGEST_ANSWER = 4096


class ScannerAway(Exception):
    """The scanner did not look at the file, for whatever reason: nothing is known about it."""


class Scanner(Protocol):
    """Looks into files."""

    async def find(self, chunks: AsyncIterator[bytes]) -> str | None:
        """Return the name of what was found in a file, None when it is clean. Raises ScannerAway."""


class Clamd:
    """A clamd at an address; its StreamMaxLength must be at least the largest file."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port

    async def find(self, chunks: AsyncIterator[bytes]) -> str | None:
        """See Scanner."""
        try:
            async with asyncio.timeout(_SCAN_SECONDS):
                return _finding(await self._ask(chunks))
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise ScannerAway(f"clamd at {self._host}:{self._port}: {error or type(error).__name__}") from error

    async def _ask(self, chunks: AsyncIterator[bytes]) -> str:
        async with asyncio.timeout(_CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(self._host, self._port, limit=_LONGEST_ANSWER)
        try:
            writer.write(b"zINSTREAM\0")
            async for chunk in chunks:
                if chunk:
                    writer.write(struct.pack("!L", len(chunk)) + chunk)
                    await writer.drain()
            writer.write(struct.pack("!L", 0))
            await writer.drain()
            return (await reader.readuntil(b"\0")).rstrip(b"\0").decode(errors="replace").strip()
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def _finding(answer: str) -> str | None:
    """Read `stream: OK` or `stream: NAME FOUND`. Raises ScannerAway for anything else, such as a size limit."""
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return None
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise ScannerAway(f"clamd answered: {answer[:200]}")
