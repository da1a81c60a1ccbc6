"""Burdens that communities report (减负举报): who reports, who sees them, and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.tickets import city
from tests.tickets.appointments import office, officer
from tests.tickets.test_admission import SET, written
from tests.tickets.test_hand_downs import pushed, settled

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

_BURDEN = """burden { id description isMine answer organisation { id } ticket { id } item { code } hotline { phone } }
  problems { code path }"""
REPORT = f"mutation($input: ReportBurdenInput!) {{ payload: reportBurden(input: $input) {{ {_BURDEN} }} }}"
ANSWER = f"mutation($input: AnswerBurdenInput!) {{ payload: answerBurden(input: $input) {{ {_BURDEN} }} }}"
BURDENS = """query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Region {
  burdens { totalCount edges { node { description isMine answer } } } } } }"""


def report(**more: Any) -> dict[str, Any]:
    return {"idempotencyKey": "b1", "regionCode": city.COMMUNITY, "description": "每周报送三张报表", **more}


async def burdens(tickets: Tickets, token: str) -> Any:
    region = [{"__typename": "Region", "id": str(city.region_id(city.DISTRICT))}]
    found = (await tickets.data(BURDENS, token, representations=region))["_entities"][0]["burdens"]
    return [edge["node"] for edge in found["edges"]]


async def test_a_burden_names_ticket_item_and_hotline_and_who_pushed_it_down(tickets: Tickets) -> None:
    item = await settled(tickets)
    keeper = tickets.role("admin", city.DISTRICT)
    line = written(key="line", list="HOTLINES", code="line", nameZh="热线", nameEn="line", keywords=[], phone="12345")
    hotline = (await tickets.data(SET, keeper, input=line))["payload"]["admissionItem"]["id"]
    ticket = await pushed(tickets, "请社区代收物业费")
    asked = report(ticketId=ticket["id"], itemId=item, hotlineId=hotline)
    found = (await tickets.data(REPORT, tickets.staff("committee"), input=asked))["payload"]["burden"]
    assert found.pop("id")
    assert found == {
        "description": "每周报送三张报表",
        "isMine": True,
        "answer": None,
        "organisation": {"id": str(office("fire"))},
        "ticket": {"id": ticket["id"]},
        "item": {"code": "fees"},
        "hotline": {"phone": "12345"},
    }
    [event] = [event["data"] for type_, event in await tickets.events() if "burden.reported" in type_]
    assert event["pushedById"] == str(office("fire"))
    assert "description" not in event


async def test_the_district_sees_and_answers_it_once_and_the_subdistrict_sees_nothing_of_it(tickets: Tickets) -> None:
    await settled(tickets)
    worker, keeper = tickets.staff("worker"), tickets.role("district_coordinator", city.DISTRICT)
    made = (await tickets.data(REPORT, worker, input=report(regionCode=city.GRID)))["payload"]["burden"]
    assert await burdens(tickets, keeper) == [{"description": "每周报送三张报表", "isMine": False, "answer": None}]
    assert [one["isMine"] for one in await burdens(tickets, worker)] == [True]
    for token in (officer(tickets, "fire"), tickets.staff("street"), tickets.staff("committee"), tickets.resident()):
        assert await burdens(tickets, token) == []
    answer = {"id": made["id"], "answer": "已叫停"}
    assert (await tickets.data(ANSWER, keeper, input=answer))["payload"]["burden"]["answer"] == "已叫停"
    again = (await tickets.data(ANSWER, keeper, input=answer))["payload"]
    assert [one["code"] for one in again["problems"]] == ["BURDEN_ANSWERED"]


async def test_who_is_not_in_duty_there_reports_nothing_and_only_the_district_answers(tickets: Tickets) -> None:
    await settled(tickets)
    made = (await tickets.data(REPORT, tickets.staff("committee"), input=report()))["payload"]["burden"]
    before = await tickets.contents()
    again = report(idempotencyKey="b2")
    for token, code in (
        (None, {"UNAUTHENTICATED"}),
        (tickets.resident(), {"FORBIDDEN"}),
        (tickets.staff("street"), {"FORBIDDEN"}),
        (tickets.role("admin"), {"FORBIDDEN"}),
        (tickets.staff("worker_elsewhere"), {"NOT_FOUND"}),
    ):
        assert await tickets.error(REPORT, token, input=again) in code
    for token, code in (
        (None, {"UNAUTHENTICATED"}),
        (tickets.staff("committee"), {"FORBIDDEN"}),
        (tickets.staff("street"), {"FORBIDDEN"}),
        (tickets.role("auditor", city.DISTRICT), {"FORBIDDEN"}),
        (tickets.role("admin", "370303"), {"NOT_FOUND"}),
    ):
        assert await tickets.error(ANSWER, token, input={"id": made["id"], "answer": "好"}) in code
    assert await tickets.contents() == before


async def test_a_wrong_place_item_ticket_or_hotline_is_refused_and_changes_nothing(tickets: Tickets) -> None:
    item = await settled(tickets)
    before = await tickets.contents()
    token = tickets.staff("committee")
    for more, code in (
        ({"description": " "}, "REQUIRED"),
        ({"hotlineId": item}, "ITEM_NOT_IN_FORCE"),
        ({"itemId": str(office("fire"))}, "ITEM_NOT_IN_FORCE"),
    ):
        payload = (await tickets.data(REPORT, token, input=report(**more)))["payload"]
        assert [one["code"] for one in payload["problems"]] == [code]
    assert await tickets.error(REPORT, token, input=report(ticketId=str(office("fire")))) == "NOT_FOUND"
    above = report(regionCode=city.SUBDISTRICT)
    payload = (await tickets.data(REPORT, tickets.staff("street"), input=above))["payload"]
    assert [one["code"] for one in payload["problems"]] == ["NOT_A_COMMUNITY"]
    assert await tickets.contents() == before
