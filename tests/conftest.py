from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from deploy.local.fixtures import ThrowawayFolder, ThrowawayPostgres, throwaway_nats
from deploy.local.issuer import Issuer
from tests.kit import Plant
from tests.midnight import time_to_wait

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from deploy.local.streams import DeclaredNats


settings.register_profile("linli", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("linli")  # how long an example takes tells of the machine, not of the code

LONG = ("journey", "local", "faults", "cluster", "practices")
"""Folders of tests that start whole systems: begun first, so that no process works on one alone at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long tests first; the order within a folder stays."""
    ranks = {name: rank for rank, name in enumerate(LONG)}
    items.sort(key=lambda item: ranks.get(_folder(item.nodeid), len(LONG)))


def pytest_runtest_setup() -> None:
    """Let a day end in China before a test begins that may reckon with it."""
    time.sleep(time_to_wait(datetime.now(UTC)).total_seconds())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """Give each file to one process, as `--dist=loadfile` does, and the journeys, which share a system, to one too."""
    return _Scheduling(config, log) if config.getvalue("dist") == "loadfile" else None


class _Scheduling(LoadFileScheduling):  # type: ignore[misc]  # xdist is not typed
    def _split_scope(self, nodeid: str) -> str:
        return "journey" if _folder(nodeid) == "journey" else str(super()._split_scope(nodeid))


def _folder(nodeid: str) -> str:
    return nodeid.split("/")[1] if nodeid.count("/") > 1 else ""


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
def plant(postgres_server: ThrowawayPostgres, issuer: Issuer, server_folder: Path) -> Plant:
    """Where services of tests stand; ask it for a database of a service."""
    return Plant(postgres_server, issuer, server_folder)


@pytest.fixture(scope="session")
def issuer(server_folder: Path) -> Issuer:
    """Mints tokens that services accept when they are told its `jwks_url`."""
    return Issuer(server_folder / "issuer")
