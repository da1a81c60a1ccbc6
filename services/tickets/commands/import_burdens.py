"""Import burdens that communities reported, with their answers; one that is there already stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Uuid, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.problems import CommonProblem, Refused
from chassis.texts import clean, demanded
from services.tickets.commands.publishing import publish_about
from services.tickets.domain.admission import AdmissionList
from services.tickets.domain.admission_events import BurdenAnswered, BurdenReported
from services.tickets.domain.calendar import local_day
from services.tickets.domain.content import LONGEST_WORD
from services.tickets.domain.levels import Level
from services.tickets.domain.problems import TicketProblem
from services.tickets.storage import tables as t
from services.tickets.storage.admission import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from chassis.database import WriteSession
    from services.tickets.domain.records import BurdenRecord
    from services.tickets.storage.state import Row


async def import_burdens(
    session: WriteSession, records: Sequence[tuple[int, Any]], regions: Mapping[UUID, str]
) -> tuple[int, list[str]]:
    """Store the reports that are not there yet, in the order of the file; return how many, and what is wrong, by line.

    `regions` are the codes of the regions of the file's tickets, which are stored by then.
    """
    ids = [record.id for _, record in records]
    among = t.burden.c.id == func.any(literal(ids, ARRAY(Uuid)))
    there = {row["id"] for row in await session.rows(select(t.burden.c.id).where(among))} if ids else set()
    made = 0
    wrong: list[str] = []
    for line, record in records:
        if record.id in there:
            continue
        there.add(record.id)
        try:
            await _store(session, record, regions)
            made += 1
        except Refused as error:
            wrong.append(f"line {line}: {'.'.join(error.path)}: {error}")
        except ValueError as error:
            wrong.append(f"line {line}: {error}")
    return made, wrong


async def _store(session: WriteSession, record: BurdenRecord, regions: Mapping[UUID, str]) -> None:
    if len(record.region_code) < Level.COMMUNITY.value:
        raise Refused(TicketProblem.NOT_A_COMMUNITY, "region_code", code=record.region_code)
    if record.ticket is not None and not regions.get(record.ticket, "").startswith(record.region_code):
        raise ValueError(f"there is no ticket {record.ticket} in {record.region_code} in the file")
    parts = (record.answer, record.answered_at, record.answered_by)
    if any(parts) != all(parts):
        raise Refused(CommonProblem.REQUIRED, "answer", field="answer")
    if record.answered_at is not None and record.answered_at < record.reported_at:
        times = {"at": record.answered_at, "last": record.reported_at}
        raise Refused(TicketProblem.TIME_REVERSED, "answered_at", **times)
    row: Row = {
        **{name: getattr(record, name) for name in ("id", "region_id", "region_code", "reported_at", "reported_by")},
        "ticket_id": record.ticket,
        "item_id": await _listed(session, record, record.item, "item"),
        "hotline_id": await _listed(session, record, record.hotline, "hotline"),
        "organisation_id": await _pusher(session, record.ticket),
        "description": demanded(record.description, "description", LONGEST_WORD),
        "answer": clean(record.answer, "answer", LONGEST_WORD),
        "answered_at": record.answered_at,
        "answered_by": record.answered_by,
    }
    await session.execute(insert(t.burden), row)
    place: dict[str, Any] = {"region_id": record.region_id, "region_code": record.region_code}
    pushed = {"ticket_id": record.ticket, "item_id": row["item_id"], "pushed_by_id": row["organisation_id"]}
    reported = BurdenReported(burden_id=record.id, **pushed, **place)
    await publish_about(session, reported, record.id, 1, record.region_code, record.reported_at)
    if record.answered_at is not None:
        answered = BurdenAnswered(burden_id=record.id, **place)
        await publish_about(session, answered, record.id, 2, record.region_code, record.answered_at)


async def _listed(session: WriteSession, record: BurdenRecord, id_: UUID | None, field: str) -> UUID | None:
    """Return an item's id, or a hotline's. Raises Refused when it was not in force there that day."""
    if id_ is None:
        return None
    i, day = t.admission_item.c, local_day(record.reported_at)
    is_hotline = i.list == AdmissionList.HOTLINES.value
    fits = is_hotline if field == "hotline" else ~is_hotline
    if await session.scalar(select(i.id).where(i.id == id_, fits, in_force(record.region_code, day))) is None:
        raise Refused(TicketProblem.ITEM_NOT_IN_FORCE, field, day=day)
    return id_


async def _pusher(session: WriteSession, ticket_id: UUID | None) -> UUID | None:
    """Return which organisation handed a ticket down last."""
    h = t.hand_down.c
    last = select(h.organisation_id).where(h.ticket_id == ticket_id).order_by(h.seq.desc()).limit(1)
    found: UUID | None = None if ticket_id is None else await session.scalar(last)
    return found
