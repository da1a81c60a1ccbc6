"""Whoever may not, cannot: every mutation by everybody who must not, with nothing changed and nothing published."""

from __future__ import annotations

import importlib
import inspect
import re
from typing import TYPE_CHECKING, Any

import pytest
from graphql import (
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_required_input_field,
)

from services.tickets.access import ACCESS
from services.tickets.graphql.schema import schema
from tests.tickets import city
from tests.tickets.appointments import office, settle_in, summoned
from tests.tickets.conftest import RAISE, mutation
from tests.tickets.test_joining import installed, raised

if TYPE_CHECKING:
    from collections.abc import Iterable

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


OBJECTING = "test_objections.test_only_residents_of_the_place_object_and_only_who_handles_it_answers_once"
# Where the other mutations are tried by who may not, by role and region, and nothing has changed after.
ELSEWHERE = {
    "inviteToTicket": "test_refusals.test_inviting_and_answering_are_refused_to_everybody_else",
    "answerTicket": "test_refusals.test_inviting_and_answering_are_refused_to_everybody_else",
    "raiseTicket": "test_refusals.test_raising_is_refused_where_one_is_nobody",
    "revealRequester": "test_refusals.test_revealing_and_joining_are_refused_to_everybody_else",
    "joinTicket": "test_refusals.test_revealing_and_joining_are_refused_to_everybody_else",
    "actOnTickets": "test_bulk.test_who_may_do_it_on_none_changes_nothing",
    "beginAbsence": "test_absences.test_nobody_else_sends_somebody_away_or_calls_them_back",
    "endAbsence": "test_absences.test_nobody_else_sends_somebody_away_or_calls_them_back",
    "assignTicket": "test_assignment.test_nobody_gets_a_ticket_who_does_not_hold_the_duty_there_today",
    "claimTicket": "test_assignment.test_nobody_gets_a_ticket_who_does_not_hold_the_duty_there_today",
    "releaseTicket": "test_assignment.test_nobody_gets_a_ticket_who_does_not_hold_the_duty_there_today",
    "saveInboxView": "test_inbox.test_nobody_else_saves_or_deletes_a_view",
    "deleteInboxView": "test_inbox.test_nobody_else_saves_or_deletes_a_view",
    "divideTicket": "test_children.test_only_who_acts_in_the_step_divides_and_nobody_raises_a_child_alone",
    "requestUpload": "test_attachments.test_uploads_are_given_to_nobody_who_could_attach_nothing",
    "openAttachment": "test_attachments.test_who_handles_a_ticket_attaches_to_what_they_do_and_the_link_says_so_alone",
    "erasePersonalData": "test_personal_data.test_erasing_is_refused_to_everybody_else",
    "eraseMyWords": "test_own_words.test_who_spoke_at_a_session_above_their_grid_has_it_erased_once_it_is_resolved",
    "setAdmissionItem": "test_admission.test_nobody_but_the_district_and_the_administrator_keeps_the_lists",
    "endAdmissionItem": "test_admission.test_nobody_but_the_district_and_the_administrator_keeps_the_lists",
    "reportBurden": "test_burdens.test_who_is_not_in_duty_there_reports_nothing_and_only_the_district_answers",
    "answerBurden": "test_burdens.test_who_is_not_in_duty_there_reports_nothing_and_only_the_district_answers",
    "beginDeliberation": "test_deliberation.test_nobody_without_the_duty_there_deliberates_for_others",
    "conveneSession": "test_deliberation.test_nobody_without_the_duty_there_deliberates_for_others",
    "holdSession": "test_deliberation.test_nobody_without_the_duty_there_deliberates_for_others",
    "resolveDeliberation": "test_deliberation.test_nobody_without_the_duty_there_deliberates_for_others",
    "followUpDeliberation": "test_deliberation.test_nobody_without_the_duty_there_deliberates_for_others",
    "objectToTicket": OBJECTING,
    "answerTicketObjection": OBJECTING,
}
OF_ONESELF = {"markNotificationsRead", "chooseNotifications"}
"""Open to whoever says who they are, as they change nothing but what is one's own."""
MUTATIONS = schema._schema.mutation_type.fields if schema._schema.mutation_type else {}


def test_every_mutation_is_tried_and_in_the_access_table() -> None:
    assert sorted([*ACTIONS, *ELSEWHERE, *OF_ONESELF]) == sorted(MUTATIONS)
    assert set(MUTATIONS) <= set(ACCESS.operations)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_mutation_that_is_tried_elsewhere_is_tried_there_and_changes_nothing(name: str) -> None:
    module, test = ELSEWHERE[name].split(".")
    there = importlib.import_module(f"tests.tickets.{module}")
    words = inspect.getsource(getattr(there, test))
    # A test names the mutation itself, or by constants and helpers of its module.
    said = {test: words}
    while more := {key: _source(vars(there)[key]) for key in _named(said.values()) & set(vars(there)) - set(said)}:
        said |= more
    assert any(name in one for one in said.values())
    assert any(code in words for code in ("NOT_FOUND", "attackers(", "_is_refused_to_all_but("))
    assert any("contents()" in one for one in said.values())


def _named(texts: Iterable[str]) -> set[str]:
    return {word for one in texts for word in re.findall(r"\w+", one)} - {"ELSEWHERE", "ACTIONS"}


def _source(value: object) -> str:
    return inspect.getsource(value) if inspect.isfunction(value) else str(value)


def _any_of(kind: Any) -> Any:
    """Return something of a GraphQL input type, whatever it means."""
    kind = get_nullable_type(kind)
    if is_list_type(kind):
        return [_any_of(kind.of_type)]
    if is_input_object_type(kind):
        return {key: _any_of(one.type) for key, one in kind.fields.items() if is_required_input_field(one)}
    if is_enum_type(kind):
        return next(iter(kind.values))
    plain = {"ID": str(city.OFFICE), "Int": 1, "Boolean": True, "Float": 1.0, "Date": "2026-11-30"}
    return plain.get(kind.name, "2026-11-30T09:00:00+08:00" if kind.name == "DateTime" else city.GRID)


async def test_whoever_does_not_say_who_they_are_does_nothing_at_all(tickets: Tickets) -> None:
    await tickets.raised()
    before = await tickets.contents()
    nobody = {who: token for who, (token, code) in attackers(tickets).items() if code == "UNAUTHENTICATED"}
    assert set(nobody) == {"nobody", "expired", "forged"}
    for name, field in MUTATIONS.items():
        kind = get_nullable_type(field.args["input"].type)
        query = f"mutation($input: {kind.name}!) {{ {name}(input: $input) {{ __typename }} }}"
        for who, token in nobody.items():
            assert await tickets.error(query, token, input=_any_of(kind)) == "UNAUTHENTICATED", (name, who)
    assert await tickets.contents() == before


@pytest.mark.parametrize("name", ["revealRequester", "joinTicket"])
async def test_revealing_and_joining_are_refused_to_everybody_else(tickets: Tickets, name: str) -> None:
    if name == "joinTicket":
        await installed(tickets)
        lead, same = await raised(tickets, "wang"), await raised(tickets, "li", "路灯坏了")
        asked = {"id": same["id"], "expectedVersion": same["version"], "into": lead["id"]}
        allowed = {"worker"}
    else:
        asked = {"id": (await tickets.raised())["id"], "purpose": "好奇"}
        allowed = {"requester", "worker", "branch", "committee"}
    kind = f"{name[0].upper()}{name[1:]}Input"
    query = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ problems {{ code }} }} }}"
    before = await tickets.contents()
    for who, (token, code) in attackers(tickets).items():
        if who not in allowed:
            # Who did not raise the ticket is no requester to it.
            expected = {code, "NOT_FOUND"} if who == "requester" else {code}
            assert await tickets.error(query, token, input=asked) in expected, who
    assert await tickets.contents() == before


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
