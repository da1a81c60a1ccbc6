"""Child processes: started in groups of their own, logged to files, stopped in escalating steps, never orphaned."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from deploy.local.errors import LocalError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CHILD = Path(__file__).with_name("child.py")
_POLL_SECONDS = 0.02
_RUN_SECONDS = 600.0

Escalation = tuple[tuple[signal.Signals, float], ...]
"""Signals to send in turn, each with the seconds to wait for the process to end."""

POLITELY: Escalation = ((signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0))


@dataclass(frozen=True)
class OsUser:
    """The operating system's user that a child process runs as."""

    name: str
    uid: int
    gid: int


@dataclass
class Child:
    """A running child process and where it logs."""

    name: str
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    def exit_code(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self.process.poll()

    async def wait(self, seconds: float) -> bool:
        """Wait at most `seconds` for the process to end; tell whether it did."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(_POLL_SECONDS)
        return True

    async def stop(self, escalation: Escalation = POLITELY) -> None:
        """Stop the process by the signals of `escalation`, in turn until it has ended."""
        for number, seconds in escalation:
            if self.process.poll() is not None:
                return
            self.process.send_signal(number)
            if await self.wait(seconds):
                return

    def kill(self) -> None:
        """End the process at once, as a crash would."""
        self.process.kill()
        self.process.wait(timeout=10)


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str],
    user: OsUser | None = None,
    cwd: Path = Path("/"),
    death_signal: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start `command` with exactly `environment`, its output appended to `log`, in a session of its own.

    `death_signal` is what the kernel sends it when this process dies (Linux). Raises OSError when it cannot be started.
    """
    who = f"{user.uid}:{user.gid}" if user else "-"
    wrapper = [sys.executable, "-I", "-S", str(_CHILD), str(int(death_signal)), str(os.getpid()), who]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 (commands are the runner's own)
            [*wrapper, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=cwd,
            start_new_session=True,
        )
    return Child(name, log, process)


async def run_to_end(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str],
    user: OsUser | None = None,
) -> None:
    """Run a program that ends by itself. Raises LocalError with the end of its log when it fails or takes too long."""
    child = start(name, command, log=log, environment=environment, user=user)
    try:
        ended = await child.wait(_RUN_SECONDS)
    finally:
        await child.stop()
    if not ended or child.exit_code() != 0:
        raise LocalError(f"{name} failed; the end of {log}:\n{tail(log)}")


def tail(log: Path, lines: int = 20) -> str:
    """Return the last lines of a log file, or what is there."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 32_768))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log was written)"


def end_leftover(process: psutil.Process, escalation: Escalation = POLITELY) -> None:
    """End a process that an earlier run left behind; the caller has made sure that it is ours."""
    for number, seconds in escalation:
        try:
            process.send_signal(number)
            process.wait(seconds)
        except psutil.TimeoutExpired:
            continue
        except psutil.NoSuchProcess:
            pass
        return
