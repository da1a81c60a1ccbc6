from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from deploy.local.fixtures import ThrowawayFolder, ThrowawayPostgres, throwaway_nats
from deploy.local.issuer import Issuer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from deploy.local.streams import DeclaredNats


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """The folder of this session's servers; a second pytest process has its own."""
    with ThrowawayFolder() as folder:
        yield folder


@pytest_asyncio.fixture(scope="session")
async def postgres_server(server_folder: Path) -> AsyncIterator[ThrowawayPostgres]:
    """A real PostgreSQL; ask it for a database of your own with `create_service_database`."""
    server = ThrowawayPostgres(server_folder)
    try:
        await server.start()
        yield server
    finally:
        await server.stop()


@pytest_asyncio.fixture(scope="session")
async def nats_server(server_folder: Path) -> AsyncIterator[DeclaredNats]:
    """A real NATS with the stream, users and consumers as declared; who stops it starts it again."""
    server = throwaway_nats(server_folder)
    try:
        await server.start()
        yield server
    finally:
        await server.stop()


@pytest.fixture(scope="session")
def issuer(server_folder: Path) -> Issuer:
    """Mints tokens that services accept when they are told its `jwks_url`."""
    return Issuer(server_folder / "issuer")
