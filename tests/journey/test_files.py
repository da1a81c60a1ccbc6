"""A private file in the running system: whoever is not to read it tries every way there is, and reads nothing."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

import pytest

from chassis.objects.folder import LinkKey
from deploy.local.settings import DataFolder
from tests.journey.conftest import DISTRICT, GRID
from tests.kit import items_of

if TYPE_CHECKING:
    from tests.journey.conftest import City

pytestmark = pytest.mark.timeout(600)

PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 a private photograph of a courtyard"
NEIGHBOUR_GRID = "370321001001002"
UPLOAD = """mutation ($input: RequestUploadInput!) { requestUpload(input: $input) {
  upload { id link { url headers { name value } } } problems { code } } }"""
RAISE = """mutation ($input: RaiseTicketInput!) { raiseTicket(input: $input) {
  ticket { id version attachments { edges { node { id state } } } } problems { code } } }"""
STATE = "query ($id: ID!) { ticket(id: $id) { attachments { edges { node { state } } } } }"
OPEN = "mutation ($input: OpenAttachmentInput!) { openAttachment(input: $input) { link { url } problems { code } } }"


async def put_private_file(city: City, resident: str, key: str) -> tuple[str, str, str]:
    """Raise a ticket with a photograph, as a resident does; return ticket, attachment and the link that was used."""
    asked = {
        "idempotencyKey": f"{key} file", "process": "snapshot", "regionCode": GRID, "name": "院子.jpg",
        "mediaType": "image/jpeg", "size": len(PHOTO), "sha256": hashlib.sha256(PHOTO).hexdigest(),
    }  # fmt: skip
    upload = (await city.ask(UPLOAD, resident, input=asked))["data"]["requestUpload"]["upload"]
    headers = {one["name"]: one["value"] for one in upload["link"]["headers"]}
    async with city.http.put(upload["link"]["url"], data=PHOTO, headers=headers) as answer:
        assert answer.status == 200
    asked = {
        "idempotencyKey": key, "process": "snapshot", "regionCode": GRID, "title": "院子里有垃圾",
        "category": "dirt", "attachments": [upload["id"]],
    }  # fmt: skip
    ticket = (await city.ask(RAISE, resident, input=asked))["data"]["raiseTicket"]["ticket"]
    async with asyncio.timeout(60):
        while (await _state(city, resident, ticket["id"])) != "AVAILABLE":  # noqa: ASYNC110 (asked as a client asks)
            await asyncio.sleep(0.2)
    return ticket["id"], items_of(ticket["attachments"])[0]["id"], upload["link"]["url"]


async def _state(city: City, token: str, ticket: str) -> str:
    answer = await city.ask(STATE, token, id=ticket)
    return str(items_of(answer["data"]["ticket"]["attachments"])[0]["state"])


async def fetched(city: City, url: str, method: str = "GET") -> tuple[int, bytes]:
    async with city.http.request(method, url) as answer:
        return answer.status, await answer.read()


async def test_a_private_file_is_read_by_nobody_who_may_not(city: City, key: str) -> None:
    resident = city.token("resident", GRID, "resident-with-a-camera")
    ticket, attachment, upload_url = await put_private_file(city, resident, key)
    answer = await city.ask(OPEN, await city.holder("grid_worker", GRID), input={"id": attachment})
    url = answer["data"]["openAttachment"]["link"]["url"]
    assert await fetched(city, url) == (200, PHOTO)
    looks = f"SELECT actor FROM audit WHERE kind = 'attachment_opened' AND object_id = '{attachment}'"  # noqa: S608
    assert len(await city.look("tickets", looks)) == 1

    for token, code in (
        (None, "UNAUTHENTICATED"),
        (city.token("resident", GRID, "a-neighbour"), "NOT_FOUND"),
        (city.token("resident", "370303", "somebody-elsewhere"), "NOT_FOUND"),
        (await city.holder("grid_worker", NEIGHBOUR_GRID), "NOT_FOUND"),
        (city.token("grid_worker", "370303001001001"), "NOT_FOUND"),
        (city.token("observer", "370303"), "NOT_FOUND"),
        (city.token("mayor", DISTRICT), "NOT_FOUND"),
    ):
        answer = await city.ask(OPEN, token, input={"id": attachment})
        assert answer["errors"][0]["extensions"]["code"] == code
        whole = await city.ask(
            "query ($id: ID!) { ticket(id: $id) { attachments { edges { node { id } } } } }", token, id=ticket
        )
        assert (whole.get("data") or {"ticket": None})["ticket"] is None
    assert len(await city.look("tickets", looks)) == 1
    await _nothing_public_tells_of_it(city, ticket, attachment)
    await _the_store_gives_nothing_without_a_link(city, url, upload_url)


async def _nothing_public_tells_of_it(city: City, ticket: str, attachment: str) -> None:
    query = """{ publicTickets(regionCode: "370321", first: 50) { edges { node {
      id attachments { edges { node { name link { url } } } } } } } }"""
    answer = await city.ask(query, None)
    assert "errors" not in answer
    assert ticket not in str(answer)
    assert "院子" not in str(answer)
    newest = "SELECT convert_from(payload, 'UTF8') FROM outbox ORDER BY id DESC LIMIT 50"
    told = str(await city.look("tickets", newest))
    assert attachment in told
    assert "院子.jpg" not in told
    assert "signature" not in told


async def _the_store_gives_nothing_without_a_link(city: City, url: str, upload_url: str) -> None:
    path, _, query = url.partition("?")
    base = path.partition("/objects/")[0]
    file = path.rpartition("/")[2]
    folder = DataFolder(city.settings.data)
    foreign = LinkKey(b"a key that the store does not have at all").signed(
        "GET", f"files/{file}", {"disposition": "attachment", "expires": "9999999999"}
    )
    for attempt in (
        path, base, f"{base}/objects", f"{base}/objects/", f"{base}/objects/files", f"{base}/objects/files/",
        f"{path}?{foreign}", f"{path}?{query}0", f"{path}?{query.replace('expires=', 'expires=9')}", f"{path}/?{query}",
        f"{base}/objects/files/../files/{file}", f"{base}/objects/%2e%2e/secrets/links.key",
        f"{base}//objects/files/{file}",
        f"{base}/objects/uploads/{file}?{query}", upload_url, f"{path}?{upload_url.partition('?')[2]}",
    ):  # fmt: skip
        status, body = await fetched(city, attempt)
        assert status in {400, 403, 404}, attempt
        assert b"courtyard" not in body
    for method in ("PUT", "DELETE", "POST", "PATCH"):
        status, _ = await fetched(city, url, method)
        assert status in {403, 405}, method
    assert await fetched(city, url) == (200, PHOTO)
    for place in (folder.files, *(one for one in folder.files.rglob("*") if one.is_dir())):
        assert place.stat().st_mode & 0o077 == 0, place
    assert folder.link_key.stat().st_mode & 0o077 == 0
