"""Import deliberations with their sessions; one that is there already, by its id, stays as it is."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Uuid, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.events import outbox
from chassis.problems import Refused
from chassis.texts import clean, demanded
from services.tickets.commands.publishing import SERVICE
from services.tickets.domain import deliberation_events as events
from services.tickets.domain.content import LONGEST_TITLE, LONGEST_WORD
from services.tickets.domain.deliberated import Told, told
from services.tickets.domain.session_kind import check_kind
from services.tickets.storage import tables as t
from services.tickets.storage.bulk import insert_many
from services.tickets.storage.session_kinds import session_kinds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Table

    from chassis.database import WriteSession
    from services.tickets.domain.records import DeliberationRecord

Row = dict[str, Any]


async def import_deliberations(
    session: WriteSession, records: Sequence[tuple[int, Any]], regions: Mapping[UUID, str]
) -> tuple[int, list[str]]:
    """Store the deliberations that are not there yet; return how many, and what is wrong, by line.

    `regions` are the codes of the regions of the file's tickets, which deliberations may be about. The kinds of
    their sessions are stored by then.
    """
    ids = [record.id for _, record in records]
    among = t.deliberation.c.id == func.any(literal(ids, ARRAY(Uuid)))
    there = {row["id"] for row in await session.rows(select(t.deliberation.c.id).where(among))} if ids else set()
    kinds = await session_kinds(session)
    rows: dict[Table, list[Row]] = {table: [] for table in t.DELIBERATION}
    drafts: list[outbox.Draft] = []
    wrong: list[str] = []
    for line, record in records:
        if record.id in there:
            continue
        there.add(record.id)
        code = None if record.ticket is None else regions.get(record.ticket)
        if record.ticket is not None and (code is None or not code.startswith(record.region_code)):
            wrong.append(f"line {line}: there is no ticket {record.ticket} in {record.region_code} in the file")
            continue
        try:
            for one in record.sessions:
                check_kind(kinds, one.kind, one.starts_at)
            _add(rows, record, told(record))
            drafts += _drafts(record)
        except Refused as error:
            wrong.append(f"line {line}: {'.'.join(error.path) or 'deliberation'}: {error}")
    if wrong:
        return 0, wrong
    for table, listed in rows.items():
        await insert_many(session, table, listed)
    drafts.sort(key=lambda draft: draft.occurred_at)
    await outbox.append_many(session.connection, SERVICE, drafts)
    return len(rows[t.deliberation]), []


def _add(rows: dict[Table, list[Row]], record: DeliberationRecord, found: Told) -> None:
    place = {"region_id": record.region_id, "region_code": record.region_code}
    rows[t.deliberation].append(
        place
        | {
            "id": record.id,
            "ticket_id": record.ticket,
            "matter": demanded(record.matter, "matter", LONGEST_TITLE),
            "parties": [party.value for party in found.parties],
            "version": found.version,
            "begun_at": record.begun_at,
            "resolution": None
            if record.resolution is None
            else demanded(record.resolution, "resolution", LONGEST_WORD),
            "agreed": record.agreed if record.resolved_at else None,
            "resolved_at": record.resolved_at,
            "follow_up": clean(record.follow_up, "follow_up", LONGEST_WORD),
            "followed_up_at": record.followed_up_at,
        }
    )
    for one, opinions in zip(record.sessions, found.opinions, strict=True):
        rows[t.deliberation_session].append(
            place
            | {
                "id": one.id,
                "deliberation_id": record.id,
                "form": one.form.value,
                "kind": one.kind,
                "place": demanded(one.place, "place", LONGEST_TITLE),
                "station_id": one.station,
                "starts_at": one.starts_at,
                "held_at": one.held_at,
            }
        )
        rows[t.deliberation_attendee] += [
            place | {"session_id": one.id, "person_id": who.person_id, "party": who.party.value, "came": who.came}
            for who in one.attendees
        ]
        rows[t.deliberation_opinion] += [
            place
            | {"session_id": one.id, "position": position, "party": what.party.value, "text": what.text}
            | {"agrees": what.agrees, "person_id": what.person_id}
            for position, what in enumerate(opinions)
        ]


def _drafts(record: DeliberationRecord) -> list[outbox.Draft]:
    """Return what is told of a deliberation, in the order in which it happened."""
    about: dict[str, Any] = {"deliberation_id": record.id, "ticket_id": record.ticket}
    about |= {"region_id": record.region_id, "region_code": record.region_code}
    parties = tuple(dict.fromkeys(record.parties))
    happened: list[tuple[datetime, Any]] = [(record.begun_at, events.DeliberationBegun(**about, parties=parties))]
    for one in record.sessions:
        session: dict[str, Any] = {
            "session_id": one.id,
            "form": one.form,
            "kind": one.kind,
            "station_id": one.station,
            "starts_at": one.starts_at,
        }
        happened.append((record.begun_at, events.SessionConvened(**about, **session)))
        came = [who for who in one.attendees if who.came]
        heard = tuple(party for party in parties if any(who.party is party for who in came))
        people = tuple(who.person_id for who in came)
        happened.append((one.held_at, events.SessionHeld(**about, **session, people=people, parties=heard)))
    if record.resolved_at is not None:
        happened.append((record.resolved_at, events.DeliberationResolved(**about, is_agreed=bool(record.agreed))))
    if record.followed_up_at is not None:
        happened.append((record.followed_up_at, events.DeliberationFollowedUp(**about)))
    happened.sort(key=lambda one: one[0])
    return [
        outbox.Draft(
            event=event,
            aggregate_id=record.id,
            aggregate_version=number,
            region_code=record.region_code,
            occurred_at=at,
        )
        for number, (at, event) in enumerate(happened, 1)
    ]


def held_about(records: Sequence[tuple[int, Any]]) -> dict[UUID, list[DeliberationRecord]]:
    """Return the deliberations of a file by the ticket that they are about."""
    found: dict[UUID, list[DeliberationRecord]] = defaultdict(list)
    for _, record in records:
        if record.ticket is not None:
            found[record.ticket].append(record)
    return found
