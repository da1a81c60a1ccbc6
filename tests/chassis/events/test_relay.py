from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from chassis.events import ledger
from chassis.events.outbox import Draft, append_many
from chassis.events.relay import Relay, Round
from chassis.events.tables import NUMBERED
from chassis.ids import new_id
from tests.chassis.events.events_kit import NOW, SERVICE, NoteWritten, Publisher, running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chassis.events.envelope import Envelope

PLACES = [
    "relay: before numbers are committed",
    "relay: after numbers are committed",
    "relay: before publishing",
    "relay: after publishing",
    "relay: before marks are committed",
    "relay: after marks are committed",
]


class Crash(BaseException):
    """The process dies here."""


async def check_stream(publisher: Publisher) -> list[Envelope]:
    """Every committed event is in the stream once, in order per aggregate, and the feeds have no gap."""
    rows = await publisher.look("SELECT event_id, tenant, feed_sequence, stream_seq FROM outbox ORDER BY position")
    events = await publisher.broker.events()
    assert [event.id for event in events] == [row.event_id for row in rows]
    assert [row.stream_seq for row in rows] == list(range(1, len(rows) + 1))
    check_order(events)
    by_id = {event.id: event for event in events}
    assert all(by_id[row.event_id].feedsequence == row.feed_sequence for row in rows)
    return events


def check_order(events: Sequence[Envelope]) -> None:
    versions: dict[object, list[int]] = defaultdict(list)
    feeds: dict[str, list[int]] = defaultdict(list)
    for event in events:
        versions[event.subject].append(event.aggregateversion)
        feeds[event.tenant].append(event.feedsequence or 0)
    assert all(seen == list(range(1, len(seen) + 1)) for seen in versions.values())
    assert all(seen == list(range(1, len(seen) + 1)) for seen in feeds.values())


async def publish_all(publisher: Publisher, relay: Relay) -> None:
    connection = await publisher.bus.connection()
    for _ in range(100):
        if await relay.publish_round(connection) is Round.DONE:
            return
    raise AssertionError("the relay does not come to an end")


async def test_concurrent_writers_lose_and_reorder_nothing(publisher: Publisher) -> None:
    seed = random.Random(7)  # noqa: S311
    regions = ["370321", "370303001002", "3703", "370321002001004"]
    notes = [(await publisher.create(region), region) for region in regions * 5]
    relay = publisher.relay(batch=7)

    async def write() -> None:
        for _ in range(15):
            id_, region = seed.choice(notes)
            await publisher.change(id_, "again", region, pause=seed.random() * 0.01)
            relay.wake()

    async with running(relay.run):
        await asyncio.gather(*(write() for _ in range(6)))
        await relay.drained()
    events = await check_stream(publisher)
    assert len(events) == 20 + 6 * 15
    assert {event.tenant for event in events} == {"370321", "370303", "3703"}


async def test_histories_written_in_a_row_take_turns(publisher: Publisher) -> None:
    ids = [new_id() for _ in range(3)]
    async with publisher.engine.begin() as connection:
        for id_ in ids:
            for version in (1, 2, 3):
                await publisher.append(connection, NoteWritten(text="history"), id_, version)
    await publish_all(publisher, publisher.relay())
    events = await check_stream(publisher)
    assert [(event.aggregateversion, event.subject) for event in events] == [(v, id_) for v in (1, 2, 3) for id_ in ids]


async def test_a_transaction_that_commits_late_is_not_passed_over(publisher: Publisher) -> None:
    relay = publisher.relay()
    first, second = new_id(), new_id()
    async with publisher.engine.connect() as slow:
        await publisher.append(slow, NoteWritten(text="slow"), first, 1)
        async with publisher.engine.begin() as fast:
            await publisher.append(fast, NoteWritten(text="fast"), second, 1)
        await publish_all(publisher, relay)
        await slow.commit()
    await publish_all(publisher, relay)
    assert [event.subject for event in await check_stream(publisher)] == [second, first]


async def test_what_is_rolled_back_is_never_published(publisher: Publisher) -> None:
    async with publisher.engine.connect() as connection:
        await publisher.append(connection, NoteWritten(text="no"), new_id(), 1)
        await connection.rollback()
    await publish_all(publisher, publisher.relay())
    assert await publisher.broker.events() == []


async def test_an_aggregate_has_one_event_of_each_version(publisher: Publisher) -> None:
    id_ = await publisher.create()
    with pytest.raises(IntegrityError):
        async with publisher.engine.begin() as connection:
            await publisher.append(connection, NoteWritten(text="twice"), id_, 1)


@pytest.mark.parametrize("batch", [100, 3])
@pytest.mark.parametrize("place", PLACES)
async def test_a_relay_that_dies_anywhere_is_continued_without_loss_or_renumbering(
    publisher: Publisher, place: str, batch: int
) -> None:
    def die(where: str) -> None:
        if where == place:
            raise Crash

    ids = [await publisher.create() for _ in range(5)]
    for id_ in ids:
        await publisher.change(id_, "second")
    connection = await publisher.bus.connection()
    with pytest.raises(Crash):
        await publisher.relay(fault=die, batch=batch).publish_round(connection)
    rows = await publisher.look(f"SELECT event_id, feed_sequence FROM ({NUMBERED}) AS numbered")  # noqa: S608
    numbered = {row.event_id: row.feed_sequence for row in rows}
    await publisher.create()
    await publish_all(publisher, publisher.relay())
    events = await check_stream(publisher)
    assert len(events) == 11
    assert all(event.feedsequence == numbered[event.id] for event in events if event.id in numbered)


async def test_the_next_batch_is_numbered_while_a_full_one_is_published(publisher: Publisher) -> None:
    for _ in range(5):
        await publisher.create()
    relay, connection = publisher.relay(batch=2), await publisher.bus.connection()
    counts = []
    for _ in range(3):
        assert await relay.publish_round(connection) is Round.MORE
        ((numbered, published),) = await publisher.look("""SELECT
            (SELECT coalesce(sum(cardinality(rows)), 0) FROM numbering),
            (SELECT count(*) FROM outbox WHERE published_at IS NOT NULL)""")
        counts.append((published, numbered))
    assert counts == [(2, 2), (4, 1), (5, 0)]
    await check_stream(publisher)


async def test_of_two_relays_one_works_at_a_time(publisher: Publisher) -> None:
    notes = [await publisher.create() for _ in range(10)]
    first, second = publisher.relay(batch=3), publisher.relay(batch=4)
    async with running(first.run), running(second.run):
        for body in range(10):
            await asyncio.gather(*(publisher.change(id_, str(body)) for id_ in notes))
            first.wake()
            second.wake()
        await first.drained()
    assert len(await check_stream(publisher)) == 110


async def test_a_relay_without_the_lock_does_nothing(publisher: Publisher) -> None:
    await publisher.create()
    connection = await publisher.bus.connection()
    async with publisher.engine.begin() as other:
        assert await ledger.lead(other)
        assert await publisher.relay().publish_round(connection) is Round.FOLLOWING
    assert (await publisher.look("SELECT position FROM outbox"))[0].position is None


async def test_events_wait_while_nats_is_away_and_arrive_after(publisher: Publisher) -> None:
    relay = publisher.relay()
    async with running(relay.run):
        id_ = await publisher.create()
        await relay.drained()
        publisher.broker.server.kill()
        for body in range(20):
            await publisher.change(id_, str(body))
            relay.wake()
        assert not publisher.bus.is_connected()
        await publisher.broker.server.start()
        await relay.drained()
    assert len(await check_stream(publisher)) == 21


async def test_nats_may_die_in_the_middle_of_publishing(publisher: Publisher) -> None:
    notes = [await publisher.create() for _ in range(30)]
    relay = publisher.relay(batch=10)
    async with running(relay.run):
        for number in range(3):
            work = asyncio.gather(*(publisher.change(id_, str(number)) for id_ in notes))
            relay.wake()
            await asyncio.sleep(0.01)
            publisher.broker.server.kill()
            await work
            await publisher.broker.server.start()
        await relay.drained()
    assert len(await check_stream(publisher)) == 120


async def test_an_event_that_the_broker_refuses_parks_its_aggregate_only(publisher: Publisher) -> None:
    poisoned = await publisher.create(body="x" * 1_100_000)
    await publisher.change(poisoned, "behind it")
    other = await publisher.create()
    relay = publisher.relay(attempts=1)
    async with running(relay.run):
        await relay.drained()
        await publisher.change(other, "goes on")
        await relay.drained()
        assert [event.subject for event in await publisher.broker.events()] == [other, other]
        async with publisher.engine.connect() as connection:
            [parked] = await ledger.parked(connection)
            waiting, age, held = await ledger.backlog(connection)
            assert (waiting, held) == (2, 1)
            assert age < 60
        assert parked.aggregate_id == poisoned
        assert "payload" in parked.last_error.lower()
        async with publisher.engine.begin() as connection:
            await connection.exec_driver_sql(
                "UPDATE outbox SET payload ="
                " convert_to(replace(convert_from(payload, 'UTF8'), repeat('x', 1100000), 'y'), 'UTF8')"
            )
            assert await ledger.release(connection, poisoned)
        await relay.drained()
    events = await publisher.broker.events()
    assert [event.aggregateversion for event in events if event.subject == poisoned] == [1, 2]


async def test_a_refused_event_is_tried_again_before_it_is_parked(publisher: Publisher) -> None:
    await publisher.create(body="x" * 1_100_000)
    connection = await publisher.bus.connection()
    relay = publisher.relay(attempts=3)
    await relay.publish_round(connection)
    await publish_all(publisher, relay)
    async with publisher.engine.begin() as database:
        [row] = await publisher.look("SELECT attempts, held_until > now() AS held FROM outbox")
        assert (row.attempts, row.held) == (1, True)
        assert not await ledger.parked(database)
        assert not await ledger.is_drained(database)


async def test_what_was_published_long_ago_is_deleted_and_nothing_else(publisher: Publisher) -> None:
    await publisher.create()
    old = await publisher.create()
    await publish_all(publisher, publisher.relay())
    kept = await publisher.create()
    async with publisher.engine.begin() as connection:
        long_ago = text("UPDATE outbox SET published_at = now() - interval '31 days' WHERE aggregate_id = :id")
        await connection.execute(long_ago, {"id": old})
        assert await ledger.expire(connection, 30, 1000) == 1
    left = await publisher.look("SELECT aggregate_id FROM outbox")
    assert old not in {row.aggregate_id for row in left}
    assert kept in {row.aggregate_id for row in left}


async def test_an_import_of_thousands_of_events_is_written_and_published_in_seconds(publisher: Publisher) -> None:
    drafts = [
        Draft(
            event=NoteWritten(text=f"{number}"),
            aggregate_id=new_id(),
            aggregate_version=1,
            region_code="370321002001",
            occurred_at=NOW,
        )
        for number in range(5_000)
    ]
    loop = asyncio.get_running_loop()
    started = loop.time()
    async with publisher.engine.begin() as connection:
        await append_many(connection, SERVICE, drafts)
    written = loop.time() - started
    relay = publisher.relay()
    async with running(relay.run):
        await relay.drained(60)
    published = loop.time() - started - written
    assert written < 10
    assert published < 40
    [row] = await publisher.look(
        "SELECT count(*) AS events, max(feed_sequence) AS last, count(DISTINCT stream_seq) AS stored,"
        " bool_and(feed_sequence = stream_seq) AS in_order FROM outbox"
    )
    assert tuple(row) == (5_000, 5_000, 5_000, True)
