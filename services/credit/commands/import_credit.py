"""Import catalogues, markets and histories: a file of JSON Lines, whole or not at all (README.md)."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import text

from chassis.database import EVERYWHERE
from chassis.records import write_audit
from chassis.service import ImportRefused
from services.credit.commands.actors import now
from services.credit.commands.import_history import import_history
from services.credit.domain import records as r
from services.credit.domain.catalogue import faults
from services.credit.domain.levels import DISTRICT, is_region_code
from services.credit.storage.books import open_book
from services.credit.storage.catalogues import install

if TYPE_CHECKING:
    from pathlib import Path

    from chassis.database import WriteSession
    from chassis.service import Runtime

_MOST_SHOWN = 20
_LOCK = text("SELECT pg_advisory_xact_lock(7240129)")
_BY_INDEX = text("SET LOCAL enable_seqscan = off")
"""Tables that an import has just filled are empty by the planner's statistics: it would read them whole by row."""

Numbered = list[tuple[int, r.Record]]
"""Records with the lines they are on."""


async def import_credit(runtime: Runtime, file: Path) -> str:
    """Import a file and say what was done. Raises ImportRefused with the lines that are wrong."""
    try:
        content_ = await asyncio.to_thread(file.read_bytes)
    except OSError as error:
        raise ImportRefused(f"{file} cannot be read: {error.strerror}") from error
    records = await asyncio.to_thread(_read, content_)
    async with runtime.database.write(EVERYWHERE) as session:
        # Two imports at once would each find the other's records missing.
        await session.execute(_LOCK)
        await session.execute(_BY_INDEX)
        done: Counter[str] = Counter()
        done["catalogues"] = await _install(session, records)
        done += await import_history(session, runtime.cipher, [one for one in records if _is_history(one)])
        if done.total():
            session.changed("import", hashlib.sha256(content_).hexdigest(), "", **done)
            await write_audit(session, "system:import", "importCredit")
    said = ", ".join(f"{count:,} {what}" for what, count in sorted(done.items())) or "nothing"
    return f"Imported {said}; {len(records) - done.total():,} records were there already."


def _is_history(numbered: tuple[int, r.Record]) -> bool:
    return not isinstance(numbered[1], r.CatalogueRecord)


async def _install(session: WriteSession, records: Numbered) -> int:
    installed = 0
    for line, record in records:
        if isinstance(record, r.CatalogueRecord):
            book_id = await open_book(session, record.region_id, record.region_code, now())
            try:
                installed += await install(session, book_id, record.definition)
            except ValueError as error:
                raise ImportRefused(f"line {line}: {error}") from error
    return installed


def _read(content_: bytes) -> Numbered:
    """Return the records. Raises ImportRefused."""
    decoder, found, wrong = msgspec.json.Decoder(r.Record), [], []
    for number, line in enumerate(content_.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            wrong.append(f"line {number}: {error}")
            continue
        wrong += [f"line {number}: {fault}" for fault in _faults(record)]
        found.append((number, record))
    if wrong:
        more = f"\n... and {len(wrong) - _MOST_SHOWN} more" if len(wrong) > _MOST_SHOWN else ""
        raise ImportRefused("\n".join(wrong[:_MOST_SHOWN]) + more)
    return found


def _faults(record: r.Record) -> list[str]:
    if not isinstance(record, r.CatalogueRecord):
        return []
    if not is_region_code(record.region_code) or len(record.region_code) != DISTRICT:
        return [f"{record.region_code} is not the code of a district"]
    return faults(record.definition)
