"""The engine: the fast path, equal queries that are run once, cancellation, and what is left afterwards."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from typing import TYPE_CHECKING, Any

from aiohttp import web
from graphql import parse

from gateway.composition.compose import compose
from gateway.composition.subgraph import SubgraphSource
from gateway.execution.engine import Engine
from tests.gateway.gateway_kit import Gateway, gateway_over
from tests.gateway.subgraph_kit import FixtureSubgraph

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

import contextlib
import json

KEY = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n'
BOOK = 'type Book @key(fields: "id") { id: ID! title: String! }'
SHELVES = f"{KEY} type Query {{ books: [Book!]! }} type Mutation {{ add: Int! }} {BOOK}"
STOCK = KEY + 'type Query { none: Int } type Book @key(fields: "id") { id: ID! count: Int! }'
QUERY = "{ books { title count } }"
BOOKS = [{"id": str(number), "title": "t" * 200} for number in range(50)]
WHOLE = {"data": {"books": [{"title": "t" * 200, "count": 7} for _ in BOOKS]}}


@contextlib.asynccontextmanager
async def library() -> AsyncIterator[Gateway]:
    shelves = FixtureSubgraph("shelves", SHELVES, {"Query.books": BOOKS, "Mutation.add": 1, "Book": None})
    stock = FixtureSubgraph("stock", STOCK, {"Book": lambda given: {**given, "count": 7}})
    supergraph = compose([SubgraphSource(each.name, "", each.sdl) for each in (shelves, stock)])
    async with gateway_over(supergraph, [shelves, stock]) as gateway:
        yield gateway


async def asked(engine: Engine, gateway: Gateway, query: str, **headers: str) -> Any:
    plan = gateway.plans.get(query, parse(query), None, {})
    return json.loads((await engine.answer(plan, {}, headers)).body)


async def test_equal_queries_of_one_identity_that_overlap_are_run_once() -> None:
    async with library() as gateway:
        engine = Engine(gateway.client)
        answers = await asyncio.gather(*(asked(engine, gateway, QUERY, authorization="a") for _ in range(20)))
        assert answers == [WHOLE] * 20
        assert len(gateway.running.requests()) == 2
        await asked(engine, gateway, QUERY, authorization="a")
        assert len(gateway.running.requests()) == 4, "what has ended is not answered from memory"


async def test_queries_of_different_identities_or_languages_are_never_shared() -> None:
    async with library() as gateway:
        engine = Engine(gateway.client)
        callers = [{"authorization": "a"}, {"Authorization": "b"}, {}, {"accept-language": "en"}]
        await asyncio.gather(*(asked(engine, gateway, QUERY, **headers) for headers in callers))
        assert len(gateway.running.requests()) == 8


async def test_who_has_changed_something_is_not_told_what_was_read_before() -> None:
    async with library() as gateway:
        engine = Engine(gateway.client)
        hold = asyncio.Event()

        class Old(web.Response):
            async def prepare(self, request: Any) -> Any:
                await hold.wait()
                return await super().prepare(request)

        old = json.dumps({"data": {"books": []}})
        gateway.running.subgraphs["shelves"].replies.append(lambda: Old(text=old))
        before = asyncio.create_task(asked(engine, gateway, QUERY))
        while not gateway.running.requests():  # noqa: ASYNC110 (the subgraph has no event for it)
            await asyncio.sleep(0.01)
        assert await asked(engine, gateway, "mutation { add }") == {"data": {"add": 1}}
        assert await asked(engine, gateway, QUERY) == WHOLE
        hold.set()
        assert await before == {"data": {"books": []}}


async def test_work_goes_on_for_who_still_waits_and_stops_with_the_last() -> None:
    async with library() as gateway:
        engine = Engine(gateway.client)
        first, second = (asyncio.create_task(asked(engine, gateway, QUERY)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        assert await second == WHOLE
        asked_before = len(gateway.running.requests())
        alone = asyncio.create_task(asked(engine, gateway, QUERY))
        await asyncio.sleep(0)
        alone.cancel()
        await asyncio.gather(alone, return_exceptions=True)
        assert await asked(engine, gateway, QUERY) == WHOLE
        assert len(gateway.running.requests()) <= asked_before + 3


async def test_an_answer_that_does_not_fit_is_interpreted_without_asking_again() -> None:
    async with library() as gateway:
        engine = Engine(gateway.client, compile_at=1)
        gateway.running.subgraphs["stock"].replies.append(
            lambda: web.json_response({"data": {"_entities": [{"count": None}] * len(BOOKS)}})
        )
        answer = await asked(engine, gateway, QUERY)
        assert answer["data"] is None
        assert answer["errors"][0]["path"] == ["books", 0, "count"]
        assert len(gateway.running.requests()) == 2


async def test_answers_leave_nothing_behind() -> None:
    async with library() as gateway:
        engine = Engine(gateway.client, share=False)

        async def many(number: int) -> int:
            for _ in range(number):
                await asked(engine, gateway, QUERY)
            for subgraph in gateway.running.subgraphs.values():
                subgraph.headers.clear()
                subgraph.asked.clear()
            gc.collect()
            return tracemalloc.get_traced_memory()[0]

        await many(20)
        tracemalloc.start()
        try:
            before = await many(5)
            after = await many(60)
        finally:
            tracemalloc.stop()
        # One answer alone is 11 KB, and what it is made from is more.
        assert after - before < 60 * 5_000
