"""What clients get when a subgraph is slow, cut, malformed, too large, wrong or gone."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from gateway.composition.compose import compose
from gateway.composition.read_subgraph import SubgraphSource
from gateway.execution.client import ClientLimits, HttpSubgraphClient, SubgraphRequest
from gateway.execution.errors import SubrequestHttpError
from tests.gateway.gateway_kit import Gateway, answer, gateway_over
from tests.gateway.subgraph_kit import FixtureSubgraph, rows

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

POSTS = """
type Query { posts: [Post!] lead: Post! }
type Mutation { lift: Post }
type Post @key(fields: "id") { id: ID! title: String! }
"""
LIKES = 'type Query { total: Int } type Post @key(fields: "id") { id: ID! likes: Int sure: Int! tags: [String!] }'
BOTH = "{ posts { title likes } }"
ROWS = [{"id": "p1", "title": "Lamp"}, {"id": "p2", "title": "Bench"}]
WHOLE = {"posts": [{"title": "Lamp", "likes": 3}, {"title": "Bench", "likes": 5}]}
WITHOUT_LIKES = {"posts": [{"title": "Lamp", "likes": None}, {"title": "Bench", "likes": None}]}

pytestmark = pytest.mark.usefixtures("each_executor")


@asynccontextmanager
async def board(**limits: Any) -> AsyncIterator[Gateway]:
    """Run two subgraphs: posts, and their likes."""
    link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])'
    liked = rows({"id": "p1", "likes": 3, "sure": 1, "tags": ["a"]}, {"id": "p2", "likes": 5, "sure": 2}, by="id")
    resolvers: dict[str, dict[str, Any]] = {
        "posts": {"Query.posts": ROWS, "Query.lead": ROWS[0], "Mutation.lift": ROWS[0], "Post": rows(*ROWS, by="id")},
        "likes": {"Query.total": 8, "Post": liked},
    }
    sdl = {"posts": link + POSTS, "likes": link + LIKES}
    supergraph = compose([SubgraphSource(name, "", text) for name, text in sdl.items()])
    subgraphs = [FixtureSubgraph(name, text, resolvers[name]) for name, text in sdl.items()]
    async with gateway_over(supergraph, subgraphs, ClientLimits(**limits)) as gateway:
        yield gateway


def reply(body: Any, status: int = 200) -> Callable[[], web.StreamResponse]:
    text = body if isinstance(body, str) else json.dumps(body)
    return lambda: web.Response(text=text, status=status, content_type="application/json")


def codes(result: dict[str, Any]) -> list[tuple[str, str | None, list[Any] | None]]:
    return [
        (each["extensions"]["code"], each["extensions"].get("service"), each.get("path")) for each in result["errors"]
    ]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (reply("not json"), "SUBREQUEST_MALFORMED_RESPONSE"),
        (reply('{"data": {"_entities": [{"likes"'), "SUBREQUEST_MALFORMED_RESPONSE"),
        (reply([1, 2]), "SUBREQUEST_MALFORMED_RESPONSE"),
        (reply({}), "SUBREQUEST_MALFORMED_RESPONSE"),
        (reply({"data": "text"}), "SUBREQUEST_MALFORMED_RESPONSE"),
        (reply("bad gateway", status=502), "SUBREQUEST_HTTP_ERROR"),
        (reply({"data": {"_entities": []}}, status=500), "SUBREQUEST_HTTP_ERROR"),
        (reply({"data": {"_entities": [{"likes": 1}] * 4000}}), "SUBREQUEST_RESPONSE_TOO_LARGE"),
    ],
)
async def test_a_useless_answer_costs_only_the_fields_it_was_asked_for(fault: Any, code: str) -> None:
    async with board(answer_bytes=20_000) as gateway:
        gateway.running.subgraphs["likes"].replies.append(fault)
        result = await answer(gateway, BOTH)
        assert result["data"] == WITHOUT_LIKES
        assert codes(result) == [(code, "likes", ["posts"])]
        assert await answer(gateway, BOTH) == {"data": WHOLE}


async def test_an_answer_that_comes_too_late_is_given_up() -> None:
    release = asyncio.Event()
    async with board(total_seconds=0.3) as gateway:
        subgraph = gateway.running.subgraphs["likes"]

        async def wait(_request: Any) -> web.StreamResponse:
            await release.wait()
            return web.Response()

        class Slow(web.Response):
            async def prepare(self, request: Any) -> Any:
                await wait(request)
                return await super().prepare(request)

        subgraph.replies.append(Slow)
        result = await answer(gateway, BOTH)
        release.set()
        assert result["data"] == WITHOUT_LIKES
        assert codes(result) == [("SUBREQUEST_TIMEOUT", "likes", ["posts"])]


async def test_a_subgraph_that_is_gone_and_comes_back_costs_only_its_own_fields() -> None:
    async with board() as gateway:
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            closed = nobody.getsockname()[1]
        broken = HttpSubgraphClient({**gateway.running.urls, "likes": f"http://127.0.0.1:{closed}/"})
        sound, gateway.client = gateway.client, broken
        result = await answer(gateway, BOTH)
        assert result["data"] == WITHOUT_LIKES
        assert codes(result) == [("SUBREQUEST_HTTP_ERROR", "likes", ["posts"])]
        result = await answer(gateway, "{ lead { title } total }")
        assert result["data"] == {"lead": {"title": "Lamp"}, "total": None}
        gateway.client = sound
        await broken.close()
        assert await answer(gateway, BOTH) == {"data": WHOLE}


async def test_a_subgraphs_own_errors_come_with_the_clients_path_and_their_own_extensions() -> None:
    error = {
        "message": "hidden from you",
        "path": ["_entities", 1, "n"],
        "extensions": {"code": "FORBIDDEN", "hint": 7},
    }
    async with board() as gateway:
        body = {"data": {"_entities": [{"n": 3}, {"n": None}]}, "errors": [error]}
        gateway.running.subgraphs["likes"].replies.append(reply(body))
        result = await answer(gateway, "{ all: posts { title n: likes } }")
    assert result["data"] == {"all": [{"title": "Lamp", "n": 3}, {"title": "Bench", "n": None}]}
    (given,) = result["errors"]
    assert given["message"] == "hidden from you"
    assert given["path"] == ["all", 1, "n"]
    assert given["extensions"] == {"code": "FORBIDDEN", "hint": 7, "service": "likes"}


async def test_errors_alone_without_data_are_an_answer() -> None:
    async with board() as gateway:
        gateway.running.subgraphs["likes"].replies.append(reply({"errors": [{"message": "no"}]}, status=400))
        result = await answer(gateway, BOTH)
        assert result["data"] == WITHOUT_LIKES
        assert codes(result) == [("DOWNSTREAM_SERVICE_ERROR", "likes", ["posts"])]


@pytest.mark.parametrize(
    "entities", [[], [{"likes": 3}], [{"likes": 3}, {"likes": 5}, {"likes": 9}], None, "x", [7, []]]
)
async def test_too_few_or_too_many_entities_do_no_harm(entities: Any) -> None:
    async with board() as gateway:
        gateway.running.subgraphs["likes"].replies.append(reply({"data": {"_entities": entities}}))
        result = await answer(gateway, BOTH)
        assert [post["title"] for post in result["data"]["posts"]] == ["Lamp", "Bench"]
        assert result["data"]["posts"][0]["likes"] in {3, None}


@pytest.mark.parametrize(
    ("field", "value"),
    [("likes", "three"), ("likes", 2**31), ("likes", True), ("likes", {"a": 1}), ("tags", "a"), ("tags", {"a": 1})],
)
async def test_a_value_of_the_wrong_type_is_null_with_an_error(field: str, value: Any) -> None:
    async with board() as gateway:
        body = {"data": {"_entities": [{field: value}, {field: None}]}}
        gateway.running.subgraphs["likes"].replies.append(reply(body))
        result = await answer(gateway, f"{{ posts {{ id {field} }} }}")
        assert result["data"] == {"posts": [{"id": "p1", field: None}, {"id": "p2", field: None}]}
        assert codes(result) == [("INVALID_SUBGRAPH_VALUE", None, ["posts", 0, field])]


async def test_a_null_rises_to_the_next_nullable_field_with_one_error() -> None:
    async with board() as gateway:
        body = {"data": {"_entities": [{"sure": 1}, {"sure": None}]}}
        gateway.running.subgraphs["likes"].replies.append(reply(body))
        result = await answer(gateway, "{ posts { title sure } lead { title } }")
        assert result["data"] == {"posts": None, "lead": {"title": "Lamp"}}
        assert codes(result) == [("INVALID_SUBGRAPH_VALUE", None, ["posts", 1, "sure"])]
        gateway.running.subgraphs["likes"].replies.append(reply({"data": {"_entities": [{"sure": None}]}}))
        result = await answer(gateway, "{ lead { sure } }")
        assert result["data"] is None
        assert codes(result) == [("INVALID_SUBGRAPH_VALUE", None, ["lead", "sure"])]


async def test_null_items_rise_as_the_specification_says() -> None:
    async with board() as gateway:
        body = {"data": {"_entities": [{"tags": ["a", None]}, {"tags": ["b"]}]}}
        gateway.running.subgraphs["likes"].replies.append(reply(body))
        result = await answer(gateway, "{ posts { tags } }")
        assert result["data"] == {"posts": [{"tags": None}, {"tags": ["b"]}]}
        assert codes(result) == [("INVALID_SUBGRAPH_VALUE", None, ["posts", 0, "tags", 1])]


async def test_only_named_headers_reach_a_subgraph() -> None:
    sent = {"Authorization": "Bearer t", "accept-language": "zh-CN", "cookie": "secret", "x-request-id": "r1"}
    async with board() as gateway:
        await answer(gateway, BOTH, headers=sent)
        for subgraph in gateway.running.subgraphs.values():
            (headers,) = subgraph.headers
            assert headers["authorization"] == "Bearer t"
            assert headers["accept-language"] == "zh-CN"
            assert headers["x-request-id"] == "r1"
            assert "cookie" not in headers


async def test_a_query_is_tried_again_after_a_closed_connection_and_a_mutation_is_not() -> None:
    connections = 0

    async def close_first(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.readuntil(b"\r\n\r\n")
        if connections % 2:
            writer.close()
            return
        body = b'{"data": {"ok": true}}'
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(close_first, "127.0.0.1", 0)
    client = HttpSubgraphClient({"a": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"})
    try:
        given = await client.fetch("a", SubgraphRequest("{ok}", {}), {})
        assert given.data == {"ok": True}
        assert connections == 2
        with pytest.raises(SubrequestHttpError):
            await client.fetch("a", SubgraphRequest("mutation{ok}", {}, is_mutation=True), {})
        assert connections == 3
    finally:
        await client.close()
        server.close()
        await server.wait_closed()


async def test_cancelling_a_request_ends_what_it_waits_for() -> None:
    arrived, ended = asyncio.Event(), asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        arrived.set()
        while await reader.read(1024):
            pass
        ended.set()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    async with board() as gateway:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        hanging = HttpSubgraphClient({**gateway.running.urls, "likes": url})
        sound, gateway.client = gateway.client, hanging
        task = asyncio.create_task(answer(gateway, BOTH))
        await asyncio.wait_for(arrived.wait(), 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(ended.wait(), 5)
        await hanging.close()
        gateway.client = sound
    server.close()
    await server.wait_closed()
