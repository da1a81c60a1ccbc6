"""Who hears of a deadline: by the hour before it; after it, whoever raised the matter or the level above the last."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chassis.service import ImportRefused
from services.tickets.commands.actors import now
from services.tickets.domain.calendar import ZONE
from tests.tickets import city
from tests.tickets.appointments import APPOINTMENT, office, officer, settle_in, summoned
from tests.tickets.conftest import mutation
from tests.tickets.test_hand_downs import pushed, settled
from tests.tickets.test_handing_over import county
from tests.tickets.test_notifications import nodes
from tests.tickets.test_sweeps import STATE, due, sweep_at

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets


async def supervisor(tickets: Tickets) -> str:
    """The token of the city's supervisor, who holds the duty from now on."""
    await city.tell(tickets.runtime.database, city.duty("city", "city_supervisor", city.CITY))
    return tickets.issuer.mint("city_supervisor", region=city.CITY, subject=str(city.person("city")))


async def escalations(tickets: Tickets) -> list[tuple[str, int, str, str]]:
    told = [event["data"] for type_, event in await tickets.events() if type_.endswith(".escalated.v1")]
    return [(one["clock"], one["level"], one["title"], one["titleRegionCode"]) for one in told]


async def test_who_has_it_is_reminded_so_many_working_hours_before_it_is_due(tickets: Tickets) -> None:
    await settle_in(tickets)
    await tickets.raised(tickets.staff("worker"), process="grid_appointment", category=None)
    [(at,)] = await tickets.look("SELECT at FROM rung WHERE kind = 'hours_reminder'")
    ends = await due(tickets, "FIRST_RESPONSE")
    assert ends - timedelta(days=12) < at <= ends - timedelta(hours=1)
    assert await sweep_at(tickets, at - timedelta(seconds=1)) == []
    assert await sweep_at(tickets, at) == ["reminded"]
    assert await sweep_at(tickets, at) == [], "once"
    [reminded] = [event["data"] for type_, event in await tickets.events() if ".reminded." in type_]
    assert (reminded["clock"], reminded["workingDaysBefore"], reminded["workingHoursBefore"]) == (
        "first_response",
        0,
        1,
    )
    told = (await nodes(tickets, tickets.staff("committee")))[-1]
    assert (told["matter"], datetime.fromisoformat(told["dueAt"])) == ("REMINDER", ends)
    assert told["body"].endswith("1 working hours from now.")
    chinese = (await nodes(tickets, tickets.staff("committee"), "zh-CN"))[-1]
    assert chinese["body"].endswith("到期（还有 1 个工作小时）。")


async def test_nobody_is_reminded_of_what_was_answered_in_time(tickets: Tickets) -> None:
    await settle_in(tickets)
    await summoned(tickets, "fire")
    assert await tickets.look("SELECT at FROM rung WHERE kind = 'hours_reminder' AND fired_at IS NULL") == []


async def test_a_call_that_nobody_takes_up_is_brought_above_within_hours(tickets: Tickets) -> None:
    await settle_in(tickets)
    await city.tell(tickets.runtime.database, city.duty("far street", "subdistrict_secretary", "370303001"))
    ticket = await tickets.raised(tickets.staff("worker"), process="grid_appointment", category=None)
    street = tickets.staff("street")
    far = tickets.issuer.mint("subdistrict_secretary", region="370303001", subject=str(city.person("far street")))
    refusal = {"id": ticket["id"], "expectedVersion": 1, "reason": "不属于约请范围"}
    kept = await tickets.contents()
    assert await tickets.error(mutation("refuseTicket"), street, input=refusal) == "FORBIDDEN"
    assert await tickets.contents() == kept
    [(at,)] = await tickets.look("SELECT at FROM rung WHERE kind = 'escalation' AND clock = 'first_response'")
    first = await due(tickets, "FIRST_RESPONSE")
    assert first + timedelta(hours=2) <= at < first + timedelta(days=12)
    assert await sweep_at(tickets, at - timedelta(seconds=1)) == ["overdue"], "a reminder comes too late"
    assert await sweep_at(tickets, at) == ["escalated"]
    assert await sweep_at(tickets, at) == [], "once"
    assert await escalations(tickets) == [("first_response", 1, "subdistrict_secretary", city.SUBDISTRICT)]
    [told] = await nodes(tickets, street, "zh-CN")
    assert (told["matter"], datetime.fromisoformat(told["dueAt"])) == ("ESCALATED", first)
    assert "的“社区发出约请”环节的首次响应时限" in told["body"]
    inboxes = (await tickets.data("{ myInbox { title waiting overdue } }", street))["myInbox"]
    assert inboxes == [{"title": "subdistrict_secretary", "waiting": 1, "overdue": 0}]
    kept = await tickets.contents()
    assert await tickets.error(mutation("refuseTicket"), far, input=refusal) == "NOT_FOUND"
    assert await tickets.contents() == kept
    await tickets.do("refuseTicket", street, ticket, reason="不属于约请范围")
    [(left,)] = await tickets.look("SELECT count(*) FROM rung WHERE clock = 'first_response' AND fired_at IS NULL")
    assert left == 0


async def test_what_was_taken_up_in_time_is_brought_before_nobody(tickets: Tickets) -> None:
    await settle_in(tickets)
    await tickets.raised(tickets.staff("worker"), process="grid_appointment", category=None)
    [(at,)] = await tickets.look("SELECT at FROM rung WHERE kind = 'escalation' AND clock = 'first_response'")
    ticket = {"id": str((await tickets.look("SELECT id FROM ticket"))[0][0]), "version": 1}
    await tickets.do(
        "inviteToTicket", tickets.staff("committee"), ticket, invited=[str(office("fire"))], action="summon",
        opinion="请到现场",
    )  # fmt: skip
    await sweep_at(tickets, at)
    assert "first_response" not in {clock for clock, *_ in await escalations(tickets)}


async def test_what_is_late_says_which_deadline_it_is_of(tickets: Tickets) -> None:
    await settle_in(tickets)
    await tickets.raised(tickets.staff("worker"), process="grid_appointment", category=None)
    await sweep_at(tickets, await due(tickets, "MATTER") + timedelta(days=20))
    late = [one["body"] for one in await nodes(tickets, tickets.staff("committee"), "en") if one["matter"] == "OVERDUE"]
    for said in ("first response at “the community invites”:", ", “the community invites”:", "whole matter, now at"):
        assert sum(said in body for body in late) == 1, late


async def test_whoever_handed_a_task_down_hears_first_that_it_is_late_and_then_the_district(tickets: Tickets) -> None:
    await settled(tickets)
    await city.tell(tickets.runtime.database, city.duty("county", "district_coordinator", city.DISTRICT))
    ticket = await pushed(tickets, "入户登记")
    ticket = await tickets.do("acceptTicket", tickets.staff("committee"), ticket)
    late = {"id": ticket["id"], "expectedVersion": ticket["version"], "opinion": "已经办结"}
    assert await tickets.error(mutation("carryOutTicket"), officer(tickets, "fire"), input=late) == "FORBIDDEN"
    await sweep_at(tickets, await due(tickets, "MATTER") + timedelta(days=20))
    assert [one for one in await escalations(tickets) if one[0] == "matter"] == [
        ("matter", 1, "subdistrict_officer", city.SUBDISTRICT),
        ("matter", 2, "district_coordinator", city.DISTRICT),
    ]
    assert (await nodes(tickets, officer(tickets, "fire")))[-1]["matter"] == "ESCALATED"
    await tickets.do("carryOutTicket", officer(tickets, "fire"), ticket, opinion="已经办结")


async def test_what_the_district_handed_down_is_brought_before_the_district_once(tickets: Tickets) -> None:
    await settled(tickets)
    await city.tell(tickets.runtime.database, city.duty("county", "district_coordinator", city.DISTRICT))
    await tickets.raised(
        county(tickets), process="assigned_task", regionCode=city.COMMUNITY, category=None, title="入户登记"
    )
    await sweep_at(tickets, await due(tickets, "MATTER") + timedelta(days=20))
    [(brought,)] = await tickets.look("SELECT escalated FROM ticket")
    assert brought == [{"title": "district_coordinator", "level": "DISTRICT"}]


async def test_an_imported_task_knows_who_handed_it_down(tickets: Tickets) -> None:
    await settled(tickets)
    raised = {"at": "2026-03-02T09:00:00+08:00", "by": str(city.person("fire")), "acted_as": "subdistrict_officer"}
    await tickets.load({
        "record": "ticket", "id": str(city.duty_id("imported")), "process": "assigned_task", "title": "入户登记",
        "region_id": str(city.region_id(city.COMMUNITY)), "region_code": city.COMMUNITY, "raised": raised, "acts": [],
    })  # fmt: skip
    await sweep_at(tickets, datetime(2026, 4, 20, tzinfo=ZONE))
    assert ("matter", 1, "subdistrict_officer", city.SUBDISTRICT) in await escalations(tickets)


async def called_up(tickets: Tickets) -> dict[str, Any]:
    """A matter that waits for the county, which its subdistrict called."""
    await settle_in(tickets)
    await city.tell(tickets.runtime.database, city.duty("county", "district_coordinator", city.DISTRICT))
    ticket = await summoned(tickets, "fire")
    ticket = await tickets.do("answerTicket", officer(tickets, "fire"), ticket, opinion="到场")
    ticket = await tickets.do("actOnTicket", tickets.staff("committee"), ticket, action="hand_up", reason="需协调")
    return await tickets.do("actOnTicket", tickets.staff("street"), ticket, action="call_county", reason="需县级")


async def test_what_the_county_leaves_lying_is_brought_before_the_city(tickets: Tickets) -> None:
    mayor = await supervisor(tickets)
    ticket = await called_up(tickets)
    asked = {"id": ticket["id"], "expectedVersion": ticket["version"], "action": "respond", "reason": "市级督办"}
    kept = await tickets.contents()
    assert await tickets.error(mutation("actOnTicket"), mayor, input=asked) == "FORBIDDEN"
    assert await tickets.contents() == kept
    await sweep_at(tickets, now() + timedelta(days=60))
    assert ("step", 1, "city_supervisor", city.CITY) in await escalations(tickets)
    assert [one["matter"] for one in await nodes(tickets, mayor)] == ["ESCALATED"]
    seen = (await tickets.data(STATE, mayor, id=ticket["id"]))["ticket"]
    assert {one["title"] for one in seen["waitsFor"]} == {"district_coordinator", "city_supervisor"}
    ticket = await tickets.do("actOnTicket", mayor, ticket, action="respond", reason="市级督办")
    assert ticket["step"]["code"] == "subdistrict"


async def test_a_process_that_residents_raise_has_no_issuer_to_escalate_to(tickets: Tickets) -> None:
    process = deepcopy(APPOINTMENT) | {"code": "asked"}
    process["raising"]["who"] = ["resident"]
    process["matter"]["escalate"] = [{"after_working_days": 1, "to": "issuer"}]
    kept = await tickets.contents()
    with pytest.raises(ImportRefused, match="no issuer"):
        await tickets.load({"record": "process", "definition": process})
    assert await tickets.contents() == kept
