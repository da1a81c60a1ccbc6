"""Import processes and tickets with their history: a file of JSON Lines, whole or not at all (README.md)."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Table, Uuid, func, insert, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.database import EVERYWHERE
from chassis.events import outbox
from chassis.records import write_audit
from chassis.service import ImportRefused
from services.tickets.commands.import_admission import import_items
from services.tickets.commands.import_burdens import import_burdens
from services.tickets.commands.import_deliberations import held_about, import_deliberations
from services.tickets.commands.import_hand_downs import HandDowns
from services.tickets.commands.publishing import SERVICE
from services.tickets.commands.replaying import Replaying, WrongLine, family_rungs
from services.tickets.domain import records as r
from services.tickets.domain.validation import validate
from services.tickets.storage import tables as t
from services.tickets.storage.bulk import insert_many
from services.tickets.storage.processes import decoded, read_calendar
from services.tickets.storage.session_kinds import put_session_kinds
from services.tickets.storage.state import (
    Row,
    attachment_rows,
    clock_row,
    delivered_rows,
    entry_row,
    evaluation_row,
    rung_rows,
    ticket_row,
    wording_row,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession
    from chassis.service import Runtime
    from services.tickets.domain.calendar import WorkingCalendar
    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Transition

_MOST_SHOWN = 20
_TICKETS_AT_ONCE = 1_000
_LOCK = text("SELECT pg_advisory_xact_lock(7240126)")
_TABLES = (t.ticket, t.wording, t.entry, t.attachment, t.evaluation, t.clock, t.rung, t.deliverable)
_HANDED_DOWN = (t.hand_down, t.admission_flag)

Wrong = list[str]
About = dict["UUID", list[r.DeliberationRecord]]
"""Deliberations by the ticket that they are about."""
Numbered = list[tuple[int, Any]]
"""Records with the lines they are on."""


async def import_tickets(runtime: Runtime, file: Path) -> str:
    """Import a file and say what was done. Raises ImportRefused with the lines that are wrong."""
    try:
        content = await asyncio.to_thread(file.read_bytes)
    except OSError as error:
        raise ImportRefused(f"{file} cannot be read: {error.strerror}") from error
    found = _read(content)
    calendars, processes, tickets = found[r.CalendarRecord], found[r.ProcessRecord], found[r.TicketRecord]
    async with runtime.database.write(EVERYWHERE) as session:
        # Two imports at once would each find the other's records missing.
        await session.execute(_LOCK)
        changed = bool(calendars) and await _put_calendar(session, calendars[-1][1].rule)
        kinds = await put_session_kinds(session, [one.kind for _, one in found[r.SessionKindRecord]])
        known, installed = await _install(session, processes)
        listed, wrong = await import_items(session, found[r.AdmissionItemRecord])
        _refuse(wrong)
        about = held_about(found[r.DeliberationRecord])
        made = await _carry_through(session, runtime.cipher, known, tickets, about)
        regions = {record.id: record.region_code for _, record in tickets}
        held, wrong = await import_deliberations(session, found[r.DeliberationRecord], regions)
        _refuse(wrong)
        reported, wrong = await import_burdens(session, found[r.BurdenRecord], regions)
        _refuse(wrong)
        if changed or kinds or installed or listed or made or held or reported:
            digest = hashlib.sha256(content).hexdigest()
            counts = {"processes": installed, "admission_items": listed, "tickets": made, "deliberations": held}
            counts |= {"session_kinds": kinds, "burdens": reported}
            session.changed("import", digest, "", calendar=changed, **counts)
            await write_audit(session, "system:import", "importTickets")
    there = len(processes) + len(tickets) - installed - made
    return f"Imported {installed:,} process versions and {made:,} tickets; {there:,} records were there already."


def _read(content: bytes) -> dict[type, Numbered]:
    """Return the records by their type. Raises ImportRefused."""
    decoder = msgspec.json.Decoder(r.Record)
    found: dict[type, Numbered] = defaultdict(list)
    wrong: Wrong = []
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            wrong.append(f"line {number}: {error}")
        else:
            found[type(record)].append((number, record))
    _refuse(wrong)
    return found


def _refuse(wrong: Wrong) -> None:
    if wrong:
        more = f"\nand {len(wrong) - _MOST_SHOWN} more" if len(wrong) > _MOST_SHOWN else ""
        raise ImportRefused("\n".join(wrong[:_MOST_SHOWN]) + more)


async def _put_calendar(session: WriteSession, rule: Any) -> bool:
    """Store what the city adds to the calendar; tell whether it differs from what was there."""
    statement = upsert(t.calendar_rule).values(id=1, rule=msgspec.to_builtins(rule))
    new = statement.excluded.rule
    stored = statement.on_conflict_do_update(
        index_elements=["id"], set_={"rule": new}, where=t.calendar_rule.c.rule != new
    )
    return bool(await session.rows(stored.returning(t.calendar_rule.c.id)))


async def _install(session: WriteSession, records: Numbered) -> tuple[dict[tuple[str, int], Process], int]:
    """Store process versions; return all that are there now, and how many are new. Raises ImportRefused."""
    p = t.process_version
    stored = await session.rows(select(p.c.code, p.c.version, p.c.definition))
    known = {(row["code"], row["version"]): decoded(row["definition"]) for row in stored}
    wrong: Wrong = []
    new: list[Row] = []
    for line, record in records:
        process: Process = record.definition
        key = process.code, process.version
        wrong += [f"line {line}: {fault}" for fault in validate(process)]
        if key not in known:
            known[key] = process
            definition = msgspec.to_builtins(process)
            new.append({"code": process.code, "version": process.version, "definition": definition})
        elif known[key] != process:
            wrong.append(f"line {line}: {key[0]} version {key[1]} is there with another definition; raise the version")
    _refuse(wrong)
    if new:
        await session.execute(insert(p), new)
    return known, len(new)


async def _carry_through(
    session: WriteSession,
    cipher: DataCipher,
    known: dict[tuple[str, int], Process],
    records: Numbered,
    about: dict[UUID, list[r.DeliberationRecord]],
) -> int:
    """Replay and store the tickets that are not there yet; return how many. Raises ImportRefused."""
    there = await _there(session, [record.id for _, record in records])
    fresh = [(line, record) for line, record in records if record.id not in there]
    calendar = await read_calendar(session)
    replaying = Replaying(known, cipher, calendar, about, fresh, await _numbers(session, len(fresh)))
    wrong: Wrong = []
    rows: dict[Table, list[Row]] = {table: [] for table in (*_TABLES, *_HANDED_DOWN)}
    hand_downs = await HandDowns.of(session)
    drafts: list[outbox.Draft] = []
    seen: set[UUID] = set()
    for line, record in fresh:
        if record.id in seen:
            wrong.append(f"line {line}: the ticket {record.id} is twice in the file")
            continue
        seen.add(record.id)
        if record.parent is not None:
            # It is replayed within its parent.
            continue
        try:
            family = replaying.family(record)
        except WrongLine as error:
            wrong.append(str(error))
            replaying.forget(record)
            continue
        for one in family:
            add_rows(rows, one.process, one.done, one.words, calendar)
            rows[t.rung] += family_rungs(one)
            drafts += _drafts(one.done)
            downs, flags, fault = hand_downs.note(one.process, one.record, one.done)
            rows[t.hand_down] += downs
            rows[t.admission_flag] += flags
            wrong += [f"line {line}: grounds: {fault}"] if fault else []
        if len(rows[t.ticket]) >= _TICKETS_AT_ONCE and not wrong:
            await _flush(session, rows)
    wrong += replaying.left_over()
    _refuse(wrong)
    await _flush(session, rows)
    drafts += hand_downs.drafts
    drafts.sort(key=lambda draft: draft.occurred_at)
    await outbox.append_many(session.connection, SERVICE, drafts)
    return len(fresh)


async def _flush(session: WriteSession, rows: dict[Table, list[Row]]) -> None:
    """Store what has come together; should a later record be wrong, none of it stays."""
    for table, listed in rows.items():
        await insert_many(session, table, listed)
        listed.clear()


async def _there(session: WriteSession, ids: list[UUID]) -> set[UUID]:
    among = t.ticket.c.id == func.any(literal(ids, ARRAY(Uuid)))
    rows = await session.rows(select(t.ticket.c.id).where(among))
    return {row["id"] for row in rows}


async def _numbers(session: WriteSession, count: int) -> list[int]:
    numbers = select(t.ticket_number.next_value().label("number")).select_from(func.generate_series(1, count))
    return [row["number"] for row in await session.rows(numbers)]


def add_rows(
    rows: dict[Table, list[Row]], process: Process, done: list[Transition], words: Row, calendar: WorkingCalendar
) -> None:
    """Add the rows of one ticket."""
    ticket = done[-1].ticket
    rows[t.ticket].append(ticket_row(ticket) | words | {"events": len(done)})
    rows[t.wording].append(wording_row(ticket, words["title"], words["description"]))
    for made in done:
        rows[t.entry].append(entry_row(ticket, made.entry))
        rows[t.attachment] += attachment_rows(ticket, made.entry)
        rows[t.evaluation] += filter(None, [evaluation_row(ticket, made.entry)])
        rows[t.clock] += [clock_row(ticket, clock) for clock in made.stopped]
    rows[t.deliverable] += delivered_rows(ticket, [made.entry for made in done])
    rows[t.clock] += [clock_row(ticket, clock) for clock in ticket.clocks]
    rows[t.rung] += [row for clock in ticket.clocks for row in rung_rows(process, ticket, clock, calendar)]


def _drafts(done: list[Transition]) -> Iterator[outbox.Draft]:
    for number, one in enumerate(done, 1):
        yield outbox.Draft(
            event=one.event,
            aggregate_id=one.ticket.id,
            aggregate_version=number,
            region_code=one.ticket.region_code,
            occurred_at=one.entry.at,
        )
