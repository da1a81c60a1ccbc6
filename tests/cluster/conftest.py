from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from tests.cluster.cluster_kit import Cluster

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from deploy.local.nats import NatsServer


@pytest_asyncio.fixture(scope="module")
async def cluster(server_folder: Path) -> AsyncIterator[Cluster]:
    """Three nodes for the tests of a module."""
    folder = server_folder / "cluster"
    folder.mkdir()
    made = Cluster(folder)
    try:
        await made.start()
        yield made
    finally:
        await made.stop()


@pytest_asyncio.fixture
async def whole(cluster: Cluster) -> None:
    """See that no test has to bear what an earlier one left dead."""
    await cluster.mend()


@pytest_asyncio.fixture
async def leaf(cluster: Cluster) -> AsyncIterator[NatsServer]:
    """The district's leaf node, to be started by the test."""
    try:
        yield cluster.leaf
    finally:
        await cluster.leaf.stop()
