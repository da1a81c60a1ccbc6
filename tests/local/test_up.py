from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import psutil
import pytest

from deploy.local.fixtures import ThrowawayFolder
from deploy.local.ports import free_port, why_unusable
from deploy.local.settings import PORTS, SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterator

LINLI = Path(sys.executable).with_name("linli")
FIRST_SECONDS = 240.0
AGAIN_SECONDS = 60.0
STOP_SECONDS = 60.0

pytestmark = [pytest.mark.timeout(FIRST_SECONDS + 2 * STOP_SECONDS)]


@dataclass
class Linli:
    """A `linli up` on its own ports and data folder."""

    environment: dict[str, str]
    output: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def ports(self) -> list[int]:
        first = int(self.environment["LINLI_PORT"])
        servers = [int(self.environment[name]) for name in ("LINLI_NATS_PORT", "LINLI_POSTGRES_PORT")]
        return [*range(first, first + PORTS), *servers]

    def up(self, seconds: float, *arguments: str) -> str:
        """Start and wait until ready; return what was printed."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [LINLI, "up", *arguments], env=self.environment, stdout=output, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + seconds
        while "Ctrl-C stops everything" not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.1)
        return self.output.read_text()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def descendants(self) -> list[psutil.Process]:
        assert self.process is not None
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children(recursive=True)
        return []

    def of_program(self, program: str) -> list[psutil.Process]:
        """Return the children that run `program`."""
        found = []
        for one in self.descendants():
            with suppress(psutil.NoSuchProcess):
                found += [one] if any(program in word for word in one.cmdline()) else []
        return found

    def wait_for(self, words: str) -> None:
        """Wait until `words` are printed."""
        deadline = time.monotonic() + AGAIN_SECONDS
        while words not in self.output.read_text():
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.1)

    def send(self, number: signal.Signals) -> int:
        """Send a signal and return the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)

    def end(self) -> None:
        """Stop it if it runs."""
        if self.is_running:
            assert self.send(signal.SIGTERM) == 0, self.output.read_text()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [LINLI, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def all_end(processes: list[psutil.Process], seconds: float = 20) -> bool:
    return not psutil.wait_procs(processes, timeout=seconds)[1]


def port_block() -> int:
    """Return the first of consecutive free ports for the gateway and the services."""
    while True:
        first = free_port()
        if not any(why_unusable(port) for port in range(first, first + PORTS)):
            return first


@pytest.fixture(scope="module")
def linli() -> Iterator[Linli]:
    """A Linli whose data folder was filled by a first run, and which does not run."""
    with ThrowawayFolder() as folder:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
        ports = {"LINLI_PORT": port_block(), "LINLI_NATS_PORT": free_port(), "LINLI_POSTGRES_PORT": free_port()}
        variables = {name: str(port) for name, port in ports.items()} | {"LINLI_DATA": str(folder / "data")}
        made = Linli(kept | variables, folder / "output.txt")
        try:
            printed = made.up(FIRST_SECONDS)
            assert "Loading practice huantai" in printed
            processes = made.descendants()
            assert made.send(signal.SIGINT) == 0, made.output.read_text()
            assert all_end(processes)
            yield made
        finally:
            if made.process is not None and made.is_running:
                made.process.kill()
                made.process.wait()


@pytest.fixture
def ready(linli: Linli) -> Linli:
    """A Linli that runs and is left running, for tests that only look at it."""
    if not linli.is_running:
        linli.up(AGAIN_SECONDS)
    return linli


@contextmanager
def running(linli: Linli, *arguments: str) -> Iterator[str]:
    """Linli started for the block, with what it printed; ended after it."""
    linli.end()
    try:
        yield linli.up(AGAIN_SECONDS, *arguments)
    finally:
        linli.end()


async def post(url: str, token: str, query: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as client, client.post(url, json={"query": query}, headers=headers) as response:
        answer: dict[str, Any] = await response.json()
        return answer


def test_a_second_run_keeps_the_data_and_what_it_prints_works_as_pasted(ready: Linli) -> None:
    printed = ready.output.read_text()
    assert "Linli is ready" in printed
    assert "Loading practice" not in printed
    assert "Migrations" not in printed
    curl = printed[printed.index("curl ") : printed.index("Ctrl-C stops")]
    command = curl.replace(".venv/bin/linli", str(LINLI))
    answer = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60, check=True)
    assert '"data"' in answer.stdout, answer.stdout
    assert '"errors"' not in answer.stdout, answer.stdout


def test_a_duty_title_gets_the_token_of_who_holds_it(ready: Linli) -> None:
    answer = ready.run("token", "--role", "first_secretary", "--region", "370321001001")
    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_query_passes_through_the_gateway(ready: Linli) -> None:
    token = ready.run("token", "--role", "observer", "--region", "370321").stdout.strip()
    url = f"http://127.0.0.1:{ready.environment['LINLI_PORT']}/graphql"
    answer = asyncio.run(post(url, token, '{ district(code: "370321") { name } }'))
    assert answer == {"data": {"district": {"name": "桓台县"}}}


def test_a_practices_figures_agree_with_the_running_gateway(ready: Linli) -> None:
    answer = ready.run("figures", "huantai")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "all agree" in answer.stdout


def test_the_districts_feed_gives_what_happened_with_the_districts_own_credentials(ready: Linli) -> None:
    command = [str(LINLI), "tail", "--region", "370321", "--json"]
    with subprocess.Popen(command, env=ready.environment, stdout=subprocess.PIPE) as tail:
        assert tail.stdout is not None
        event = json.loads(tail.stdout.readline())
        tail.terminate()
    assert (event["specversion"], event["tenant"]) == ("1.0", "370321")


def test_a_practice_that_is_loaded_is_not_loaded_again(ready: Linli) -> None:
    answer = ready.run("practice", "load", "huantai")
    assert (answer.returncode, answer.stderr) == (2, "huantai is loaded already.\n")


def test_migrating_what_is_migrated_changes_nothing(ready: Linli) -> None:
    answer = ready.run("migrate")
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_a_second_run_at_the_same_time_says_so_in_one_line(ready: Linli) -> None:
    assert ready.process is not None
    answer = ready.run("up")
    assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (2, "", 1)
    assert re.match(rf"Linli is already running on .* \(process {ready.process.pid}\)", answer.stderr)


def test_a_feed_of_another_district_is_refused_in_one_line(linli: Linli) -> None:
    answer = linli.run("tail", "--region", "999999")
    assert (answer.returncode, answer.stderr.count("\n")) == (2, 1)
    assert "999999 has no feed here" in answer.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_with_exit_code_zero(linli: Linli, number: signal.Signals) -> None:
    with running(linli):
        processes = linli.descendants()
        assert len(processes) >= len(SERVICES) + 3
        assert linli.send(number) == 0, linli.output.read_text()
        assert all_end(processes)
        assert not any(why_unusable(port) for port in linli.ports)


def test_a_signal_in_the_middle_of_starting_stops_everything_too(linli: Linli) -> None:
    linli.end()
    for pause in (0.2, 0.8, 1.6, 2.4):
        process = subprocess.Popen([LINLI, "up"], env=linli.environment, stdout=subprocess.PIPE)
        with process:
            time.sleep(pause)
            processes = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGTERM)
            # Before the handlers are there, the signal's own effect ends it.
            assert process.wait(STOP_SECONDS) in (0, -signal.SIGTERM)
        assert all_end(processes)


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux to end children")
def test_a_killed_run_leaves_nothing_and_does_not_block_the_next(linli: Linli) -> None:
    with running(linli):
        processes = linli.descendants()
        linli.send(signal.SIGKILL)
        # At once: the children may still be stopping.
        with running(linli) as printed:
            assert "Loading practice" not in printed
            assert all_end(processes)


def test_a_run_for_a_parent_ends_when_the_parent_is_killed(linli: Linli) -> None:
    linli.end()
    linli.output.write_text("")
    script = f"{LINLI} up --with-parent > {linli.output} 2>&1; true"
    with subprocess.Popen(["/bin/sh", "-c", script], env=linli.environment) as parent:
        try:
            linli.wait_for("Ctrl-C stops everything")
            processes = psutil.Process(parent.pid).children(recursive=True)
        finally:
            parent.kill()
    assert len(processes) > len(SERVICES)
    assert all_end(processes, STOP_SECONDS)


@pytest.mark.parametrize("variable", ["LINLI_PORT", "LINLI_NATS_PORT", "LINLI_POSTGRES_PORT"])
def test_a_taken_port_gives_one_line_that_names_the_variable(linli: Linli, variable: str) -> None:
    linli.end()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", int(linli.environment[variable])))
        taken.listen()
        answer = linli.run("up")
    assert (answer.returncode, answer.stderr.count("\n")) == (2, 1)
    assert f"set {variable} to" in answer.stderr


@pytest.mark.parametrize("program", ["services.org.main", "gateway.main", "nats-server", "postgres"])
def test_a_part_that_ends_by_itself_is_started_again(linli: Linli, program: str) -> None:
    with running(linli):
        linli.of_program(program)[0].kill()
        linli.wait_for("starting it again (")
        assert linli.run("token", "--role", "first_secretary", "--region", "370321001001").returncode == 0


def test_a_part_that_ends_again_and_again_ends_the_run_and_shows_its_log(linli: Linli) -> None:
    with running(linli):
        assert linli.process is not None
        deadline = time.monotonic() + AGAIN_SECONDS
        while linli.is_running and time.monotonic() < deadline:
            for service in linli.of_program("services.org.main"):
                with suppress(psutil.NoSuchProcess):
                    service.kill()
            time.sleep(0.1)
        assert linli.process.wait(STOP_SECONDS) == 2
        printed = linli.output.read_text()
        assert "org ended" in printed
        assert "Uvicorn running" in printed
        assert not any(why_unusable(port) for port in linli.ports)
