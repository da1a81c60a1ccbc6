from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import pytest
from nats.aio.client import Client

from chassis.events.bus import Bus, BusAwayError
from chassis.events.declaration import STREAM
from chassis.events.envelope import headers_of
from chassis.events.keys import create_keys
from chassis.events.stream import StreamReader, identity_of
from chassis.ids import new_id
from deploy.local.ports import free_port
from tests.chassis.events.events_kit import SERVICE, Broker, Publisher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SUBJECT = f"linli.3703.21._._.{SERVICE}.note.written"


@contextlib.asynccontextmanager
async def started(bus: Bus) -> AsyncIterator[Bus]:
    await bus.start()
    try:
        yield bus
    finally:
        await bus.close()


async def test_a_bus_starts_without_nats_and_connects_when_it_comes(broker: Broker) -> None:
    broker.server.kill()
    async with (
        started(Bus(broker.server.url, credentials=broker.server.service_seeds[SERVICE], name="early")) as bus,
        asyncio.timeout(30),
    ):
        assert not bus.is_connected()
        await broker.server.start()
        assert await bus.connection()
        assert bus.is_connected()
    assert not bus.is_connected()


async def test_a_bus_of_several_servers_uses_the_one_that_is_there(broker: Broker) -> None:
    urls = f"nats://127.0.0.1:{free_port()}, {broker.server.url}"
    credentials = broker.server.service_seeds[SERVICE]
    async with started(Bus(urls, credentials=credentials, name="several")) as bus, asyncio.timeout(30):
        assert (await bus.connection()).client.is_connected


async def test_a_bus_without_a_declared_key_keeps_trying_and_never_connects(broker: Broker, tmp_path: Path) -> None:
    stranger = create_keys(tmp_path, ["stranger"])["stranger"]
    async with started(Bus(broker.server.url, credentials=stranger, name="stranger")) as bus:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.7):
                await bus.connection()
        assert not bus.is_connected()


async def test_a_connection_that_is_lost_tells_everyone_and_is_replaced(broker: Broker) -> None:
    bus = Bus(broker.server.url, credentials=broker.server.service_seeds["other"], name="other")
    async with started(bus), asyncio.timeout(30):
        connection = await bus.connection()
        # Not its own name: the server drops the message, so that the acknowledgement never comes.
        headers = headers_of(new_id(), "t", 1)
        waiting = await connection.publish(SUBJECT, b"{}", stream=STREAM, headers=headers)
        broker.server.kill()
        with pytest.raises(BusAwayError):
            await waiting
        assert connection.lost.is_set()
        with pytest.raises(BusAwayError):
            await connection.publish(SUBJECT, b"{}", stream=STREAM, headers=headers)
        await broker.server.start()
        assert await bus.connection() is not connection


async def test_what_follows_a_sequence_is_read_in_order_with_how_much_is_left(publisher: Publisher) -> None:
    connection = await publisher.bus.connection()
    for number in range(7):
        await connection.jetstream.publish(SUBJECT, str(number).encode())
    reader = StreamReader(connection, STREAM, f"linli.*.*.*.*.{SERVICE}.>")
    first = await reader.read(0, 3)
    assert [(message.sequence, message.payload) for message in first.messages] == [(1, b"0"), (2, b"1"), (3, b"2")]
    assert {message.subject for message in first.messages} == {SUBJECT}
    assert first.pending == 4
    assert [message.sequence for message in (await reader.read(5, 3)).messages] == [6, 7]
    assert await reader.read(7, 3) == ([], 0)
    assert await reader.read(100, 3) == ([], 0)
    await reader.close()


async def test_only_what_the_filter_matches_is_read(publisher: Publisher) -> None:
    connection = await publisher.bus.connection()
    await connection.jetstream.publish(SUBJECT, b"{}")
    reader = StreamReader(connection, STREAM, "linli.*.*.*.*.another.>")
    assert await reader.read(0, 3) == ([], 0)
    await reader.close()


async def test_a_stream_that_is_not_there_is_waited_for(publisher: Publisher) -> None:
    connection = await publisher.bus.connection()
    await publisher.broker.delete_stream()
    with pytest.raises(BusAwayError, match="stream not found"):
        await identity_of(connection, STREAM)
    reader = StreamReader(connection, STREAM, "linli.>")
    with pytest.raises(BusAwayError, match="503"):
        await reader.read(0, 1)
    await reader.close()


async def test_a_bus_is_closed_even_when_the_end_gets_lost_in_connecting(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, begun = Client.connect, asyncio.Event()

    async def deaf(self: Client, **options: Any) -> None:
        connecting = asyncio.ensure_future(connect(self, **options))
        begun.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(connecting)
        await connecting

    monkeypatch.setattr(Client, "connect", deaf)
    bus = Bus(broker.server.url, credentials=broker.server.service_seeds[SERVICE], name="closed")
    await bus.start()
    async with asyncio.timeout(10) as limit:
        await begun.wait()
        await bus.close()
    assert not limit.expired()
    assert not bus.is_connected()
