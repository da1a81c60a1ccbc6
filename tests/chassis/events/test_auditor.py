"""What the stream has lost is found, and published again under the same ids and in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chassis.events import auditor, ledger
from chassis.events.auditor import Auditor, audit
from chassis.events.declaration import STREAM
from tests.chassis.events.events_kit import SERVICE, Publisher, running
from tests.chassis.events.test_relay import check_order

if TYPE_CHECKING:
    from uuid import UUID


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at what was published just now, too: one server has everything that it acknowledged."""
    monkeypatch.setattr(auditor, "_SETTLED_SECONDS", 0.0)


async def published(publisher: Publisher) -> None:
    relay = publisher.relay()
    async with running(relay.run):
        await relay.drained()


async def looked(publisher: Publisher, **options: Any) -> auditor.Audit:
    return await audit(publisher.engine, await publisher.bus.connection(), service=SERVICE, stream=STREAM, **options)


async def in_outbox(publisher: Publisher) -> list[UUID]:
    return [row[0] for row in await publisher.look("SELECT event_id FROM outbox ORDER BY position")]


async def lose(publisher: Publisher, number: int) -> None:
    """Leave the outbox saying of `number` new events that they are in the stream, which has none of them."""
    for _ in range(number):
        await publisher.create()
    async with publisher.engine.begin() as database:
        await ledger.number(database, 1000)
        due = await ledger.take_numbered(database)
        await ledger.mark(database, [(row, row.id + place % 2 * 1000) for place, row in enumerate(due)])
        await ledger.settle(database)


async def test_a_stream_that_has_everything_is_found_whole(publisher: Publisher) -> None:
    for _ in range(5):
        await publisher.create()
    await published(publisher)
    assert await looked(publisher) == auditor.Audit(checked=5)
    assert await looked(publisher, whole=True) == auditor.Audit(checked=5, whole=True)
    assert "nothing is missing" in str(await looked(publisher))


async def test_what_is_missing_or_has_another_in_its_place_comes_back_in_order(publisher: Publisher) -> None:
    before = await publisher.create()
    await publisher.change(before, "second")
    await published(publisher)
    await lose(publisher, 120)
    await publisher.change(before, "third")
    await published(publisher)
    found = await looked(publisher)
    assert (found.missing, found.whole) == (120, True)
    await published(publisher)
    events = await publisher.broker.events()
    assert {event.id for event in events} == set(await in_outbox(publisher))
    again = [event.id for event in events[3:]]
    assert again == (await in_outbox(publisher))[2:122]
    assert (await looked(publisher, whole=True)).missing == 0


async def test_a_new_stream_gets_everything_before_anything_new(publisher: Publisher) -> None:
    first = await publisher.create()
    await publisher.create("370303")
    await published(publisher)
    await publisher.broker.wipe_stream()
    assert (await looked(publisher)).restoring
    await publisher.change(first, "after the loss")
    await published(publisher)
    events = await publisher.broker.events()
    assert [event.id for event in events] == await in_outbox(publisher)
    check_order(events)
    assert not (await looked(publisher)).restoring


async def test_an_interrupted_restoration_goes_on_where_it_stopped(publisher: Publisher) -> None:
    for _ in range(7):
        await publisher.create()
    await published(publisher)
    await publisher.broker.wipe_stream()
    async with publisher.engine.begin() as database:
        assert await ledger.restored(database, "another stream", 3) is not None
    assert (await looked(publisher)).restoring
    await published(publisher)
    assert [event.id for event in await publisher.broker.events()] == await in_outbox(publisher)


async def test_a_running_relay_sees_that_the_stream_was_replaced_under_its_connection(publisher: Publisher) -> None:
    relay = publisher.relay()
    async with running(relay.run):
        for _ in range(5):
            await publisher.create()
        await relay.drained()
        await publisher.broker.wipe_stream()
        late = await publisher.create()
        await relay.drained()
        await publisher.create()
        await relay.drained()
        events = await publisher.broker.events()
        assert late in {event.subject for event in events}
        assert {event.id for event in events} == set(await in_outbox(publisher))


async def test_the_auditor_in_the_background_wakes_the_relay(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditor, "_SECONDS", 0.05)
    relay = publisher.relay()
    async with running(relay.run):
        await publisher.create()
        await relay.drained()
        await lose(publisher, 3)
        watching = Auditor(publisher.engine, publisher.bus, service=SERVICE, stream=STREAM, wake=relay.wake)
        async with running(watching.run):
            await publisher.until("SELECT count(*) = 4 FROM outbox WHERE stream_seq BETWEEN 1 AND 4")
    assert [event.id for event in await publisher.broker.events()] == await in_outbox(publisher)
