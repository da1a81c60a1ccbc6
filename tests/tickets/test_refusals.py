"""Whoever may not, cannot: every mutation by everybody who must not, with nothing changed and nothing published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.tickets.access import ACCESS
from services.tickets.graphql.schema import schema
from tests.tickets import city
from tests.tickets.appointments import office, settle_in, summoned
from tests.tickets.conftest import RAISE, mutation

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

# Every mutation on a ticket: the step in which it fits, and what comes with it.
ACTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "acceptTicket": ("accept", {}),
    "refuseTicket": ("accept", {"reason": "理由"}),
    "withdrawTicket": ("accept", {}),
    "actOnTicket": ("accept", {"action": "accept"}),
    "deliberateTicket": ("deliberate", {"opinion": "意见"}),
    "returnTicket": ("deliberate", {"reason": "理由"}),
    "decideTicket": ("decide", {"opinion": "意见"}),
    "carryOutTicket": ("carry_out", {"opinion": "意见"}),
    "evaluateTicket": ("evaluate", {"rating": 3}),
    "publiciseTicket": ("publicise", {"notice": "公告"}),
    "reopenTicket": ("published", {"reason": "理由"}),
}
# Who may, of those that try below.
ALLOWED = {
    "acceptTicket": {"worker"},
    "refuseTicket": {"worker"},
    "actOnTicket": {"worker"},
    "deliberateTicket": {"branch"},
    "returnTicket": {"branch"},
    "decideTicket": {"committee"},
    "carryOutTicket": {"committee", "worker"},
    "evaluateTicket": {"neighbour", "leader", "requester"},
    "publiciseTicket": {"committee", "worker"},
    "withdrawTicket": {"requester"},
    "reopenTicket": {"requester"},
}


def attackers(tickets: Tickets) -> dict[str, tuple[str | None, str]]:
    """Everybody who tries, with the code that they get where they may not."""
    here = city.GRID
    stranger = tickets.issuer.mint("grid_worker", region=here, subject=str(city.person("worker_2")))
    return {
        "nobody": (None, "UNAUTHENTICATED"),
        "requester": (tickets.resident(), "FORBIDDEN"),
        "neighbour": (tickets.resident("wang"), "NOT_FOUND"),
        "resident elsewhere": (tickets.resident("zhao", city.ELSEWHERE), "NOT_FOUND"),
        "worker": (tickets.staff("worker"), "FORBIDDEN"),
        "branch": (tickets.staff("branch"), "FORBIDDEN"),
        "committee": (tickets.staff("committee"), "FORBIDDEN"),
        "leader": (tickets.staff("leader"), "FORBIDDEN"),
        "first": (tickets.staff("first"), "FORBIDDEN"),
        "street": (tickets.staff("street"), "FORBIDDEN"),
        "worker of the other grid": (tickets.staff("worker_2"), "NOT_FOUND"),
        "worker of the other district": (tickets.staff("worker_elsewhere"), "NOT_FOUND"),
        "role without the duty": (stranger, "FORBIDDEN"),
        "duty without the role": (tickets.staff("worker", region=city.GRID_2), "NOT_FOUND"),
        "duty of another role": (
            tickets.issuer.mint("grid_branch_secretary", region=here, subject=str(city.person("worker"))),
            "FORBIDDEN",
        ),
        "unknown role": (tickets.role("mayor", here), "NOT_FOUND"),
        "admin": (tickets.role("admin"), "FORBIDDEN"),
        "auditor": (tickets.role("auditor", "370321"), "FORBIDDEN"),
        "observer": (tickets.role("observer", "370321"), "FORBIDDEN"),
        "admin elsewhere": (tickets.role("admin", "370303"), "NOT_FOUND"),
        "expired": (tickets.issuer.mint("grid_worker", region=here, lifetime=-3600), "UNAUTHENTICATED"),
        "forged": (tickets.staff("worker")[:-8] + "AAAAAAAA", "UNAUTHENTICATED"),
    }


def test_every_mutation_is_tried_and_in_the_access_table() -> None:
    mutations = schema._schema.mutation_type
    assert mutations is not None
    there = set(mutations.fields)
    apart = {"raiseTicket", "revealRequester", "inviteToTicket", "answerTicket", "joinTicket", "actOnTickets"}
    apart |= {"beginAbsence", "endAbsence", "assignTicket", "claimTicket", "releaseTicket"}
    apart |= {"saveInboxView", "deleteInboxView", "divideTicket", "requestUpload", "openAttachment"}
    apart |= {"erasePersonalData", "markNotificationsRead", "chooseNotifications"}
    # Tried in the tests of absences, admission, assignment, attachments, bulk, burdens, children, deliberation, inbox,
    # joining, notifications, objections and personal data.
    entry_control = {"setAdmissionItem", "endAdmissionItem", "reportBurden", "answerBurden"}
    deliberation = {
        "beginDeliberation", "conveneSession", "holdSession", "resolveDeliberation", "followUpDeliberation",
    }  # fmt: skip
    assert set(ACTIONS) | apart | entry_control | deliberation | {"objectToTicket", "answerTicketObjection"} == there
    assert there <= set(ACCESS.operations)


@pytest.mark.parametrize("name", ACTIONS)
async def test_an_action_is_refused_to_everybody_else(tickets: Tickets, name: str) -> None:
    step, more = ACTIONS[name]
    ticket = await tickets.raised()
    if step != "accept":
        ticket = await tickets.to_step(step, ticket)
    await _is_refused_to_all_but(ALLOWED[name], tickets, name, ticket, more)


@pytest.mark.parametrize("name", ["inviteToTicket", "answerTicket"])
async def test_inviting_and_answering_are_refused_to_everybody_else(tickets: Tickets, name: str) -> None:
    await settle_in(tickets)
    if name == "inviteToTicket":
        ticket = await tickets.raised(tickets.staff("worker"), process="grid_appointment", category=None)
        more: dict[str, Any] = {"invited": [str(office("fire"))], "opinion": "请到现场"}
        await _is_refused_to_all_but({"committee"}, tickets, name, ticket, more)
    else:
        await _is_refused_to_all_but(set(), tickets, name, await summoned(tickets, "fire"), {"opinion": "到场"})


async def _is_refused_to_all_but(
    allowed: set[str], tickets: Tickets, name: str, ticket: dict[str, Any], more: dict[str, Any]
) -> None:
    before = await tickets.contents()
    for who, (token, code) in attackers(tickets).items():
        if who in allowed:
            continue
        asked = {"id": ticket["id"], "expectedVersion": ticket["version"], **more}
        # Who did not raise the ticket is no requester to it.
        expected = {code, "NOT_FOUND"} if who == "requester" else {code}
        assert await tickets.error(mutation(name), token, input=asked) in expected, who
    assert await tickets.contents() == before


async def test_raising_is_refused_where_one_is_nobody(tickets: Tickets) -> None:
    before = await tickets.contents()
    asked = {"idempotencyKey": "k", "process": "five_sheets", "regionCode": city.GRID, "title": "t", "category": "road"}
    for who, code in (
        ("branch", "FORBIDDEN"), ("first", "FORBIDDEN"), ("worker_2", "NOT_FOUND"), ("worker_elsewhere", "NOT_FOUND"),
    ):  # fmt: skip
        assert await tickets.error(RAISE, tickets.staff(who), input=asked) == code
    assert await tickets.error(RAISE, None, input=asked) == "UNAUTHENTICATED"
    assert await tickets.error(RAISE, tickets.resident("zhao", city.ELSEWHERE), input=asked) == "NOT_FOUND"
    assert await tickets.error(RAISE, tickets.resident(), input=asked | {"onBehalf": True}) == "FORBIDDEN"
    assert await tickets.contents() == before


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"title": "长" * 10_000}, "TOO_LONG", ["title"]),
        ({"title": " \n "}, "REQUIRED", ["title"]),
        ({"title": "a\u0000b"}, "INVALID_TEXT", ["title"]),
        ({"description": "长" * 5001}, "TOO_LONG", ["description"]),
        ({"process": "ten_sheets"}, "UNKNOWN_PROCESS", ["process"]),
        ({"process": "five\u0000sheets"}, "UNKNOWN_PROCESS", ["process"]),
        ({"regionCode": city.COMMUNITY}, "WRONG_LEVEL", ["regionCode"]),
        ({"regionCode": city.COMMUNITY + "999"}, "UNKNOWN_REGION", ["regionCode"]),
        ({"regionCode": city.COMMUNITY + "x"}, "INVALID_REGION_CODE", ["regionCode"]),
        ({"category": "dragons"}, "UNKNOWN_CATEGORY", ["category"]),
        ({"category": None}, "REQUIRED", ["category"]),
        ({"requesterPhone": "12"}, "INVALID_PHONE", ["requesterPhone"]),
        ({"requesterPhone": "138****0000"}, "MASKED_VALUE", ["requesterPhone"]),
        ({"requesterName": "李*"}, "MASKED_VALUE", ["requesterName"]),
        ({"idempotencyKey": " "}, "REQUIRED", ["idempotencyKey"]),
        ({"attachments": [str(city.person("no upload"))]}, "UNKNOWN_UPLOAD", ["attachments", "0"]),
        ({"attachments": [str(city.person("no upload"))] * 2}, "ALREADY_ATTACHED", ["attachments"]),
        ({"attachments": [str(city.person("no upload"))] * 21}, "TOO_MANY_ATTACHMENTS", ["attachments"]),
    ],
)  # fmt: skip
async def test_a_malformed_request_says_what_is_wrong_and_leaves_nothing(
    city_tickets: Tickets, change: dict[str, Any], code: str, path: list[str]
) -> None:
    asked = {
        "idempotencyKey": "k", "process": "five_sheets", "regionCode": city.GRID, "title": "t", "category": "road",
    } | change  # fmt: skip
    before = await city_tickets.contents()
    for language in ("en", "zh-CN"):
        answer = await city_tickets.ask(RAISE, city_tickets.resident(), language, input=asked)
        assert "errors" not in answer, answer
        assert answer["data"]["payload"]["ticket"] is None
        (problem,) = answer["data"]["payload"]["problems"]
        assert (problem["code"], problem["path"]) == (code, path)
        assert problem["message"]
    assert await city_tickets.contents() == before


async def test_out_of_turn_and_stale_are_problems_and_change_nothing(tickets: Tickets) -> None:
    ticket = await tickets.raised()
    before = await tickets.contents()
    for name, who, version, more, code in (
        ("deliberateTicket", "branch", 1, {"opinion": "早"}, "OUT_OF_TURN"),
        ("acceptTicket", "worker", 2, {}, "STALE_VERSION"),
        ("acceptTicket", "worker", 0, {}, "STALE_VERSION"),
        ("refuseTicket", "worker", 1, {"reason": " "}, "REQUIRED"),
        ("actOnTicket", "worker", 1, {"action": "dance"}, "UNKNOWN_ACTION"),
        ("actOnTicket", "worker", 1, {"action": "accept", "rating": 3}, "NOT_TAKEN"),
    ):
        payload = await tickets.payload(name, tickets.staff(who), {**ticket, "version": version}, **more)
        assert payload["ticket"] is None
        assert [one["code"] for one in payload["problems"]] == [code], name
    assert await tickets.contents() == before
    decided = await tickets.to_step("decide", ticket)
    unknown = await tickets.payload(
        "decideTicket", tickets.staff("committee"), decided, opinion="定", responsible=str(city.person("nobody"))
    )
    assert [one["code"] for one in unknown["problems"]] == ["UNKNOWN_ORGANISATION"]


async def test_ids_that_are_none_are_bad_requests(city_tickets: Tickets) -> None:
    token = city_tickets.staff("worker")
    assert await city_tickets.error('{ ticket(id: "1 OR 1=1") { id } }', token) == "BAD_REQUEST"
    asked = {"id": "x", "expectedVersion": 1}
    assert await city_tickets.error(mutation("acceptTicket"), token, input=asked) == "BAD_REQUEST"
    missing = {"id": str(city.person("nobody")), "expectedVersion": 1}
    assert await city_tickets.error(mutation("acceptTicket"), token, input=missing) == "NOT_FOUND"
