from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from chassis.events.bus import Bus
from chassis.events.provision import write_local
from deploy.local.nats import NatsServer
from deploy.local.ports import free_port
from tests.chassis.events.events_kit import DISTRICTS, SERVICE, Broker, Publisher, empty_database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from deploy.local.fixtures import ThrowawayPostgres


@pytest_asyncio.fixture(scope="session")
async def broker(server_folder: Path) -> AsyncIterator[Broker]:
    port = free_port()
    folder = server_folder / "nats-events"
    folder.mkdir()
    local = write_local(folder, port=port, services=[SERVICE, "other"], districts=DISTRICTS)
    server = NatsServer(local.config_path, port, log=folder / "nats.log")
    await server.start()
    made = Broker(server, local)
    await made.provision()
    yield made
    await server.stop()


@pytest_asyncio.fixture
async def publisher(postgres_server: ThrowawayPostgres, broker: Broker) -> AsyncIterator[Publisher]:
    await broker.wipe_stream()
    engine = await empty_database(postgres_server, SERVICE)
    bus = Bus(broker.server.url, credentials=broker.local.service_seeds[SERVICE], name="notes")
    await bus.start()
    yield Publisher(engine, broker, bus)
    await bus.close()
    await engine.dispose()
