"""Look into files that were attached: until then nobody can read them; and delete what nobody attached.

A file is first put where no link to write was ever given, so what is looked into is what will be read. Whoever looks
leases it; any number of instances may, and one that ends in the middle leaves the file in quarantine for the next.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import structlog
from prometheus_client import Counter, Gauge

from chassis.database import EVERYWHERE
from chassis.errors import Unavailable
from chassis.objects.clamd import ScannerAway
from chassis.objects.sniff import HEAD, is_text, types_of
from chassis.objects.store import ObjectGone
from chassis.records import write_audit
from services.tickets.commands.actors import now
from services.tickets.commands.personal_data import delete_erased
from services.tickets.commands.publishing import publish_about
from services.tickets.domain.file_events import AttachmentRefused, AttachmentReleased
from services.tickets.domain.uploads import Finding, UploadState, is_of_type, key_of_file, key_of_upload
from services.tickets.files import Files
from services.tickets.settings import TicketSettings
from services.tickets.storage import uploads as stored

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from sqlalchemy import RowMapping

    from chassis.database import Database
    from chassis.service import Runtime

CHECKED = Counter("linli_files_checked_total", "Files that were looked into", ["outcome"])
OLDEST = Gauge("linli_files_oldest_quarantined_seconds", "How long the oldest file waits to be looked into")

_log = structlog.get_logger(__name__)
_LEASE = timedelta(minutes=10)
"""Longer than the largest file takes to be looked into."""
_TRY_AGAIN = timedelta(seconds=30)
_UNATTACHED = timedelta(days=1)
_STRAY = timedelta(days=1, hours=2)
"""Older than any link that could still bring something there."""
_SWEEP_SECONDS = 600.0
_AT_ONCE = 500


class Verdict(NamedTuple):
    """What was found of a file: what is wrong with it, if anything, and whether a virus scanner looked."""

    finding: Finding | None
    is_scanned: bool
    virus: str | None = None


async def check_files(runtime: Runtime) -> None:
    """Look into files and delete what nobody attached, until cancelled."""
    files = Files.of(runtime.settings)
    if files is None or not isinstance(runtime.settings, TicketSettings):
        return
    if files.scanner is None:
        _log.warning("no virus scanner is named (FILES_CLAMD): files are let through without one, and marked so")
    swept = -_SWEEP_SECONDS
    try:
        while True:
            while await check_next(runtime.database, files, now()):
                pass
            while await delete_erased(runtime.database, files):
                pass
            await _measure(runtime.database)
            if time.monotonic() - swept >= _SWEEP_SECONDS:
                await sweep_unattached(runtime.database, files, now())
                swept = time.monotonic()
            await asyncio.sleep(runtime.settings.sweep_seconds)
    finally:
        await files.store.close()


async def check_next(database: Database, files: Files, at: datetime) -> bool:
    """Look into the file that has waited longest; tell whether there was one."""
    async with database.write(EVERYWHERE) as session:
        row = await stored.lease_quarantined(session, at, at + _LEASE)
    if row is None:
        return False
    try:
        verdict = await examine(files, row)
        if verdict.finding is not None:
            await files.store.delete(key_of_file(row["id"]))
    except (ScannerAway, Unavailable) as error:
        _log.warning("a file could not be looked into; it stays in quarantine", upload=str(row["id"]), why=str(error))
        async with database.write(EVERYWHERE) as session:
            await stored.postpone(session, row["id"], at + _TRY_AGAIN)
        CHECKED.labels("away").inc()
        return True
    await _settle(database, row, verdict)
    return True


async def examine(files: Files, row: RowMapping) -> Verdict:
    """Read a file to its end and say what it is. Raises ScannerAway or StoreAway when that cannot be known now."""
    key = key_of_file(row["id"])
    with suppress(ObjectGone):  # moved before this was tried again, or never there: the next line tells
        await files.store.move(key_of_upload(row["id"]), key)
    found = await files.store.stat(key)
    if found is None or found.size != row["size"]:
        return Verdict(Finding.DIFFERS if found else Finding.MISSING, is_scanned=False)
    read = _Reading(files, key)
    try:
        virus = await (files.scanner or _NoScanner()).find(read.chunks())
    except ObjectGone:
        return Verdict(Finding.MISSING, is_scanned=False)
    is_scanned = files.scanner is not None
    if virus is not None:
        return Verdict(Finding.INFECTED, is_scanned, virus)
    if read.digest.hexdigest() != row["sha256"]:
        return Verdict(Finding.DIFFERS, is_scanned)
    if not is_of_type(row["media_type"], types_of(read.head), reads_as_text=is_text(read.head)):
        return Verdict(Finding.WRONG_TYPE, is_scanned)
    return Verdict(None, is_scanned)


class _Reading:
    """A file as it is read: its first bytes, and the digest of all."""

    def __init__(self, files: Files, key: str) -> None:
        self._files = files
        self._key = key
        self.head = b""
        self.digest = hashlib.sha256()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the file, noting what passes."""
        async for chunk in self._files.store.read(self._key):
            self.digest.update(chunk)
            if len(self.head) < HEAD:
                self.head += chunk[: HEAD - len(self.head)]
            yield chunk


class _NoScanner:
    """Reads a file to its end and finds nothing: what stands in where none is named."""

    async def find(self, chunks: AsyncIterator[bytes]) -> str | None:
        """See Scanner."""
        async for _ in chunks:
            pass
        return None


async def _settle(database: Database, row: RowMapping, verdict: Verdict) -> None:
    """Let everybody who sees the tickets read the file, or nobody; and say so."""
    is_good = verdict.finding is None
    state = UploadState.AVAILABLE if is_good else UploadState.REFUSED
    values = {"state": state.value, "finding": verdict.finding, "is_scanned": verdict.is_scanned}
    at = now()
    async with database.write(EVERYWHERE) as session:
        for one in await stored.settle(session, row["id"], values):
            session.changed("attachment", one["id"], one["region_code"], state=state.value, finding=verdict.finding)
            told = {"attachment_id": one["id"], "ticket_id": one["ticket_id"], "region_code": one["region_code"]}
            event = (
                AttachmentReleased(**told, is_scanned=verdict.is_scanned)
                if verdict.finding is None
                else AttachmentRefused(**told, why=verdict.finding)
            )
            await publish_about(session, event, one["id"], 1, one["region_code"], at)
        await write_audit(session, "system:files", "checkFiles")
    CHECKED.labels("clean" if is_good else str(verdict.finding)).inc()
    if not is_good:
        _log.warning("a file was refused", upload=str(row["id"]), why=verdict.finding, virus=verdict.virus)


async def _measure(database: Database) -> None:
    async with database.read(EVERYWHERE) as session:
        since = await stored.oldest_quarantined(session)
    OLDEST.set(0 if since is None else (now() - since).total_seconds())


async def sweep_unattached(database: Database, files: Files, at: datetime) -> int:
    """Delete uploads that nobody attached within a day, and bytes that belong to none; return how many objects."""
    done = 0
    while True:
        async with database.write(EVERYWHERE) as session:
            rows = await stored.forget_older(session, at - _UNATTACHED, _AT_ONCE)
            for row in rows:
                session.changed("upload", row["id"], row["region_code"], deleted="never attached")
            await write_audit(session, "system:files", "sweepUploads")
        # The rows first: what is left of a sweep that ends here is found among the strays.
        for row in rows:
            await files.store.delete(key_of_upload(row["id"]))
        done += len(rows)
        if len(rows) < _AT_ONCE:
            return done + await _delete_strays(database, files, at)


async def _delete_strays(database: Database, files: Files, at: datetime) -> int:
    """Delete bytes where uploads arrive that no upload waits for: a link was used again, or a sweep broke off."""
    keys = await files.store.older_than("uploads", at - _STRAY, _AT_ONCE)
    ids = {key: _id_of(key) for key in keys}
    async with database.read(EVERYWHERE) as session:
        waited_for = await stored.still_arriving(session, [id_ for id_ in ids.values() if id_ is not None])
    strays = [key for key, id_ in ids.items() if id_ not in waited_for]
    for key in strays:
        await files.store.delete(key)
    return len(strays)


def _id_of(key: str) -> UUID | None:
    try:
        return UUID(key.rpartition("/")[2])
    except ValueError:
        return None
