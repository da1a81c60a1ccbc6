"""A ticket is divided among child tickets: linked, refused, seen by scope, gathered and recalled."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
import yaml

from services.org.domain import events as org
from tests.kit import items_of
from tests.tickets import city
from tests.tickets.conftest import mutation
from tests.tickets.test_notifications import news, nodes
from tests.tickets.test_sweeps import sweep_at

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

FILE = Path(__file__).parent / "offices_work.yaml"
RAW: list[Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
FAMILY = """query($id: ID!) { ticket(id: $id) { step { code } outcome myActions { code } parent { id }
  children { totalCount edges { node { id step { code } regionCode } } }
  timeline { edges { node { kind name actedAs } } } } }"""
STREET = city.POSTS["street"]


@pytest_asyncio.fixture
async def teams(tickets: Tickets) -> Tickets:
    """The city with a community worker, a team member in an office, and the processes of joint work."""
    await tickets.load(*({"record": "process", "definition": one} for one in RAW))
    await city.tell(
        tickets.runtime.database,
        city.duty("helper", "community_worker", city.COMMUNITY),
        org.DutyAssigned(
            duty_id=city.duty_id("doctor"), person_id=city.person("doctor"), title="team_member",
            organisation_id=city.OFFICE, region_id=city.region_id(city.COMMUNITY), region_code=city.COMMUNITY,
            valid_from=city.SINCE, valid_to=None,
        ),
    )  # fmt: skip
    return tickets


def helper(tickets: Tickets) -> str:
    return tickets.issuer.mint("community_worker", region=city.COMMUNITY, subject=str(city.person("helper")))


def doctor(tickets: Tickets) -> str:
    return tickets.issuer.mint("team_member", region=city.COMMUNITY, subject=str(city.person("doctor")))


def child(region: str = city.GRID, **more: Any) -> dict[str, Any]:
    one = {"process": "team_task", "regionCode": region, "title": "上门看一看", "category": "doctor"}
    return one | {"organisation": str(city.OFFICE)} | more


async def raised(tickets: Tickets, key: str = "k1") -> dict[str, Any]:
    return await tickets.raised(process="joint_work", category=None, key=key)


async def divide(tickets: Tickets, ticket: dict[str, Any], *children: dict[str, Any], key: str = "d1") -> Any:
    return await tickets.payload(
        "divideTicket", helper(tickets), ticket, idempotencyKey=key, children=list(children)
    )  # fmt: skip


async def divided(tickets: Tickets, *children: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A ticket that was divided, and its children as who handles them knows them."""
    payload = await divide(tickets, await raised(tickets), *(children or (child(), child(city.GRID_2))))
    assert payload["problems"] == []
    rows = await tickets.look(
        f"SELECT id, version, region_code FROM ticket WHERE parent = '{payload['ticket']['id']}' ORDER BY id"  # noqa: S608
    )
    return payload["ticket"], [{"id": str(row[0]), "version": row[1], "code": row[2]} for row in rows]


async def shown(tickets: Tickets, token: str, ticket: dict[str, Any]) -> Any:
    return (await tickets.data(FAMILY, token, id=ticket["id"]))["ticket"]


async def ended(tickets: Tickets, one: dict[str, Any]) -> None:
    one = await tickets.do("answerTicket", doctor(tickets), one, opinion="已上门")
    await tickets.do("carryOutTicket", helper(tickets), one)


async def test_a_parent_goes_on_by_itself_when_all_its_children_are_done(teams: Tickets) -> None:
    parent, children = await divided(teams)
    assert parent["step"]["code"] == "work"
    found = await shown(teams, helper(teams), parent)
    assert [one["node"]["regionCode"] for one in found["children"]["edges"]] == [city.GRID_2, city.GRID]
    await ended(teams, children[0])
    await sweep_at(teams, datetime.now(UTC))
    assert (await shown(teams, helper(teams), parent))["step"]["code"] == "work"
    await ended(teams, children[1])
    await sweep_at(teams, datetime.now(UTC))
    found = await shown(teams, helper(teams), parent)
    assert found["step"]["code"] == "review"
    assert items_of(found["timeline"])[-1] == {"kind": "GATHER", "name": "its child tickets ended", "actedAs": "system"}
    told = [(type_.split(".")[3], event) for type_, event in await teams.events() if ".ticket." in type_]
    assert [name for name, event in told if event["data"]["ticketId"] == parent["id"]] == [
        "raised",
        "divided",
        "gathered",
    ]
    [opened] = [event["data"]["childIds"] for name, event in told if name == "divided"]
    assert sorted(opened) == sorted(one["id"] for one in children)
    parents = [event["data"]["parentId"] for name, event in told if name == "raised"]
    assert parents == [None, parent["id"], parent["id"]]


async def test_a_child_that_is_refused_leads_the_parent_back_to_be_divided_anew(teams: Tickets) -> None:
    parent, (one, _) = await divided(teams)
    await teams.do("refuseTicket", helper(teams), one, reason="不需要")
    await sweep_at(teams, datetime.now(UTC))
    assert (await shown(teams, helper(teams), parent))["step"]["code"] == "divide"
    assert [row[0] for row in await teams.look("SELECT step FROM ticket WHERE parent IS NOT NULL ORDER BY step")] == [
        "cancelled", "recalled",
    ]  # fmt: skip
    # The children of an earlier visit are not waited for again.
    again = {"id": parent["id"], "version": parent["version"] + 1}
    payload = await divide(teams, again, child(), key="d2")
    assert payload["problems"] == []
    await sweep_at(teams, datetime.now(UTC))
    assert (await shown(teams, helper(teams), parent))["step"]["code"] == "work"


async def test_a_parent_that_goes_on_or_is_taken_back_recalls_its_open_children(teams: Tickets) -> None:
    parent, children = await divided(teams)
    await ended(teams, children[0])
    await teams.do("withdrawTicket", teams.resident(), parent)
    await sweep_at(teams, datetime.now(UTC))
    rows = await teams.look("SELECT step, outcome FROM ticket WHERE parent IS NOT NULL ORDER BY step")
    assert [tuple(row) for row in rows] == [("done", "done"), ("recalled", "withdrawn")]
    told = [event["data"] for type_, event in await teams.events() if ".ticket.recalled." in type_]
    assert [(one["ticketId"], one["parentId"]) for one in told] == [(children[1]["id"], parent["id"])]


async def test_who_sees_a_parent_or_a_child_sees_of_the_other_only_what_their_scope_shows(teams: Tickets) -> None:
    parent, _ = await divided(teams)
    leader = await shown(teams, teams.staff("leader"), parent)
    assert leader["children"] == {"totalCount": 0, "edges": []}
    inside = await shown(teams, teams.role("observer", city.GRID), parent)
    assert [one["node"]["regionCode"] for one in inside["children"]["edges"]] == [city.GRID]
    rows = await teams.look(f"SELECT id FROM ticket WHERE region_code = '{city.GRID_2}'")  # noqa: S608
    outside = await shown(teams, teams.role("observer", city.GRID_2), {"id": str(rows[0][0])})
    assert outside["parent"] is None
    above = await shown(teams, teams.role("observer", city.COMMUNITY), {"id": str(rows[0][0])})
    assert above["parent"] == {"id": parent["id"]}


async def test_the_same_key_opens_children_once(teams: Tickets) -> None:
    ticket = await raised(teams)
    first = await divide(teams, ticket, child())
    again = await divide(teams, ticket, child())
    assert first["ticket"]["id"] == again["ticket"]["id"]
    assert again["problems"] == []
    assert await teams.look("SELECT count(*) FROM ticket WHERE parent IS NOT NULL") == [(1,)]


@pytest.mark.parametrize(
    ("children", "code", "path"),
    [
        ([child(process="five_sheets")], "WRONG_CHILD_PROCESS", ["children", "0", "process"]),
        ([child(), child(city.SUBDISTRICT)], "CHILD_ELSEWHERE", ["children", "1", "regionCode"]),
        ([child(category="palace")], "UNKNOWN_CATEGORY", ["children", "0", "category"]),
        ([child(organisation=None)], "REQUIRED", ["children", "0", "organisation"]),
        ([child(organisation=str(city.person("x")))], "UNKNOWN_ORGANISATION", ["children", "0", "invited", "0"]),
        ([child(title=" ")], "REQUIRED", ["children", "0", "title"]),
        ([child()] * 21, "WRONG_NUMBER_OF_CHILDREN", ["children"]),
        ([], "REQUIRED", ["children"]),
    ],
)
async def test_children_that_cannot_be_opened_are_refused_and_nothing_changes(
    teams: Tickets, children: list[dict[str, Any]], code: str, path: list[str]
) -> None:
    ticket = await raised(teams)
    before = await teams.contents()
    payload = await divide(teams, ticket, *children)
    assert [(one["code"], one["path"]) for one in payload["problems"]] == [(code, path)]
    after = await teams.contents()
    assert {name: rows for name, rows in after.items() if name != "idempotency_key"} == {
        name: rows for name, rows in before.items() if name != "idempotency_key"
    }


async def test_only_who_acts_in_the_step_divides_and_nobody_raises_a_child_alone(teams: Tickets) -> None:
    ticket = await raised(teams)
    asked = {
        "id": ticket["id"], "expectedVersion": 1, "idempotencyKey": "d", "children": [child()],
    }  # fmt: skip
    before = await teams.contents()
    for token, refused in (
        (None, "UNAUTHENTICATED"),
        (teams.resident(), "FORBIDDEN"),
        (teams.staff("leader"), "FORBIDDEN"),
        (doctor(teams), "NOT_FOUND"),
        (teams.staff("worker_elsewhere"), "NOT_FOUND"),
        (teams.role("admin"), "FORBIDDEN"),
    ):
        assert await teams.error(mutation("divideTicket"), token, input=asked) == refused
    raising = """mutation($input: RaiseTicketInput!) { raiseTicket(input: $input) { problems { code } } }"""
    alone = {"idempotencyKey": "r", "process": "team_task", "regionCode": city.GRID, "title": "x", "category": "doctor"}
    assert await teams.error(raising, helper(teams), input=alone) == "FORBIDDEN"
    assert await teams.contents() == before


async def test_open_children_bar_the_way_where_the_process_says_so(teams: Tickets) -> None:
    barred = RAW[0] | {"version": RAW[0]["version"] + 1}
    barred["steps"] = [
        step | ({"children": step["children"] | {"leaving": "bar"}} if "children" in step else {})
        for step in RAW[0]["steps"]
    ]
    await teams.load({"record": "process", "definition": barred})
    parent, (one,) = await divided(teams, child())
    assert {a["code"] for a in (await shown(teams, helper(teams), parent))["myActions"]} == {"add"}
    before = await teams.contents()
    asked = {"action": "go_on", "reason": "等不及"}
    for name, token, more in (("actOnTicket", helper(teams), asked), ("withdrawTicket", teams.resident(), {})):
        payload = await teams.payload(name, token, parent, **more)
        assert [problem["code"] for problem in payload["problems"]] == ["CHILDREN_OPEN"]
    assert await teams.contents() == before
    await teams.do("refuseTicket", helper(teams), one, reason="不需要")
    await teams.do("withdrawTicket", teams.resident(), parent)


async def test_who_does_a_part_of_it_is_told_and_its_requester_when_all_is_gathered(teams: Tickets) -> None:
    _, children = await divided(teams)
    assert await news(teams, doctor(teams)) == [("INVITATION", "work")] * len(children)
    for one in children:
        await ended(teams, one)
    await sweep_at(teams, datetime.now(UTC))
    told = (await nodes(teams, teams.resident()))[-1]
    assert (told["step"]["code"], "its child tickets ended" in told["body"]) == ("review", True)
