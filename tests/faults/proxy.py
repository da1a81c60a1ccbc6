"""A TCP proxy that can be a bad network: delay, cut, reset, half-open, and a cut in the middle of an answer."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field

_CHUNK = 65536


@dataclass(eq=False)
class _Link:
    """One connection through the proxy."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    is_frozen: bool = False


@dataclass
class Proxy:
    """Forwards connections to a port of this machine; what is wrong with it is set while it runs."""

    target: int
    delay: float = 0.0
    """Seconds that each piece of data takes more, either way."""
    is_refusing: bool = False
    """Whether new connections are closed at once."""
    is_frozen: bool = False
    """Whether nothing passes any more although nobody hangs up; connections of that time never recover."""
    answer_bytes: int | None = None
    """How many bytes of answers may still pass until everything is reset; None for no limit."""
    connections: int = 0
    """How many were made."""
    _links: set[_Link] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen; return the port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Close everything."""
        if self._server is not None:
            self._server.close()
        self.reset()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Hang up on all connections, as a proxy or firewall that restarts does."""
        for link in list(self._links):
            link.client.close()
            link.server.close()

    def reset(self) -> None:
        """Reset all connections: whatever is under way is dropped."""
        for link in list(self._links):
            link.client.transport.abort()
            link.server.transport.abort()

    def freeze(self) -> None:
        """Let nothing pass any more, and hang up on nobody: to both sides the connection looks open."""
        self.is_frozen = True
        for link in self._links:
            link.is_frozen = True

    def heal(self) -> None:
        """Serve new connections well; those that were frozen stay so."""
        self.is_frozen = self.is_refusing = False
        self.delay, self.answer_bytes = 0.0, None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_refusing:
            writer.transport.abort()
            return
        self.connections += 1
        try:
            there, out = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        link = _Link(writer, out, self.is_frozen)
        self._links.add(link)
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
        try:
            await asyncio.gather(self._pump(link, reader, out, is_answer=False), self._answers(link, there, writer))
        except (OSError, asyncio.CancelledError):
            pass  # whoever stops the proxy waits for this to end
        finally:
            self._links.discard(link)
            if task is not None:
                self._tasks.discard(task)
            for one in (writer, out):
                one.close()
                with contextlib.suppress(OSError):
                    await one.wait_closed()

    async def _answers(self, link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._pump(link, reader, writer, is_answer=True)

    async def _pump(
        self, link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_answer: bool
    ) -> None:
        while data := await reader.read(_CHUNK):
            if self.delay:
                await asyncio.sleep(self.delay)
            if link.is_frozen:
                continue
            if is_answer and self.answer_bytes is not None:
                self.answer_bytes -= len(data)
                if self.answer_bytes < 0:
                    self.answer_bytes = None
                    self.reset()
                    return
            writer.write(data)
            await writer.drain()
        if not link.is_frozen:
            writer.close()
