"""What the benchmark runs on: PostgreSQL, NATS, an issuer, and credit with accounts and somebody who records."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Self
from uuid import UUID

import aiohttp
import orjson
from cryptography.fernet import Fernet

from chassis import migrations
from chassis.database import Database
from deploy.local.fixtures import ThrowawayPostgres, throwaway_nats
from deploy.local.issuer import Issuer
from deploy.local.ports import free_port
from services.credit.main import SERVICE
from tests.credit import city

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from types import TracebackType

_FIRST = 1_000_000
_COMMAND = [sys.executable, "-m", "services.credit.main"]


class Plant:
    """Use as `async with`; `serving()` runs the service beside it."""

    def __init__(self, folder: Path, accounts: int) -> None:
        self.folder = folder
        self.accounts = [UUID(int=_FIRST + number) for number in range(accounts)]
        self.environment: dict[str, str] = {}
        self.app_url = self.admin_url = ""
        self._issuer = Issuer(folder / "issuer")
        self._stack = AsyncExitStack()
        self._port = free_port()

    @property
    def url(self) -> str:
        """Where the service answers."""
        return f"http://127.0.0.1:{self._port}/graphql"

    def worker_token(self) -> str:
        """A token of who records."""
        return self._issuer.mint("grid_worker", region=city.GRID, subject=str(city.person("worker")))

    def holder_token(self, number: int) -> str:
        """A token of the holder of one of the accounts."""
        return self._issuer.mint("resident", region=city.GRID, subject=f"holder {number}")

    async def __aenter__(self) -> Self:
        postgres, nats = ThrowawayPostgres(self.folder), throwaway_nats(self.folder)
        for server in (postgres, nats):
            await server.start()
            self._stack.push_async_callback(server.stop)
        made = await postgres.create_service_database("credit")
        self.app_url, self.admin_url = made.app_url, postgres.admin_url_of(made.name)
        key = self.folder / "data.key"
        key.write_text(Fernet.generate_key().decode(), encoding="ascii")
        values = {
            "DATABASE_URL": made.app_url, "NATS_URL": nats.url, "PORT": str(self._port), "DATA_KEY_FILE": str(key),
            "NATS_CREDENTIALS": str(nats.service_seeds["credit"]), "JWKS_URL": self._issuer.jwks_url,
            "ISSUER": "linli-local", "DATABASE_POOL": "16", "LOG_LEVEL": "WARNING",
        }  # fmt: skip
        self.environment = dict(os.environ) | {f"LINLI_CREDIT_{name}": value for name, value in values.items()}
        await asyncio.to_thread(migrations.upgrade, SERVICE.package / "migrations", made.owner_url, "linli_credit")
        database = Database(made.app_url, name="bench")
        await city.tell(database, *city.history())
        await database.close()
        await self._import()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def _import(self) -> None:
        district = str(city.region_id(city.DISTRICT))
        catalogue = {"region_id": district, "region_code": city.DISTRICT, "definition": city.CATALOGUE}
        records = [{"record": "catalogue", **catalogue}]
        records += [
            {
                "record": "account", "id": str(account), "district_id": district, "group": "resident", "name": "居民",
                "region_id": str(city.region_id(city.GRID)), "region_code": city.GRID, "opened_on": "2026-01-01",
                "subject": f"holder {number}",
            }
            for number, account in enumerate(self.accounts)
        ]  # fmt: skip
        file = self.folder / "bench.jsonl"
        file.write_bytes(b"\n".join(orjson.dumps(record) for record in records))
        child = await asyncio.create_subprocess_exec(*_COMMAND, "import", str(file), env=self.environment)
        if await child.wait():
            raise RuntimeError("the import failed")

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """Run one process of the service, and lend it: it may be killed."""
        child = await asyncio.create_subprocess_exec(*_COMMAND, "serve", env=self.environment)
        try:
            await self._ready()
            yield child
        finally:
            if child.returncode is None:
                child.terminate()
                await child.wait()

    async def _ready(self) -> None:
        ready = self.url.replace("graphql", "health/ready")
        async with aiohttp.ClientSession() as client:
            for _ in range(600):
                if await _answers(client, ready):
                    return
                await asyncio.sleep(0.1)
        raise RuntimeError("credit did not become ready")


async def _answers(client: aiohttp.ClientSession, url: str) -> bool:
    with suppress(aiohttp.ClientError):
        async with client.get(url) as answer:
            return answer.status == 200
    return False
