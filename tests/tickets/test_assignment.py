"""Whose turn it is (改派、认领): one of several with the same duty has a ticket, and nobody is held up by it."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert

from services.org.domain import events as org
from services.tickets.commands.actors import now
from services.tickets.domain.calendar import local_day
from services.tickets.domain.validation import read_processes
from services.tickets.storage import tables as t
from tests.kit import items_of
from tests.tickets import city
from tests.tickets.conftest import FIVE_SHEETS, mutation
from tests.tickets.test_joining import ONE_STOP

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

SECRETARY = {"title": "community_secretary", "level": "COMMUNITY"}
SHARED: dict[str, Any] = {
    **deepcopy(FIVE_SHEETS[0]),
    "code": "five_sheets_shared",
    "assignment": {"name_zh": "改派", "name_en": "reassign", "steps": ["accept"], "who": [SECRETARY]},
}
SHOWN = """query($id: ID!) { ticket(id: $id) {
  version assignee { id } inCharge { id } myActions { code } respondedAt deadlines { edges { node { kind dueAt } } }
  timeline { edges { node { kind name actor { id } actedFor { id } assignee { id } } } }
} }"""
MINE = """query($id: ID!) { _entities(representations: [{__typename: "Region", id: $id}]) {
  ... on Region { tickets(mine: true) { edges { node { id } } } } } }"""
COLLEAGUE = "colleague"


async def shared(tickets: Tickets) -> dict[str, Any]:
    """A ticket for which two grid workers are in turn."""
    await tickets.load({"record": "process", "definition": SHARED})
    await city.tell(tickets.runtime.database, city.duty(COLLEAGUE, "grid_worker", city.GRID))
    return await tickets.raised(process=SHARED["code"])


def colleague(tickets: Tickets) -> str:
    return tickets.issuer.mint("grid_worker", region=city.GRID, subject=str(city.person(COLLEAGUE)))


def left(name: str) -> org.DutyEnded:
    return org.DutyEnded(
        duty_id=city.duty_id(name), person_id=city.person(name), title="grid_worker", organisation_id=None,
        region_id=city.region_id(city.GRID), region_code=city.GRID, valid_from=city.SINCE, valid_to=city.SINCE,
    )  # fmt: skip


async def shown(tickets: Tickets, ticket: dict[str, Any], token: str) -> dict[str, Any]:
    found: dict[str, Any] = (await tickets.data(SHOWN, token, id=ticket["id"]))["ticket"]
    return found


async def codes(tickets: Tickets, ticket: dict[str, Any], token: str) -> list[str]:
    return [one["code"] for one in (await shown(tickets, ticket, token))["myActions"]]


async def problems(tickets: Tickets, name: str, token: str, ticket: dict[str, Any], **more: Any) -> list[str]:
    return [one["code"] for one in (await tickets.payload(name, token, ticket, **more))["problems"]]


async def test_who_takes_a_ticket_on_is_alone_in_turn_until_they_put_it_back(tickets: Tickets) -> None:
    ticket = await shared(tickets)
    me, other = tickets.staff("worker"), colleague(tickets)
    before = await shown(tickets, ticket, me)
    assert await codes(tickets, ticket, other) == ["accept", "refuse", "assign", "claim_turn"]
    ticket = await tickets.do("claimTicket", me, ticket)
    seen = await shown(tickets, ticket, me)
    assert seen["assignee"] == {"id": str(city.person("worker"))}
    assert seen["inCharge"] == [{"id": str(city.duty_id("worker"))}]
    assert [one["code"] for one in seen["myActions"]] == ["accept", "refuse", "assign", "release_turn"]
    assert (seen["respondedAt"], items_of(seen["deadlines"])) == (None, items_of(before["deadlines"]))
    assert await codes(tickets, ticket, other) == []
    kept = await tickets.contents()
    asked = {"id": ticket["id"], "expectedVersion": ticket["version"]}
    assert await tickets.error(mutation("acceptTicket"), other, input=asked) == "FORBIDDEN"
    assert await tickets.error(mutation("releaseTicket"), other, input=asked) == "FORBIDDEN"
    assert await problems(tickets, "claimTicket", other, ticket) == ["ALREADY_ASSIGNED"]
    assert await tickets.contents() == kept
    ticket = await tickets.do("releaseTicket", me, ticket, reason="今日外勤")
    assert await problems(tickets, "releaseTicket", me, ticket) == ["NOT_ASSIGNED"]
    await tickets.do("acceptTicket", other, ticket)
    told = [(type_.split(".")[3], one["data"].get("assigneeId")) for type_, one in await tickets.events()]
    assert told[1:3] == [("assigned", str(city.person("worker"))), ("released", None)]


async def test_the_secretary_names_one_of_them_and_gives_it_to_another(tickets: Tickets) -> None:
    ticket = await shared(tickets)
    head, me, other = tickets.staff("committee"), tickets.staff("worker"), colleague(tickets)
    assert await codes(tickets, ticket, head) == ["assign"]
    ticket = await tickets.do("assignTicket", head, ticket, assignee=str(city.person("worker")), reason="熟悉情况")
    assert await codes(tickets, ticket, head) == ["assign", "release_turn"]
    assert await problems(tickets, "assignTicket", head, ticket, assignee=str(city.person("worker"))) == [
        "ALREADY_DONE"
    ]
    ticket = await tickets.do("assignTicket", head, ticket, assignee=str(city.person(COLLEAGUE)))
    assert await codes(tickets, ticket, me) == []
    seen = await shown(tickets, ticket, other)
    assert items_of(seen["timeline"])[-1] == {
        "kind": "ASSIGN", "name": "reassign", "actor": {"id": str(city.person("committee"))}, "actedFor": None,
        "assignee": {"id": str(city.person(COLLEAGUE))},
    }  # fmt: skip
    ticket = await tickets.do("acceptTicket", other, ticket)
    assert (await shown(tickets, ticket, head))["assignee"] is None, "the next step is everybody's who holds its duty"


async def test_nobody_gets_a_ticket_who_does_not_hold_the_duty_there_today(tickets: Tickets) -> None:
    ticket = await shared(tickets)
    kept = await tickets.contents()
    for name in ("worker_2", "branch", "nobody"):
        asked: dict[str, Any] = {"assignee": str(city.person(name))}
        assert await problems(tickets, "assignTicket", tickets.staff("committee"), ticket, **asked) == ["NOT_A_HOLDER"]
    for token, code in (
        (None, "UNAUTHENTICATED"),
        (tickets.resident(), "FORBIDDEN"),
        (tickets.resident("wang"), "NOT_FOUND"),
        (tickets.staff("leader"), "FORBIDDEN"),
        (tickets.role("admin"), "FORBIDDEN"),
        (tickets.staff("worker_2"), "NOT_FOUND"),
        (tickets.staff("worker_elsewhere"), "NOT_FOUND"),
    ):
        asked = {"id": ticket["id"], "expectedVersion": 1}
        named = {**asked, "assignee": str(city.person("worker"))}
        assert await tickets.error(mutation("assignTicket"), token, input=named) == code
        assert await tickets.error(mutation("claimTicket"), token, input=asked) == code
        assert await tickets.error(mutation("releaseTicket"), token, input=asked) == code
    assert await tickets.contents() == kept


async def test_where_a_process_says_nothing_of_it_nothing_is_assigned(tickets: Tickets) -> None:
    ticket = await tickets.raised()
    assert await problems(tickets, "claimTicket", tickets.staff("worker"), ticket) == ["UNKNOWN_ACTION"]


async def test_an_assignment_lapses_with_the_duty(tickets: Tickets) -> None:
    ticket = await shared(tickets)
    ticket = await tickets.do("claimTicket", tickets.staff("worker"), ticket)
    await city.tell(tickets.runtime.database, left("worker"))
    seen = await shown(tickets, ticket, colleague(tickets))
    assert (seen["assignee"], seen["inCharge"]) == (None, [{"id": str(city.duty_id(COLLEAGUE))}])
    assert "claim_turn" in [one["code"] for one in seen["myActions"]]
    await tickets.do("acceptTicket", colleague(tickets), ticket)


async def test_who_is_away_holds_nothing_up_and_their_deputy_has_their_turn(tickets: Tickets) -> None:
    ticket = await shared(tickets)
    ticket = await tickets.do("claimTicket", tickets.staff("worker"), ticket)
    today = local_day(now())
    away = {
        "id": city.duty_id("away"), "duty_id": city.duty_id("worker"), "region_id": city.region_id(city.GRID),
        "region_code": city.GRID, "valid_from": today, "valid_to": today + timedelta(days=2), "begun_at": now(),
    }  # fmt: skip
    await absent(tickets, **away, deputy_id=city.person("branch"))
    deputy = tickets.staff("branch")
    assert "accept" in await codes(tickets, ticket, deputy)
    assert await codes(tickets, ticket, colleague(tickets)) == []
    ticket = await tickets.do("releaseTicket", deputy, ticket)
    ticket = await tickets.do("claimTicket", deputy, ticket)
    seen = await shown(tickets, ticket, deputy)
    assert seen["assignee"] == {"id": str(city.person("worker"))}
    assert items_of(seen["timeline"])[-1]["actedFor"] == {"id": str(city.person("worker"))}
    async with tickets.runtime.database.write(("",)) as session:
        await session.connection.exec_driver_sql("UPDATE absence SET deputy_id = NULL")
    assert "accept" in await codes(tickets, ticket, colleague(tickets))


async def absent(tickets: Tickets, **values: Any) -> None:
    async with tickets.runtime.database.write(("",)) as session:
        await session.execute(insert(t.absence), values)


async def test_whoever_a_late_ticket_is_brought_before_acts_beside_them(tickets: Tickets) -> None:
    ticket = await shared(tickets)
    ticket = await tickets.do("claimTicket", tickets.staff("worker"), ticket)
    branch = '[{"title": "grid_branch_secretary", "level": "GRID"}]'
    async with tickets.runtime.database.write(("",)) as session:
        await session.connection.exec_driver_sql(f"UPDATE ticket SET escalated = '{branch}'")  # noqa: S608
    seen = await shown(tickets, ticket, tickets.staff("branch"))
    duties = {str(city.duty_id("worker")), str(city.duty_id("branch"))}
    assert {one["id"] for one in seen["inCharge"]} == duties
    await tickets.do("acceptTicket", tickets.staff("branch"), ticket)


async def test_an_imported_history_tells_whose_turn_it_was(tickets: Tickets) -> None:
    await shared(tickets)
    worker, id_ = str(city.person("worker")), "0190a7c2-0000-7000-8000-000000000001"
    record = {
        "record": "ticket", "id": id_, "process": SHARED["code"], "region_id": str(city.region_id(city.GRID)),
        "region_code": city.GRID, "category": "charging", "title": "想加装充电棚",
        "raised": {"at": "2026-03-02T09:00:00+08:00", "by": "li", "acted_as": "resident"},
        "acts": [
            {"at": "2026-03-02T10:00:00+08:00", "action": "assign", "by": str(city.person("committee")),
             "acted_as": "community_secretary", "assignee": worker},
            {"at": "2026-03-02T11:00:00+08:00", "action": "accept", "by": worker, "acted_as": "grid_worker"},
        ],
    }  # fmt: skip
    await tickets.load(record)
    seen = await shown(tickets, {"id": id_}, tickets.staff("worker"))
    assert [one["kind"] for one in items_of(seen["timeline"])] == ["RAISE", "ASSIGN", "ACCEPT"]
    assert items_of(seen["timeline"])[1]["assignee"] == {"id": worker}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"steps": []}, ("assignment", "steps")),
        ({"steps": ["nowhere"]}, ("assignment", "steps", 0)),
        ({"steps": ["evaluate"], "who": [{"title": "grid_leader", "level": "GRID"}]}, None),
        ({"requires": ["rating"]}, ("assignment", "requires")),
        ({"name_en": " "}, ("assignment", "name_en")),
        ({"who": [{"title": "mayor", "level": "CITY"}]}, ("assignment", "who", 0, "title")),
    ],
)
def test_what_is_wrong_with_an_assignment_is_named(change: dict[str, Any], path: tuple[str | int, ...] | None) -> None:
    process = {**SHARED, "assignment": {**SHARED["assignment"], **change}}
    known = read_processes([SHARED])[0][0]
    titles = dict.fromkeys(known.titles(), None)
    found = [fault.path[1:] for fault in read_processes([process], titles)[1]]
    assert found == ([] if path is None else [path])


async def test_a_community_names_the_grid_worker_who_handles_what_came_in(tickets: Tickets) -> None:
    await shared(tickets)
    await tickets.load({"record": "process", "definition": ONE_STOP})
    asked = {"process": "one_stop", "category": "facilities", "key": "one stop"}
    ticket = await tickets.raised(**asked)
    ticket = await tickets.do("acceptTicket", tickets.staff("committee"), ticket)
    ticket = await tickets.do("assignTicket", tickets.staff("committee"), ticket, assignee=str(city.person(COLLEAGUE)))
    assert await codes(tickets, ticket, tickets.staff("worker")) == []
    ticket = await tickets.do("carryOutTicket", colleague(tickets), ticket, opinion="已修好")
    assert ticket["step"]["code"] == "evaluate"


async def test_people_find_what_is_their_turn_and_nothing_of_others(tickets: Tickets) -> None:
    ticket = await shared(tickets)
    await tickets.raised(process=SHARED["code"], key="another")
    await tickets.do("claimTicket", tickets.staff("worker"), ticket)
    asked = {"id": str(city.region_id(city.GRID))}
    found = {}
    callers = {"me": tickets.staff("worker"), "other": colleague(tickets), "no person": tickets.role("admin")}
    for who, token in callers.items():
        (region,) = (await tickets.data(MINE, token, **asked))["_entities"]
        found[who] = [one["node"]["id"] for one in region["tickets"]["edges"]]
    assert found == {"me": [ticket["id"]], "other": [], "no person": []}
