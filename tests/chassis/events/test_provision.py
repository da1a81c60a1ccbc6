from __future__ import annotations

import pytest
from nats.js.api import ConsumerConfig, StreamConfig

from chassis.events.declaration import STREAM
from chassis.events.provision import apply, district_consumer, ensure_consumer, stream_config
from tests.chassis.events.events_kit import DISTRICTS, Broker, Publisher


async def test_applying_again_keeps_the_stream_the_consumers_and_their_places(
    publisher: Publisher, broker: Broker
) -> None:
    connection = await publisher.bus.connection()
    await connection.jetstream.publish("linli.3703.21._._.notes.note.written", b"{}", stream=STREAM)
    district = await broker.connect(broker.server.district_seeds["370321"])
    feed = await district.jetstream().pull_subscribe_bind("district_370321", STREAM)
    [message] = await feed.fetch(1, timeout=2)
    await message.ack_sync()
    await district.close()
    await broker.server.provision()
    admin = await broker.connect(broker.server.admin_seed)
    info = await admin.jetstream().consumer_info(STREAM, "district_370321")
    await admin.close()
    assert (info.num_pending, info.num_ack_pending) == (0, 0)
    assert len(await broker.messages()) == 1


async def test_drift_is_brought_in_line(publisher: Publisher, broker: Broker) -> None:
    assert publisher
    admin = await broker.connect(broker.server.admin_seed)
    jetstream = admin.jetstream()
    changed = stream_config()
    changed.max_age = 3600.0
    await jetstream.update_stream(changed)
    consumer = district_consumer("370321")
    consumer.filter_subject = "linli.>"
    await jetstream.add_consumer(STREAM, consumer)
    await apply(admin, DISTRICTS)
    assert (await jetstream.stream_info(STREAM)).config.max_age == stream_config().max_age
    assert (await jetstream.consumer_info(STREAM, "district_370321")).config.filter_subject == "linli.3703.21.>"
    await admin.close()


async def test_what_is_as_declared_is_not_changed(
    publisher: Publisher, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert publisher
    admin = await broker.connect(broker.server.admin_seed)
    leaves = ["370321"]
    await apply(admin, DISTRICTS, leaves=leaves)

    async def fail(*_args: object, **_options: object) -> None:
        raise AssertionError("there is nothing to change")

    for name in ("add_stream", "update_stream", "add_consumer"):
        monkeypatch.setattr(f"nats.js.manager.JetStreamManager.{name}", fail)
    await apply(admin, DISTRICTS, leaves=leaves)
    await admin.jetstream().delete_consumer(STREAM, "leaf_370321")
    await admin.close()


async def test_a_consumer_of_a_stream_that_is_not_there_is_not_made(publisher: Publisher, broker: Broker) -> None:
    assert publisher
    admin = await broker.connect(broker.server.admin_seed)
    with pytest.raises(Exception, match="stream not found"):
        await ensure_consumer(admin.jetstream(), "NONE", ConsumerConfig(durable_name="x"))
    await admin.close()


def test_the_stream_takes_every_event_and_nothing_else() -> None:
    config: StreamConfig = stream_config(3)
    assert (config.subjects, config.num_replicas, config.allow_direct) == (["linli.>"], 3, True)
    assert (config.deny_delete, config.deny_purge) == (True, True)
