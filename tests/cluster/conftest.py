from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from tests.cluster.cluster_kit import Cluster

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest_asyncio.fixture(scope="module")
async def cluster(server_folder: Path) -> AsyncIterator[Cluster]:
    """Three nodes for the tests of a module; who kills one starts it again."""
    folder = server_folder / "cluster"
    folder.mkdir()
    made = Cluster(folder)
    try:
        await made.start()
        yield made
    finally:
        await made.stop()
