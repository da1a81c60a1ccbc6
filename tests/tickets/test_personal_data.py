"""What a ticket has of its requester: told to them with who looked, erased in time or when they ask, and then gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from services.tickets.commands.personal_data import delete_erased, erase_over
from services.tickets.storage.processes import Processes
from tests.kit import items_of
from tests.objects_kit import send
from tests.tickets import city
from tests.tickets.conftest import PHOTO
from tests.tickets.test_attachments import files_of, opened
from tests.tickets.test_refusals import attackers

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

MINE = """{ myPersonalData { edges { node { ticketId number name phone title description keptUntil erasedAt
  rule { purpose basis months } looks { edges { node { at kind purpose by { id } isMine } } } } } } }"""
ERASE = """mutation($input: ErasePersonalDataInput!) { payload: erasePersonalData(input: $input) {
  ticketId problems { code path } } }"""
REVEAL = """mutation($input: RevealRequesterInput!) { revealRequester(input: $input) {
  requester { name phone } problems { code } } }"""
SECRETS = ("李小明", "13800001234", "每天到处找插座", "现场.jpg", "家里有老人")


async def brought_in(tickets: Tickets) -> dict[str, Any]:
    """Raise a ticket with everything that says something of somebody."""
    photo = await tickets.uploaded(tickets.resident())
    ticket = await tickets.raised(
        description="每天到处找插座", requesterName="李小明", requesterPhone="13800001234", attachments=[photo]
    )
    await tickets.look_into_files()
    return ticket


async def ended(tickets: Tickets) -> dict[str, Any]:
    """The same, taken back by the requester, who says why."""
    ticket = await brought_in(tickets)
    return await tickets.do("withdrawTicket", tickets.resident(), ticket, reason="家里有老人")


async def mine(tickets: Tickets, token: str | None = None) -> list[dict[str, Any]]:
    edges = (await tickets.data(MINE, token or tickets.resident()))["myPersonalData"]["edges"]
    return [edge["node"] for edge in edges]


async def everything(tickets: Tickets) -> str:
    """All that is stored anywhere, with what is encrypted in the clear."""
    rows = await tickets.look("SELECT requester_name, requester_phone FROM ticket")
    clear = [tickets.runtime.cipher.decrypt(bytes(one)) for row in rows for one in row if one is not None]
    return f"{clear} {await tickets.contents()}"


async def test_a_requester_is_told_what_is_kept_of_them_what_for_and_who_looked(tickets: Tickets) -> None:
    ticket = await brought_in(tickets)
    worker = tickets.staff("worker")
    await tickets.data(REVEAL, worker, input={"id": ticket["id"], "purpose": "电话核实"})
    [file] = await files_of(tickets, ticket)
    for token in (worker, tickets.resident()):
        assert (await opened(tickets, file["id"], token))["link"]
    [told] = await mine(tickets)
    assert (told["name"], told["phone"], told["description"]) == ("李小明", "13800001234", "每天到处找插座")
    assert (told["keptUntil"], told["erasedAt"]) == (None, None)
    assert told["rule"] == {
        "purpose": "to handle what was brought in, to ask the requester and to tell them the result",
        "basis": "STATUTORY_DUTY", "months": 24,
    }  # fmt: skip
    by = {"id": str(city.person("worker"))}
    assert [{name: one[name] for name in ("kind", "purpose", "by", "isMine")} for one in items_of(told["looks"])] == [
        {"kind": "REQUESTER", "purpose": "电话核实", "by": by, "isMine": False},
        {"kind": "FILE", "purpose": None, "by": by, "isMine": False},
        {"kind": "FILE", "purpose": None, "by": None, "isMine": True},
    ]
    for token in (tickets.resident("wang"), worker, tickets.role("admin")):
        assert await mine(tickets, token) == []
    assert await tickets.error(MINE, None) == "UNAUTHENTICATED"


async def test_a_requester_has_everything_erased_once_the_matter_has_ended(tickets: Tickets) -> None:
    ticket = await brought_in(tickets)
    asked = {"ticketId": ticket["id"]}
    before = await tickets.contents()
    payload = (await tickets.data(ERASE, tickets.resident(), input=asked))["payload"]
    assert [(one["code"], one["path"]) for one in payload["problems"]] == [("STILL_NEEDED", ["id"])]
    assert await tickets.contents() == before
    ticket = await tickets.do("withdrawTicket", tickets.resident(), ticket, reason="家里有老人")
    [file] = await files_of(tickets, ticket)
    link = (await opened(tickets, file["id"], tickets.resident()))["link"]
    stored = await everything(tickets)
    assert all(secret in stored for secret in SECRETS)

    assert (await tickets.data(ERASE, tickets.resident(), input=asked))["payload"]["problems"] == []
    while await delete_erased(tickets.runtime.database, tickets.files_with()):
        pass
    stored = await everything(tickets)
    assert [secret for secret in SECRETS if secret in stored] == []
    [[upload]] = await tickets.look("SELECT id FROM upload")
    assert not {f"files/{upload}", f"uploads/{upload}"} & tickets.files.keys()
    assert (await send(link))[0] == 404
    [file] = await files_of(tickets, ticket)
    assert (file["state"], file["name"]) == ("ERASED", "")
    assert (await opened(tickets, file["id"], tickets.resident()))["problems"][0]["code"] == "FILE_NOT_HERE"
    [told] = await mine(tickets)
    assert (told["name"], told["phone"], told["description"], told["title"]) == (None, None, "", "想加装充电棚")
    assert told["erasedAt"] is not None
    query = 'query($id: ID!) { _entities(representations: [{__typename: "Region", id: $id}]) { ... on Region {'
    query += ' found: tickets(text: "插座") { totalCount } } } }'
    found = await tickets.data(query, tickets.role("observer", city.CITY), id=str(city.region_id(city.CITY)))
    assert found["_entities"][0]["found"]["totalCount"] == 0
    [(type_, event)] = [one for one in await tickets.events() if ".personal_data." in one[0]]
    assert type_ == "linli.tickets.personal_data.erased.v1"
    assert event["data"] == {"ticketId": ticket["id"], "regionCode": city.GRID, "why": "request"}
    again = (await tickets.data(ERASE, tickets.resident(), input=asked))["payload"]
    assert [one["code"] for one in again["problems"]] == ["ALREADY_ERASED"]


async def test_erasing_is_refused_to_everybody_else(tickets: Tickets) -> None:
    ticket = await ended(tickets)
    before = await tickets.contents()
    for who, (token, code) in attackers(tickets).items():
        if who != "requester":
            assert await tickets.error(ERASE, token, input={"ticketId": ticket["id"]}) == code, who
    assert await tickets.contents() == before


async def test_for_who_has_no_account_the_one_who_handles_the_matter_erases(tickets: Tickets) -> None:
    worker = tickets.staff("worker")
    ticket = await tickets.raised(worker, onBehalf=True, requesterName="赵奶奶", requesterPhone="13800005678")
    await tickets.do("refuseTicket", worker, ticket, reason="不归社区管")
    asked = {"ticketId": ticket["id"]}
    assert await tickets.error(ERASE, tickets.resident(), input=asked) == "NOT_FOUND"
    assert await tickets.error(ERASE, tickets.role("observer", city.DISTRICT), input=asked) == "FORBIDDEN"
    assert (await tickets.data(ERASE, worker, input=asked))["payload"]["problems"] == []
    assert await tickets.look("SELECT requester_name, requester_phone FROM ticket") == [(None, None)]
    # What people in duty wrote is the record of what was done, and stays.
    assert await tickets.look("SELECT reason FROM entry WHERE reason IS NOT NULL") == [("不归社区管",)]


async def test_time_erases_what_is_kept_no_longer_to_the_day_and_nothing_else(tickets: Tickets) -> None:
    ticket = await ended(tickets)
    going_on = await tickets.raised(tickets.resident("wang"), key="k2", requesterName="王芳")
    await tickets.look(
        f"UPDATE ticket SET ended_at = '2026-01-31T20:00:00+08:00' WHERE id = '{ticket['id']}'"  # noqa: S608
    )
    [told] = await mine(tickets)
    assert told["keptUntil"] == "2028-01-31"
    query = "query($id: ID!) { ticket(id: $id) { personalDataKeptUntil } }"
    seen = await tickets.data(query, tickets.staff("worker"), id=ticket["id"])
    assert seen["ticket"] == {"personalDataKeptUntil": "2028-01-31"}
    database, processes = tickets.runtime.database, Processes()
    before = await tickets.contents()
    midnight = datetime(2028, 1, 30, 16, 0, tzinfo=UTC)
    assert await erase_over(database, processes, midnight - timedelta(seconds=1)) == 0
    assert await tickets.contents() == before
    assert await erase_over(database, processes, midnight) == 1
    assert await erase_over(database, processes, midnight) == 0
    assert await tickets.look("SELECT id::text, requester_name IS NULL FROM ticket ORDER BY 2") == [
        (going_on["id"], False), (ticket["id"], True),
    ]  # fmt: skip
    audited = await tickets.look("SELECT actor, fields->>'erased' FROM audit WHERE operation = 'erasePersonalData'")
    assert audited == [("system:retention", "retention")]
    assert "李小明" not in await everything(tickets)


async def test_a_file_of_several_tickets_goes_with_the_last_of_them(tickets: Tickets) -> None:
    worker = tickets.staff("worker")
    several = [await tickets.raised(key=f"k{number}") for number in range(2)]
    photo = await tickets.uploaded(worker, PHOTO + b" of two", ticketId=several[0]["id"])
    asked = {
        "idempotencyKey": "bulk", "action": "accept", "attachments": [photo],
        "tickets": [{"id": one["id"], "expectedVersion": one["version"]} for one in several],
    }  # fmt: skip
    bulk = "mutation($input: ActOnTicketsInput!) { payload: actOnTickets(input: $input) { done } }"
    assert (await tickets.data(bulk, worker, input=asked))["payload"]["done"] == 2
    await tickets.look_into_files()
    await tickets.look("UPDATE ticket SET ended_at = now()")
    for one, is_left in zip(several, (True, False), strict=True):
        assert (await tickets.data(ERASE, tickets.resident(), input={"ticketId": one["id"]}))["payload"]["ticketId"]
        while await delete_erased(tickets.runtime.database, tickets.files_with()):
            pass
        assert (tickets.files.folder / "files" / photo).exists() == is_left


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_whoever_gives_their_name_can_read_what_for_before(city_tickets: Tickets, language: str) -> None:
    query = "{ ticketProcesses { code personalData { purpose basis months } } }"
    answer = await city_tickets.ask(query, city_tickets.resident(), language)
    rules = {one["code"]: one["personalData"] for one in answer["data"]["ticketProcesses"]}
    assert set(rules) >= {"five_sheets"}
    purpose = {"zh-CN": "办理所提事项、向提单人核实和反馈"}.get(
        language, "to handle what was brought in, to ask the requester and to tell them the result"
    )
    assert rules["five_sheets"] == {"purpose": purpose, "basis": "STATUTORY_DUTY", "months": 24}


async def test_an_imported_file_goes_with_the_data_of_its_requester(tickets: Tickets) -> None:
    id_, path = str(city.person("imported ticket")), tickets.files.folder / "imported/2023/zhang.jpg"
    reference = {"name": "张家.jpg", "media_type": "image/jpeg", "size": 5, "sha256": "a" * 64, "key": "2023/zhang.jpg"}
    record = {
        "record": "ticket", "id": id_, "process": "five_sheets", "region_id": str(city.region_id(city.GRID)),
        "region_code": city.GRID, "category": "charging", "title": "想加装充电棚", "attachments": [reference],
        "raised": {"at": "2023-03-02T09:00:00+08:00", "by": "li", "acted_as": "resident"},
        "acts": [{"at": "2023-03-02T10:00:00+08:00", "action": "withdraw", "by": "li", "acted_as": "requester"}],
    }  # fmt: skip
    await tickets.load(record)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"photo")
    assert await erase_over(tickets.runtime.database, Processes(), datetime.now(UTC)) == 1
    while await delete_erased(tickets.runtime.database, tickets.files_with()):
        pass
    assert not path.exists()
    assert await tickets.look("SELECT name, key, state FROM attachment") == [("", "", "erased")]


async def test_the_service_can_empty_no_words_of_what_is_not_erased(tickets: Tickets) -> None:
    ticket = await ended(tickets)
    before = await tickets.contents()
    async with tickets.runtime.database.write(("",)) as session:
        await session.execute(text("SELECT erase_words(CAST(:id AS uuid))"), {"id": ticket["id"]})
        await session.execute(text("SELECT forget_reference(id) FROM attachment"))
    assert await tickets.contents() == before
