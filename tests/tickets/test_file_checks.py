"""Files in quarantine are looked into, whatever happens meanwhile; what nobody attached goes, and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chassis.objects.clamd import Clamd
from services.tickets.commands.check_files import check_next, sweep_unattached
from tests.objects_kit import EICAR, fake_clamd, send
from tests.tickets import city
from tests.tickets.conftest import PHOTO
from tests.tickets.test_attachments import OPEN, files_of, opened
from tests.tickets.test_org_events import MERGED_INTO, merged, recoded

if TYPE_CHECKING:
    from pathlib import Path

    from tests.objects_kit import FakeClamd
    from tests.tickets.conftest import Tickets

INFECTED = PHOTO + EICAR


def clamd(fake: FakeClamd) -> Clamd:
    host, port = fake.address.split(":")
    return Clamd(host, int(port))


async def attached(tickets: Tickets, content: bytes = PHOTO, key: str = "k1") -> tuple[dict[str, Any], str]:
    """Raise a ticket with a file; return it and the upload's id."""
    upload = await tickets.uploaded(tickets.resident(), content)
    return await tickets.raised(attachments=[upload], key=key), upload


def on_disk(tickets: Tickets, key: str) -> Path:
    return tickets.files.folder / key


async def verdicts(tickets: Tickets) -> list[Any]:
    return [
        (type_.split(".")[-2], event["data"].get("why"))
        for type_, event in await tickets.events()
        if ".attachment." in type_
    ]


async def is_refused_for(tickets: Tickets, ticket: dict[str, Any], upload: str, why: str) -> None:
    """The file is gone, nobody can open it, and it is said so once."""
    [file] = await files_of(tickets, ticket)
    assert file["state"] == "REFUSED"
    for token in (tickets.resident(), tickets.staff("worker")):
        payload = await opened(tickets, file["id"], token)
        assert (payload["link"], payload["problems"]) == (None, [{"code": "FILE_REFUSED", "path": ["id"]}])
    assert not {f"uploads/{upload}", f"files/{upload}"} & tickets.files.keys()
    assert await verdicts(tickets) == [("refused", why)]
    assert await tickets.look("SELECT fields->>'finding' FROM audit WHERE kind = 'attachment'") == [(why,)]


async def test_an_infected_file_is_deleted_and_a_clean_one_is_released_as_scanned(tickets: Tickets) -> None:
    async with fake_clamd() as fake:
        ticket, upload = await attached(tickets, INFECTED)
        await tickets.look_into_files(clamd(fake))
        await is_refused_for(tickets, ticket, upload, "infected")
        clean, _ = await attached(tickets, key="k2")
        await tickets.look_into_files(clamd(fake))
        [file] = await files_of(tickets, clean)
        assert (file["state"], file["isScanned"]) == ("AVAILABLE", True)
        assert fake.scanned == [len(INFECTED), len(PHOTO)]


async def test_without_an_answer_of_the_scanner_a_file_stays_in_quarantine(tickets: Tickets) -> None:
    async with fake_clamd() as fake:
        ticket, _ = await attached(tickets)
        fake.instead = b"INSTREAM size limit exceeded. ERROR"
        await tickets.look_into_files(clamd(fake))
        [file] = await files_of(tickets, ticket)
        assert file["state"] == "QUARANTINED"
        assert (await opened(tickets, file["id"], tickets.resident()))["link"] is None
        fake.instead = None
        await tickets.look_into_files(clamd(fake))
        assert len(fake.scanned) == 1  # it is tried again in half a minute, not at once
        await tickets.look_into_files(clamd(fake), datetime.now(UTC) + timedelta(minutes=1))
        assert (await files_of(tickets, ticket))[0]["state"] == "AVAILABLE"
    assert await verdicts(tickets) == [("released", None)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (PHOTO[:-1] + b"!", "differs"),
        (PHOTO + b"!", "differs"),
        (None, "missing"),
    ],
)
async def test_bytes_that_were_exchanged_after_they_were_attached_are_refused(
    tickets: Tickets, content: bytes | None, why: str
) -> None:
    ticket, upload = await attached(tickets)
    if content is None:
        on_disk(tickets, f"uploads/{upload}").unlink()
    else:
        on_disk(tickets, f"uploads/{upload}").write_bytes(content)
    await tickets.look_into_files()
    await is_refused_for(tickets, ticket, upload, why)


async def test_a_link_that_is_used_again_changes_nothing_that_was_looked_into(tickets: Tickets) -> None:
    payload = await tickets.requested(tickets.resident())
    link, upload = payload["upload"]["link"], payload["upload"]["id"]
    assert (await send(link, PHOTO))[0] == 200
    ticket = await tickets.raised(attachments=[upload])
    await tickets.look_into_files()
    assert (await send(link, PHOTO))[0] == 200
    on_disk(tickets, f"uploads/{upload}").write_bytes(INFECTED)
    await tickets.look_into_files()
    [file] = await files_of(tickets, ticket)
    assert (await send((await opened(tickets, file["id"], tickets.resident()))["link"]))[1] == PHOTO


async def test_several_instances_look_into_each_file_once(tickets: Tickets) -> None:
    for number in range(6):
        await attached(tickets, PHOTO + str(number).encode(), key=f"k{number}")
    async with fake_clamd() as fake:
        files, database = tickets.files_with(clamd(fake)), tickets.runtime.database

        async def instance() -> None:
            while await check_next(database, files, datetime.now(UTC)):
                pass

        await asyncio.gather(instance(), instance(), instance())
        assert len(fake.scanned) == 6
    assert await verdicts(tickets) == [("released", None)] * 6


async def test_a_check_that_was_broken_off_is_taken_up_when_its_lease_is_over(tickets: Tickets) -> None:
    ticket, upload = await attached(tickets)
    # As a process leaves it that ended between moving the file and saying so.
    await tickets.look("UPDATE upload SET try_at = now() + interval '10 minutes'")
    on_disk(tickets, "files").mkdir(exist_ok=True)
    on_disk(tickets, f"uploads/{upload}").rename(on_disk(tickets, f"files/{upload}"))
    await tickets.look_into_files()
    assert (await files_of(tickets, ticket))[0]["state"] == "QUARANTINED"
    await tickets.look_into_files(at=datetime.now(UTC) + timedelta(minutes=11))
    assert (await files_of(tickets, ticket))[0]["state"] == "AVAILABLE"


async def test_what_nobody_attached_is_deleted_after_a_day_and_nothing_else(tickets: Tickets) -> None:
    ticket, kept = await attached(tickets)
    waiting, _ = await attached(tickets, PHOTO + b"2", key="k2")
    await tickets.look_into_files()
    _, quarantined = await attached(tickets, PHOTO + b"3", key="k3")
    forgotten = await tickets.uploaded(tickets.resident())
    empty = (await tickets.requested(tickets.resident()))["upload"]["id"]
    fresh = await tickets.uploaded(tickets.resident())
    await tickets.look(f"UPDATE upload SET requested_at = now() - interval '25 hours' WHERE id <> '{fresh}'")  # noqa: S608
    stray = on_disk(tickets, f"uploads/{kept}")
    stray.write_bytes(b"put again by an old link")
    for name in (stray, on_disk(tickets, f"uploads/{quarantined}")):
        os.utime(name, (0, 0))
    files, database = tickets.files_with(), tickets.runtime.database
    assert await sweep_unattached(database, files, datetime.now(UTC)) == 3
    assert await sweep_unattached(database, files, datetime.now(UTC)) == 0
    keys = tickets.files.keys()
    assert {f"files/{kept}", f"uploads/{quarantined}", f"uploads/{fresh}"} <= keys
    assert not {f"uploads/{kept}", f"uploads/{forgotten}"} & keys
    rows = await tickets.look("SELECT object_id FROM audit WHERE operation = 'sweepUploads' ORDER BY 1")
    assert [row[0] for row in rows] == sorted([forgotten, empty])
    assert await tickets.look("SELECT count(*) FROM upload") == [(4,)]
    await tickets.look_into_files()
    for one in (ticket, waiting):
        assert (await files_of(tickets, one))[0]["state"] == "AVAILABLE"
    await tickets.raised(attachments=[fresh], key="k4")


async def test_a_recoded_region_takes_its_files_along(tickets: Tickets) -> None:
    ticket, _ = await attached(tickets)
    waiting = await tickets.uploaded(tickets.resident())
    code = "370321002001077"
    await city.tell(tickets.runtime.database, recoded(code, city.GRID))
    assert await tickets.look("SELECT DISTINCT region_code FROM upload") == [(code,)]
    assert await tickets.look("SELECT region_code FROM attachment") == [(code,)]
    await tickets.raised(attachments=[waiting], regionCode=code, key="k2")
    await tickets.look_into_files()
    assert (await files_of(tickets, ticket))[0]["state"] == "AVAILABLE"


async def test_a_merged_region_takes_along_what_goes_on(tickets: Tickets) -> None:
    await attached(tickets)
    waiting = await tickets.uploaded(tickets.resident())
    await city.tell(tickets.runtime.database, *merged())
    assert await tickets.look("SELECT DISTINCT region_id, region_code FROM upload") == [
        (city.region_id(MERGED_INTO), MERGED_INTO)
    ]
    assert await tickets.look("SELECT region_code FROM attachment") == [(MERGED_INTO,)]
    await tickets.raised(attachments=[waiting], regionCode=MERGED_INTO, key="k2")


async def test_an_imported_reference_is_fetched_if_its_file_lies_in_the_store(tickets: Tickets) -> None:
    content = b"an old photograph"
    reference = {
        "name": "旧照.jpg", "media_type": "image/jpeg", "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(), "key": "2024/old.jpg",
    }  # fmt: skip
    id_ = str(city.person("imported ticket"))
    record = {
        "record": "ticket", "id": id_, "process": "five_sheets", "region_id": str(city.region_id(city.GRID)),
        "region_code": city.GRID, "category": "charging", "title": "想加装充电棚", "attachments": [reference],
        "raised": {"at": "2026-03-02T09:00:00+08:00", "by": "li", "acted_as": "resident"},
    }  # fmt: skip
    await tickets.load(record)
    [file] = await files_of(tickets, {"id": id_})
    assert (file["state"], file["name"], file["isScanned"]) == ("IMPORTED", "旧照.jpg", False)
    assert (await opened(tickets, file["id"], tickets.resident()))["problems"][0]["code"] == "FILE_NOT_HERE"
    path = on_disk(tickets, "imported/2024/old.jpg")
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert (await send((await opened(tickets, file["id"], tickets.resident()))["link"]))[1] == content
    path.write_bytes(b"another")
    assert (await opened(tickets, file["id"], tickets.resident()))["problems"][0]["code"] == "FILE_NOT_HERE"
    assert await tickets.error(OPEN, tickets.staff("worker_2"), input={"id": file["id"]}) == "NOT_FOUND"
    path.unlink()
