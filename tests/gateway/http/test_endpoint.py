"""What a client of /graphql meets."""

from __future__ import annotations

import asyncio
import io
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import web

from gateway.http.read_request import RESPONSE
from gateway.http.watch import Ending, Watch
from tests.gateway.http.conftest import serving

BOTH = "{ places { id name count } }"
ANSWER = {"places": [{"id": "1", "name": "东", "count": 10}, {"id": "2", "name": "西", "count": 20}]}


async def test_one_query_is_answered_from_both_subgraphs(served: Any) -> None:
    assert await served.ask(BOTH) == (200, {"data": ANSWER})


async def test_identity_language_trace_and_request_id_are_forwarded_and_nothing_else(served: Any) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    sent = {"authorization": "Bearer x", "accept-language": "en", "x-request-id": "r1", "cookie": "a=b"}
    await served.ask(BOTH, {**sent, "traceparent": trace})
    for subgraph in served.running.subgraphs.values():
        got = subgraph.headers[-1]
        assert {name: got.get(name) for name in sent} == {**sent, "cookie": None}
        assert got["traceparent"].split("-")[1] == trace.split("-")[1]


async def test_get_answers_queries_and_refuses_mutations(served: Any) -> None:
    for query, status in ((BOTH, 200), ('mutation { rename(id: "1", name: "x") { id } }', 405)):
        url = f"{served.url}/graphql?{urlencode({'query': query})}"
        async with served.client.get(url, headers={"graphql-require-preflight": "1"}) as response:
            assert response.status == status
            assert response.headers.get("allow") == ("GET, POST" if status == 405 else None)
    assert len(served.running.subgraphs["places"].asked) == 1


async def test_a_get_that_a_foreign_page_could_send_is_refused(served: Any) -> None:
    async with served.client.get(f"{served.url}/graphql?{urlencode({'query': BOTH})}") as response:
        assert response.status == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_content_types_that_forms_send_are_refused(served: Any, kind: str) -> None:
    body = b'{"query": "{ total }"}'
    async with served.client.post(f"{served.url}/graphql", data=body, headers={"content-type": kind}) as response:
        assert response.status == 400
    assert served.running.requests() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'[{"query": "{ total }"}]', 400),
        (b'{"query": "{ nothing }"}', 400),
        (b'{"query": "query a { total } query b { total }"}', 400),
        (b'{"query": "query ($n: Int!) { total @include(if: $n) }"}', 400),
        (b'{"query": "subscription { a }"}', 400),
        (b'{"query": "{ total }", "variables": 1}', 400),
        (b"[" * 100_000, 400),
        (b" " * 1_048_577, 413),
    ],
)
async def test_malformed_requests_are_refused_with_a_code(served: Any, body: bytes, status: int) -> None:
    headers = {"content-type": "application/json", "accept": "application/graphql-response+json"}
    async with served.client.post(f"{served.url}/graphql", data=io.BytesIO(body), headers=headers) as response:
        answer = await response.json(content_type=None)
        assert (response.status, "data" in answer) == (status, False)
        assert answer["errors"][0]["extensions"]["code"] in ("BAD_REQUEST", "TOO_LARGE")
    assert served.running.requests() == []


def flood_of_fragments() -> str:
    spreads = "".join(f"fragment f{n} on Place {{ ...f{n + 1} ...f{n + 1} }} " for n in range(40))
    return "{ places { ...f0 } } " + spreads + "fragment f40 on Place { id }"


@pytest.mark.parametrize(
    "query",
    [
        "{ places " + "{ inner " * 49 + "{ id }" + " }" * 49 + " }",
        "{ " + " ".join(f"a{n}: total" for n in range(51)) + " }",
        "{ places { id " + "total " * 6000 + "} }",
        "{ places { ...a } } fragment a on Place { inner { ...b } } fragment b on Place { inner { ...a } }",
        flood_of_fragments(),
        "{ total " + "@include(if: true) " * 51 + "}",
    ],
    ids=["50 levels", "aliases", "tokens", "cycle", "fragments", "directives"],
)
async def test_hostile_queries_are_refused_before_anything_is_asked(served: Any, query: str) -> None:
    status, answer = await served.ask(query, {"accept": "application/graphql-response+json"})
    assert (status, answer["errors"][0]["extensions"]["code"]) == (413, "TOO_LARGE")
    assert served.running.requests() == []


async def test_a_subgraph_that_fails_costs_its_fields_only(served: Any) -> None:
    served.running.subgraphs["counts"].replies.append(lambda: web.Response(status=500, text="secret stack"))
    status, answer = await served.ask(BOTH)
    assert status == 200
    assert answer["data"] == {"places": [{**row, "count": None} for row in ANSWER["places"]]}
    assert answer["errors"][0]["extensions"]["service"] == "counts"
    assert "secret" not in str(answer)


async def test_introspection_is_answered_unless_it_is_switched_off() -> None:
    query = "{ __schema { queryType { fields { name } } } }"
    async with serving() as served:
        _, answer = await served.ask(query)
        names = {field["name"] for field in answer["data"]["__schema"]["queryType"]["fields"]}
        assert names == {"places", "me", "total", "some"}
    async with serving(introspection=False) as served:
        _, answer = await served.ask(query)
        assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_messages_come_in_the_callers_language(served: Any) -> None:
    for language, said in (("en-GB", "one request at a time"), ("zh", "每次只能发送一个请求")):
        headers = {"accept-language": language, "content-type": "application/json"}
        async with served.client.post(f"{served.url}/graphql", data=b"[]", headers=headers) as response:
            assert said in (await response.json())["errors"][0]["message"]


async def ended(receive: Any, seconds: float) -> Ending | None:
    """Do endless work under a watch; return why it ended."""
    watch = Watch(receive, seconds)
    watch.body_read()
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        task = asyncio.current_task()
        assert task is not None
        task.uncancel()
    finally:
        watch.end()
    return watch.ending


async def test_a_client_that_goes_away_ends_the_work() -> None:
    async def receive() -> Any:
        return {"type": "http.disconnect"}

    assert await asyncio.wait_for(ended(receive, 60), 5) is Ending.GONE


async def test_work_that_takes_too_long_is_ended() -> None:
    async def receive() -> Any:
        await asyncio.Event().wait()

    assert await asyncio.wait_for(ended(receive, 0.1), 5) is Ending.LATE


async def test_a_request_that_takes_too_long_is_answered_with_a_timeout() -> None:
    async with serving(request_seconds=0.2) as served:
        hang = asyncio.Event()

        class Slow(web.Response):
            async def prepare(self, request: Any) -> Any:
                await hang.wait()
                return await super().prepare(request)

        served.running.subgraphs["places"].replies.append(Slow)
        async with served.client.post(
            f"{served.url}/graphql", json={"query": BOTH}, headers={"accept": RESPONSE}
        ) as response:
            hang.set()
            assert response.status == 504
            assert (await response.json())["errors"][0]["extensions"]["code"] == "TIMEOUT"


async def test_a_trace_goes_on_unchanged_and_a_malformed_one_is_replaced(served: Any) -> None:
    sound = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    for given in (sound, "00-" + "0" * 32 + "-b7ad6b7169203331-01", "nonsense", None):
        subgraph = served.running.subgraphs["places"]
        subgraph.headers.clear()
        headers = {"tracestate": "a=b"} | ({"traceparent": given} if given else {})
        async with served.client.post(f"{served.url}/graphql", json={"query": BOTH}, headers=headers) as response:
            assert response.status == 200
        sent = subgraph.headers[0]
        assert (sent["traceparent"] == given) is (given == sound)
        assert re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]", sent["traceparent"])
        assert ("tracestate" in sent) is (given == sound)


async def test_graphiql_is_shown_to_browsers_and_loads_nothing_from_elsewhere(served: Any) -> None:
    async with served.client.get(f"{served.url}/graphql", headers={"accept": "text/html"}) as response:
        page = await response.text()
        assert response.headers["content-security-policy"].startswith("default-src 'none'")
    files = [part.split('"')[0] for part in page.replace('href="', 'src="').split('src="')[1:]]
    assert [file for file in files if not file.startswith(("/graphiql/", "data:"))] == []
    for file in (*files, "/graphiql/example.graphql"):
        if file.startswith("/"):
            async with served.client.get(served.url + file) as response:
                assert response.status == 200, file


async def test_health_and_metrics_are_told(served: Any) -> None:
    await served.ask(BOTH)
    for path, said in (("/health/live", "live"), ("/health/ready", "ready"), ("/metrics", "linli_gateway_requests")):
        async with served.client.get(served.url + path) as response:
            assert said in await response.text()


async def test_browsers_of_allowed_origins_only_may_call() -> None:
    async with serving(cors_origins="https://front.example") as served:
        for origin, allowed in (("https://front.example", "https://front.example"), ("https://evil.example", None)):
            headers = {"origin": origin, "access-control-request-method": "POST"}
            async with served.client.options(f"{served.url}/graphql", headers=headers) as response:
                assert response.headers.get("access-control-allow-origin") == allowed
