"""A service's subscriptions: who may, what each event reads, what is held meanwhile, how they end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
import strawberry
import strawberry.federation
import uvicorn
from sqlalchemy import Column, MetaData, Table, Text, Uuid, func, select
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.types import Info

from chassis.errors import Forbidden
from chassis.graphql.context import Context
from chassis.graphql.documents import DocumentCache
from chassis.graphql.subscribe import EventStreams

note = Table("note", MetaData(), Column("id", Uuid), Column("region_code", Text), Column("text", Text))
SUBSCRIBE = "subscription { noteWritten { number count } }"


class Feed:
    """Where the source waits; how many sources there are."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[int | None] = asyncio.Queue()
        self.sources = 0
        self.begun = asyncio.Event()


@strawberry.type
class Written:
    number: int

    @strawberry.field
    async def count(self, info: Info[Context, None]) -> int:
        session = await info.context.read()
        return int(await session.scalar(select(func.count()).select_from(note)))


@strawberry.type
class Query:
    @strawberry.field
    async def one(self) -> int:
        return 1


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def note_written(self, info: Info[Context, None]) -> AsyncGenerator[Written, None]:
        feed: Feed = info.context.extras
        if info.context.caller.is_anonymous:
            raise Forbidden(operation="noteWritten")
        feed.sources += 1
        feed.begun.set()
        try:
            while (number := await feed.queue.get()) is not None:
                if number < 0:
                    raise RuntimeError("the password is swordfish")
                yield Written(number=number)
        finally:
            feed.sources -= 1


class Served:
    def __init__(self, url: str, notes: Any, feed: Feed, streams: EventStreams) -> None:
        self.url, self.notes, self.feed, self.streams = url, notes, feed, streams
        self.client = aiohttp.ClientSession()

    def post(self, query: str = SUBSCRIBE, token: str | None = None) -> Any:
        headers = {"accept": "text/event-stream", "accept-language": "en"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        return self.client.post(self.url, json={"query": query}, headers=headers)


@asynccontextmanager
async def serving(notes: Any, **limits: Any) -> AsyncIterator[Served]:
    schema = strawberry.federation.Schema(Query, subscription=Subscription)._schema
    feed = Feed()
    endpoint = replace(notes.endpoint, schema=schema, documents=DocumentCache(schema), extras=feed)
    streams = EventStreams(endpoint, **limits)
    app = Starlette(routes=[Route("/graphql", streams)])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
        await asyncio.sleep(0.01)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/graphql"
    served = Served(url, notes, feed, streams)
    try:
        yield served
    finally:
        await served.client.close()
        server.should_exit = True
        await task


async def event(response: aiohttp.ClientResponse) -> str:
    async with asyncio.timeout(10):
        while (text := (await response.content.readuntil(b"\n\n")).decode()).startswith(":"):
            pass
    return text.strip()


async def test_each_event_reads_a_fresh_snapshot_in_the_callers_scope_and_holds_nothing_while_idle(notes: Any) -> None:
    async with serving(notes) as served:
        write = 'mutation ($r: String!) { writeNote(regionCode: $r, text: "t") { note { id } } }'
        async with served.post(token=notes.token()) as response:
            assert response.content_type == "text/event-stream"
            for number, region in enumerate(["370321001", "370321002", "370322001"], start=1):
                await notes.ask(write, notes.token(region="3703"), r=region)
                served.feed.queue.put_nowait(number)
                seen = min(number, 2)
                expected = f'event: next\ndata: {{"data":{{"noteWritten":{{"number":{number},"count":{seen}}}}}}}'
                assert await event(response) == expected
                assert notes.database.engine.pool.checkedout() == 0
            served.feed.queue.put_nowait(None)
            assert await event(response) == "event: complete\ndata:"
    assert served.streams.running == 0


async def test_who_may_not_subscribe_is_told_so_without_data(notes: Any) -> None:
    async with serving(notes) as served:
        async with served.post() as response:
            told = await event(response)
            assert '"code":"FORBIDDEN"' in told
            assert '"data"' not in told
            assert await event(response) == "event: complete\ndata:"
        async with served.post(token="not.a.token") as response:
            assert '"code":"UNAUTHENTICATED"' in await event(response)


async def test_a_fault_of_the_source_is_masked_and_ends_the_subscription(notes: Any) -> None:
    async with serving(notes) as served, served.post(token=notes.token()) as response:
        served.feed.queue.put_nowait(-1)
        told = await event(response)
        assert '"code":"INTERNAL"' in told
        assert "swordfish" not in told
        assert await event(response) == "event: complete\ndata:"


async def test_a_subscriber_that_goes_ends_the_source_at_once(notes: Any) -> None:
    async with serving(notes) as served:
        response = await served.post(token=notes.token())
        await asyncio.wait_for(served.feed.begun.wait(), 10)
        response.close()
        async with asyncio.timeout(10):
            while served.feed.sources or served.streams.running:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_heartbeats_come_and_the_number_of_subscriptions_is_limited(notes: Any) -> None:
    async with (
        serving(notes, most=1, heartbeat_seconds=0.05) as served,
        served.post(token=notes.token()) as response,
        served.post(token=notes.token()) as other,
    ):
        await asyncio.wait_for(response.content.readuntil(b":\n\n:\n\n"), 10)
        assert '"code":"TOO_MANY"' in await event(other)


@pytest.mark.parametrize("query", ["{ one }", "{ nothing }", "subscription { nothing }"])
async def test_what_is_no_subscription_is_answered_as_json(notes: Any, query: str) -> None:
    async with serving(notes) as served, served.post(query) as response:
        assert response.content_type == "application/json"
        answer = await response.json()
        assert answer == {"data": {"one": 1}} or answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
