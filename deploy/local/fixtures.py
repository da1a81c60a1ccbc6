"""PostgreSQL, NATS and an issuer for tests and benchmarks: the real servers, on free ports, in a folder thrown away."""

from __future__ import annotations

import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.databases import ServiceDatabase, copy_database, ensure_database
from deploy.local.passwords import Passwords
from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer
from deploy.local.streams import DeclaredNats

if TYPE_CHECKING:
    from types import TracebackType


class ThrowawayFolder:
    """A temporary folder that a server's own user may pass through; removed at the end."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="linli-"))
        self.path.chmod(0o711)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        relocated = [item.readlink() for item in self.path.iterdir() if item.is_symlink()]
        for folder in (self.path, *relocated):
            shutil.rmtree(folder, ignore_errors=True)


class ThrowawayPostgres:
    """A PostgreSQL server that does not care about power failures."""

    def __init__(self, folder: Path) -> None:
        self._passwords = Passwords(folder / "secrets" / "postgres.json")
        self._numbers = count(1)
        self.server = PostgresServer(
            folder / "postgres", free_port(), log=folder / "postgres.log", passwords=self._passwords, careless=True
        )

    @property
    def admin_url(self) -> str:
        """SQLAlchemy URL of the superuser on the database `postgres`."""
        return self.server.address.url(driver="asyncpg")

    def admin_url_of(self, database: str) -> str:
        """Return the superuser's SQLAlchemy URL of another database: row-level security does not apply to it."""
        return self.server.address.url(database, driver="asyncpg")

    async def create_service_database(self, service: str) -> ServiceDatabase:
        """Make an empty database for `service`, of a name never used before, with the service's two roles."""
        name = f"linli_{service}_{next(self._numbers)}"
        return await ensure_database(self.server.address, service, self._passwords, database=name)

    async def copy_service_database(self, service: str, template: ServiceDatabase) -> ServiceDatabase:
        """Make a copy, of a name never used before, of a database of `service` to which nobody is connected."""
        name = f"linli_{service}_{next(self._numbers)}"
        await copy_database(self.server.address, service, template.name, name)
        return await ensure_database(self.server.address, service, self._passwords, database=name)

    async def start(self) -> None:
        """Start the server, on the same port as before."""
        await self.server.start()

    async def stop(self) -> None:
        """Stop the server, ending all connections."""
        await self.server.stop()


NATS_SERVICES = ("org", "tickets", "credit", "property", "notes")
"""The services that have a NATS user in tests; `notes` is the chassis' own example."""
NATS_DISTRICTS = ("370321", "370322", "3703")
"""The districts that have an account in tests, two in one city, and that city itself."""


def throwaway_nats(folder: Path) -> DeclaredNats:
    """Return a NATS server, not started yet, with a user for each of NATS_SERVICES and NATS_DISTRICTS."""
    port, log = free_port(), folder / "nats.log"
    return DeclaredNats(folder / "nats", port, services=NATS_SERVICES, districts=NATS_DISTRICTS, log=log)
