"""Handling for somebody (云帮办): only with their authorisation, for as long as they do not take it back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest_asyncio
import yaml

from tests.kit import items_of
from tests.tickets import city
from tests.tickets.conftest import RAISE, mutation

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

FILE = Path(__file__).parents[2] / "deploy/practices/processes/agency.yaml"
[AGENCY] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
STATE = """query($id: ID!) { ticket(id: $id) { outcome step { code } myActions { code }
  deadlines { edges { node { kind isPaused stoppedAt } } } timeline { edges { node { kind actedAs } } } } }"""
ASKED = {
    "idempotencyKey": "a", "process": "agency", "regionCode": city.GRID, "title": "代办老年证", "category": "elderly",
}  # fmt: skip


@pytest_asyncio.fixture
async def agents(tickets: Tickets) -> Tickets:
    await tickets.load({"record": "process", "definition": AGENCY})
    return tickets


async def authorised(tickets: Tickets) -> dict[str, Any]:
    """An item that an agent has taken on, with the authorisation of whoever is helped."""
    who = tickets.resident()
    signed = await tickets.uploaded(who, process="agency", regionCode=city.GRID)
    payload = (await tickets.data(RAISE, who, input=ASKED | {"attachments": [signed]}))["payload"]
    assert payload["problems"] == []
    return await tickets.do("acceptTicket", tickets.staff("worker"), payload["ticket"])


async def state(tickets: Tickets, ticket: dict[str, Any], token: str) -> Any:
    return (await tickets.data(STATE, token, id=ticket["id"]))["ticket"]


async def test_nothing_is_handled_for_anybody_without_their_authorisation(agents: Tickets) -> None:
    before = await agents.contents()
    for token in (agents.resident(), agents.staff("worker")):
        payload = (await agents.data(RAISE, token, input=ASKED))["payload"]
        assert payload["ticket"] is None
        assert [(one["code"], one["path"]) for one in payload["problems"]] == [("REQUIRED", ["attachments"])]
    assert await agents.contents() == before


async def test_who_gave_the_authorisation_takes_it_back_and_the_agent_does_nothing_more(agents: Tickets) -> None:
    ticket = await authorised(agents)
    worker = agents.staff("worker")
    assert {one["code"] for one in (await state(agents, ticket, worker))["myActions"]} >= {"ask", "handed_in"}
    before = await agents.contents()
    asked = {"id": ticket["id"], "expectedVersion": ticket["version"]}
    for token, code in (
        (None, "UNAUTHENTICATED"),
        (worker, "FORBIDDEN"),
        (agents.staff("committee"), "FORBIDDEN"),
        (agents.role("admin"), "FORBIDDEN"),
        (agents.resident("wang"), "NOT_FOUND"),
        (agents.staff("worker_elsewhere"), "NOT_FOUND"),
    ):
        assert await agents.error(mutation("withdrawTicket"), token, input=asked) == code
    assert await agents.contents() == before
    ticket = await agents.do("withdrawTicket", agents.resident(), ticket, reason="自己去办")
    assert (ticket["outcome"], ticket["step"]["code"]) == ("WITHDRAWN", "taken_back")
    found = await state(agents, ticket, worker)
    assert found["myActions"] == []
    assert items_of(found["timeline"])[-1] == {"kind": "WITHDRAW", "actedAs": "requester"}
    ended = await agents.contents()
    payload = await agents.payload("actOnTicket", worker, ticket, action="handed_in", opinion="已代办")
    assert [one["code"] for one in payload["problems"]] == ["OUT_OF_TURN"]
    assert await agents.contents() == ended


async def test_what_was_handed_in_is_not_taken_back_any_more(agents: Tickets) -> None:
    ticket = await authorised(agents)
    ticket = await agents.do("carryOutTicket", agents.staff("worker"), ticket, opinion="已代办")
    before = await agents.contents()
    payload = await agents.payload("withdrawTicket", agents.resident(), ticket)
    assert [one["code"] for one in payload["problems"]] == ["OUT_OF_TURN"]
    assert await agents.contents() == before


async def test_the_clock_of_the_matter_stands_still_while_documents_are_awaited(agents: Tickets) -> None:
    ticket = await authorised(agents)

    async def paused() -> list[bool]:
        found = await state(agents, ticket, agents.resident())
        return [
            one["isPaused"] for one in items_of(found["deadlines"]) if one["kind"] == "MATTER" and not one["stoppedAt"]
        ]

    assert await paused() == [False]
    ticket = await agents.do("actOnTicket", agents.staff("worker"), ticket, action="ask", opinion="请带照片")
    assert await paused() == [True]
    ticket = await agents.do("actOnTicket", agents.resident(), ticket, action="brought")
    assert await paused() == [False]
