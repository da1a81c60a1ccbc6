"""Files of tickets: asked for, uploaded, attached, looked into, fetched; and all else refused without a trace."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from graphql import get_named_type, is_object_type

from services.tickets.domain.uploads import MOST_WAITING
from services.tickets.graphql.schema import schema
from tests.kit import items_of
from tests.objects_kit import send
from tests.tickets import city
from tests.tickets.conftest import PHOTO, RAISE, UPLOAD

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

OPEN = """mutation($input: OpenAttachmentInput!) { payload: openAttachment(input: $input) {
  link { method url headers { name value } expiresAt } problems { code path } } }"""
FILES = """query($id: ID!) { ticket(id: $id) {
  attachments { edges { node { id name mediaType size sha256 state isScanned } } }
  timeline { edges { node { attachments { id } } } } } }"""
DIGEST = hashlib.sha256(PHOTO).hexdigest()
HERE = {"process": "five_sheets", "regionCode": city.GRID}
_PROCESSES = Path(__file__).parents[2] / "deploy/practices/processes"
[SNAPSHOT] = yaml.safe_load((_PROCESSES / "snapshot.yaml").read_text(encoding="utf-8"))


async def files_of(tickets: Tickets, ticket: dict[str, Any], token: str | None = None) -> list[dict[str, Any]]:
    found = (await tickets.data(FILES, token or tickets.resident(), id=ticket["id"]))["ticket"]
    assert [one["id"] for entry in items_of(found["timeline"]) for one in entry["attachments"]] == [
        one["id"] for one in items_of(found["attachments"])
    ]
    files: list[dict[str, Any]] = items_of(found["attachments"])
    return files


async def opened(tickets: Tickets, id_: str, token: str) -> Any:
    return (await tickets.data(OPEN, token, input={"id": id_}))["payload"]


async def problem(tickets: Tickets, token: str, **more: Any) -> Any:
    """Raise a ticket that must be refused; return code and path."""
    asked = {
        "idempotencyKey": "refused", "process": "five_sheets", "regionCode": city.GRID, "title": "t",
        "category": "charging", **more,
    }  # fmt: skip
    payload = (await tickets.data(RAISE, token, input=asked))["payload"]
    assert payload["ticket"] is None
    return [(one["code"], one["path"]) for one in payload["problems"]]


async def test_a_photograph_goes_from_the_resident_to_who_handles_the_ticket(tickets: Tickets) -> None:
    photo = await tickets.uploaded(tickets.resident())
    ticket = await tickets.raised(attachments=[photo])
    [file] = await files_of(tickets, ticket)
    assert file == {
        "id": file["id"], "name": "现场.jpg", "mediaType": "image/jpeg", "size": len(PHOTO), "sha256": DIGEST,
        "state": "QUARANTINED", "isScanned": False,
    }  # fmt: skip
    refused = await opened(tickets, file["id"], tickets.resident())
    assert (refused["link"], refused["problems"]) == (None, [{"code": "FILE_QUARANTINED", "path": ["id"]}])
    await tickets.look_into_files()
    assert (await files_of(tickets, ticket))[0] == file | {"state": "AVAILABLE"}

    for token in (tickets.resident(), tickets.staff("worker"), tickets.role("observer", city.DISTRICT)):
        payload = await opened(tickets, file["id"], token)
        assert payload["problems"] == []
        status, body, headers = await send(payload["link"])
        assert (status, body) == (200, PHOTO)
        assert headers["Content-Disposition"].startswith("attachment;")
    looks = await tickets.look(
        "SELECT actor, operation, object_id, fields FROM audit WHERE kind = 'attachment_opened' ORDER BY id"
    )
    told = ("openAttachment", file["id"], {"ticket": ticket["id"]})
    assert [row[1:] for row in looks] == [told] * 3
    assert [row[0] for row in looks][:2] == ["li", str(city.person("worker"))]
    released = [(type_, event["data"]) for type_, event in await tickets.events() if ".attachment." in type_]
    assert released == [
        (
            "linli.tickets.attachment.released.v1",
            {"attachmentId": file["id"], "ticketId": ticket["id"], "regionCode": city.GRID, "isScanned": False},
        )
    ]
    everything = str(await tickets.events()) + str(await tickets.look("SELECT fields FROM audit"))
    assert "想加装" not in everything
    assert "现场" not in everything


async def test_who_handles_a_ticket_attaches_to_what_they_do_and_the_link_says_so_alone(tickets: Tickets) -> None:
    ticket = await tickets.to_step("decide")
    committee = tickets.staff("committee")
    page = await tickets.uploaded(
        committee, b"%PDF-1.7 minutes", ticketId=ticket["id"], name="纪要.pdf", mediaType="application/pdf"
    )
    await tickets.do("decideTicket", committee, ticket, opinion="同意", attachments=[page])
    [file] = await files_of(tickets, ticket)
    await tickets.look_into_files()
    before = await tickets.contents()
    for token, code in (
        (None, "UNAUTHENTICATED"),
        (tickets.resident("wang"), "NOT_FOUND"),
        (tickets.resident("zhao", city.ELSEWHERE), "NOT_FOUND"),
        (tickets.staff("worker_2"), "NOT_FOUND"),
        (tickets.staff("worker_elsewhere"), "NOT_FOUND"),
        (tickets.role("admin", "370303"), "NOT_FOUND"),
    ):
        assert await tickets.error(OPEN, token, input={"id": file["id"]}) == code
    assert await tickets.error(OPEN, committee, input={"id": page}) == "NOT_FOUND"  # the upload is not the attachment
    assert await tickets.contents() == before
    assert await tickets.look("SELECT 1 FROM audit WHERE kind = 'attachment_opened'") == []
    assert (await opened(tickets, file["id"], committee))["problems"] == []


async def test_uploads_are_given_to_nobody_who_could_attach_nothing(tickets: Tickets) -> None:
    ticket = await tickets.raised()
    before, keys = await tickets.contents(), tickets.files.keys()
    file = {"idempotencyKey": "k", "name": "a.jpg", "mediaType": "image/jpeg", "size": 9, "sha256": "a" * 64}
    stranger = tickets.issuer.mint("grid_worker", region=city.GRID, subject=str(city.person("worker_2")))
    for token, where, code in (
        (None, HERE, "UNAUTHENTICATED"),
        (tickets.resident("zhao", city.ELSEWHERE), HERE, "NOT_FOUND"),
        (tickets.resident(), HERE | {"regionCode": city.ELSEWHERE}, "NOT_FOUND"),
        (tickets.staff("branch"), HERE, "FORBIDDEN"),
        (tickets.role("observer", city.DISTRICT), HERE, "FORBIDDEN"),
        (stranger, {"ticketId": ticket["id"]}, "FORBIDDEN"),
        (tickets.staff("branch"), {"ticketId": ticket["id"]}, "FORBIDDEN"),
        (tickets.role("observer", city.DISTRICT), {"ticketId": ticket["id"]}, "FORBIDDEN"),
        (tickets.resident("wang"), {"ticketId": ticket["id"]}, "NOT_FOUND"),
        (tickets.staff("worker_2"), {"ticketId": ticket["id"]}, "NOT_FOUND"),
        (tickets.staff("worker_elsewhere"), {"ticketId": ticket["id"]}, "NOT_FOUND"),
        (tickets.resident(), {}, "BAD_REQUEST"),
        (tickets.resident(), HERE | {"ticketId": ticket["id"]}, "BAD_REQUEST"),
        (tickets.resident(), {"process": "five_sheets"}, "BAD_REQUEST"),
    ):
        assert await tickets.error(UPLOAD, token, input=file | where) == code, where
    for change, code, path in (
        ({"process": "no_such"}, "UNKNOWN_PROCESS", ["process"]),
        ({"regionCode": city.COMMUNITY}, "WRONG_LEVEL", ["regionCode"]),
        ({"mediaType": "text/html"}, "FILE_TYPE_NOT_TAKEN", ["mediaType"]),
        ({"mediaType": "image/svg+xml"}, "FILE_TYPE_NOT_TAKEN", ["mediaType"]),
        ({"size": 0}, "FILE_TOO_LARGE", ["size"]),
        ({"size": 20 * 1024 * 1024 + 1}, "FILE_TOO_LARGE", ["size"]),
        ({"sha256": "a" * 63}, "INVALID_ATTACHMENT", ["sha256"]),
        ({"name": " "}, "INVALID_ATTACHMENT", ["name"]),
        ({"name": "gpj.\u202eexe"}, "INVALID_ATTACHMENT", ["name"]),
        ({"name": "长" * 101}, "INVALID_ATTACHMENT", ["name"]),
        ({"idempotencyKey": ""}, "REQUIRED", ["idempotencyKey"]),
    ):
        payload = (await tickets.data(UPLOAD, tickets.resident(), input=file | HERE | change))["payload"]
        assert payload["upload"] is None
        assert [(one["code"], one["path"]) for one in payload["problems"]] == [(code, path)]
        assert payload["problems"][0]["message"]
    assert await tickets.contents() == before
    assert tickets.files.keys() == keys


async def test_the_same_key_is_the_same_upload_with_a_new_link_until_it_is_attached(tickets: Tickets) -> None:
    token = tickets.resident()
    first = await tickets.requested(token, key="once")
    again = await tickets.requested(token, key="once")
    assert again["upload"]["id"] == first["upload"]["id"]
    other = await tickets.requested(token, PHOTO + b"!", key="once")
    assert [one["code"] for one in other["problems"]] == ["IDEMPOTENCY_CONFLICT"]
    assert (await send(again["upload"]["link"], PHOTO))[0] == 200
    ticket = await tickets.raised(attachments=[first["upload"]["id"]])
    assert await tickets.raised(attachments=[first["upload"]["id"]]) == ticket
    done = await tickets.requested(token, key="once")
    assert done["upload"] == {"id": first["upload"]["id"], "link": None}
    assert await tickets.look("SELECT count(*) FROM upload") == [(1,)]


async def test_somebody_who_attaches_nothing_is_given_only_so_many_links(tickets: Tickets) -> None:
    token = tickets.resident()
    await asyncio.gather(*(tickets.requested(token) for _ in range(MOST_WAITING - 2)))
    several = await asyncio.gather(*(tickets.requested(token) for _ in range(6)))
    refused = [one["problems"][0]["code"] for one in several if one["problems"]]
    assert refused == ["TOO_MANY_UPLOADS"] * 4
    assert await tickets.look("SELECT count(*) FROM upload") == [(MOST_WAITING,)]
    assert (await tickets.requested(tickets.resident("wang")))["problems"] == []


async def test_a_link_is_used_once_by_who_asked_where_it_was_asked_for(tickets: Tickets) -> None:
    li, worker = tickets.resident(), tickets.staff("worker")
    ticket = await tickets.raised()
    mine = await tickets.uploaded(li)
    for_ticket = await tickets.uploaded(worker, ticketId=ticket["id"])
    waiting = (await tickets.requested(li))["upload"]["id"]
    before = await tickets.contents()
    unknown = [("UNKNOWN_UPLOAD", ["attachments", "0"])]
    assert await problem(tickets, tickets.resident("wang"), attachments=[mine]) == unknown
    assert await problem(tickets, worker, attachments=[for_ticket]) == unknown
    assert await problem(tickets, worker, attachments=[mine]) == unknown
    assert await problem(tickets, li, attachments=[mine, mine]) == [("ALREADY_ATTACHED", ["attachments"])]
    assert await problem(tickets, li, attachments=[waiting]) == [("NOT_UPLOADED", ["attachments", "0"])]
    everywhere = tickets.issuer.mint("resident", region=city.COMMUNITY, subject="li")
    assert await problem(tickets, everywhere, attachments=[mine], regionCode=city.GRID_2) == unknown
    # What arrived was looked at, which is noted; nothing else has changed.
    after = await tickets.contents()
    assert {name for name, rows in after.items() if rows != before[name]} == {"upload"}
    assert await tickets.look("SELECT count(*) FROM upload WHERE attached_at IS NULL") == [(3,)]


async def test_one_upload_comes_with_one_act_however_many_try_at_once(tickets: Tickets) -> None:
    photo = await tickets.uploaded(tickets.resident())
    asked = {"process": "five_sheets", "regionCode": city.GRID, "title": "t", "category": "charging"}
    answers = await asyncio.gather(
        *(
            tickets.data(RAISE, tickets.resident(), input=asked | {"idempotencyKey": f"k{n}", "attachments": [photo]})
            for n in range(5)
        )
    )
    codes = [[one["code"] for one in answer["payload"]["problems"]] for answer in answers]
    assert sorted(codes) == [[]] + [["ALREADY_ATTACHED"]] * 4
    assert await tickets.look("SELECT count(*) FROM ticket") == [(1,)]
    assert await tickets.look("SELECT count(*) FROM attachment") == [(1,)]


async def test_several_tickets_take_one_file_in_one_bulk_act(tickets: Tickets) -> None:
    worker = tickets.staff("worker")
    several = [await tickets.raised(key=f"k{number}") for number in range(3)]
    photo = await tickets.uploaded(worker, ticketId=several[0]["id"])
    asked = {
        "idempotencyKey": "bulk", "action": "accept", "attachments": [photo],
        "tickets": [{"id": one["id"], "expectedVersion": one["version"]} for one in several],
    }  # fmt: skip
    query = """mutation($input: ActOnTicketsInput!) { payload: actOnTickets(input: $input) {
      done results { problems { code } refusal { code } } } }"""
    for _ in range(2):
        assert (await tickets.data(query, worker, input=asked))["payload"]["done"] == 3
    again = await tickets.data(query, worker, input=asked | {"idempotencyKey": "another"})
    assert again["payload"]["done"] == 0
    await tickets.look_into_files()
    found = [await files_of(tickets, one) for one in several]
    assert [[file["state"] for file in files] for files in found] == [["AVAILABLE"]] * 3
    assert len({files[0]["id"] for files in found}) == 3
    assert len([1 for type_, _ in await tickets.events() if type_.endswith("attachment.released.v1")]) == 3


@pytest.mark.parametrize(
    ("content", "declared"),
    [
        (b"<html><script>alert(1)</script>", {}),
        (b"%PDF-1.7", {}),
        (b"MZ\x90\x00\x03 a program", {}),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", {"mediaType": "text/plain", "name": "a.txt"}),
        (b"\x00\x01\x02", {"mediaType": "text/csv", "name": "a.csv"}),
        (PHOTO, {"mediaType": "application/pdf", "name": "a.pdf"}),
    ],
)
async def test_what_is_not_what_its_name_says_is_deleted_and_comes_with_nothing(
    tickets: Tickets, content: bytes, declared: dict[str, str]
) -> None:
    keys = tickets.files.keys()
    before = await tickets.contents()
    wrong = await tickets.uploaded(tickets.resident(), content, key="wrong", **declared)
    assert tickets.files.keys() - keys == {f"uploads/{wrong}"}
    assert await problem(tickets, tickets.resident(), attachments=[wrong]) == [("UPLOAD_DIFFERS", ["attachments", "0"])]
    assert tickets.files.keys() == keys
    after = await tickets.contents()
    assert {name for name, rows in after.items() if rows != before[name]} == {"audit", "idempotency"}
    assert await problem(tickets, tickets.resident(), attachments=[wrong]) == [("UNKNOWN_UPLOAD", ["attachments", "0"])]
    payload = await tickets.requested(tickets.resident(), content, key="wrong", **declared)
    assert (payload["upload"], payload["problems"][0]["code"]) == (None, "UNKNOWN_UPLOAD")


async def test_a_refused_act_leaves_the_upload_for_another_try(tickets: Tickets) -> None:
    photo = await tickets.uploaded(tickets.resident())
    assert await problem(tickets, tickets.resident(), attachments=[photo], title=" ") == [("REQUIRED", ["title"])]
    assert await tickets.look("SELECT count(*) FROM attachment") == [(0,)]
    assert [type_ for type_, _ in await tickets.events()] == []
    await tickets.raised(attachments=[photo])


async def test_a_service_without_a_store_takes_no_files_and_does_all_else(tickets: Tickets) -> None:
    tickets.endpoint = replace(tickets.endpoint, extras=replace(tickets.endpoint.extras, files=None))
    payload = await tickets.requested(tickets.resident())
    assert [one["code"] for one in payload["problems"]] == ["FILES_NOT_TAKEN"]
    some = str(city.person("some"))
    assert await problem(tickets, tickets.resident(), attachments=[some]) == [("FILES_NOT_TAKEN", [])]
    await tickets.raised()


async def test_everyone_may_fetch_what_came_with_the_notice_where_the_process_shows_it(tickets: Tickets) -> None:
    await tickets.load({"record": "process", "definition": SNAPSHOT})
    rider, worker = tickets.resident("rider"), tickets.staff("worker")
    first = await tickets.uploaded(rider, process="snapshot", regionCode=city.GRID)
    ticket = await tickets.raised(rider, process="snapshot", category="dirt", attachments=[first])
    ticket = await tickets.do("acceptTicket", worker, ticket)
    result = await tickets.uploaded(worker, PHOTO + b" of a clean place", ticketId=ticket["id"], name="整改.jpg")
    query = """{ publicTickets(regionCode: "370321") { edges { node { attachments { edges { node {
      name mediaType size link { method url headers { name value } } } } } } } } }"""

    async def public() -> list[Any]:
        edges = (await tickets.data(query, None))["publicTickets"]["edges"]
        shown = [edge["node"]["attachments"] for edge in edges]
        return [None if one is None else items_of(one) for one in shown]

    assert await public() == []
    await tickets.do("publiciseTicket", worker, ticket, notice="已清理", attachments=[result])
    assert await public() == [[]]
    await tickets.look_into_files()
    [[shown]] = await public()
    assert shown["name"] == "整改.jpg"
    assert (await send(shown["link"]))[1] == PHOTO + b" of a clean place"
    # five_sheets shows no files, though one came with its notice.
    plain = await tickets.to_step("publicise")
    page = await tickets.uploaded(tickets.staff("committee"), ticketId=plain["id"])
    await tickets.do("publiciseTicket", tickets.staff("committee"), plain, notice="公开", attachments=[page])
    await tickets.look_into_files()
    files = await public()
    assert [len(one) if one is not None else None for one in files] == [None, 1]


def test_links_are_made_nowhere_but_where_a_look_is_recorded_or_a_process_publishes() -> None:
    types = {name: type_ for name, type_ in schema._schema.type_map.items() if is_object_type(type_)}
    holders: dict[str, set[str]] = {}
    for name, type_ in types.items():
        for field in type_.fields.values():
            holders.setdefault(get_named_type(field.type).name, set()).add(name)
    assert holders["FileLink"] == {"Upload", "OpenAttachmentPayload", "PublicAttachment"}
    page = ("PublicAttachmentEdge", "PublicAttachmentConnection")
    assert [holders[name] for name in ("Upload", "OpenAttachmentPayload", "PublicAttachment", *page)] == [
        {"RequestUploadPayload"}, {"Mutation"}, {page[0]}, {page[1]}, {"PublicTicket"},
    ]  # fmt: skip
