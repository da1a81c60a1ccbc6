"""Countersigning: departments are invited to a ticket, each answers for itself, and a rule counts them (网格约请)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.org.domain import events as org
from tests.kit import items_of
from tests.tickets import city
from tests.tickets.appointments import APPOINTMENT, office, officer, seen, settle_in, summoned
from tests.tickets.conftest import mutation

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets


async def test_a_ticket_moves_on_when_all_who_were_invited_have_answered(tickets: Tickets) -> None:
    await settle_in(tickets)
    ticket = await summoned(tickets, "fire", "water")
    fire, water = officer(tickets, "fire"), officer(tickets, "water")
    found = await seen(tickets, ticket, fire)
    assert found["invitations"] == [
        {"organisation": {"id": str(office("fire"))}, "isAnswered": False},
        {"organisation": {"id": str(office("water"))}, "isAnswered": False},
    ]
    assert [one["code"] for one in found["myActions"]] == ["answer"]
    ticket = await tickets.do("answerTicket", fire, ticket, opinion="已到场排查")
    assert ticket["step"]["code"] == "on_the_spot"
    assert (await seen(tickets, ticket, fire))["myActions"] == []
    assert (
        await tickets.error(mutation("answerTicket"), fire, input={**_asked(ticket), "opinion": "再答"}) == "FORBIDDEN"
    )
    ticket = await tickets.do("answerTicket", water, ticket, opinion="管道已修")
    assert ticket["step"]["code"] == "settle"
    found = await seen(tickets, ticket, water)
    assert found["invitations"] == []
    answers = [one["answersFor"]["id"] for one in items_of(found["timeline"]) if one["kind"] == "ANSWER"]
    assert answers == [str(office("fire")), str(office("water"))]
    told = [(type_.split(".")[3], event["data"]) for type_, event in await tickets.events()]
    invited = next(data for name, data in told if name == "invited")
    assert invited["invitedIds"] == [str(office("fire")), str(office("water"))]
    assert [(data["answersForId"], data["answers"], data["step"]) for name, data in told if name == "answered"] == [
        (str(office("fire")), 1, "on_the_spot"),
        (str(office("water")), 2, "settle"),
    ]


def _asked(ticket: dict[str, Any]) -> dict[str, Any]:
    return {"id": ticket["id"], "expectedVersion": ticket["version"]}


@pytest.mark.parametrize(("rule", "answers"), [({"rule": "any"}, 1), ({"rule": "quorum", "quorum": 2}, 2)])
async def test_one_answer_or_a_quorum_is_enough_when_the_process_says_so(
    tickets: Tickets, rule: dict[str, Any], answers: int
) -> None:
    steps = [dict(step) for step in APPOINTMENT["steps"]]
    steps[1]["countersign"] = {"titles": ["subdistrict_officer"], **rule}
    await settle_in(tickets, steps=steps)
    ticket = await summoned(tickets, "fire", "water")
    for name in ("water", "fire")[:answers]:
        assert ticket["step"]["code"] == "on_the_spot"
        ticket = await tickets.do("answerTicket", officer(tickets, name), ticket, opinion="到场")
    assert ticket["step"]["code"] == "settle"


async def test_who_is_not_invited_answers_nothing_and_changes_nothing(tickets: Tickets) -> None:
    await settle_in(tickets)
    ticket = await summoned(tickets, "fire")
    before = await tickets.contents()
    asked = {**_asked(ticket), "opinion": "我来"}
    for token in (
        officer(tickets, "water"),
        tickets.staff("worker"),
        tickets.staff("committee"),
        tickets.staff("street"),
    ):
        assert await tickets.error(mutation("answerTicket"), token, input=asked) == "FORBIDDEN"
    for token in (officer(tickets, "far"), tickets.staff("worker_elsewhere")):
        assert await tickets.error(mutation("answerTicket"), token, input=asked) in {"FORBIDDEN", "NOT_FOUND"}
    assert await tickets.contents() == before


@pytest.mark.parametrize(
    ("invited", "code"),
    [([], "WRONG_NUMBER_INVITED"), (["far"], "NOT_IN_CHARGE_THERE"), (["nobody"], "UNKNOWN_ORGANISATION")],
)
async def test_only_organisations_in_charge_of_the_place_can_be_invited(
    tickets: Tickets, invited: list[str], code: str
) -> None:
    await settle_in(tickets)
    ticket = await tickets.raised(tickets.staff("worker"), process="grid_appointment", category=None)
    before = await tickets.contents()
    payload = await tickets.payload(
        "inviteToTicket",
        tickets.staff("committee"),
        ticket,
        invited=[str(office(one)) for one in invited],
        opinion="请",
    )
    found = payload["problems"][0]
    assert found["code"] in {code, "REQUIRED"}
    assert found["path"][-2:][0] == "invited" or found["path"][-1] == "invited"
    assert await tickets.contents() == before


async def test_a_matter_is_handed_up_to_the_county_while_its_clock_stands_still_and_down_again(
    tickets: Tickets,
) -> None:
    await settle_in(tickets)
    coordinator = org.DutyAssigned(
        duty_id=city.duty_id("county"), person_id=city.person("county"), title="district_coordinator",
        organisation_id=None, region_id=city.region_id(city.DISTRICT), region_code=city.DISTRICT,
        valid_from=city.SINCE, valid_to=None,
    )  # fmt: skip
    await city.tell(tickets.runtime.database, coordinator)
    ticket = await summoned(tickets, "fire")
    ticket = await tickets.do("answerTicket", officer(tickets, "fire"), ticket, opinion="需县级处置")
    for who, code in (("committee", "hand_up"), ("street", "call_county")):
        ticket = await tickets.do("actOnTicket", tickets.staff(who), ticket, action=code, reason="权限不足")
    county = tickets.issuer.mint("district_coordinator", region=city.DISTRICT, subject=str(city.person("county")))
    found = await seen(tickets, ticket, county)
    assert {one["isPaused"] for one in items_of(found["deadlines"]) if one["kind"] == "MATTER"} == {True}
    ticket = await tickets.do("actOnTicket", county, ticket, action="respond", reason="已协调供水公司")
    found = await seen(tickets, ticket, county)
    assert {one["isPaused"] for one in items_of(found["deadlines"]) if one["kind"] == "MATTER"} == {False}
    ticket = await tickets.do("actOnTicket", tickets.staff("street"), ticket, action="hand_down", reason="交社区收尾")
    assert ticket["step"]["code"] == "settle"
