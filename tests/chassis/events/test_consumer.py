from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from chassis.events import inbox
from chassis.events.consumer import TROUBLE, AnyOrder
from chassis.events.declaration import STREAM
from chassis.events.envelope import with_feed_sequence
from chassis.events.stream import Batch, StreamReader
from chassis.events.subject import filter_of_service
from tests.chassis.events.events_kit import (
    SERVICE,
    STRUCK,
    WHO,
    WRITTEN,
    NoteArchived,
    NoteStruck,
    NoteWritten,
    Publisher,
    Reader,
    running,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from chassis.events.envelope import Envelope
    from deploy.local.fixtures import ThrowawayPostgres


class Crash(BaseException):
    """The process dies here."""


async def publish(publisher: Publisher) -> None:
    relay = publisher.relay()
    async with running(relay.run):
        await relay.drained()


async def consume(reader: Reader, **options: Any) -> None:
    consumer = reader.consumer(**options)
    async with running(consumer.run):
        await consumer.caught_up()


async def test_each_event_has_its_effect_once_and_in_order(publisher: Publisher, reader: Reader) -> None:
    ids = [await publisher.create(body="1") for _ in range(10)]
    for body in ("2", "3"):
        for id_ in ids:
            await publisher.change(id_, body)
    await publish(publisher)
    await consume(reader)
    await consume(reader)
    assert await reader.effects() == [(id_, int(body), body) for body in "123" for id_ in ids]
    assert reader.calls == [30]


async def test_events_arrive_while_the_consumer_runs(publisher: Publisher, reader: Reader) -> None:
    relay, consumer = publisher.relay(), reader.consumer()
    async with running(relay.run), running(consumer.run):
        for number in range(5):
            await publisher.create(body=str(number))
            relay.wake()
            await relay.drained()
            await consumer.caught_up()
            assert len(await reader.effects()) == number + 1


@pytest.mark.parametrize("place", ["consumer: before commit", "consumer: after commit"])
async def test_a_consumer_that_dies_is_continued_with_each_effect_once(
    publisher: Publisher, reader: Reader, place: str
) -> None:
    def die(where: str) -> None:
        if where == place:
            raise Crash

    ids = [await publisher.create(body="1") for _ in range(5)]
    await publish(publisher)
    with pytest.raises(Crash):
        await reader.consumer(fault=die).run()
    await publisher.create(body="later")
    await publish(publisher)
    await consume(reader)
    assert [id_ for id_, _, _ in await reader.effects()][:5] == ids
    assert len(await reader.effects()) == 6


async def test_two_instances_of_a_consumer_share_the_work_without_doing_it_twice(
    publisher: Publisher, reader: Reader
) -> None:
    relay, first, second = publisher.relay(batch=5), reader.consumer(), reader.consumer()
    async with running(relay.run), running(first.run), running(second.run):
        ids = [await publisher.create(body="1") for _ in range(10)]
        for body in range(2, 8):
            await asyncio.gather(*(publisher.change(id_, str(body)) for id_ in ids))
            relay.wake()
        await relay.drained()
        await first.caught_up()
        await second.caught_up()
    effects = await reader.effects()
    assert len(effects) == 70
    for id_ in ids:
        assert [version for of, version, _ in effects if of == id_] == list(range(1, 8))


async def test_an_event_that_is_delivered_again_under_another_sequence_has_no_second_effect(
    publisher: Publisher, reader: Reader
) -> None:
    await publisher.create()
    await publish(publisher)
    await consume(reader)
    await publisher.broker.wipe_stream()
    await publisher.look("SELECT 1")
    async with publisher.engine.begin() as connection:
        await connection.execute(text("UPDATE outbox SET published_at = NULL"))
    await publisher.create(body="after the stream was lost")
    await publish(publisher)
    await consume(reader)
    assert [body for _, _, body in await reader.effects()] == ["new", "after the stream was lost"]


async def test_a_stream_that_is_replaced_while_the_consumer_runs_is_read_from_its_beginning(
    publisher: Publisher, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.events.consumer._IDENTITY_SECONDS", 0.05)
    relay, consumer = publisher.relay(), reader.consumer()
    async with running(relay.run), running(consumer.run):
        await publisher.create(body="before")
        await publisher.create(body="before")
        await relay.drained()
        await consumer.caught_up()
        await publisher.broker.wipe_stream()
        await publisher.create(body="after")
        await relay.drained()
        async with asyncio.timeout(20):
            while len(await reader.effects()) < 3:
                await consumer.caught_up()
    assert [body for _, _, body in await reader.effects()] == ["before", "before", "after"]


async def restore_late(publisher: Publisher) -> UUID:
    """Publish version 2 of a note first and version 1 after it, as when the stream lost one and it was put back."""
    id_ = await publisher.create(body="older")
    await publisher.change(id_, "newer")
    rows = await publisher.look("SELECT subject, payload FROM outbox ORDER BY id DESC")
    connection = await publisher.bus.connection()
    for sequence, row in enumerate(rows, 1):
        await connection.jetstream.publish(row.subject, with_feed_sequence(row.payload, sequence), stream=STREAM)
    return id_


async def test_an_older_version_than_what_was_applied_has_no_effect(publisher: Publisher, reader: Reader) -> None:
    await restore_late(publisher)
    await consume(reader)
    assert [body for _, _, body in await reader.effects()] == ["newer"]


async def test_a_handler_that_takes_any_order_gets_older_versions_too(publisher: Publisher, reader: Reader) -> None:
    await restore_late(publisher)
    await consume(reader, handlers={WRITTEN: AnyOrder(reader.apply)})
    assert [body for _, _, body in await reader.effects()] == ["newer", "older"]


async def test_poison_is_set_aside_after_some_attempts_and_the_rest_goes_on(
    publisher: Publisher, reader: Reader
) -> None:
    before, poison, after = [await publisher.create(body=body) for body in ("before", "poison", "after")]
    await publish(publisher)
    await consume(reader, attempts=3)
    assert [id_ for id_, _, _ in await reader.effects()] == [before, after]
    [letter] = await reader.look("SELECT consumer, type, attempts, error, payload FROM dead_letter")
    assert (letter.consumer, letter.type, letter.attempts) == (WHO, WRITTEN, 3)
    assert letter.error == "ValueError: this cannot be applied"
    assert str(poison).encode() in letter.payload
    assert reader.calls == [3, 1, 1, 1, 1, 1]


async def test_what_is_no_event_is_set_aside_at_once(publisher: Publisher, reader: Reader) -> None:
    connection = await publisher.bus.connection()
    subject = f"linli.3703.21._._.{SERVICE}.note.written"
    for payload in (b"", b"not JSON", b'{"specversion": "1.0"}', b"\xff\xfe"):
        await connection.jetstream.publish(subject, payload, stream=STREAM)
    good = await publisher.create()
    await publish(publisher)
    await consume(reader)
    assert [id_ for id_, _, _ in await reader.effects()] == [good]
    letters = await reader.look("SELECT attempts, event_id, error FROM dead_letter ORDER BY id")
    assert [(letter.attempts, letter.event_id) for letter in letters] == [(1, None)] * 4
    assert all(letter.error.startswith("undecodable: ") for letter in letters)


async def test_types_without_a_handler_and_other_services_are_passed_over(publisher: Publisher, reader: Reader) -> None:
    async with publisher.engine.begin() as connection:
        await publisher.append(connection, NoteArchived(text="away"), await publisher.create(), 2)
    await publish(publisher)
    await consume(reader)
    assert [version for _, version, _ in await reader.effects()] == [1]
    await consume(reader, durable="elsewhere", subjects=(filter_of_service("another"),))
    assert len(await reader.effects()) == 1


@pytest.mark.parametrize(("is_alone", "calls"), [(True, [4]), (False, [1, 1, 2])])
async def test_runs_of_events_are_given_to_their_handlers_in_the_order_of_the_stream(
    publisher: Publisher, reader: Reader, is_alone: bool, calls: list[int]
) -> None:
    async def other(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
        await reader.apply(connection, events)

    id_ = await publisher.create(body="1")
    async with publisher.engine.begin() as connection:
        await publisher.append(connection, NoteStruck(text="2"), id_, 2)
        await publisher.append(connection, NoteWritten(text="3"), id_, 3)
        await publisher.append(connection, NoteWritten(text="4"), id_, 4)
    await publish(publisher)
    await consume(reader, handlers={WRITTEN: reader.apply, STRUCK: reader.apply if is_alone else other})
    assert [body for _, _, body in await reader.effects()] == ["1", "2", "3", "4"]
    assert reader.calls == calls


async def test_handlers_work_in_the_scope_of_the_whole_city(publisher: Publisher, reader: Reader) -> None:
    seen: list[str] = []

    async def note_scope(connection: AsyncConnection, _events: Sequence[Envelope]) -> None:
        seen.append((await connection.execute(text("SELECT current_setting('linli.scope')"))).scalar_one())

    await publisher.create()
    await publish(publisher)
    await consume(reader, handlers={WRITTEN: note_scope})
    assert seen == ['{""}']


async def test_a_database_that_is_away_is_waited_for_and_nothing_is_set_aside(
    publisher: Publisher, reader: Reader, postgres_server: ThrowawayPostgres
) -> None:
    consumer = reader.consumer(attempts=1)
    relay = publisher.relay()
    async with running(relay.run), running(consumer.run):
        await publisher.create(body="before")
        await relay.drained()
        await consumer.caught_up()
        await postgres_server.stop()
        await postgres_server.start()
        await publisher.engine.dispose()  # the test's own insert is not to meet a connection that is dead
        await publisher.create(body="after")
        await relay.drained()
        await consumer.caught_up()
    assert [body for _, _, body in await reader.effects()] == ["before", "after"]
    assert not await reader.look("SELECT 1 FROM dead_letter")


async def test_something_else_that_is_away_is_waited_for_with_pauses_and_counts_as_no_failure(
    publisher: Publisher, reader: Reader
) -> None:
    for body in ("first", "second", "third"):
        await publisher.create(body=body)
    await publish(publisher)
    left = 12

    async def calling(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
        nonlocal left
        await reader.apply(connection, events)
        if any(event.payload(NoteWritten).text == "second" for event in events) and left:
            left -= 1
            raise ConnectionRefusedError("what the handler calls is away")

    before = TROUBLE.labels(WHO)._value.get()
    await consume(reader, handlers={WRITTEN: calling}, attempts=2, pause_seconds=0.001)
    assert [body for _, _, body in await reader.effects()] == ["first", "second", "third"]
    assert TROUBLE.labels(WHO)._value.get() - before == 11
    assert await reader.look("SELECT id FROM dead_letter") == []


async def test_a_service_hears_at_once_of_what_another_has_in_the_stream(publisher: Publisher, reader: Reader) -> None:
    heard = asyncio.Event()

    async def hear(_message: object) -> None:
        heard.set()

    client = (await reader.bus.connection()).client
    await client.subscribe(filter_of_service(SERVICE), cb=hear)
    await client.flush()
    await publisher.create()
    await publish(publisher)
    async with asyncio.timeout(30):
        await heard.wait()


async def test_what_stays_away_is_set_aside_after_a_time(publisher: Publisher, reader: Reader) -> None:
    for body in ("first", "second", "third"):
        await publisher.create(body=body)
    await publish(publisher)

    async def calling(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
        if any(event.payload(NoteWritten).text == "second" for event in events):
            raise TimeoutError("it does not answer")
        await reader.apply(connection, events)

    await consume(reader, handlers={WRITTEN: calling}, attempts=1, pause_seconds=0.01, transient_seconds=2.0)
    assert [body for _, _, body in await reader.effects()] == ["first", "third"]
    [(attempts, error)] = await reader.look("SELECT attempts, error FROM dead_letter")
    assert attempts > 2
    assert error == "TimeoutError: it does not answer"


async def test_nats_that_is_away_is_waited_for(publisher: Publisher, reader: Reader) -> None:
    consumer, relay = reader.consumer(), publisher.relay()
    async with running(relay.run), running(consumer.run):
        await publisher.create(body="before")
        await relay.drained()
        await consumer.caught_up()
        publisher.broker.server.kill()
        await publisher.create(body="while it is away")
        await publisher.broker.server.start()
        await relay.drained()
        await consumer.caught_up()
    assert [body for _, _, body in await reader.effects()] == ["before", "while it is away"]


async def test_a_backlog_of_many_batches_is_applied_quickly(publisher: Publisher, reader: Reader) -> None:
    ids = [await publisher.create() for _ in range(3)]
    async with publisher.engine.begin() as connection:
        for version in range(2, 402):
            for id_ in ids:
                await publisher.append(connection, NoteWritten(text="again"), id_, version)
    await publish(publisher)
    await consume(reader)
    assert reader.calls == [500, 500, 203]


async def test_the_inbox_is_forgotten_after_its_time_and_only_then(publisher: Publisher, reader: Reader) -> None:
    await publisher.create()
    await publisher.create()
    await publish(publisher)
    await consume(reader)
    async with reader.engine.begin() as connection:
        await connection.execute(
            text(
                "UPDATE inbox SET applied_at = now() - interval '91 days'"
                " WHERE event_id = (SELECT event_id FROM inbox LIMIT 1)"
            )
        )
        assert not await inbox.forget(connection, WHO, 90)
    assert len(await reader.look("SELECT 1 FROM inbox")) == 1


async def test_a_cancellation_that_a_library_loses_still_ends_the_consumer(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = asyncio.Event()

    async def swallow(_reader: object, _after: int, _limit: int) -> Batch:
        waiting.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        return Batch([], 0)

    monkeypatch.setattr(StreamReader, "read", swallow)
    async with running(reader.consumer().run), asyncio.timeout(20):
        await waiting.wait()


async def test_caught_up_says_when_it_is_not(reader: Reader) -> None:
    consumer = reader.consumer()
    with pytest.raises(TimeoutError):
        await consumer.caught_up(0.05)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.01):
            await consumer.run()
