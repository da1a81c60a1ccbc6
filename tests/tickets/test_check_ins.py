"""Members who checked in take orders of their grid, and report for the branch that they belong to."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import pytest
import pytest_asyncio
import yaml

from services.org.domain import events as org
from services.org.domain.assignment_events import AssignmentEnded
from services.org.domain.region_events import RegionClosed
from services.org.domain.register_events import CheckInEnded
from services.tickets.commands.actors import now
from services.tickets.domain.calendar import local_day
from services.tickets.domain.process_words import checked_in_post
from services.tickets.reactions.check_ins import CHECK_IN_HANDLERS
from tests.kit import items_of
from tests.tickets import city
from tests.tickets.conftest import mutation
from tests.tickets.test_notifications import news
from tests.tickets.test_personal_data import ERASE, REVEAL
from tests.tickets.test_sweeps import sweep_at

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

FOLDER = Path(__file__).parents[2] / "deploy/practices/processes"
ORDERS, WHISTLE = (
    yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))[0] for name in ("three_orders", "whistle")
)
MEMBER = "checked_in:member"
BRANCH, OTHER_BRANCH = uuid5(NAMESPACE_URL, "branch"), uuid5(NAMESPACE_URL, "other branch")
INBOX = """{ myInbox { title regionCode dutyId duty { id } team { id } waiting
  tickets { edges { node { id myActions { code } } } } } }"""
SHOWN = """query($id: ID!) { ticket(id: $id) { step { code } regionCode waitsFor { title regionCode isVacant checkedIn }
  inCharge { id } teamInCharge { person { id } } assignee { id } deputies { id } myActions { code }
  timeline { edges { node { kind actedAs actedFor { id } answersFor { id } } } } } }"""
AWAY = """mutation($input: BeginAbsenceInput!) { payload: beginAbsence(input: $input) {
  absence { dutyId duty { id } team { id } deputy { id } } problems { code } } }"""


def today() -> date:
    return local_day(now())


def token(tickets: Tickets, name: str, region: str = city.GRID, role: str = "resident") -> str:
    """Of somebody who checked in, whose token says only where they may act."""
    return tickets.issuer.mint(role, region=region, subject=str(city.person(name)))


def branch(id_: Any, code: str) -> org.OrganisationFounded:
    return org.OrganisationFounded(
        organisation_id=id_, kind="grid_party_branch", name=f"支部{code}", parent_id=None,
        region_id=city.region_id(code), region_code=code, established_on=city.SINCE,
    )  # fmt: skip


def here(code: str = city.GRID) -> dict[str, Any]:
    return {"region_id": city.region_id(code), "region_code": code}


def ended(name: str, on: date) -> CheckInEnded:
    return CheckInEnded(check_in_id=city.duty_id(name), person_id=city.person(name), valid_to=on, **here())


def closed(code: str, into: str, on: date) -> RegionClosed:
    return RegionClosed(
        region_id=city.region_id(code), code=code, valid_to=on, into_region_id=city.region_id(into), into_code=into
    )


@pytest_asyncio.fixture
async def members(tickets: Tickets) -> Tickets:
    """The city with orders and whistles, the branches of both grids, and people who checked in here and there."""
    await tickets.load(*({"record": "process", "definition": one} for one in (ORDERS, WHISTLE)))
    await city.tell(
        tickets.runtime.database,
        branch(BRANCH, city.GRID),
        branch(OTHER_BRANCH, city.GRID_2),
        *(city.check_in(name) for name in ("zhao", "qian", "sun")),
        city.check_in("past", until=today()),
        city.check_in("rider", group="rider"),
        city.check_in("next_door", city.GRID_2),
        city.check_in("far", city.ELSEWHERE),
        city.check_in("above", city.COMMUNITY),
        city.assignment("zhao", BRANCH),
        city.assignment("sun", BRANCH, until=today()),
        city.assignment("past", BRANCH),
        city.assignment("next_door", OTHER_BRANCH, city.GRID_2),
    )
    return tickets


async def ordered(tickets: Tickets) -> dict[str, Any]:
    """An order that the branch has placed: members can take it."""
    ticket = await tickets.raised(process="three_orders", category="errand")
    return await tickets.do("decideTicket", tickets.staff("branch"), ticket)


async def whistled(tickets: Tickets, *invited: Any) -> dict[str, Any]:
    ticket = await tickets.raised(tickets.staff("worker"), process="whistle", category=None)
    asked = {"invited": [str(one) for one in invited], "opinion": "请到场"}
    return await tickets.do("inviteToTicket", tickets.staff("committee"), ticket, **asked)


async def shown(tickets: Tickets, who: str, ticket: dict[str, Any]) -> Any:
    return (await tickets.data(SHOWN, who, id=ticket["id"]))["ticket"]


async def inbox_of(tickets: Tickets, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await tickets.data(INBOX, token(tickets, name)))["myInbox"]
    return found


def test_every_event_that_is_listened_to_is_published_by_org() -> None:
    assert set(CHECK_IN_HANDLERS) <= {event.type_in("org") for event in org.EVENTS}


async def test_a_member_who_checked_in_in_the_grid_takes_an_order_and_serves(members: Tickets) -> None:
    order = await ordered(members)
    [mine] = await inbox_of(members, "qian")
    assert (mine["title"], mine["regionCode"], mine["waiting"]) == (MEMBER, city.GRID, 1)
    assert (mine["duty"], mine["team"], mine["dutyId"]) == (None, None, str(city.duty_id("qian")))
    found = await shown(members, token(members, "qian"), order)
    assert {one["code"] for one in found["myActions"]} == {"take", "hand_back", "claim_turn", "assign"}
    assert found["waitsFor"][-1] == {
        "title": MEMBER, "regionCode": city.GRID, "isVacant": False, "checkedIn": "member",
    }  # fmt: skip
    # Who checked in is for staff, who ask org: of the others here only holders of duties are shown.
    assert found["inCharge"] == [{"id": str(city.duty_id(one))} for one in ("leader", "worker")]
    assert found["teamInCharge"] == []
    assert await news(members, token(members, "qian")) == [("TURN", "take")]
    order = await members.do("acceptTicket", token(members, "qian"), order)
    order = await members.do("carryOutTicket", token(members, "zhao"), order, opinion="药已送到")
    found = await shown(members, members.resident(), order)
    assert [one["actedAs"] for one in items_of(found["timeline"])][-2:] == [MEMBER, MEMBER]
    told = [event["data"] for type_, event in await members.events() if ".ticket.accepted." in type_]
    assert [one["actedAs"] for one in told] == [MEMBER]


async def test_who_did_not_check_in_there_takes_no_order_and_changes_nothing(members: Tickets) -> None:
    order = await ordered(members)
    before = await members.contents()
    asked = {"id": order["id"], "expectedVersion": order["version"]}
    for who, refused in (
        (None, "UNAUTHENTICATED"),
        # Checked in in the next grid, in another district, at the community, as a rider, until today; and nowhere.
        (token(members, "next_door", role="observer"), "FORBIDDEN"),
        (token(members, "far", role="observer", region=city.CITY), "FORBIDDEN"),
        (token(members, "above", role="observer", region=city.COMMUNITY), "FORBIDDEN"),
        (token(members, "rider", role="observer"), "FORBIDDEN"),
        (token(members, "past", role="observer"), "FORBIDDEN"),
        (token(members, "stranger", role="checked_in_member"), "NOT_FOUND"),
        # Checked in there, with a token that reaches only another place.
        (token(members, "qian", region=city.GRID_2), "NOT_FOUND"),
        (members.role("admin"), "FORBIDDEN"),
    ):
        assert await members.error(mutation("acceptTicket"), who, input=asked) == refused, refused
    assert await members.contents() == before
    assert (await members.data(INBOX, token(members, "qian", region=city.GRID_2)))["myInbox"] == []
    assert await inbox_of(members, "past") == []


async def test_any_member_of_the_branch_reports_for_it_when_the_community_whistles(members: Tickets) -> None:
    whistle = await whistled(members, BRANCH)
    [mine] = await inbox_of(members, "zhao")
    assert (mine["title"], mine["waiting"]) == (MEMBER, 1)
    assert [one["myActions"] for one in (edge["node"] for edge in mine["tickets"]["edges"])] == [[{"code": "report"}]]
    assert [one["waiting"] for one in await inbox_of(members, "qian")] == [0]
    assert await news(members, token(members, "zhao")) == [("INVITATION", "report")]
    assert await news(members, token(members, "qian")) == []
    whistle = await members.do("answerTicket", token(members, "zhao"), whistle, opinion="党员已到场")
    found = await shown(members, members.staff("committee"), whistle)
    assert found["step"]["code"] == "act"
    assert (items_of(found["timeline"])[-1]["actedAs"], items_of(found["timeline"])[-1]["answersFor"]) == (
        MEMBER,
        {"id": str(BRANCH)},
    )


async def test_who_belongs_to_no_invited_branch_today_reports_nothing_and_changes_nothing(members: Tickets) -> None:
    whistle = await whistled(members, BRANCH)
    before = await members.contents()
    asked = {"id": whistle["id"], "expectedVersion": whistle["version"], "opinion": "到场"}
    # In no branch, no longer in it, no longer checked in, of another branch, and of duties that report for nobody.
    for who in ("qian", "sun", "past", "next_door"):
        assert await members.error(mutation("answerTicket"), token(members, who, role="observer"), input=asked) == (
            "FORBIDDEN"
        ), who
    for name in ("worker", "branch", "committee"):
        assert await members.error(mutation("answerTicket"), members.staff(name), input=asked) == "FORBIDDEN"
    assert await members.contents() == before


async def test_a_check_in_that_ends_takes_turn_and_reach_with_it(members: Tickets) -> None:
    order = await ordered(members)
    order = await members.do("assignTicket", members.staff("branch"), order, assignee=str(city.person("qian")))
    assert (await shown(members, token(members, "zhao"), order))["assignee"] == {"id": str(city.person("qian"))}
    assert [one["waiting"] for one in await inbox_of(members, "zhao")] == [0]
    asked = {"id": order["id"], "expectedVersion": order["version"]}
    assert await members.error(mutation("acceptTicket"), token(members, "zhao"), input=asked) == "FORBIDDEN"
    rider = await members.payload("assignTicket", members.staff("branch"), order, assignee=str(city.person("rider")))
    assert [one["code"] for one in rider["problems"]] == ["NOT_A_HOLDER"]
    await city.tell(members.runtime.database, ended("qian", today()))
    assert await inbox_of(members, "qian") == []
    assert await members.error(mutation("acceptTicket"), token(members, "qian"), input=asked) == "NOT_FOUND"
    assert [one["waiting"] for one in await inbox_of(members, "zhao")] == [1]
    await members.do("acceptTicket", token(members, "zhao"), order)


async def test_a_requester_is_shown_to_a_member_whose_turn_it_is_and_erased_by_none(members: Tickets) -> None:
    told = {"requesterName": "李小明", "requesterPhone": "13800001234"}
    order = await members.raised(process="three_orders", category="errand", **told)
    order = await members.do("decideTicket", members.staff("branch"), order)
    order = await members.do("acceptTicket", token(members, "qian"), order)
    asked = {"id": order["id"], "purpose": "上门服务"}
    before = await members.contents()
    for name in ("qian", "zhao"):
        assert await members.error(REVEAL, token(members, name), input=asked) == "FORBIDDEN"
    assert await members.contents() == before
    order = await members.do("claimTicket", token(members, "qian"), order)
    shown_to = await members.data(REVEAL, token(members, "qian"), input=asked)
    assert shown_to["revealRequester"]["requester"]["phone"] == "13800001234"
    # One raised for somebody without an account, who asks a person in duty to have it erased.
    other = await members.raised(members.staff("worker"), process="three_orders", category="errand", key="o", **told)
    await members.do("refuseTicket", members.staff("branch"), other, reason="已由其他渠道办理")
    before = await members.contents()
    assert await members.error(REVEAL, token(members, "zhao"), input=asked) == "FORBIDDEN"
    assert await members.error(ERASE, token(members, "qian"), input={"ticketId": other["id"]}) == "FORBIDDEN"
    assert await members.contents() == before


async def test_a_deputy_of_who_checked_in_checked_in_there_too_or_is_in_duty(members: Tickets) -> None:
    order = await ordered(members)
    days = {"firstDay": str(today()), "lastDay": str(today() + timedelta(3))}
    mine = {"dutyId": str(city.duty_id("qian")), **days}
    for number, (name, problems) in enumerate((("rider", ["NO_DEPUTY"]), ("next_door", ["NO_DEPUTY"]), ("sun", []))):
        asked = {"idempotencyKey": f"a{number}", **mine, "deputyId": str(city.person(name))}
        payload = (await members.data(AWAY, token(members, "qian"), input=asked))["payload"]
        assert [one["code"] for one in payload["problems"]] == problems, name
    assert payload["absence"]["duty"] is None
    # Nor do they stand in for a duty.
    duty = {"idempotencyKey": "d", "dutyId": str(city.duty_id("worker")), **days}
    payload = await members.data(AWAY, members.staff("worker"), input=duty | {"deputyId": str(city.person("qian"))})
    assert payload["payload"]["problems"] == [{"code": "NO_DEPUTY"}]
    # Who stands in is shown for whose turn it is, not for all who checked in.
    assert (await shown(members, token(members, "sun"), order))["deputies"] == []
    await members.do("claimTicket", token(members, "qian"), order)
    found = await shown(members, token(members, "sun"), order)
    assert (found["inCharge"], found["deputies"]) == ([], [{"id": str(city.person("sun"))}])
    asked = {"idempotencyKey": "o", **mine, "deputyId": str(city.person("zhao"))}
    assert await members.error(AWAY, token(members, "zhao"), input=asked) == "FORBIDDEN"


async def test_a_merged_grid_takes_its_members_along_also_who_is_told_of_later(members: Tickets) -> None:
    database = members.runtime.database
    code = "370321002001009"
    await city.tell(database, closed(city.GRID, city.GRID_2, today()))
    await city.tell(
        database,
        city.check_in("late"),
        city.check_in("long_ago", until=date(2025, 1, 1)),
        org.RegionRecoded(
            region_id=city.region_id(city.GRID_2), code=code, previous_code=city.GRID_2, level="GRID", parent_id=None,
            valid_from=city.SINCE,
        ),
    )  # fmt: skip
    rows = await members.look("SELECT person_id, region_code, region_id FROM duty WHERE title = 'checked_in:member'")
    there = {str(row[0]): (row[1], row[2]) for row in rows}
    for name in ("zhao", "qian", "late", "next_door"):
        assert there[str(city.person(name))] == (code, city.region_id(city.GRID_2)), name
    for name in ("past", "long_ago"):
        assert there[str(city.person(name))] == (city.GRID, city.region_id(city.GRID)), name
    assert there[str(city.person("far"))][0] == city.ELSEWHERE
    worker = await members.look("SELECT region_code FROM duty WHERE title = 'grid_worker' AND region_code LIKE '%001'")
    assert len(worker) == 2, "duties end and begin anew by events of their own"
    # A ticket of the grid that took over is theirs now.
    await city.tell(database, city.duty("secretary", "grid_branch_secretary", city.GRID_2))
    resident, secretary = members.resident(region=code), token(members, "secretary", code, "grid_branch_secretary")
    order = await members.raised(resident, process="three_orders", category="care", regionCode=code)
    order = await members.do("decideTicket", secretary, order)
    found = (await members.data(INBOX, token(members, "zhao", region=code)))["myInbox"]
    assert [(one["regionCode"], one["waiting"]) for one in found] == [(code, 1)]
    await members.do("acceptTicket", token(members, "zhao", region=code), order)


async def test_regions_that_take_over_one_after_another_are_followed_in_any_order(members: Tickets) -> None:
    database = members.runtime.database
    last = city.ELSEWHERE
    # The later merger is told first, and the check-ins between.
    await city.tell(
        database, closed(city.GRID_2, last, today()), city.check_in("late"), closed(city.GRID, city.GRID_2, today())
    )
    rows = await members.look("SELECT person_id, region_code FROM duty WHERE title = 'checked_in:member'")
    there = {str(row[0]): row[1] for row in rows}
    assert {there[str(city.person(name))] for name in ("zhao", "late", "next_door", "far")} == {last}
    assert there[str(city.person("past"))] == city.GRID


async def test_what_org_tells_of_check_ins_is_kept_whatever_comes_first(members: Tickets) -> None:
    database = members.runtime.database
    whistle = await whistled(members, BRANCH)
    # An assignment before its check-in, a post without a branch, both told twice.
    events = (
        city.assignment("wu", BRANCH),
        city.check_in("wu"),
        city.assignment("zheng", None),
        city.check_in("zheng"),
    )
    await city.tell(database, *events, *events)
    assert [one["waiting"] for one in await inbox_of(members, "wu")] == [1]
    assert [one["waiting"] for one in await inbox_of(members, "zheng")] == [0]
    # A branch is merged: the assignment ends, another one begins; one without a past is told anew.
    await city.tell(
        database,
        AssignmentEnded(
            assignment_id=city.assignment("wu", BRANCH).assignment_id, check_in_id=city.duty_id("wu"),
            person_id=city.person("wu"), valid_to=today(), **here(),
        ),
        city.assignment("wu", OTHER_BRANCH, since=today()),
        city.assignment("zhao", OTHER_BRANCH),
    )  # fmt: skip
    assert [one["waiting"] for one in await inbox_of(members, "wu")] == [0]
    asked = {"id": whistle["id"], "expectedVersion": whistle["version"], "opinion": "到场"}
    for name in ("wu", "zhao"):
        assert await members.error(mutation("answerTicket"), token(members, name), input=asked) == "FORBIDDEN"
    await city.tell(database, ended("unknown", today()), ended("wu", today()))
    assert await inbox_of(members, "wu") == []


async def test_a_group_of_new_employment_acts_and_is_brought_what_is_late(members: Tickets) -> None:
    raw = {**ORDERS, "code": "delivered", "version": 1}
    steps = [dict(step) for step in ORDERS["steps"]]
    steps[1]["who"] = [{"checked_in": "rider", "level": "GRID"}]
    rung = {"after_working_days": 1, "to": {"checked_in": "member", "level": "GRID"}}
    steps[1]["deadline"] = {**steps[1]["deadline"], "escalate": [rung]}
    await members.load({"record": "process", "definition": {**raw, "steps": steps}})
    ticket = await members.raised(process="delivered", category="errand", key="d")
    ticket = await members.do("decideTicket", members.staff("branch"), ticket)
    assert [(one["title"], one["waiting"]) for one in await inbox_of(members, "rider")] == [("checked_in:rider", 1)]
    assert [one["waiting"] for one in await inbox_of(members, "qian")] == [0]
    await sweep_at(members, now() + timedelta(days=20))
    assert [one["waiting"] for one in await inbox_of(members, "qian")] == [1]
    escalated = [event["data"] for type_, event in await members.events() if ".escalated." in type_]
    assert [(one["title"], one["titleRegionCode"]) for one in escalated if one["ticketId"] == ticket["id"]][:1] == [
        (MEMBER, city.GRID)
    ]
    version = (await members.look(f"SELECT version FROM ticket WHERE id = '{ticket['id']}'"))[0][0]  # noqa: S608
    await members.do("acceptTicket", token(members, "rider"), {"id": ticket["id"], "version": version})


async def test_who_checked_in_reports_no_burdens(members: Tickets) -> None:
    document = """mutation($input: ReportBurdenInput!) { reportBurden(input: $input) { problems { code } } }"""
    before = await members.contents()
    asked = {"idempotencyKey": "b", "regionCode": city.COMMUNITY, "description": "报表太多"}
    who = token(members, "above", region=city.COMMUNITY)
    assert await members.error(document, who, input=asked) == "FORBIDDEN"
    assert await members.contents() == before


@pytest.mark.parametrize(
    ("by", "refused"), [(checked_in_post("courier"), True), ("member", True), (checked_in_post("member"), False)]
)
async def test_what_a_member_did_is_imported_under_that_name(members: Tickets, by: str, refused: bool) -> None:
    def on(day: int) -> str:
        return f"2026-03-{day:02}T10:00:00+08:00"

    line = {
        "record": "ticket", "id": str(uuid5(NAMESPACE_URL, "order")), "title": "代买药", "process": "three_orders",
        "category": "errand", "region_id": str(city.region_id(city.GRID)), "region_code": city.GRID,
        "raised": {"at": on(2), "by": "li", "acted_as": "resident"},
        "acts": [
            {"at": on(3), "action": "place", "by": str(city.person("branch")), "acted_as": "grid_branch_secretary"},
            {"at": on(4), "action": "take", "by": str(city.person("qian")), "acted_as": by},
        ],
    }  # fmt: skip
    if refused:
        with pytest.raises(Exception, match="line 1: acts"):
            await members.load(line)
    else:
        assert "1 ticket" in await members.load(line)
