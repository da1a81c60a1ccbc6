"""Publishing together: on the real stream, and over a connection that refuses what the test wants."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from uuid import UUID

import nats.errors
from hypothesis import given, settings
from hypothesis import strategies as st
from nats.js.api import Header
from nats.js.errors import BadRequestError, ServiceUnavailableError

from chassis.events import batches, publishing
from chassis.events.bus import Ack
from chassis.events.declaration import STREAM
from chassis.events.ledger import Due
from chassis.events.relay import Relay, Round
from chassis.ids import new_id
from tests.chassis.events.events_kit import NoteWritten, Publisher, running

if TYPE_CHECKING:
    from collections.abc import Iterator

KNOWN, REFUSED, FULL, TOO_LARGE = "known", "refused", "full", "too large"
_MANY = 120


class Always(publishing.Pace):
    """Everything goes together, but one event."""

    def least(self) -> int:
        return 2


def together(publisher: Publisher, **options: Any) -> Relay:
    relay = publisher.relay(**options)
    relay.pace = Always()
    return relay


async def write(publisher: Publisher, aggregates: int, versions: int) -> None:
    async with publisher.engine.begin() as connection:
        for id_ in [new_id() for _ in range(aggregates)]:
            for version in range(1, versions + 1):
                await publisher.append(connection, NoteWritten(text="many"), id_, version)


async def check(publisher: Publisher, events: int) -> None:
    """Every event is in the stream once, in the order of its feed, at the place that its row tells of."""
    rows = await publisher.look("SELECT event_id, stream_seq FROM outbox ORDER BY position")
    assert len(rows) == events
    messages = {message.seq: message for message in await publisher.broker.messages()}
    for row in rows:
        assert messages[row.stream_seq].headers["ce-id"] == str(row.event_id)
    assert [row.stream_seq for row in rows] == sorted({row.stream_seq for row in rows})


async def test_events_are_stored_together_and_each_knows_its_place_though_others_publish(publisher: Publisher) -> None:
    await write(publisher, 40, 3)
    connection = await publisher.bus.connection()
    others = 0

    async def publish_otherwise() -> None:
        nonlocal others
        while True:
            headers = {"Nats-Msg-Id": str(new_id())}
            subject = "linli.3703.21._._.notes.other.happened"
            await (await connection.publish(subject, b"{}", stream=STREAM, headers=headers))
            others += 1

    async with running(publish_otherwise):
        with patch.object(batches, "MOST", 50):
            assert await together(publisher).publish_round(connection) is Round.MORE
    await check(publisher, _MANY)
    messages = await publisher.broker.messages()
    assert len(messages) >= _MANY + others
    assert sum(Header.BATCH_ID in message.headers for message in messages) == _MANY, "some went one by one"


async def test_a_batch_that_the_stream_has_partly_goes_event_by_event_and_nothing_is_twice(
    publisher: Publisher,
) -> None:
    await write(publisher, 5, 2)
    connection = await publisher.bus.connection()
    assert await together(publisher).publish_round(connection) is Round.MORE
    async with publisher.engine.begin() as database:
        await database.exec_driver_sql(
            "UPDATE outbox SET published_at = NULL, stream_seq = NULL WHERE feed_sequence > 4"
        )
    await write(publisher, 3, 1)
    relay = together(publisher)
    while await relay.publish_round(connection) is not Round.DONE:
        pass
    await check(publisher, 13)
    assert len(await publisher.broker.messages()) == 13


async def test_an_event_that_is_too_large_keeps_only_its_own_aggregate_waiting(publisher: Publisher) -> None:
    await write(publisher, 10, 1)
    large = await publisher.create(body="x" * 1_100_000)
    await publisher.change(large, "behind it")
    relay = together(publisher, attempts=1)
    async with running(relay.run):
        await relay.drained()
    rows = await publisher.look("SELECT DISTINCT aggregate_id FROM outbox WHERE published_at IS NULL")
    assert [row.aggregate_id for row in rows] == [large]
    assert len(await publisher.broker.events()) == 10


class Fake:
    """Stores what it is sent, batches whole or not at all, and answers a while later."""

    def __init__(self, wrong: dict[int, str]) -> None:
        self.wrong = {str(UUID(int=number)): answer for number, answer in wrong.items()}
        self.stored = [id_ for id_, answer in self.wrong.items() if answer == KNOWN]
        self.staged: dict[str, list[str]] = {}
        self.batches: Iterator[int] = iter(range(1000))

    def new_batch(self) -> str:
        return str(next(self.batches))

    async def stage(self, _subject: str, _payload: bytes, *, stream: str, headers: dict[str, str]) -> None:
        assert stream == "S"
        id_ = headers["ce-id"]
        if self.wrong.get(id_) == TOO_LARGE:
            raise nats.errors.MaxPayloadError
        members = self.staged.setdefault(headers[Header.BATCH_ID], [])
        members.append(id_)
        assert headers[Header.BATCH_SEQUENCE] == str(len(members))

    async def publish(self, subject: str, payload: bytes, *, stream: str, headers: dict[str, str]) -> Any:
        members = [headers["ce-id"]]
        if Header.BATCH_ID in headers:
            await self.stage(subject, payload, stream=stream, headers=headers)
            members = self.staged.pop(headers[Header.BATCH_ID])
        elif self.wrong.get(members[0]) == TOO_LARGE:
            raise nats.errors.MaxPayloadError
        future: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(self._answer, members, future, Header.BATCH_ID in headers)
        return future

    def forget(self) -> None:
        return

    def _answer(self, members: list[str], future: asyncio.Future[Ack], is_batch: bool) -> None:
        wrong = {self.wrong.get(id_) for id_ in members}
        if FULL in wrong:
            future.set_exception(ServiceUnavailableError(code=503, err_code=10077, description="maximum bytes"))
        elif REFUSED in wrong or (is_batch and set(self.stored) & set(members)):
            future.set_exception(BadRequestError(code=400, err_code=10201, description="refused"))
        elif members[0] in self.stored:
            future.set_result(Ack(seq=self.stored.index(members[0]) + 1))
        else:
            self.stored.extend(members)
            future.set_result(Ack(seq=len(self.stored)))


@settings(max_examples=200)
@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=30),
    st.dictionaries(st.integers(1, 30), st.sampled_from([KNOWN, REFUSED, FULL, TOO_LARGE]), max_size=4),
    st.integers(2, 12),
)
def test_whatever_goes_wrong_an_aggregate_has_no_gap_and_every_place_is_right(
    aggregates: list[int], wrong: dict[int, str], most: int
) -> None:
    # What the stream has already of an aggregate came before everything else of it.
    first = {aggregate: number for number, aggregate in reversed(list(enumerate(aggregates, 1)))}
    wrong = {n: answer for n, answer in wrong.items() if answer != KNOWN or n in first.values()}
    connection: Any = Fake(wrong)
    rows = [
        Due(number, UUID(int=number), UUID(int=aggregate), 1, "t", f"a.{aggregate}", b'{"a":1}', number, 9, 0)
        for number, aggregate in enumerate(aggregates, 1)
    ]
    with patch.object(batches, "MOST", most):
        outcome = asyncio.run(publishing.publish(connection, "S", rows, 5, Always()))
    stored = {UUID(id_) for id_ in connection.stored}
    for aggregate in set(aggregates):
        own = [row.event_id in stored for row in rows if row.aggregate_id == UUID(int=aggregate)]
        assert own == sorted(own, reverse=True), "an event is in the stream and one before it is not"
    assert {id_: connection.stored[seq - 1] for id_, seq in outcome.stored.items()} == {
        id_: str(UUID(int=id_)) for id_ in outcome.stored
    }
    assert all(wrong[id_] in {REFUSED, TOO_LARGE} for id_ in outcome.refused)
    assert bool(outcome.trouble) <= (FULL in wrong.values())
    waiting = {row.id for row in rows} - outcome.stored.keys() - outcome.refused.keys()
    refused = {row.aggregate_id for row in rows if row.id in outcome.refused}
    assert outcome.trouble or all(row.aggregate_id in refused for row in rows if row.id in waiting)


def test_what_goes_together_is_learned_from_how_long_it_took() -> None:
    pace = publishing.Pace()
    quick = pace.least()
    for _ in range(50):
        pace.learn(10, 0.006, together=False)  # as when the stream is written through for each
    assert pace.least() < quick / 4
    for _ in range(50):
        pace.learn(20, 0.1, together=True)
    assert pace.least() > quick
