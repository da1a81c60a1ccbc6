"""What the folder store's server does beside what every store does."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import aiohttp

from chassis.objects.store import Declared
from tests.objects_kit import send

if TYPE_CHECKING:
    from tests.objects_kit import Files

CONTENT = b"%PDF-1.7 a page"
PAGE = Declared(len(CONTENT), "application/pdf", hashlib.sha256(CONTENT).hexdigest())


async def test_a_refused_upload_leaves_nothing_on_the_disk(folder: Files) -> None:
    link = await folder.store.upload_link("uploads/page", PAGE, 60)
    status, body, _ = await send(link, b"%PDF-1.7 another")
    assert (status, body) == (411, b"Send exactly 15 bytes, with Content-Length.\n")
    status, body, _ = await send(link, b"%PDF-1.7 A PAGE")
    assert (status, body) == (400, b"The bytes are not those that were declared.\n")
    assert [path for path in folder.folder.rglob("*") if path.is_file()] == []


async def test_files_are_private_on_the_disk_and_inert_in_a_browser(folder: Files) -> None:
    assert (await send(await folder.store.upload_link("files/page", PAGE, 60), CONTENT))[0] == 200
    path = folder.folder / "files/page"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert folder.folder.stat().st_mode & 0o777 == 0o700
    link = await folder.store.download_link("files/page", "通知.pdf", 60)
    status, body, headers = await send(link)
    assert (status, body) == (200, CONTENT)
    assert headers["Content-Disposition"] == "attachment; filename=\"__.pdf\"; filename*=UTF-8''%E9%80%9A%E7%9F%A5.pdf"
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    async with aiohttp.ClientSession() as client:
        for query in (link.url.replace("expires=", "expires=9"), link.url + "&expires=99999999999"):
            async with client.get(query) as answer:
                assert answer.status == 403


async def test_pages_of_allowed_origins_may_use_links(folder: Files) -> None:
    link = await folder.store.upload_link("uploads/page", PAGE, 60)
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    async with aiohttp.ClientSession() as client:
        for origin, status in (("https://app.example.org", 200), ("https://evil.example.org", 400)):
            async with client.options(link.url, headers={"Origin": origin, **asked}) as answer:
                assert answer.status == status
