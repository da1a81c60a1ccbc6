"""The stream is lost while everything runs, and everything comes back without a person: real processes."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from random import Random

import nats.errors
import pytest
from nats.aio.client import Client

from chassis.events.declaration import STREAM
from deploy.local.fixtures import ThrowawayFolder
from deploy.nats.keep import keep
from tests.faults.checker import violations
from tests.faults.processes.plant import Plant

pytestmark = pytest.mark.timeout(600)


async def lose_the_store(plant: Plant) -> None:
    """Delete JetStream's files under the running server, which then dies and is started again, as a runner does."""
    store = plant.nats._folder / "jetstream"
    while store.exists():
        shutil.rmtree(store, ignore_errors=True)  # the server writes into it meanwhile
    plant.nats.kill()
    await plant.nats._server.start()


async def delete_the_stream(plant: Plant) -> None:
    """Delete the stream under everyone who is connected."""
    admin = Client()
    await admin.connect(plant.nats.url, nkeys_seed=str(plant.nats.admin_seed), allow_reconnect=False)
    with contextlib.suppress(nats.errors.Error):
        await admin.jetstream().delete_stream(STREAM)
    await admin.close()


async def test_a_stream_that_is_lost_under_load_has_every_event_again_and_each_effect_is_there_once() -> None:
    with ThrowawayFolder() as folder:
        plant = Plant(folder, Random(11))  # noqa: S311 (to be repeated)
        try:
            await plant.start()
            keeper = asyncio.create_task(keep(plant.nats.declaration_file, seconds=0.5))
            assert await plant.moved_on(0, lines=150, seconds=120)
            known = 0
            for lose in (lose_the_store, delete_the_stream):
                before = plant.committed()
                await lose(plant)
                assert await plant.moved_on(before, lines=60, seconds=120)
                record = await plant.rest()
                # What was lost comes back behind what was published before the loss was noticed, if anything was.
                record.streams.insert(0, [])
                assert violations(record) == []
                assert len(record.committed) > known
                known = len(record.committed)
                assert {event.id for event in record.streams[-1]} == {event.id for event in record.committed}
            keeper.cancel()
        finally:
            await plant.stop()
