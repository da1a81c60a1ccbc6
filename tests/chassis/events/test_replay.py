"""A district sees a jump in its feed, asks for what is missing and gets it; from the outbox, as it was published."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import nats.errors
import pytest
import pytest_asyncio
from sqlalchemy import text

from chassis.events import ledger, replay
from chassis.events.declaration import FEED_REPLAY
from chassis.events.envelope import decode
from chassis.events.replay import End
from chassis.events.replayer import Replayer
from tests.chassis.events.events_kit import SERVICE, Publisher, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from nats.aio.client import Client
    from nats.aio.msg import Msg

OWN, FOREIGN = "370321", "370303"
SUBJECT = f"{FEED_REPLAY}.{SERVICE}"


@dataclass
class District:
    """A district's system: its own credentials, nothing else."""

    client: Client
    refusals: list[str]

    async def ask(self, request: Any, subject: str = SUBJECT) -> tuple[list[Msg], End]:
        """Ask for a page; return its events and what came after them."""
        answers = await self.client.subscribe(self.client.new_inbox())
        payload = request if isinstance(request, bytes) else msgspec.json.encode(request)
        await self.client.publish(subject, payload, reply=answers.subject)
        events: list[Msg] = []
        try:
            while True:
                message = await answers.next_msg(timeout=30)
                if (message.headers or {}).get("Linli-Replay") == "end":
                    return events, msgspec.json.decode(message.data, type=End)
                events.append(message)
        finally:
            await answers.unsubscribe()

    async def refused(self, what: str) -> None:
        """Wait until the server has refused something, by its words."""
        async with asyncio.timeout(30):
            while not any(what.lower() in refusal.lower() for refusal in self.refusals):  # noqa: ASYNC110 (the server's doing)
                await asyncio.sleep(0.02)

    async def problem(self, request: Any) -> str:
        events, end = await self.ask(request)
        assert not events
        assert end.problem is not None
        assert set(end.problem.message) == {"zh-CN", "en"}
        return end.problem.code


@pytest_asyncio.fixture
async def district(publisher: Publisher) -> AsyncIterator[District]:
    """District 370321 with five events of its own, three of its neighbour and one of the city, all published."""
    for number in range(5):
        await publisher.create(f"{OWN}002001", f"own {number}")
    for number in range(3):
        await publisher.create(FOREIGN, f"foreign {number}")
    await publisher.create("3703", "of the city")
    await publish(publisher)
    refusals: list[str] = []

    async def refused(error: Exception) -> None:
        refusals.append(str(error))

    broker = publisher.broker
    client = await broker.connect(broker.server.district_seeds[OWN], refused)
    async with running(Replayer(publisher.engine, publisher.bus, service=SERVICE).run):
        await subscribed(client)
        yield District(client, refusals)
    await client.close()


async def publish(publisher: Publisher) -> None:
    relay = publisher.relay()
    async with running(relay.run):
        await relay.drained()


async def subscribed(client: Client) -> None:
    """Wait until somebody answers requests for a replay."""
    async with asyncio.timeout(30):
        while True:
            with contextlib.suppress(nats.errors.NoRespondersError):
                await client.request(SUBJECT, b"{}", timeout=5)
                return
            await asyncio.sleep(0.02)


def numbers(events: list[Msg]) -> list[int | None]:
    return [decode(event.data).feedsequence for event in events]


async def test_a_range_is_answered_though_the_stream_has_lost_all_of_it(
    district: District, publisher: Publisher
) -> None:
    published = {message.headers["Nats-Msg-Id"]: message for message in await publisher.broker.messages()}
    await publisher.broker.wipe_stream()
    assert await publisher.broker.messages() == []
    events, end = await district.ask({"from": 1, "to": 5})
    assert numbers(events) == [1, 2, 3, 4, 5]
    assert end == End(events=5, next=None, last=5)
    for event in events:
        assert event.headers is not None
        first = published[event.headers["Nats-Msg-Id"]]
        assert event.data == first.data
        assert event.headers == {
            name: value for name, value in first.headers.items() if name != "Nats-Expected-Stream"
        } | {replay.SUBJECT_HEADER: first.subject}


async def test_events_that_are_just_being_published_are_answered_under_their_numbers(
    district: District, publisher: Publisher
) -> None:
    await publisher.create(f"{OWN}002001", "on its way")
    async with publisher.engine.begin() as database:
        assert await ledger.number(database, 100)
    events, end = await district.ask({"from": 5})
    assert numbers(events) == [5, 6]
    assert end == End(events=2, next=None, last=6)
    await publish(publisher)
    assert [event.data for event in (await district.ask({"from": 5}))[0]] == [event.data for event in events]


async def test_pages_are_bounded_by_count_and_by_bytes_and_say_where_to_go_on(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "PAGE_EVENTS", 2)
    events, end = await district.ask({"from": 2})
    assert (numbers(events), end) == ([2, 3], End(events=2, next=4, last=5))
    monkeypatch.setattr(replay, "PAGE_EVENTS", 500)
    monkeypatch.setattr(replay, "PAGE_BYTES", 1)
    events, end = await district.ask({"from": 4, "to": 9})
    assert (numbers(events), end) == ([4], End(events=1, next=5, last=5))
    events, end = await district.ask({"from": 6})
    assert (events, end) == ([], End(events=0, next=None, last=5))


@pytest.mark.parametrize(
    "request_", [b"", b"{", b"\xff", {"from": 0}, {"from": 3, "to": 2}, {"from": "1"}, {"to": 3}, [1]]
)
async def test_a_request_that_says_no_range_is_refused_in_both_languages(district: District, request_: Any) -> None:
    assert await district.problem(request_) == "BAD_REQUEST"


async def test_what_is_no_longer_kept_is_told_with_the_oldest_that_is(district: District, publisher: Publisher) -> None:
    async with publisher.engine.begin() as database:
        await database.execute(text("DELETE FROM outbox WHERE tenant = '370321' AND feed_sequence IN (1, 2, 4)"))
    events, end = await district.ask({"from": 1})
    assert (events, end.next, end.last) == ([], 3, 5)
    assert end.problem is not None
    assert (end.problem.code, end.problem.oldest) == ("EXPIRED", 3)
    events, end = await district.ask({"from": 3})
    assert (numbers(events), end.next, end.problem) == ([3], 4, None)


async def test_an_event_that_nats_cannot_carry_is_told_and_passed_over(
    district: District, publisher: Publisher
) -> None:
    await publisher.create(OWN, "x" * 1_048_576)
    await publisher.create(OWN, "small")
    relay = publisher.relay()
    async with running(relay.run):
        await relay.drained()
    events, end = await district.ask({"from": 5})
    assert (numbers(events), end.next) == ([5], 6)
    events, end = await district.ask({"from": 6})
    assert (events, end.next) == ([], 7)
    assert end.problem is not None
    assert end.problem.code == "TOO_LARGE"


async def test_a_district_gets_no_other_feed_by_naming_it(district: District) -> None:
    for tenant in (FOREIGN, "3703", "", "3703210", "37032１", "370321002"):
        assert await district.problem({"from": 1, "tenant": tenant}) == "FOREIGN_FEED"


async def test_the_server_refuses_every_subject_of_another_districts_replay(district: District) -> None:
    for subject in (f"replay.{SERVICE}.{FOREIGN}", f"replay.{SERVICE}.{OWN}", f"{SUBJECT}.{FOREIGN}", "feed.replay"):
        with pytest.raises((nats.errors.NoRespondersError, TimeoutError)):
            await district.client.request(subject, b'{"from":1}', timeout=0.5)
        await district.refused(f'publish to "{subject}"')
    for subject in (f"replay.{SERVICE}.*", "replay.>", f"{SUBJECT}"):
        await district.client.subscribe(subject)
        await district.refused(f'subscription to "{subject}"')


async def test_a_service_cannot_listen_to_what_another_is_asked(district: District, publisher: Publisher) -> None:
    heard: list[Msg] = []

    async def hear(message: Msg) -> None:
        heard.append(message)

    other = await publisher.broker.connect(publisher.broker.server.service_seeds["other"])
    for subject in (f"replay.{SERVICE}.*", "replay.>", f"replay.{SERVICE}.{OWN}", "replay.other.*"):
        await other.subscribe(subject, cb=hear)
    await other.flush()
    events, _ = await district.ask({"from": 1})
    assert len(events) == 5
    await other.flush()
    assert heard == []
    await other.close()


async def test_a_second_request_while_one_is_answered_is_told_to_wait(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, go_on = asyncio.Event(), asyncio.Event()
    read = replay.read_page

    async def slow(*arguments: Any) -> Any:
        reading.set()
        await go_on.wait()
        return await read(*arguments)

    monkeypatch.setattr(replay, "read_page", slow)
    first = asyncio.create_task(district.ask({"from": 1}))
    await reading.wait()
    assert await district.problem({"from": 1}) == "BUSY"
    go_on.set()
    events, _ = await first
    assert len(events) == 5


async def test_a_database_that_is_away_is_told_and_answers_come_again_later(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> Any:
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr(replay, "read_page", away)
        assert await district.problem({"from": 1}) == "UNAVAILABLE"
    events, _ = await district.ask({"from": 1})
    assert len(events) == 5
