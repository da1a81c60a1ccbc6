from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from chassis.events.bus import Bus
from deploy.local.ports import free_port
from deploy.local.streams import DeclaredNats
from tests.chassis.events.events_kit import DISTRICTS, SERVICE, Broker, Publisher, Reader, emptied, make_database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from deploy.local.databases import ServiceDatabase
    from deploy.local.fixtures import ThrowawayPostgres


@pytest_asyncio.fixture(scope="session")
async def broker(server_folder: Path) -> AsyncIterator[Broker]:
    """A server of these tests' own: they kill it and empty its stream."""
    folder = server_folder / "events"
    folder.mkdir()
    server = DeclaredNats(
        folder / "nats", free_port(), services=[SERVICE, "other"], districts=DISTRICTS, log=folder / "nats.log"
    )
    await server.start()
    yield Broker(server)
    await server.stop()


@pytest_asyncio.fixture(scope="session")
async def databases(postgres_server: ThrowawayPostgres) -> dict[str, ServiceDatabase]:
    return {service: await make_database(postgres_server, service) for service in (SERVICE, "other")}


@pytest_asyncio.fixture
async def publisher(databases: dict[str, ServiceDatabase], broker: Broker) -> AsyncIterator[Publisher]:
    await broker.wipe_stream()
    engine = await emptied(databases[SERVICE])
    bus = Bus(broker.server.url, credentials=broker.server.service_seeds[SERVICE], name="notes")
    await bus.start()
    yield Publisher(engine, broker, bus)
    await bus.close()
    await engine.dispose()


@pytest_asyncio.fixture
async def reader(databases: dict[str, ServiceDatabase], publisher: Publisher) -> AsyncIterator[Reader]:
    engine = await emptied(databases["other"])
    broker = publisher.broker
    bus = Bus(broker.server.url, credentials=broker.server.service_seeds["other"], name="other")
    await bus.start()
    yield Reader(engine, bus, [])
    await bus.close()
    await engine.dispose()
