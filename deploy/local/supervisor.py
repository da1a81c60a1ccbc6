"""Starts child processes, knows which it started, notices when one ends, and stops them all."""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import aiohttp
import msgspec
import psutil

from deploy.local.errors import LocalError
from deploy.local.processes import Child, end_leftover, start, tail

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_READY_SECONDS = 60.0
_POLL_SECONDS = 0.1
_SAME_START_SECONDS = 1.0


@contextmanager
def only_runner(lock: Path) -> Iterator[None]:
    """Hold the data folder's lock; the operating system frees it when the process ends, however it ends.

    Raises LocalError when another runner holds it.
    """
    lock.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    with lock.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            runner = file.read().strip() or "unknown"
            raise LocalError(
                f"Linli is already running on {lock.parent} (process {runner}): "
                "stop it with Ctrl-C there, or set LINLI_DATA and LINLI_PORT to run another."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
        file.truncate(0)


def is_locked(lock: Path) -> bool:
    """Tell whether a runner holds the lock now."""
    try:
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


class _Record(msgspec.Struct):
    """A process that was started: its id can be given to another, so the time of its start tells it apart."""

    name: str
    pid: int
    started: float


class Supervisor:
    """The child processes of one runner; `record` is the file by which the next run finds what a crash left."""

    def __init__(self, record: Path) -> None:
        self._record = record
        self._children: list[Child] = []

    def end_leftovers(self) -> None:
        """End processes that an earlier run started and that are still the same processes."""
        try:
            records = msgspec.json.decode(self._record.read_bytes(), type=list[_Record])
        except (OSError, msgspec.DecodeError):
            return
        for record in records:
            try:
                process = psutil.Process(record.pid)
                if abs(process.create_time() - record.started) <= _SAME_START_SECONDS:
                    end_leftover(process)
            except psutil.NoSuchProcess:
                continue
        self._record.unlink(missing_ok=True)

    def launch(self, name: str, command: Sequence[str | Path], *, log: Path, environment: Mapping[str, str]) -> Child:
        """Start a child with exactly `environment`; it takes the place of an ended one of its name."""
        child = start(name, command, log=log, environment=environment)
        self._children = [one for one in self._children if one.name != name]
        self._children.append(child)
        self._remember()
        return child

    async def wait_ready(self, child: Child, url: str) -> None:
        """Wait until `url` answers 200. Raises LocalError with the end of the log when it does not in time."""
        deadline = time.monotonic() + _READY_SECONDS
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as client:
            while not await _answers(client, url):
                if child.exit_code() is not None:
                    raise LocalError(f"{child.name} ended; the end of {child.log}:\n{tail(child.log)}")
                if time.monotonic() > deadline:
                    raise LocalError(f"{child.name} does not become ready; the end of {child.log}:\n{tail(child.log)}")
                await asyncio.sleep(_POLL_SECONDS)

    async def first_ended(self, *others: Child | None) -> Child:
        """Wait until one of the children, or of `others`, has ended and return it."""
        watched = [*self._children, *(child for child in others if child)]
        while True:
            for child in watched:
                if child.exit_code() is not None:
                    return child
            await asyncio.sleep(_POLL_SECONDS)

    async def stop(self) -> None:
        """Stop all children; the last started is told first."""
        await asyncio.gather(*(child.stop() for child in reversed(self._children)))
        self._children.clear()
        self._record.unlink(missing_ok=True)

    def _remember(self) -> None:
        records = []
        for child in self._children:
            try:
                records.append(_Record(child.name, child.pid, psutil.Process(child.pid).create_time()))
            except psutil.NoSuchProcess:
                continue
        self._record.write_bytes(msgspec.json.encode(records))


async def _answers(client: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with client.get(url) as response:
            return response.status == 200  # noqa: PLR2004 (HTTP's OK)
    except (aiohttp.ClientError, TimeoutError):
        return False
