from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from deploy.local.ports import free_port
from deploy.local.streams import DeclaredNats

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SERVICES = ("org", "tickets")
DISTRICTS = ("370321", "370303", "3703", "3704")


@pytest_asyncio.fixture(scope="module")
async def server(server_folder: Path, request: object) -> AsyncIterator[DeclaredNats]:
    """A server of one test module's own: they change who may use it."""
    folder = server_folder / f"isolation-{id(request)}"
    folder.mkdir()
    made = DeclaredNats(folder / "nats", free_port(), services=SERVICES, districts=DISTRICTS, log=folder / "nats.log")
    try:
        await made.start()
        yield made
    finally:
        await made.stop()
