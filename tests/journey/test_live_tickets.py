"""Tickets, inboxes and notifications live through the gateway, by both transports, completed by other services."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from tests.journey.conftest import GRID
from tests.journey.test_five_sheets import COMMUNITY, done, raised
from tests.kit import items_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.journey.conftest import City

pytestmark = pytest.mark.timeout(600)

_ROOT = Path(__file__).parents[2]
_PAGE = _ROOT / "docs/subscriptions.md"
TICKET, NOTIFIED, INBOX = re.findall(r"```graphql\n(.*?)```", _PAGE.read_text(encoding="utf-8"), re.DOTALL)
"""What the page for front-end teams shows, as it stands there."""


async def sse(city: City, query: str, token: str, **variables: Any) -> AsyncIterator[Any]:
    """The answers as a browser reads them: `text/event-stream` from the gateway."""
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {token}", "accept-language": "en"}
    body = {"query": query, "variables": variables}
    async with city.http.post(city.settings.gateway_url, json=body, headers=headers) as response:
        assert response.content_type == "text/event-stream"
        async for line in response.content:
            if line.startswith(b"data:") and line.strip() != b"data:":
                answer = orjson.loads(line.removeprefix(b"data:"))
                assert "errors" not in answer, answer
                yield answer["data"]


async def websocket(city: City, query: str, token: str) -> AsyncIterator[Any]:
    """The answers by graphql-transport-ws."""
    async with city.http.ws_connect(city.settings.gateway_url, protocols=["graphql-transport-ws"]) as socket:
        payload = {"authorization": f"Bearer {token}", "accept-language": "en"}
        await socket.send_json({"type": "connection_init", "payload": payload})
        assert (await socket.receive_json())["type"] == "connection_ack"
        await socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": query}})
        async for message in socket:
            told = orjson.loads(message.data)
            if told["type"] == "ping":
                await socket.send_json({"type": "pong"})
            elif told["type"] == "next":
                assert "errors" not in told["payload"], told
                yield told["payload"]["data"]
            else:
                raise AssertionError(told)


async def test_a_requester_and_who_handles_it_follow_a_ticket_as_it_goes_on(city: City, key: str) -> None:
    resident, worker = city.token("resident", GRID, "resident-1"), await city.holder("grid_worker", GRID)
    desk = sse(city, INBOX, worker)
    notified = websocket(city, NOTIFIED, resident)
    async with asyncio.timeout(240):
        before = (await anext(desk))["myInboxChanged"][0]
        unread = (await anext(notified))["myNotificationsChanged"]["unreadCount"]
        ticket = await raised(city, key, "楼下路灯不亮")
        assert before["duty"]["region"]["name"]
        while (await anext(desk))["myInboxChanged"][0]["waiting"] != before["waiting"] + 1:
            pass
        told = (await anext(notified))["myNotificationsChanged"]
        assert (told["unreadCount"], told["edges"][0]["node"]["ticket"]) == (unread + 1, {"id": ticket["id"]})
        followed = sse(city, TICKET, resident, id=ticket["id"])
        first = (await anext(followed))["ticketChanged"]
        # What the resident is told comes from two services: where it is, and who has it there.
        assert (first["version"], first["step"]["name"]) == (1, "the grid worker accepts")
        assert [one["title"]["code"] for one in first["inCharge"]] == ["grid_worker"]
        assert first["inCharge"][0]["person"]["name"].endswith("*")
        await done(city, worker, "acceptTicket", ticket)
        second = (await anext(followed))["ticketChanged"]
        assert (second["version"], second["dueAt"] > first["dueAt"]) == (2, True)
        assert [one["name"] for one in items_of(second["timeline"])] == ["a resident raises the sheet", "accept"]
        told = (await anext(notified))["myNotificationsChanged"]["edges"][0]["node"]
        assert "the grid's party branch deliberates" in told["body"]
    for one in (desk, notified, followed):
        await one.aclose()  # type: ignore[attr-defined]


@pytest.mark.skipif(which("node") is None, reason="the page's script is run by Node.js")
async def test_the_page_in_the_browser_follows_too(city: City, key: str) -> None:
    script = (_ROOT / "gateway/http/static/start.js").read_text(encoding="utf-8").rsplit("start();", 1)[0]
    driver = f"""{script}
      const [address, token] = process.argv.slice(1), fetched = fetch;
      globalThis.fetch = (path, options) => fetched(new URL(path, address), options);
      const definitions = [{{ kind: 'OperationDefinition', operation: 'subscription' }}];
      const options = {{ documentAST: {{ definitions }}, headers: {{ authorization: `Bearer ${{token}}` }} }};
      const query = 'subscription {{ myNotificationsChanged(first: 1) {{ unreadCount }} }}';
      fetcher({{ query }}, options).then(async (answers) => {{
        for await (const answer of answers) {{
          console.log(JSON.stringify(answer));
          await answers[Symbol.asyncIterator]().return();
        }}
      }});"""
    token = city.token("resident", GRID, f"resident-{key}")
    process = await asyncio.create_subprocess_exec(
        "node", "-e", driver, city.settings.gateway_url, token, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60):
        written, _ = await process.communicate()
    assert orjson.loads(written) == {"data": {"myNotificationsChanged": {"unreadCount": 0}}}


async def test_what_is_out_of_sight_is_refused_by_both_transports(city: City, key: str) -> None:
    ticket = await raised(city, key, "井盖松动")
    elsewhere = city.token("resident", GRID, "resident-9")
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {elsewhere}"}
    body = {"query": TICKET, "variables": {"id": ticket["id"]}}
    async with city.http.post(city.settings.gateway_url, json=body, headers=headers) as response:
        content = (await response.content.read()).decode()
    assert "NOT_FOUND" in content
    assert content.rstrip().endswith("event: complete\ndata:")
    secretary = await city.holder("community_secretary", COMMUNITY)
    region = "subscription($code: String) { ticketChanged(regionCode: $code) { id } }"
    async with asyncio.timeout(60):
        with pytest.raises(AssertionError, match="NOT_FOUND"):
            await anext(sse(city, region, secretary, code="370303"))
