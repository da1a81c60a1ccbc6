"""What the city runs on: a PostgreSQL with its data in a folder, and the processes of org, tickets and the gateway."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import aiohttp
import asyncpg
from cryptography.fernet import Fernet

from chassis import migrations
from chassis.service import runtime
from deploy.local.databases import ServiceDatabase, ensure_database, service_database
from deploy.local.issuer import Issuer
from deploy.local.passwords import Passwords
from deploy.local.ports import HOST, free_port
from deploy.local.postgres import PostgresServer
from services.org.main import SERVICE as ORG
from services.tickets.main import SERVICE as TICKETS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from chassis.service import Runtime, Service

SERVICES: dict[str, Service] = {"org": ORG, "tickets": TICKETS}
_SETTINGS = {
    "shared_buffers": "4GB",
    "effective_cache_size": "12GB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
}
"""As a city's server of this size has them; everything else as PostgreSQL comes."""
_START_SECONDS = 60.0


class CityServer:
    """The server of a folder, made when there is none, with the databases of org and tickets."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)
        self.folder = folder
        self._passwords = Passwords(folder / "secrets" / "postgres.json")
        log = folder / "postgres.log"
        self._server = PostgresServer(
            folder / "postgres", free_port(), log=log, passwords=self._passwords, careless=True
        )
        self.issuer = Issuer(folder / "issuer")
        self._key = folder / "data.key"
        if not self._key.exists():
            self._key.write_bytes(Fernet.generate_key())

    async def __aenter__(self) -> Self:
        await self._server.start()
        try:
            await self._settle()
        except BaseException:
            await self._server.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.stop()

    async def _settle(self) -> None:
        for name, service in SERVICES.items():
            made = await ensure_database(self._server.address, name, self._passwords)
            await asyncio.to_thread(migrations.upgrade, service.package / "migrations", made.owner_url, f"linli_{name}")
        connection = await asyncpg.connect(self._server.address.url())
        try:
            for name, value in _SETTINGS.items():
                await connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            found = await connection.fetchval("SHOW shared_buffers")
        finally:
            await connection.close()
        if found != _SETTINGS["shared_buffers"]:
            await self._server.stop()
            await self._server.start()

    @property
    def _note(self) -> Path:
        return self.folder / "city.json"

    def note(self, count: int) -> None:
        """Remember that the city is whole."""
        self._note.write_text(json.dumps({"tickets": count}), encoding="utf-8")

    def tickets(self) -> int | None:
        """Return how many tickets the city has; None when there is none."""
        return json.loads(self._note.read_bytes())["tickets"] if self._note.exists() else None

    def database(self, service: str) -> ServiceDatabase:
        """Return a service's database."""
        return service_database(self._server.address, service, self._passwords)

    def admin_url(self, service: str) -> str:
        """Return the superuser's URL of a service's database: row-level security does not apply to it."""
        return self._server.address.url(f"linli_{service}", driver="asyncpg")

    def runtime(self, service: Service) -> Runtime:
        """Return what a service's commands stand on, with all the time they take."""
        settings = service.settings(
            database_url=self.database(service.name).app_url, nats_url=f"nats://{HOST}:1",
            jwks_url=self.issuer.jwks_url, issuer="linli-local", data_key_file=self._key, request_seconds=1800,
        )  # fmt: skip
        return runtime(service, settings)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[dict[str, str]]:
        """Run org, tickets and the gateway, each a process; yield their GraphQL URLs by name."""
        ports = {name: free_port() for name in (*SERVICES, "gateway")}
        urls = {name: f"http://{HOST}:{port}/graphql" for name, port in ports.items()}
        children = [
            self._start(name, f"services.{name}.main", self._told(name, ports[name]), "serve") for name in SERVICES
        ]
        try:
            await asyncio.gather(*(_ready(urls[name].replace("graphql", "health/live")) for name in SERVICES))
            subgraphs = ",".join(f"{name}={urls[name]}" for name in SERVICES)
            told = {
                "SUBGRAPHS": subgraphs,
                "PORT": str(ports["gateway"]),
                "LOG_LEVEL": "WARNING",
                "RELOAD_SECONDS": "0",
            }
            children.append(self._start("gateway", "gateway.main", told))
            await _ready(urls["gateway"].replace("graphql", "health/ready"))
            yield urls
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait()

    def _told(self, name: str, port: int) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database(name).app_url, "NATS_URL": f"nats://{HOST}:{free_port()}",
            "JWKS_URL": self.issuer.jwks_url, "ISSUER": "linli-local", "DATA_KEY_FILE": str(self._key),
            "PORT": str(port), "LOG_LEVEL": "ERROR",
        }  # fmt: skip

    def _start(self, name: str, module: str, told: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
        kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        environment = kept | {f"LINLI_{name.upper()}_{key}": value for key, value in told.items()}
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen([sys.executable, "-m", module, *arguments], env=environment, stdout=log, stderr=log)


async def _ready(url: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    async with aiohttp.ClientSession() as client:
        while time.monotonic() < deadline:
            if await _answers(client, url):
                return
            await asyncio.sleep(0.1)
    raise RuntimeError(f"nothing answers at {url}")


async def _answers(client: aiohttp.ClientSession, url: str) -> bool:
    with suppress(aiohttp.ClientError):
        async with client.get(url) as answer:
            return answer.ok
    return False
