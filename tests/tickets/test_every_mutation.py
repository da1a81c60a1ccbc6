"""Every mutation, done once: it is in the audit record by who did it, told by its events, and sent again does nothing.

Who may not do it, and that nothing changes then, is tried by `test_refusals`.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from graphql import get_nullable_type

from tests.kit import items_of
from tests.tickets import city
from tests.tickets.appointments import office, officer, settle_in, summoned
from tests.tickets.test_absences import asked as absence
from tests.tickets.test_absences import away
from tests.tickets.test_admission import SET, today, written
from tests.tickets.test_assignment import shared
from tests.tickets.test_attachments import DIGEST, HERE, files_of
from tests.tickets.test_burdens import REPORT, report
from tests.tickets.test_children import RAW, child
from tests.tickets.test_deliberation import begun, convened, held, present, said
from tests.tickets.test_inbox import saved
from tests.tickets.test_joining import installed
from tests.tickets.test_joining import raised as brought_in
from tests.tickets.test_notifications import nodes
from tests.tickets.test_objections import objected, posted
from tests.tickets.test_own_words import mine
from tests.tickets.test_personal_data import ended
from tests.tickets.test_refusals import ACTIONS, MUTATIONS, OF_ONESELF

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.tickets.conftest import Tickets

    Scene = Callable[[Tickets], Awaitable[tuple[str, dict[str, Any]]]]
    """Sets the scene; returns the token of who does it, and what they ask."""

SCENES: dict[str, Scene] = {}


def scene(set_up: Scene) -> Scene:
    """Register how the scene of a mutation is set, under its name in the graph."""
    first, *rest = set_up.__name__.split("_")
    SCENES[first + "".join(word.title() for word in rest)] = set_up
    return set_up


_BY = {
    "deliberateTicket": "branch",
    "returnTicket": "branch",
    "decideTicket": "committee",
    "publiciseTicket": "committee",
}


def _act(name: str) -> Scene:
    step, more = ACTIONS[name]

    async def set_up(tickets: Tickets) -> tuple[str, dict[str, Any]]:
        ticket = await tickets.to_step(step)
        is_requesters = name in {"withdrawTicket", "evaluateTicket"}
        token = tickets.resident() if is_requesters else tickets.staff(_BY.get(name, "worker"))
        return token, _on(ticket, **more)

    return set_up


SCENES |= {name: _act(name) for name in ACTIONS if name != "reopenTicket"}


def _on(ticket: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": ticket["id"], "expectedVersion": ticket["version"], **more}


async def _reported(tickets: Tickets) -> str:
    made = (await tickets.data(REPORT, tickets.staff("worker"), input=report(regionCode=city.GRID)))["payload"]
    return str(made["burden"]["id"])


@scene
async def raise_ticket(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    asked = {"idempotencyKey": "k", "process": "five_sheets", "regionCode": city.GRID, "title": "t"}
    return tickets.resident(), asked | {"category": "charging"}


@scene
async def reopen_ticket(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    li, secretary = tickets.resident(), tickets.staff("committee")
    ticket = await tickets.do("evaluateTicket", li, await tickets.to_step("evaluate"), rating=1)
    ticket = await tickets.do("publiciseTicket", secretary, ticket, notice="已建成")
    return li, _on(ticket, reason="仍无法充电")


@scene
async def act_on_tickets(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    several = [_on(await tickets.raised(key=key)) for key in "ab"]
    return tickets.staff("worker"), {"idempotencyKey": "k", "action": "accept", "tickets": several}


@scene
async def invite_to_ticket(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    await settle_in(tickets)
    ticket = await tickets.raised(tickets.staff("worker"), process="grid_appointment", category=None)
    return tickets.staff("committee"), _on(ticket, invited=[str(office("fire"))], action="summon", opinion="请到现场")


@scene
async def answer_ticket(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    await settle_in(tickets)
    return officer(tickets, "fire"), _on(await summoned(tickets, "fire"), opinion="到场")


@scene
async def join_ticket(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    await installed(tickets)
    one, other = [await brought_in(tickets, who) for who in ("li", "wang")]
    return tickets.staff("worker"), _on(one, into=other["id"])


@scene
async def divide_ticket(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    await tickets.load(*({"record": "process", "definition": one} for one in RAW))
    ticket = await tickets.raised(process="joint_work", category=None)
    return tickets.staff("committee"), _on(ticket, idempotencyKey="k", children=[child()])


@scene
async def assign_ticket(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    return tickets.staff("committee"), _on(await shared(tickets), assignee=str(city.person("worker")))


@scene
async def claim_ticket(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    return tickets.staff("worker"), _on(await shared(tickets))


@scene
async def release_ticket(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    worker = tickets.staff("worker")
    return worker, _on(await tickets.do("claimTicket", worker, await shared(tickets)))


@scene
async def begin_absence(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    return tickets.staff("worker"), absence()


@scene
async def end_absence(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    return tickets.staff("worker"), {"id": (await away(tickets))["id"]}


@scene
async def save_inbox_view(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    return tickets.staff("worker"), {"idempotencyKey": "k", "dutyId": str(city.duty_id("worker")), "name": "路灯"}


@scene
async def delete_inbox_view(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    [inbox] = (await saved(tickets))["inbox"]
    return tickets.staff("worker"), {"id": inbox["views"][0]["id"]}


@scene
async def mark_notifications_read(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    await tickets.raised()
    worker = tickets.staff("worker")
    return worker, {"ids": [one["id"] for one in await nodes(tickets, worker)]}


@scene
async def choose_notifications(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    return tickets.resident(), {"channel": "SMS", "matter": "PROGRESS", "wanted": False}


@scene
async def request_upload(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    file = {"name": "现场.jpg", "mediaType": "image/jpeg", "size": 5, "sha256": DIGEST}
    return tickets.resident(), {"idempotencyKey": "k", **file, **HERE}


@scene
async def open_attachment(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    ticket = await tickets.raised(attachments=[await tickets.uploaded(tickets.resident())])
    await tickets.look_into_files()
    [file] = await files_of(tickets, ticket)
    return tickets.staff("worker"), {"id": file["id"]}


@scene
async def reveal_requester(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    ticket = await tickets.raised(requesterName="李小明")
    return tickets.staff("worker"), {"id": ticket["id"], "purpose": "电话核实"}


@scene
async def erase_personal_data(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    return tickets.resident(), {"ticketId": (await ended(tickets))["id"]}


@scene
async def erase_my_words(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    wang = tickets.resident("wang")
    ticket = await tickets.do("evaluateTicket", wang, await tickets.to_step("evaluate"), rating=5, opinion="好")
    await tickets.do("publiciseTicket", tickets.staff("committee"), ticket, notice="已建成")
    return wang, {"idempotencyKey": "k", "id": (await mine(tickets, wang))[0]["id"]}


@scene
async def set_admission_item(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    return tickets.role("district_coordinator", city.DISTRICT), written()


@scene
async def end_admission_item(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    keeper = tickets.role("district_coordinator", city.DISTRICT)
    made = (await tickets.data(SET, keeper, input=written()))["payload"]["admissionItem"]
    return keeper, {"id": made["id"], "validTo": str(today() + timedelta(days=1))}


@scene
async def report_burden(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    return tickets.staff("worker"), report(regionCode=city.GRID)


@scene
async def answer_burden(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    return tickets.role("admin", city.DISTRICT), {"id": await _reported(tickets), "answer": "已合并"}


@scene
async def object_to_ticket(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    ticket = await posted(tickets)
    return tickets.resident("wang"), {"idempotencyKey": "k", "id": ticket["id"], "reason": "挡住消防通道"}


@scene
async def answer_ticket_objection(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    found = await objected(tickets, await posted(tickets))
    return tickets.staff("committee"), {"id": found["id"], "answer": "已避开", "upheld": True}


@scene
async def begin_deliberation(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    asked = {"idempotencyKey": "k", "regionCode": city.GRID, "matter": "选址", "parties": ["BRANCH", "RESIDENTS"]}
    return tickets.staff("branch"), asked


@scene
async def convene_session(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    found = await begun(tickets)
    when = {"startsAt": f"{absence(first=30)['firstDay']}T19:00:00+08:00"}
    return tickets.staff("branch"), {"idempotencyKey": "k", "id": found["id"], "form": "HALL", "place": "厅", **when}


@scene
async def hold_session(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    found = await convened(tickets, await begun(tickets))
    came = {"attendees": present("branch", "li"), "opinions": said("BRANCH")}
    return tickets.staff("branch"), {"sessionId": items_of(found["sessions"])[0]["id"], **came}


async def _heard(tickets: Tickets) -> dict[str, Any]:
    return await held(tickets, await convened(tickets, await begun(tickets)), "BRANCH", "RESIDENTS")


@scene
async def resolve_deliberation(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    return tickets.staff("branch"), _on(await _heard(tickets), resolution="靠北墙建", agreed=True)


@scene
async def follow_up_deliberation(tickets: Tickets) -> tuple[str, dict[str, Any]]:
    found, branch = await _heard(tickets), tickets.staff("branch")
    asked = _on(found, resolution="靠北墙建", agreed=True)
    await tickets.data(_document("resolveDeliberation"), branch, input=asked)
    return branch, _on({**found, "version": found["version"] + 1}, followUp="已建成")


TOLD: dict[str, list[str]] = {
    "raiseTicket": ["ticket.raised"],
    "acceptTicket": ["ticket.accepted"],
    "actOnTicket": ["ticket.accepted"],
    "actOnTickets": ["ticket.accepted", "ticket.accepted"],
    "refuseTicket": ["ticket.refused"],
    "withdrawTicket": ["ticket.withdrawn"],
    "deliberateTicket": ["ticket.deliberated"],
    "returnTicket": ["ticket.returned"],
    "decideTicket": ["ticket.decided"],
    "carryOutTicket": ["ticket.carried_out"],
    "evaluateTicket": ["ticket.evaluated"],
    "publiciseTicket": ["ticket.publicised"],
    "reopenTicket": ["ticket.reopened"],
    "inviteToTicket": ["ticket.invited"],
    "answerTicket": ["ticket.answered"],
    "joinTicket": ["ticket.joined"],
    "divideTicket": ["ticket.divided", "ticket.raised"],
    "assignTicket": ["ticket.assigned"],
    "claimTicket": ["ticket.assigned"],
    "releaseTicket": ["ticket.released"],
    "beginAbsence": ["absence.begun"],
    "endAbsence": ["absence.ended"],
    "erasePersonalData": ["personal_data.erased"],
    "eraseMyWords": ["personal_data.words_erased"],
    "setAdmissionItem": ["admission_item.listed"],
    "endAdmissionItem": ["admission_item.ended"],
    "reportBurden": ["burden.reported"],
    "answerBurden": ["burden.answered"],
    "objectToTicket": ["objection.raised"],
    "answerTicketObjection": ["objection.answered"],
    "beginDeliberation": ["deliberation.begun"],
    "conveneSession": ["deliberation.session_convened"],
    "holdSession": ["deliberation.session_held"],
    "resolveDeliberation": ["deliberation.resolved"],
    "followUpDeliberation": ["deliberation.followed_up"],
}
"""What each tells others, beside whom it is told; what is not here is nobody else's business."""
AGAIN = {
    "answerTicket": "FORBIDDEN",
    "answerBurden": "BURDEN_ANSWERED",
    "answerTicketObjection": "ALREADY_DONE",
    "endAbsence": "ALREADY_DONE",
    "endAdmissionItem": "ITEM_ENDED",
    "holdSession": "ALREADY_DONE",
    "erasePersonalData": "ALREADY_ERASED",
    "deleteInboxView": "NOT_FOUND",
}
"""Why what has no key is refused when it is sent again, where that is not its version.

An organisation is asked once: who has answered for it is not asked any more.
"""
OTHER: dict[str, dict[str, Any]] = {
    "raiseTicket": {"title": "别的"},
    "actOnTickets": {"opinion": "别的"},
    "divideTicket": {"children": [child(city.GRID_2)]},
    "beginAbsence": {"reason": "别的"},
    "saveInboxView": {"name": "别的"},
    "requestUpload": {"name": "别的.jpg"},
    "eraseMyWords": {"id": f"burden.{city.OFFICE}.0"},
    "setAdmissionItem": {"code": "another"},
    "reportBurden": {"description": "别的"},
    "objectToTicket": {"reason": "别的"},
    "beginDeliberation": {"matter": "别的"},
    "conveneSession": {"place": "别处"},
}
"""What is another request under the key of the first."""
UNRECORDED = {"markNotificationsRead"}
"""Who has read what is kept for themselves alone."""
LOOKS = {"openAttachment", "revealRequester"}
"""Each look is one, and recorded."""


def test_the_scene_of_every_mutation_is_set() -> None:
    assert sorted(SCENES) == sorted(MUTATIONS)
    inputs = {name: get_nullable_type(one.args["input"].type).fields for name, one in MUTATIONS.items()}
    assert sorted(OTHER) == sorted(name for name, fields in inputs.items() if "idempotencyKey" in fields)


def _document(name: str) -> str:
    """Return the mutation, asking why it was refused."""
    shown = "results { problems { code } refusal { code } }" if name == "actOnTickets" else "problems { code }"
    return f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ payload: {name}(input: $input) {{ {shown} }} }}"


async def _send(tickets: Tickets, name: str, token: str, asked: dict[str, Any]) -> list[str]:
    """Send it; return the codes of why it was refused."""
    answer = await tickets.ask(_document(name), token, input=asked)
    if "errors" in answer:
        return [one["extensions"]["code"] for one in answer["errors"]]
    payload = answer["data"]["payload"]
    each = [one for result in payload.get("results", ()) for one in (*result["problems"], result["refusal"]) if one]
    return [one["code"] for one in payload.get("problems", each)]


def _subject(token: str) -> str:
    claims = token.split(".")[1]
    return str(orjson.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"])


async def _published(tickets: Tickets) -> list[str]:
    return [".".join(type_.split(".")[2:4]) for type_, _ in await tickets.events()]


@pytest.mark.parametrize("name", sorted(SCENES))
async def test_it_is_recorded_and_told_and_sent_again_does_nothing(tickets: Tickets, name: str) -> None:
    token, asked = await SCENES[name](tickets)
    told = len(await _published(tickets))
    [(last,)] = await tickets.look("SELECT coalesce(max(id), 0) FROM audit")
    recorded = f"SELECT DISTINCT actor, operation FROM audit WHERE id > {last}"  # noqa: S608 (a number)
    assert await _send(tickets, name, token, asked) == []
    assert await tickets.look(recorded) == ([] if name in UNRECORDED else [(_subject(token), name)])
    assert sorted((await _published(tickets))[told:]) == sorted(TOLD.get(name, []))
    kept = await tickets.contents()
    again = await _send(tickets, name, token, asked)
    if name in LOOKS:
        assert again == []
        assert [table for table, rows in (await tickets.contents()).items() if rows != kept[table]] == ["audit"]
        return
    if "idempotencyKey" in asked or name in OF_ONESELF:
        assert again == []
    else:
        assert again == [AGAIN.get(name, "STALE_VERSION")]
    if name in OTHER:
        assert set(await _send(tickets, name, token, asked | OTHER[name])) == {"IDEMPOTENCY_CONFLICT"}
    assert await tickets.contents() == kept
