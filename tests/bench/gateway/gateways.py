"""The gateways that are measured, and how each is started: one process, pinned to the first core."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from gateway.settings import PREFIX, GatewaySettings
from tests.bench.gateway.http_client import connect
from tests.bench.gateway.load import request_of

GATEWAY_CORE = 0
OTHER_CORE = min(1, (os.cpu_count() or 1) - 1)
START_SECONDS = 60.0
STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where things are for a gateway that starts."""

    port: int
    supergraph: Path
    peers: Path | None
    """The folder of the Node gateways."""
    bare: Path
    """The script of the bare server."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A gateway with its settings."""

    name: str
    title: str
    is_sharing: bool
    """Equal requests in flight are sent once."""
    command: Callable[[Place], list[str]]
    environment: Callable[[Place], dict[str, str]] = lambda _: {}
    is_peer: bool = False


def _linli(*, share: bool) -> Callable[[Place], dict[str, str]]:
    def environment(place: Place) -> dict[str, str]:
        told = {"SUPERGRAPH": str(place.supergraph), "PORT": str(place.port), "LOG_LEVEL": "WARNING"}
        if "share_in_flight" in GatewaySettings.model_fields:
            told["SHARE_IN_FLIGHT"] = str(share).lower()
        return {PREFIX + name: value for name, value in told.items()}

    return environment


def _hive(config: str, *flags: str) -> Callable[[Place], list[str]]:
    def command(place: Place) -> list[str]:
        assert place.peers
        program = place.peers / "node_modules" / "@graphql-hive" / "gateway" / "dist" / "bin.js"
        options = ["--host", "127.0.0.1", "--port", str(place.port), "--config-path", str(place.peers / config)]
        return ["node", str(program), "supergraph", str(place.supergraph), *options, *flags]

    return command


def _apollo(place: Place) -> list[str]:
    assert place.peers
    return ["node", str(place.peers / "apollo.mjs"), str(place.port), str(place.supergraph)]


def _linli_command(_: Place) -> list[str]:
    return [sys.executable, "-m", "gateway.main"]


def _bare_command(place: Place) -> list[str]:
    return [sys.executable, "-m", "tests.bench.gateway.bare", str(place.port), str(place.bare)]


_RUST = "--hive-router-runtime"
_UNSHARED = "hive-unshared.config.mjs"
KINDS = [
    Kind("linli", "Linli", True, _linli_command, _linli(share=True)),
    Kind("linli-unshared", "Linli, no sharing", False, _linli_command, _linli(share=False)),
    Kind("apollo", "Apollo Gateway", False, _apollo, is_peer=True),
    Kind("hive", "Hive, JavaScript planner", True, _hive("hive.config.mjs"), is_peer=True),
    Kind("hive-unshared", "Hive, JavaScript planner, no sharing", False, _hive(_UNSHARED), is_peer=True),
    Kind("hive-rust", "Hive, Rust planner", True, _hive("hive.config.mjs", _RUST), is_peer=True),
    Kind("hive-rust-unshared", "Hive, Rust planner, no sharing", False, _hive(_UNSHARED, _RUST), is_peer=True),
    Kind("bare", "bare Python, no work", False, _bare_command),
]


class Running:
    """A gateway process. It is stopped (SIGSTOP) while another one is measured."""

    def __init__(self, kind: Kind, url: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.kind = kind
        self.url = url
        self._process = process
        self._log = log
        self._watched = psutil.Process(process.pid)

    async def ready(self) -> None:
        """Wait until it answers. Raises RuntimeError with the end of its output when it does not within a minute."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                connection = await connect(self.url)
                async with asyncio.timeout(START_SECONDS):
                    await connection.send(request_of(self.url, "{ __typename }"))
                connection.close()
            except OSError:
                await asyncio.sleep(0.1)
            else:
                return
        ending = self._log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"{self.kind.title} does not answer: {ending}")

    def pause(self) -> None:
        """Stop it for a while."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._process.send_signal(signal.SIGCONT)

    def cpu_seconds(self) -> float:
        """Return the processor time it has used."""
        return cpu_seconds(self._watched)

    def memory_mib(self) -> float:
        """Return its resident memory."""
        return float(self._watched.memory_info().rss) / 2**20

    def end(self) -> None:
        """End it."""
        self.resume()
        end(self._process)


def cpu_seconds(process: psutil.Process) -> float:
    """Return the processor time, of user and system, that a process has used."""
    times = process.cpu_times()
    return float(times.user + times.system)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that this program started."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_SECONDS)


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Run on one core; processes that start meanwhile inherit it."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def start(kind: Kind, folder: Path, supergraph: Path, peers: Path | None) -> Running:
    """Start a gateway on a free port of the loopback interface."""
    place = Place(free_port(), supergraph, peers, folder / "bare.json")
    log = folder / f"{kind.name}.log"
    environment = {**os.environ, "NODE_ENV": "production", **kind.environment(place)}
    with log.open("wb") as output, on_core(GATEWAY_CORE):
        process = subprocess.Popen(kind.command(place), stdout=output, stderr=output, env=environment)
    path = "" if kind.name == "apollo" else "graphql"
    return Running(kind, f"http://127.0.0.1:{place.port}/{path}", process, log)


class Subgraphs:
    """The process of the four subgraphs, on the second core."""

    def __init__(self, data: str) -> None:
        command = [sys.executable, "-m", "tests.bench.gateway.subgraphs", data]
        with on_core(OTHER_CORE):
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout
        self.urls: dict[str, str] = json.loads(self._process.stdout.readline())
        self._watched = psutil.Process(self._process.pid)

    @property
    def told(self) -> str:
        """The address under which they tell what they were asked."""
        return next(iter(self.urls.values())).removesuffix("/graphql")

    def cpu_seconds(self) -> float:
        """Return the processor time they have used."""
        return cpu_seconds(self._watched)

    def end(self) -> None:
        """End them."""
        end(self._process)


def free_port() -> int:
    """Return a port of the loopback interface that is free now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
