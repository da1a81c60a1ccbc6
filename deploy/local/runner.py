"""One run of Linli: every part started in the order in which one needs the other, watched, and stopped."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import defaultdict, deque
from functools import partial
from typing import TYPE_CHECKING

from deploy.local import environment, nats, postgres
from deploy.local.databases import ensure_database
from deploy.local.errors import LocalError
from deploy.local.migrations import migrate_changed
from deploy.local.passwords import Passwords
from deploy.local.ports import HOST, why_unusable
from deploy.local.practice import districts, load_once, read
from deploy.local.processes import tail
from deploy.local.settings import SERVICES, DataFolder, LocalSettings
from deploy.local.streams import DeclaredNats
from deploy.local.supervisor import Supervisor
from deploy.local.welcome import welcome
from deploy.nats.keep import keep

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from deploy.local.postgres import ServerAddress
    from deploy.local.progress import Report

_RESTARTS = 3
_RESTART_SECONDS = 60.0
"""A part that ended this often in this time is not started again."""


class Runner:
    """One run of Linli: started by `start`, watched by `watch`, ended by `stop`."""

    def __init__(self, settings: LocalSettings, report: Report) -> None:
        self._settings = settings
        self._report = report
        self._folder = DataFolder(settings.data.absolute())
        self._supervisor = Supervisor(self._folder.children)
        self._district = read(settings.practice).region.district.code
        self._environments: dict[str, dict[str, str]] = {}
        self._postgres: postgres.PostgresServer | None = None
        self._nats: DeclaredNats | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._starters: dict[str, Callable[[], Awaitable[None]]] = {}
        self._restarts: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_RESTARTS))

    async def start(self) -> None:
        """Start everything and say so. Raises LocalError when a part does not come up."""
        self._clear_the_way()
        server = await self._start_postgres()
        await self._start_nats()
        await migrate_changed(self._folder, server, self._environments, self._report)
        await self._start_services()
        await load_once(self._settings, server, self._environments, self._report)
        self._report.say(welcome(self._settings, self._district))

    def _clear_the_way(self) -> None:
        """End what a killed run left, then make sure that every port is free."""
        self._supervisor.end_leftovers()
        postgres.end_leftovers(self._folder.postgres)
        nats.end_leftovers(self._folder.nats)
        wanted = [
            ("PostgreSQL", self._settings.postgres_port, "LINLI_POSTGRES_PORT"),
            ("NATS", self._settings.nats_port, "LINLI_NATS_PORT"),
            ("the gateway", self._settings.port, "LINLI_PORT"),
            *((service, self._settings.service_port(service), "LINLI_PORT") for service in SERVICES),
            ("the file store", self._settings.files_port, "LINLI_PORT"),
        ]
        seen: set[int] = set()
        for name, port, variable in wanted:
            problem = "another part of Linli has it" if port in seen else why_unusable(port)
            if problem:
                raise LocalError(f"Port {port} for {name} cannot be used ({problem}): set {variable} to a free one.")
            seen.add(port)

    async def _start_postgres(self) -> ServerAddress:
        passwords = Passwords(self._folder.passwords)
        log, port = self._folder.log("postgres"), self._settings.postgres_port
        with self._report.step("PostgreSQL"):
            self._postgres = postgres.PostgresServer(self._folder.postgres, port, log=log, passwords=passwords)
            await self._postgres.start()
            self._starters["postgres"] = self._postgres.start
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
            self._starters["nats"] = self._nats.start
            self._keeper = asyncio.create_task(keep(self._nats.declaration_file), name="keep NATS as declared")

    async def _start_services(self) -> None:
        """Start services and gateway together: none needs another to start, and each answers when it is ready."""
        ports = {service: self._settings.service_port(service) for service in SERVICES}
        ports |= {"files": self._settings.files_port, "gateway": self._settings.port}
        environments = self._environments | {
            "files": environment.of_files(self._settings, self._folder),
            "gateway": environment.of_gateway(self._settings, self._folder, self._district),
        }
        for name, variables in environments.items():
            self._starters[name] = partial(self._start_one, name, variables, ports[name])
        with self._report.step("Services and gateway"):
            await asyncio.gather(*(self._starters[name]() for name in ports))

    async def _start_one(self, name: str, variables: dict[str, str], port: int) -> None:
        """Start a service or the gateway and wait until it is ready."""
        apart = {"gateway": ["gateway.main"], "files": ["chassis.objects.folder_server"]}
        program = apart.get(name, [f"services.{name}.main", "serve"])
        log = self._folder.log(name)
        child = self._supervisor.launch(name, [sys.executable, "-m", *program], log=log, environment=variables)
        await self._supervisor.wait_ready(child, f"http://{HOST}:{port}/health/ready")

    async def watch(self) -> None:
        """Start again what ends by itself. Raises LocalError with the end of its log when that does not help."""
        while True:
            servers = [server.child for server in (self._postgres, self._nats) if server]
            child = await self._supervisor.first_ended(*servers)
            ended = f"{child.name} ended by itself (exit code {child.exit_code()})"
            times = self._restarts[child.name]
            if len(times) == _RESTARTS and time.monotonic() - times[0] < _RESTART_SECONDS:
                raise LocalError(f"{ended} again and again; the end of {child.log}:\n{tail(child.log)}")
            times.append(time.monotonic())
            with self._report.step(f"{ended}; starting it again"):
                await self._starters[child.name]()

    async def stop(self) -> None:
        """Stop everything: first those who use the servers, then the servers."""
        if self._keeper:
            self._keeper.cancel()
            await asyncio.wait({self._keeper})
        await self._supervisor.stop()
        for server in (self._nats, self._postgres):
            if server:
                await server.stop()
