"""Publishing in order over a connection that answers as the test wants."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

import nats.errors
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nats.js.errors import APIError, BadRequestError, NoStreamResponseError, ServiceUnavailableError

from chassis.events import lanes, publishing
from chassis.events.bus import Ack, BusAwayError
from chassis.events.ledger import Due

if TYPE_CHECKING:
    from collections.abc import Callable

STORED, REFUSED, FULL, GONE, LOST = "stored", "refused", "full", "gone", "lost"
ANSWERS: dict[str, Callable[[], Exception]] = {
    REFUSED: lambda: BadRequestError(code=400, err_code=10054, description="too large"),
    FULL: lambda: ServiceUnavailableError(code=503, err_code=10077, description="maximum bytes exceeded"),
    GONE: NoStreamResponseError,
}


class FakeConnection:
    """Answers each message after a while, and watches that no aggregate has two messages on the way."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers
        self.sent: list[str] = []
        self.stored: list[str] = []
        self.on_the_way: dict[str, int] = defaultdict(int)
        self.futures: list[asyncio.Future[Ack]] = []

    async def publish(self, subject: str, payload: bytes, *, stream: str, headers: dict[str, str]) -> Any:
        assert (stream, payload) == ("S", b'{"a":1,"feedsequence":9}')
        future: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self.futures.append(future)
        self.sent.append(headers["ce-id"])
        self.on_the_way[subject] += 1
        assert self.on_the_way[subject] == 1, "two messages of one aggregate are on the way"
        answer = self.answers.get(headers["ce-id"], STORED)
        if answer != LOST:
            asyncio.get_running_loop().call_soon(self._answer, future, subject, headers["ce-id"], answer)
        return future

    def forget(self) -> None:
        return

    def _answer(self, future: asyncio.Future[Ack], subject: str, id_: str, answer: str) -> None:
        self.on_the_way[subject] -= 1
        if answer == STORED:
            self.stored.append(id_)
        if future.done():
            return
        if answer == STORED:
            future.set_result(Ack(seq=len(self.stored)))
        else:
            future.set_exception(ANSWERS[answer]())


def due(number: int, aggregate: int) -> Due:
    return Due(
        number, UUID(int=number), UUID(int=aggregate), 1, "t", f"aggregate.{aggregate}", b'{"a":1}', number, 9, 0
    )


async def publish(connection: Any, rows: list[Due], seconds: float = 1) -> lanes.Outcome:
    return await publishing.publish(connection, "S", rows, seconds, publishing.Pace())


async def test_all_are_sent_in_the_order_of_the_feed() -> None:
    connection = FakeConnection({})
    rows = [due(number, number % 3) for number in range(1, 20)]
    outcome = await publish(connection, rows)
    assert connection.stored == [str(row.event_id) for row in rows]
    assert outcome.stored == {row.id: row.id for row in rows}
    assert (outcome.refused, outcome.trouble) == ({}, None)


async def test_what_follows_a_refused_event_of_its_aggregate_is_not_sent() -> None:
    connection = FakeConnection({str(UUID(int=1)): REFUSED})
    outcome = await publish(connection, [due(1, 1), due(2, 2), due(3, 1), due(4, 2)])
    assert list(outcome.stored) == [2, 4]
    assert list(outcome.refused) == [1]
    assert outcome.trouble is None


@pytest.mark.parametrize("answer", [FULL, GONE])
async def test_trouble_of_the_server_is_nobodys_refusal(answer: str) -> None:
    connection = FakeConnection({str(UUID(int=2)): answer})
    outcome = await publish(connection, [due(1, 1), due(2, 2), due(3, 2), due(4, 3)])
    assert outcome.refused == {}
    assert outcome.trouble is not None
    assert str(UUID(int=3)) not in connection.sent


async def test_a_lost_acknowledgement_ends_the_round_at_its_deadline() -> None:
    connection = FakeConnection({str(UUID(int=1)): LOST})
    outcome = await publish(connection, [due(2, 2), due(1, 1), due(3, 1), due(4, 3)], 0.05)
    assert outcome.stored == {2: 1}
    assert outcome.trouble == "no acknowledgement within 0.05 seconds"
    assert all(future.done() for future in connection.futures), "a future that nobody awaits would leak"


async def test_acknowledgements_that_came_before_the_deadline_count() -> None:
    connection = FakeConnection({str(UUID(int=1)): LOST})
    outcome = await publish(connection, [due(1, 1), due(2, 2), due(3, 3)], 0.05)
    assert set(outcome.stored) == {2, 3}


async def test_a_message_that_the_client_refuses_is_refused() -> None:
    class Small(FakeConnection):
        async def publish(self, *args: Any, **options: Any) -> Any:
            if options["headers"]["ce-id"] == str(UUID(int=1)):
                raise nats.errors.MaxPayloadError
            return await super().publish(*args, **options)

    outcome = await publish(Small({}), [due(1, 1), due(2, 1), due(3, 2)])
    assert (list(outcome.stored), list(outcome.refused)) == ([3], [1])


async def test_a_connection_that_is_lost_is_trouble() -> None:
    class Away:
        async def publish(self, *_args: Any, **_options: Any) -> Any:
            raise BusAwayError("gone")

    outcome = await publish(Away(), [due(1, 1)])
    assert (outcome.stored, outcome.refused, outcome.trouble) == ({}, {}, "gone")


@settings(max_examples=200)
@given(
    st.lists(st.integers(1, 4), max_size=30),
    st.dictionaries(st.integers(1, 30), st.sampled_from([REFUSED, FULL, GONE]), max_size=5),
)
def test_whatever_goes_wrong_an_aggregate_has_no_gap_in_the_stream(
    aggregates: list[int], wrong: dict[int, str]
) -> None:
    connection = FakeConnection({str(UUID(int=number)): answer for number, answer in wrong.items()})
    rows = [due(number, aggregate) for number, aggregate in enumerate(aggregates, 1)]
    outcome = asyncio.run(publish(connection, rows))
    stored = {UUID(id_) for id_ in connection.stored}
    for aggregate in set(aggregates):
        own = [row.event_id in stored for row in rows if row.aggregate_id == UUID(int=aggregate)]
        assert own == sorted(own, reverse=True), "an event is in the stream and one before it is not"
    assert {UUID(int=id_) for id_ in outcome.stored} <= stored
    assert all(wrong.get(id_) == REFUSED for id_ in outcome.refused)
    assert outcome.trouble or len(outcome.stored) == len(stored)


def test_the_wrong_stream_is_trouble_of_the_configuration_and_parks_nothing() -> None:
    error = APIError.__new__(BadRequestError)
    error.__init__(code=400, err_code=10060, description="expected stream does not match")  # type: ignore[misc]
    connection = FakeConnection({str(UUID(int=1)): "other stream"})
    ANSWERS["other stream"] = lambda: error
    outcome = asyncio.run(publish(connection, [due(1, 1)]))
    assert outcome.refused == {}
    assert outcome.trouble is not None
