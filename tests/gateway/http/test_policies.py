"""Persisted documents, arrays of requests, foreign sites, what errors tell, what is logged and counted."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import structlog
from aiohttp import web

from gateway.composition.compose import SubgraphSource, compose
from gateway.http.app import graphs
from gateway.http.persisted import ManifestError, PersistedDocuments, read_manifest
from gateway.http.read_request import RESPONSE, GraphQLRequest
from gateway.http.refusals import PersistedQueryNotFound
from gateway.settings import GatewaySettings
from tests.gateway.http.conftest import LINK, Served, serving

TOTAL = "{ total }"
HASH = hashlib.sha256(TOTAL.encode()).hexdigest()
AUTOMATIC = {"persistedQuery": {"version": 1, "sha256Hash": HASH}}


async def asked(served: Served, body: Any, **headers: str) -> tuple[int, Any]:
    sent = {"accept": RESPONSE, **headers}
    async with served.client.post(f"{served.url}/graphql", json=body, headers=sent) as response:
        return response.status, await response.json()


def code(answer: Any) -> str:
    found: str = answer["errors"][0]["extensions"]["code"]
    return found


async def test_an_automatic_persisted_query_is_sent_once_and_then_named(served: Served) -> None:
    status, answer = await asked(served, {"extensions": AUTOMATIC})
    assert (status, code(answer)) == (400, "PERSISTED_QUERY_NOT_FOUND")
    assert answer["errors"][0]["message"] == "PersistedQueryNotFound"
    for body in ({"query": TOTAL, "extensions": AUTOMATIC}, {"extensions": AUTOMATIC}):
        assert await asked(served, body) == (200, {"data": {"total": 7}})
    url = f"{served.url}/graphql?{urlencode({'extensions': json.dumps(AUTOMATIC)})}"
    async with served.client.get(url, headers={"apollo-require-preflight": "true"}) as response:
        assert await response.json() == {"data": {"total": 7}}


async def test_a_text_is_not_kept_under_a_hash_that_is_not_its_own(served: Served) -> None:
    status, answer = await asked(served, {"query": "{ places { id } }", "extensions": AUTOMATIC})
    assert (status, code(answer)) == (400, "BAD_REQUEST")
    assert code((await asked(served, {"extensions": AUTOMATIC}))[1]) == "PERSISTED_QUERY_NOT_FOUND"


async def test_nor_when_the_request_names_a_document_id_beside_it(served: Served) -> None:
    body = {"query": "{ places { id } }", "documentId": "mine", "extensions": AUTOMATIC}
    assert code((await asked(served, body))[1]) == "BAD_REQUEST"
    assert code((await asked(served, {"extensions": AUTOMATIC}))[1]) == "PERSISTED_QUERY_NOT_FOUND"


async def test_an_invalid_document_is_not_kept(served: Served) -> None:
    text = "{ nothing }"
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(text.encode()).hexdigest()}}
    assert (await asked(served, {"query": text, "extensions": extensions}))[0] == 400
    assert code((await asked(served, {"extensions": extensions}))[1]) == "PERSISTED_QUERY_NOT_FOUND"


async def test_only_documents_of_the_manifest_are_answered_when_so_configured(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({HASH: TOTAL}))
    async with serving(trusted_documents=manifest, only_trusted=True) as served:
        for body in ({"documentId": HASH}, {"documentId": f"sha256:{HASH}"}, {"query": TOTAL}):
            assert await asked(served, body) == (200, {"data": {"total": 7}})
        assert await asked(served, {"extensions": AUTOMATIC}) == (200, {"data": {"total": 7}})
        before = len(served.running.requests())
        status, answer = await asked(served, {"query": "{ places { id } }"})
        assert (status, code(answer)) == (400, "UNTRUSTED_DOCUMENT")
        assert code((await asked(served, {"documentId": "other"}))[1]) == "PERSISTED_QUERY_NOT_FOUND"
        assert len(served.running.requests()) == before


def test_manifests_of_both_forms_are_read_and_others_refused(tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    apollo = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a", "body": TOTAL}]}
    for told in (apollo, {"a": TOTAL}):
        file.write_text(json.dumps(told))
        assert read_manifest(file) == {"a": TOTAL}
    for text in ("", "[]", '{"a": 1}', '{"operations": [{"id": "a"}]}'):
        file.write_text(text)
        with pytest.raises(ManifestError, match=r"manifest\.json"):
            read_manifest(file)
    with pytest.raises(ManifestError):
        read_manifest(tmp_path / "none.json")


def test_automatic_documents_are_kept_within_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.http.persisted.AUTOMATIC_CHARACTERS", 1000)
    documents = PersistedDocuments()
    requests = []
    for number in range(50):
        text = "{ total } # " + "x" * 88 + f"{number:02}"
        extensions = {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(text.encode()).hexdigest()}}
        documents.keep(GraphQLRequest(text, extensions=extensions))
        requests.append(GraphQLRequest(extensions=extensions))
    for request in requests[:-10]:
        with pytest.raises(PersistedQueryNotFound):
            documents.text_of(request)
    assert documents.text_of(requests[-1])


async def test_an_array_is_answered_as_an_array_up_to_its_limit() -> None:
    async with serving(batch=3) as served:
        status, answer = await asked(served, [{"query": TOTAL}, {"query": "{ nothing }"}, {"query": TOTAL}])
        assert status == 200
        assert [each.get("data") for each in answer] == [{"total": 7}, None, {"total": 7}]
        before = len(served.running.requests())
        for body in ([{"query": TOTAL}] * 4, [], [{"query": 1}]):
            assert (await asked(served, body))[0] == 400
        assert len(served.running.requests()) == before


async def test_arrays_are_refused_unless_configured(served: Served) -> None:
    assert (await asked(served, [{"query": TOTAL}]))[0] == 400
    assert served.running.requests() == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"accept": "application/json"}, 400),
        ({}, 400),
        ({"content-type": "text/plain"}, 400),
        ({"content-type": "application/json"}, 200),
        ({"x-requested-with": "fetch"}, 200),
        ({"apollo-require-preflight": "true"}, 200),
    ],
)
async def test_a_get_needs_a_header_that_other_sites_cannot_set(
    served: Served, headers: dict[str, str], status: int
) -> None:
    url = f"{served.url}/graphql?{urlencode({'query': TOTAL})}"
    async with served.client.get(url, headers=headers) as response:
        assert response.status == status


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_a_post_that_a_form_could_send_is_refused(served: Served, kind: str) -> None:
    body = json.dumps({"query": TOTAL})
    async with served.client.post(f"{served.url}/graphql", data=body, headers={"content-type": kind}) as response:
        assert response.status in {400, 415}
    assert served.running.requests() == []


@pytest.mark.parametrize(
    ("accept", "status"), [("application/json", 200), ("*/*", 200), (RESPONSE, 400), (f"{RESPONSE}, */*;q=0.1", 400)]
)
async def test_a_refused_document_has_the_status_of_its_media_type(served: Served, accept: str, status: int) -> None:
    for body in ({"query": "{ nothing }"}, {"query": "{"}, {"query": TOTAL, "operationName": "x"}):
        assert (await asked(served, body, accept=accept))[0] == status
    assert (await asked(served, {"variables": {}}, accept=accept))[0] == 400, "that is no GraphQL request"


async def test_suggestions_and_introspection_are_kept_from_the_public_when_so_configured() -> None:
    async with serving(suggestions=False, introspection=False) as served:
        for query in ("{ tota }", "query ($n: Strin) { total }", "{ some(firs: 1) { id } }", "{ places { nam } }"):
            _, answer = await asked(served, {"query": query})
            assert answer["errors"]
            assert "Did you mean" not in json.dumps(answer)
        for query in ("{ __schema { types { name } } }", '{ __type(name: "Place") { name } }'):
            assert (await asked(served, {"query": query}))[0] == 400
        assert await asked(served, {"query": "{ __typename }"}) == (200, {"data": {"__typename": "Query"}})
    async with serving() as served:
        assert "Did you mean 'total'?" in json.dumps((await asked(served, {"query": "{ tota }"}))[1])


async def test_subgraphs_errors_are_masked_but_for_codes_meant_for_clients() -> None:
    def failing(code: str) -> Any:
        error = {"message": "told", "path": ["total"], "extensions": {"code": code, "stack": "secret"}}
        return lambda: web.json_response({"data": {"total": None}, "errors": [error]})

    async with serving() as served:
        replies = served.running.subgraphs["counts"].replies
        for given, message in (("FORBIDDEN", "told"), ("ODD", "The service reported an error.")):
            replies.append(failing(given))
            [error] = (await asked(served, {"query": TOTAL}))[1]["errors"]
            assert error["message"] == message
            assert error["path"] == ["total"]
        assert error["extensions"] == {"code": "INTERNAL", "service": "counts"}
    async with serving(mask_errors=False) as served:
        served.running.subgraphs["counts"].replies.append(failing("ODD"))
        assert (await asked(served, {"query": TOTAL}))[1]["errors"][0]["message"] == "told"


def test_access_directives_which_the_gateway_does_not_enforce_are_told_of() -> None:
    sdl = LINK.replace('["@key"]', '["@authenticated"]') + "type Query { secret: Int @authenticated open: Int }"
    with structlog.testing.capture_logs() as logged:
        made = compose([SubgraphSource("one", "http://one", sdl)])
        graphs(GatewaySettings.model_validate({"subgraphs": "one=http://one"})).graph(made)
    assert [line["on"] for line in logged if line["log_level"] == "warning"] == [["Query.secret"]]


async def test_requests_are_logged_when_so_configured_and_named_operations_timed() -> None:
    with structlog.testing.capture_logs() as logged:
        async with serving(access_log=True) as served:
            await asked(served, {"query": "query Sum { total }"}, **{"x-request-id": "r-7"})
            async with served.client.get(f"{served.url}/metrics") as response:
                assert 'linli_gateway_operation_seconds_count{name="Sum"}' in await response.text()
    [line] = [each for each in logged if each["event"] == "answered"]
    assert (line["name"], line["operation"], line["status"], line["request_id"]) == ("Sum", "query", 200, "r-7")
