"""What a district system, or a service that is no longer ours, can do on the real server: only what it was given."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import nats
import pytest
import pytest_asyncio
from nats.js.api import ConsumerConfig

from chassis.events.declaration import FEED_INFO, STREAM
from chassis.events.envelope import decode
from chassis.events.keys import create_keys
from tests.chassis.events.events_kit import SERVICE, Publisher, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from nats.aio.client import Client

OWN, FOREIGN = "370321", "370303"
NO_ANSWER = (nats.errors.NoRespondersError, TimeoutError)


@pytest_asyncio.fixture
async def district(publisher: Publisher) -> AsyncIterator[Client]:
    """A client of district 370321, with an event of its own and one of its neighbour in the stream."""
    await publisher.create(f"{OWN}002001", "own")
    await publisher.create(f"{FOREIGN}002001", "foreign")
    await publisher.create("3703", "of the city")
    relay = publisher.relay()
    async with running(relay.run):
        await relay.drained()
    client = await publisher.broker.connect(publisher.broker.server.district_seeds[OWN])
    yield client
    await client.close()


@pytest_asyncio.fixture
async def service(publisher: Publisher) -> AsyncIterator[Client]:
    client = await publisher.broker.connect(publisher.broker.server.service_seeds["other"])
    yield client
    await client.close()


async def refused(client: Client, subject: str, body: dict[str, Any] | None = None) -> None:
    """A request gets no answer: either it may not be sent, or nobody is there."""
    with pytest.raises(NO_ANSWER):
        await client.request(subject, json.dumps(body or {}).encode(), timeout=0.3)


async def consumers(publisher: Publisher) -> set[str]:
    admin = await publisher.broker.connect(publisher.broker.server.admin_seed)
    try:
        return {info.name for info in await admin.jetstream().consumers_info(STREAM)}
    finally:
        await admin.close()


async def test_a_district_reads_and_acknowledges_its_own_feed(district: Client) -> None:
    feed = await district.jetstream().pull_subscribe_bind(f"district_{OWN}", STREAM)
    [message] = await feed.fetch(10, timeout=2)
    event = decode(message.data)
    assert (event.tenant, event.regioncode, event.feedsequence) == (OWN, f"{OWN}002001", 1)
    assert message.headers is not None
    assert message.headers["ce-type"] == event.type == message.headers["ce-type"]
    assert message.headers["content-type"] == "application/cloudevents+json"
    await message.ack_sync(timeout=2)
    info = json.loads((await district.request(FEED_INFO, b"", timeout=2)).data)
    assert (info["name"], info["num_pending"], info["num_ack_pending"]) == (f"district_{OWN}", 0, 0)


@pytest.mark.parametrize("body", [{"filter_subject": "linli.3703.03.>"}, {"filter_subjects": ["linli.>"]}, {}])
async def test_a_district_creates_no_consumer(district: Client, publisher: Publisher, body: dict[str, Any]) -> None:
    config = {"stream_name": STREAM, "config": {"name": "spy", "ack_policy": "none"} | body}
    for subject in (
        f"$JS.API.CONSUMER.CREATE.{STREAM}",
        f"$JS.API.CONSUMER.CREATE.{STREAM}.spy",
        f"$JS.API.CONSUMER.CREATE.{STREAM}.spy.linli.3703.03.>",
        f"$JS.API.CONSUMER.CREATE.{STREAM}.district_{OWN}.linli.3703.03.>",
        f"$JS.API.CONSUMER.DURABLE.CREATE.{STREAM}.spy",
    ):
        await refused(district, subject, config)
    assert await consumers(publisher) == {f"district_{OWN}", f"district_{FOREIGN}"}


async def test_a_district_creates_no_push_consumer_that_delivers_elsewhere(district: Client) -> None:
    config = ConsumerConfig(name="spy", deliver_subject="linli.3703.21._._.org.region.renamed")
    with pytest.raises((nats.js.errors.Error, *NO_ANSWER)):
        await district.jetstream(timeout=0.3).add_consumer(STREAM, config)


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("$JS.API.INFO", {}),
        ("$JS.API.STREAM.LIST", {}),
        ("$JS.API.STREAM.NAMES", {}),
        (f"$JS.API.STREAM.INFO.{STREAM}", {"subjects_filter": ">"}),
        (f"$JS.API.STREAM.MSG.GET.{STREAM}", {"seq": 2}),
        (f"$JS.API.DIRECT.GET.{STREAM}", {"seq": 2}),
        (f"$JS.API.DIRECT.GET.{STREAM}.linli.3703.03.002.001.notes.note.written", {}),
        (f"$JS.API.STREAM.PURGE.{STREAM}", {}),
        (f"$JS.API.STREAM.DELETE.{STREAM}", {}),
        (f"$JS.API.STREAM.UPDATE.{STREAM}", {"name": STREAM, "subjects": ["x"]}),
        ("$JS.API.STREAM.CREATE.MINE", {"name": "MINE", "subjects": ["mine.>"]}),
        (f"$JS.API.CONSUMER.LIST.{STREAM}", {}),
        (f"$JS.API.CONSUMER.NAMES.{STREAM}", {}),
        (f"$JS.API.CONSUMER.INFO.{STREAM}.district_{FOREIGN}", {}),
        (f"$JS.API.CONSUMER.INFO.{STREAM}.district_{OWN}", {}),
        (f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.district_{FOREIGN}", {"batch": 1}),
        (f"$JS.API.CONSUMER.DELETE.{STREAM}.district_{OWN}", {}),
        (f"$JS.API.CONSUMER.DELETE.{STREAM}.district_{FOREIGN}", {}),
        (f"$JS.API.CONSUMER.PAUSE.{STREAM}.district_{FOREIGN}", {}),
        (f"$JS.API.CONSUMER.RESET.{STREAM}.district_{OWN}", {}),
        (f"$JS.ACK.{STREAM}.district_{FOREIGN}.1.2.1.1.0", {}),
        ("$SYS.REQ.SERVER.PING", {}),
        ("$SYS.REQ.USER.INFO", {}),
        ("linli.3703.21.002.001.notes.note.written", {}),
    ],
)
async def test_a_district_asks_for_nothing_else(
    district: Client, publisher: Publisher, subject: str, body: dict[str, Any]
) -> None:
    await refused(district, subject, body)
    assert await consumers(publisher) == {f"district_{OWN}", f"district_{FOREIGN}"}
    assert len(await publisher.broker.messages()) == 3


@pytest.mark.parametrize("subject", [">", "_INBOX.>", "linli.>", "linli.3703.03.>", "$JS.>", "$SYS.>", "$JS.EVENT.>"])
async def test_a_district_hears_nothing_of_others(publisher: Publisher, subject: str) -> None:
    told: list[str] = []

    async def tell(error: Exception) -> None:
        told.append(str(error))

    broker = publisher.broker
    spy = await broker.connect(broker.server.district_seeds[OWN], error_cb=tell)
    heard: list[str] = []

    async def hear(message: Any) -> None:
        heard.append(message.subject)

    await spy.subscribe(subject, cb=hear)
    await spy.flush()
    relay = publisher.relay()
    async with running(relay.run):
        await publisher.create(f"{FOREIGN}002001")
        await publisher.create(f"{OWN}002001")
        await relay.drained()
    neighbour = await broker.connect(broker.server.district_seeds[FOREIGN])
    feed = await neighbour.jetstream().pull_subscribe_bind(f"district_{FOREIGN}", STREAM)
    assert len(await feed.fetch(1, timeout=2)) == 1
    await neighbour.close()
    await spy.flush()
    await spy.close()
    assert heard == []
    assert any("permissions violation for subscription" in line.lower() for line in told)


async def test_a_district_neither_takes_nor_ends_its_neighbours_messages(
    district: Client, publisher: Publisher
) -> None:
    broker = publisher.broker
    neighbour = await broker.connect(broker.server.district_seeds[FOREIGN])
    feed = await neighbour.jetstream().pull_subscribe_bind(f"district_{FOREIGN}", STREAM)
    [message] = await feed.fetch(1, timeout=2)
    await district.publish(message.reply, b"+TERM")
    await district.flush()
    assert json.loads((await neighbour.request(FEED_INFO, b"", timeout=2)).data)["num_ack_pending"] == 1
    stolen = await district.jetstream().pull_subscribe_bind(f"district_{FOREIGN}", STREAM)
    with pytest.raises((nats.js.errors.Error, nats.errors.Error, TimeoutError)):
        await stolen.fetch(1, timeout=0.5)
    await neighbour.close()


async def test_what_a_district_publishes_reaches_nobody(district: Client, publisher: Publisher) -> None:
    broker = publisher.broker
    listener = await broker.connect(broker.server.admin_seed)
    heard: list[str] = []

    async def hear(message: Any) -> None:
        heard.append(message.subject)

    await listener.subscribe("linli.>", cb=hear)
    await listener.subscribe("cmd.>", cb=hear)
    await listener.flush()
    for subject in ("linli.3703.21._._.org.region.renamed", "cmd.secret.launch", f"$JS.ACK.{STREAM}.x.1.1.1.1.0"):
        await district.publish(subject, b"{}")
    await district.flush()
    await listener.flush()
    assert heard == []
    assert len(await broker.messages()) == 3
    await listener.close()


async def test_nobody_gets_in_without_a_key_that_was_declared(publisher: Publisher, tmp_path: Any) -> None:
    stranger = create_keys(tmp_path, ["stranger"])["stranger"]
    with pytest.raises((nats.errors.Error, OSError)):
        await publisher.broker.connect(stranger)
    with pytest.raises((nats.errors.Error, OSError)):
        await publisher.broker.connect(None)


async def test_a_service_publishes_nothing_in_anothers_name(service: Client, publisher: Publisher) -> None:
    with pytest.raises((nats.js.errors.Error, *NO_ANSWER)):
        await service.jetstream(timeout=0.3).publish(f"linli.3703.21._._.{SERVICE}.note.written", b"{}")
    await service.jetstream(timeout=2).publish("linli.3703.21._._.other.note.written", b"{}")
    assert len(await publisher.broker.messages()) == 1


@pytest.mark.parametrize(
    "subject",
    [
        f"$JS.API.STREAM.DELETE.{STREAM}",
        f"$JS.API.STREAM.PURGE.{STREAM}",
        f"$JS.API.CONSUMER.DELETE.{STREAM}.district_{OWN}",
        f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.district_{OWN}",
        f"$JS.API.CONSUMER.CREATE.{STREAM}.spy",
        f"$JS.ACK.{STREAM}.district_{OWN}.1.1.1.1.0",
    ],
)
async def test_a_service_neither_manages_the_stream_nor_touches_a_districts_feed(service: Client, subject: str) -> None:
    await refused(service, subject)


async def test_a_service_does_not_hear_the_answers_to_others(publisher: Publisher) -> None:
    told: list[str] = []

    async def tell(error: Exception) -> None:
        told.append(str(error))

    broker = publisher.broker
    spy = await broker.connect(broker.server.service_seeds["other"], error_cb=tell)
    await spy.subscribe("_INBOX.>")
    await spy.subscribe(">")
    async with asyncio.timeout(10):
        while len(told) < 2:
            await spy.flush()
    assert [line for line in told if "permissions violation" not in line.lower()] == []
    await spy.close()
