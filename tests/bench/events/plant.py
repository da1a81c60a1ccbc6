"""The servers of the measurements, and the tables of a service that writes notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from unittest.mock import patch

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from chassis.events.bus import Bus
from deploy.local import streams
from deploy.local.databases import ensure_database
from deploy.local.passwords import Passwords
from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer
from deploy.local.streams import DeclaredNats
from tests.chassis.events.events_kit import SERVICE, make_tables

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from deploy.local.databases import ServiceDatabase

DISTRICT = "370321"


@dataclass
class Plant:
    """PostgreSQL that keeps what it commits, and NATS as it is declared, with its `sync_interval`."""

    folder: Path
    sync: str
    engines: list[AsyncEngine] = field(default_factory=list)
    buses: list[Bus] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        self.folder.mkdir(mode=0o711)
        passwords = Passwords(self.folder / "secrets" / "postgres.json")
        self.postgres = PostgresServer(
            self.folder / "postgres", free_port(), log=self.folder / "postgres.log", passwords=passwords
        )
        with patch.object(streams, "_SYNC_INTERVAL", self.sync):
            self.nats = DeclaredNats(
                self.folder / "nats",
                free_port(),
                services=[SERVICE, "other"],
                districts=[DISTRICT],
                log=self.folder / "nats.log",
            )
        await self.postgres.start()
        await self.nats.start()
        self.database: ServiceDatabase = await ensure_database(self.postgres.address, SERVICE, passwords)
        await make_tables(self.database, SERVICE)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for bus in self.buses:
            await bus.close()
        for engine in self.engines:
            await engine.dispose()
        await self.nats.stop()
        await self.postgres.stop()

    def engine(self) -> AsyncEngine:
        """Return an engine of the serving role."""
        made = create_async_engine(self.database.app_url, pool_size=20)
        self.engines.append(made)
        return made

    async def bus(self, service: str = SERVICE) -> Bus:
        """Return a connection as a service has it."""
        made = Bus(self.nats.url, credentials=self.nats.service_seeds[service], name=f"bench-{service}")
        self.buses.append(made)
        await made.start()
        await made.connection()
        return made

    async def emptied(self) -> None:
        """Empty the outbox."""
        owner = create_async_engine(self.database.owner_url)
        async with owner.begin() as connection:
            await connection.execute(text("TRUNCATE outbox, feed RESTART IDENTITY"))
        await owner.dispose()
