"""Import records: a file of JSON Lines, whole or not at all (README.md, "Import file")."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.database import EVERYWHERE
from chassis.problems import CommonProblem, Refused
from chassis.records import write_audit
from chassis.service import ImportRefused
from chassis.texts import demanded
from services.property.commands.companies import store_company
from services.property.commands.compounds import registered
from services.property.commands.import_bodies import import_body
from services.property.commands.publishing import publish
from services.property.commands.standards import store_standard
from services.property.domain import records as r
from services.property.domain.coordinates import check_coordinates
from services.property.domain.levels import Level, level_of
from services.property.domain.problems import PropertyProblem
from services.property.domain.rules import check_rule
from services.property.storage import tables as t

if TYPE_CHECKING:
    from pathlib import Path

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession
    from chassis.service import Runtime

_LOCK = text("SELECT pg_advisory_xact_lock(7240127)")
_LEVELS = (Level.COMMUNITY, Level.GRID, Level.BUILDING)


async def import_records(runtime: Runtime, file: Path) -> str:
    """Import a file and say what was done. Raises ImportRefused with the line that is wrong."""
    content = await asyncio.to_thread(file.read_bytes)
    decoder = msgspec.json.Decoder(r.Record)
    new = there = 0
    async with runtime.database.write(EVERYWHERE) as session:
        await session.execute(_LOCK)
        for number, line in enumerate(content.splitlines(), 1):
            if not line.strip():
                continue
            try:
                stored = await _store(session, runtime.cipher, decoder.decode(line))
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise ImportRefused(f"line {number}: {error}") from error
            except Refused as refused:
                message = refused.problem.text("en", **refused.values)
                raise ImportRefused(f"line {number}: {message} ({refused.problem.code})") from refused
            new, there = new + stored, there + (not stored)
        if new:
            session.changed("practice", hashlib.sha256(content).hexdigest(), "", records=new)
            await write_audit(session, "system:import", "importRecords")
    return f"Imported {new:,} records; {there:,} records were there already."


async def _store(session: WriteSession, cipher: DataCipher, record: r.Record) -> bool:
    """Store a record; tell whether it was new or changed something."""
    if isinstance(record, r.RuleRecord):
        return await _rule(session, record)
    if isinstance(record, r.StandardRecord):
        return await store_standard(session, record)
    if isinstance(record, r.BodyRecord):
        return await import_body(session, cipher, record)
    if isinstance(record, r.CompanyRecord):
        if level_of(record.region_code) is None:
            raise Refused(CommonProblem.INVALID_REGION_CODE, "region_code", code=record.region_code[:40])
        return await store_company(session, record)
    return await _compound(session, record)


async def _rule(session: WriteSession, record: r.RuleRecord) -> bool:
    row = {"code": record.definition.code, "definition": msgspec.to_builtins(check_rule(record.definition))}
    statement = upsert(t.rule).values(row)
    new = statement.excluded.definition
    differs = t.rule.c.definition.is_distinct_from(new)
    stored = await session.execute(
        statement.on_conflict_do_update(index_elements=["code"], set_={"definition": new}, where=differs)
    )
    return bool(stored.rowcount)


async def _compound(session: WriteSession, record: r.CompoundRecord) -> bool:
    if level_of(record.region_code) not in _LEVELS:
        raise Refused(PropertyProblem.WRONG_COMPOUND_LEVEL, "region_code", code=record.region_code[:40])
    name, kind = demanded(record.name, "name"), demanded(record.kind, "kind")
    check_coordinates(record.latitude, record.longitude, "latitude")
    row = {
        "id": record.id,
        "name": name,
        "kind": kind,
        "region_id": record.region_id,
        "region_code": record.region_code,
        "care": record.care.value,
        "registered_on": record.registered_on,
        "latitude": record.latitude,
        "longitude": record.longitude,
        "events": 1,
    }
    stored = await session.execute(upsert(t.compound).values(row).on_conflict_do_nothing(index_elements=["id"]))
    if not stored.rowcount:
        return False
    await publish(session, registered(row), record.id, 1, record.region_code)
    return True
