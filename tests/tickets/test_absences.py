"""Being away from a duty: a deputy acts by it and the timeline says for whom; nobody is promised who is not there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from services.tickets.commands.actors import now
from services.tickets.domain.calendar import local_day
from tests.kit import items_of
from tests.tickets import city

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

_SEEN = "absence { id firstDay lastDay isMine reason deputy { id } duty { id } } problems { code path }"
BEGIN = f"mutation($input: BeginAbsenceInput!) {{ payload: beginAbsence(input: $input) {{ {_SEEN} }} }}"
END = f"mutation($input: EndAbsenceInput!) {{ payload: endAbsence(input: $input) {{ {_SEEN} }} }}"
MINE = "{ myAbsences { id isMine reason } }"
SHOWN = """query($id: ID!) { ticket(id: $id) { inCharge { id } deputies { id } waitsFor { title isVacant }
  myActions { code } timeline { edges { node { action actedAs actor { id } actedFor { id } } } } } }"""


def day(days: int) -> date:
    return local_day(now()) + timedelta(days)


def asked(name: str = "worker", deputy: str | None = "leader", first: int = 0, last: int = 6) -> dict[str, Any]:
    return {
        "idempotencyKey": f"{name} {first} {last} {deputy}", "dutyId": str(city.duty_id(name)), "reason": "培训",
        "firstDay": str(day(first)), "lastDay": str(day(last)),
        "deputyId": None if deputy is None else str(city.person(deputy)),
    }  # fmt: skip


async def away(tickets: Tickets, name: str = "worker", deputy: str | None = "leader", **more: Any) -> dict[str, Any]:
    payload = (await tickets.data(BEGIN, tickets.staff(name), input=asked(name, deputy, **more)))["payload"]
    assert payload["problems"] == []
    found: dict[str, Any] = payload["absence"]
    return found


async def wished(tickets: Tickets) -> dict[str, Any]:
    """A wish, which grid workers and volunteers have to do with, and grid leaders have not."""
    return await tickets.raised(process="micro_wish", category=None)


async def shown(tickets: Tickets, ticket: dict[str, Any], token: str) -> Any:
    return (await tickets.data(SHOWN, token, id=ticket["id"]))["ticket"]


async def test_a_deputy_sees_and_acts_and_the_timeline_says_in_whose_stead(tickets: Tickets) -> None:
    ticket, leader = await wished(tickets), tickets.staff("leader")
    assert await tickets.error(SHOWN, leader, id=ticket["id"]) == "NOT_FOUND"
    await away(tickets)
    found = await shown(tickets, ticket, leader)
    assert [one["code"] for one in found["myActions"]] == ["claim", "decline"]
    assert found["deputies"] == [{"id": str(city.person("leader"))}]
    assert found["inCharge"] == [{"id": str(city.duty_id("worker"))}]
    await tickets.do("acceptTicket", leader, ticket)
    *_, entry = items_of((await shown(tickets, ticket, leader))["timeline"])
    assert entry == {
        "action": "claim", "actedAs": "grid_worker",
        "actor": {"id": str(city.person("leader"))}, "actedFor": {"id": str(city.person("worker"))},
    }  # fmt: skip


async def test_whoever_is_away_may_still_act_and_does_so_for_themselves(tickets: Tickets) -> None:
    ticket, worker = await wished(tickets), tickets.staff("worker")
    await away(tickets)
    await tickets.do("acceptTicket", worker, ticket)
    *_, entry = items_of((await shown(tickets, ticket, worker))["timeline"])
    assert (entry["actor"], entry["actedFor"]) == ({"id": str(city.person("worker"))}, None)


async def test_without_a_deputy_the_post_counts_as_vacant_and_who_is_above_has_it(tickets: Tickets) -> None:
    ticket, committee = await wished(tickets), tickets.staff("committee")
    await away(tickets, deputy=None)
    found = await shown(tickets, ticket, committee)
    assert found["inCharge"] == [{"id": str(city.duty_id("committee"))}]
    assert {one["title"]: one["isVacant"] for one in found["waitsFor"]}["grid_worker"]
    await tickets.do("acceptTicket", committee, ticket)


async def test_before_it_begins_and_after_it_ended_the_deputy_is_nobody(tickets: Tickets) -> None:
    ticket, leader = await wished(tickets), tickets.staff("leader")
    later = await away(tickets, first=3)
    assert await tickets.error(SHOWN, leader, id=ticket["id"]) == "NOT_FOUND"
    payload = (await tickets.data(END, tickets.staff("worker"), input={"id": later["id"]}))["payload"]
    assert payload["absence"]["firstDay"] > payload["absence"]["lastDay"]
    begun = await away(tickets)
    assert (await shown(tickets, ticket, leader))["myActions"]
    await tickets.data(END, tickets.staff("worker"), input={"id": begun["id"]})
    assert await tickets.error(SHOWN, leader, id=ticket["id"]) == "NOT_FOUND"
    told = [type_ for type_, _ in await tickets.events() if ".absence." in type_]
    assert told == [f"linli.tickets.absence.{fact}.v1" for fact in ("begun", "ended", "begun", "ended")]
    assert "培训" not in str(await tickets.events())


async def test_what_was_lent_is_not_lent_on(tickets: Tickets) -> None:
    ticket = await wished(tickets)
    await away(tickets)
    await away(tickets, "leader", "branch")
    refused = await tickets.data(BEGIN, tickets.staff("leader"), input=asked("leader", "street", first=9, last=9))
    assert refused["payload"]["problems"] == []
    assert await tickets.error(SHOWN, tickets.staff("branch"), id=ticket["id"]) == "NOT_FOUND"
    lent = {**asked("worker", "branch", first=20, last=21), "idempotencyKey": "x"}
    assert await tickets.error(BEGIN, tickets.staff("leader"), input=lent) == "FORBIDDEN"


async def test_the_holder_and_the_deputy_find_it_and_only_the_holder_reads_why(tickets: Tickets) -> None:
    begun = await away(tickets)
    for name, is_mine, reason in (("worker", True, "培训"), ("leader", False, None)):
        found = (await tickets.data(MINE, tickets.staff(name)))["myAbsences"]
        assert found == [{"id": begun["id"], "isMine": is_mine, "reason": reason}]
    assert (await tickets.data(MINE, tickets.staff("committee")))["myAbsences"] == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"deputy": "worker"}, "NO_DEPUTY"),
        ({"deputy": "worker_2"}, "NO_DEPUTY"),
        ({"deputy": "worker_elsewhere"}, "NO_DEPUTY"),
        ({"deputy": "nobody"}, "NO_DEPUTY"),
        ({"first": -1}, "WRONG_ABSENCE"),
        ({"first": 5, "last": 4}, "WRONG_ABSENCE"),
        ({"last": 90}, "WRONG_ABSENCE"),
        ({"first": 12, "last": 20}, "ALREADY_AWAY"),
    ],
)
async def test_a_wrong_absence_is_refused(tickets: Tickets, more: dict[str, Any], code: str) -> None:
    await away(tickets, first=10, last=12)
    before = await tickets.contents()
    payload = (await tickets.data(BEGIN, tickets.staff("worker"), input=asked(**more)))["payload"]
    assert [one["code"] for one in payload["problems"]] == [code]
    assert await tickets.contents() == before


async def test_nobody_else_sends_somebody_away_or_calls_them_back(tickets: Tickets) -> None:
    begun = await away(tickets)
    before = await tickets.contents()
    for token, code in (
        (tickets.staff("leader"), "FORBIDDEN"),
        (tickets.staff("street"), "FORBIDDEN"),
        (tickets.role("admin"), "FORBIDDEN"),
        (tickets.resident(), "FORBIDDEN"),
        (tickets.staff("worker_elsewhere"), "NOT_FOUND"),
        (tickets.issuer.mint("observer", region=city.GRID, subject=str(city.person("worker"))), "FORBIDDEN"),
        (tickets.issuer.mint("grid_worker", lifetime=-3600), "UNAUTHENTICATED"),
    ):
        assert await tickets.error(BEGIN, token, input=asked(first=20, last=21)) == code
        assert await tickets.error(END, token, input={"id": begun["id"]}) == code
    assert await tickets.contents() == before
