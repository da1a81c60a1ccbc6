"""`linli up`: everything on one machine, in the order in which one part needs the other."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

from deploy.local import environment, nats, postgres
from deploy.local.databases import ensure_database
from deploy.local.errors import LocalError
from deploy.local.migrations import migrate_changed
from deploy.local.passwords import Passwords
from deploy.local.ports import is_taken
from deploy.local.practice import districts, load_once
from deploy.local.processes import tail
from deploy.local.settings import SERVICES, DataFolder, LocalSettings
from deploy.local.streams import DeclaredNats
from deploy.local.supervisor import Supervisor, only_runner
from deploy.local.welcome import welcome

if TYPE_CHECKING:
    from deploy.local.postgres import ServerAddress
    from deploy.local.processes import Child
    from deploy.local.progress import Report

_PARENT_POLL_SECONDS = 0.5
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Runner:
    """One run of Linli: started by `start`, watched by `watch`, ended by `stop`."""

    def __init__(self, settings: LocalSettings, report: Report) -> None:
        self._settings = settings
        self._report = report
        self._folder = DataFolder(settings.data.absolute())
        self._supervisor = Supervisor(self._folder.children)
        self._environments: dict[str, dict[str, str]] = {}
        self._postgres: postgres.PostgresServer | None = None
        self._nats: DeclaredNats | None = None

    async def start(self) -> None:
        """Start everything and say so. Raises LocalError when a part does not come up."""
        self._clear_the_way()
        server = await self._start_postgres()
        await self._start_nats()
        await migrate_changed(self._folder, server, self._environments, self._report)
        await self._start_services()
        district = await load_once(self._settings, server, self._environments, self._report)
        self._report.say(welcome(self._settings, district))

    def _clear_the_way(self) -> None:
        """End what a killed run left, then make sure that every port is free."""
        self._supervisor.end_leftovers()
        postgres.end_leftovers(self._folder.postgres)
        nats.end_leftovers(self._folder.nats)
        wanted = {
            "PostgreSQL": (self._settings.postgres_port, "LINLI_POSTGRES_PORT"),
            "NATS": (self._settings.nats_port, "LINLI_NATS_PORT"),
            "the gateway": (self._settings.port, "LINLI_PORT"),
        }
        wanted |= {service: (self._settings.service_port(service), "LINLI_PORT") for service in SERVICES}
        for name, (port, variable) in wanted.items():
            if is_taken(port):
                raise LocalError(f"Port {port} for {name} is taken by another program: set {variable} to a free one.")

    async def _start_postgres(self) -> ServerAddress:
        passwords = Passwords(self._folder.passwords)
        log, port = self._folder.log("postgres"), self._settings.postgres_port
        with self._report.step("PostgreSQL"):
            self._postgres = postgres.PostgresServer(self._folder.postgres, port, log=log, passwords=passwords)
            await self._postgres.start()
            for service in SERVICES:
                await ensure_database(self._postgres.address, service, passwords)
        server = self._postgres.address
        self._environments = environment.of_services(self._settings, self._folder, server)
        return server

    async def _start_nats(self) -> None:
        with self._report.step("NATS"):
            self._nats = DeclaredNats(
                self._folder.nats,
                self._settings.nats_port,
                services=SERVICES,
                districts=districts(),
                log=self._folder.log("nats"),
            )
            await self._nats.start()

    async def _start_services(self) -> None:
        """Start services and gateway together: none needs another to start, and each answers when it is ready."""
        ports = {service: self._settings.service_port(service) for service in SERVICES}
        ports["gateway"] = self._settings.port
        environments = self._environments | {"gateway": environment.of_gateway(self._settings)}
        with self._report.step("Services and gateway"):
            children = {name: self._launch(name, environments[name]) for name in ports}
            await asyncio.gather(
                *(self._supervisor.wait_ready(child, _ready_url(ports[name])) for name, child in children.items())
            )

    def _launch(self, name: str, variables: dict[str, str]) -> Child:
        module = "gateway.main" if name == "gateway" else f"services.{name}.main"
        command = [sys.executable, "-m", module, "serve"]
        return self._supervisor.launch(name, command, log=self._folder.log(name), environment=variables)

    async def watch(self) -> None:
        """Wait for a part to end, which none does by itself. Raises LocalError with the end of its log."""
        servers = [server.child for server in (self._postgres, self._nats) if server]
        child = await self._supervisor.first_ended(*servers)
        raise LocalError(
            f"{child.name} ended by itself (exit code {child.exit_code()}); the end of {child.log}:\n{tail(child.log)}"
        )

    async def stop(self) -> None:
        """Stop everything: first those who use the servers, then the servers."""
        await self._supervisor.stop()
        for server in (self._nats, self._postgres):
            if server:
                await server.stop()


def _ready_url(port: int) -> str:
    return f"http://127.0.0.1:{port}/health/ready"


async def up(settings: LocalSettings, report: Report, *, with_parent: bool) -> None:
    """Run Linli until SIGINT, SIGTERM or SIGHUP; with `with_parent` also until the parent process ends.

    Raises LocalError when a part fails; everything is stopped before this returns or raises.
    """
    with only_runner(DataFolder(settings.data).lock):
        runner = Runner(settings, report)
        work = asyncio.ensure_future(_start_and_watch(runner))
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, work.cancel)
        following = asyncio.ensure_future(_cancel_with_parent(work)) if with_parent else None
        try:
            await asyncio.wait([work])
        finally:
            # From here on a second Ctrl-C changes nothing: stopping has its own time limits.
            for number in _SIGNALS:
                loop.add_signal_handler(number, lambda: None)
            if following:
                following.cancel()
            with report.step("Stopping"):
                await runner.stop()
        if not work.cancelled():
            work.result()


async def _start_and_watch(runner: Runner) -> None:
    await runner.start()
    await runner.watch()


async def _cancel_with_parent(work: asyncio.Future[None]) -> None:
    """Cancel `work` when the parent process is gone: `make` was killed, and nobody would stop what it started."""
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 (no event tells of it on every system)
        await asyncio.sleep(_PARENT_POLL_SECONDS)
    work.cancel()
