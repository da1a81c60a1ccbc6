"""What the levels of a system of property help do for a compound, and how the supervising bodies supervise them.

Who speaks for a level never speaks for a supervising body, and the other way round: the system names their
titles.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from sqlalchemy import func, insert, select, update

from chassis.errors import Forbidden, NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import demanded
from services.property.access import KEEPERS
from services.property.commands.committee_parts import found, of
from services.property.commands.places import lock
from services.property.commands.publishing import store
from services.property.commands.service_systems import about, definition_of, under_system
from services.property.domain.content import LONGEST_WORD, now, today
from services.property.domain.problems import PropertyProblem
from services.property.domain.service_system import (
    Inspected,
    body_of,
    check_day,
    check_rectify_by,
    level_of_help,
    titles_of_help,
    titles_of_supervision,
    where_stands,
)
from services.property.domain.service_system_events import Helped, RectificationJudged, SystemInspected
from services.property.storage import care_tables as care
from services.property.storage import system_tables as s
from services.property.storage import tables as t
from services.property.storage.service_systems import present

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class RecordHelp(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: that a level did something for a compound on a day, perhaps for a ticket."""

    compound_id: UUID
    level: str
    on: date
    text: str
    ticket_id: UUID | None = None


class InspectService(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: what a supervising body found at a level today, and by when it must be put right, if it must."""

    compound_id: UUID
    body: str
    level: str
    finding: str
    rectify_by: date | None = None


class JudgeRectification(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: whether it was put right; if not, by which other day it must be."""

    inspection_id: UUID
    rectified: bool
    opinion: str
    rectify_by: date | None = None


def _holds_any(permit: Permit, titles: Iterable[str], region_code: str) -> bool:
    return any(permit.caller.holds(title, region_code) for title in titles)


def _require_body(permit: Permit, row: RowMapping, code: str) -> None:
    """Refuse who does not speak for the body, or speaks for a level as well. Raises NotFound, Forbidden, Refused."""
    system = definition_of(row)
    body = body_of(system, code)
    if not _holds_any(permit, body.titles, row["region_code"]):
        raise Forbidden(operation=permit.operation)
    if _holds_any(permit, titles_of_help(system), row["region_code"]):
        raise Refused(PropertyProblem.HELP_AND_SUPERVISION, "body")


async def _require_filled(session: WriteSession, row: RowMapping, post: str, on: date, field: str) -> None:
    """Refuse to let a level or body that nobody fills on a day have done something. Raises Refused."""
    p = s.service_post.c
    mine = (p.service_system_id == row["id"]) & (p.post == post) & present(on)
    if await session.scalar(select(p.id).where(mine).limit(1)) is None:
        raise Refused(PropertyProblem.NOBODY_FILLS_IT, field, post=post)


async def record_help(session: WriteSession, permit: Permit, asked: RecordHelp) -> UUID:
    """Keep what a level did, by who speaks for it or keeps the register; return the compound's id."""
    row = await under_system(session, permit, asked.compound_id)
    system, here = definition_of(row), row["region_code"]
    level = level_of_help(system, asked.level)
    if not _holds_any(permit, {*KEEPERS, *level.titles}, here):
        raise Forbidden(operation=permit.operation)
    if _holds_any(permit, titles_of_supervision(system), here):
        raise Refused(PropertyProblem.HELP_AND_SUPERVISION, "level")
    check_day(asked.on, row["valid_from"], today(), "on")
    await _require_filled(session, row, level.code, asked.on, "level")
    if asked.ticket_id is not None:
        told = care.ticket_told.c
        code = await session.scalar(select(told.region_code).where(told.id == asked.ticket_id))
        if code is None:
            raise NotFound(what="ticket")
        if not (code.startswith(here) or here.startswith(code)):
            raise Refused(PropertyProblem.TICKET_ELSEWHERE, "ticketId")
    values = of(
        row,
        id=new_id(),
        service_system_id=row["id"],
        level=level.code,
        on=asked.on,
        text=demanded(asked.text, "text", LONGEST_WORD),
        ticket_id=asked.ticket_id,
        recorded_by=str(permit.caller.subject),
        recorded_at=now(),
    )
    await session.execute(insert(s.service_help), values)
    session.changed("service_system", row["id"], here, help=values["id"], level=level.code)
    event = Helped(**about(row), help_id=values["id"], level=level.code, on=asked.on, ticket_id=asked.ticket_id)
    await store(session, s.service_system, row, event)
    return asked.compound_id


async def inspect_service(session: WriteSession, permit: Permit, asked: InspectService) -> UUID:
    """Keep what a supervising body found at a level; return the compound's id."""
    row = await under_system(session, permit, asked.compound_id)
    on = today()
    _require_body(permit, row, asked.body)
    level = level_of_help(definition_of(row), asked.level)
    await _require_filled(session, row, asked.body, on, "body")
    values = of(
        row,
        id=new_id(),
        service_system_id=row["id"],
        body=asked.body,
        level=level.code,
        on=on,
        finding=demanded(asked.finding, "finding", LONGEST_WORD),
        rectify_by=None if asked.rectify_by is None else check_rectify_by(asked.rectify_by, on),
        inspected_by=str(permit.caller.subject),
    )
    await session.execute(insert(s.service_inspection), values)
    session.changed("service_system", row["id"], row["region_code"], inspection=values["id"], body=asked.body)
    event = SystemInspected(
        **about(row),
        inspection_id=values["id"],
        body=asked.body,
        level=level.code,
        on=on,
        rectify_by=asked.rectify_by,
    )
    await store(session, s.service_system, row, event)
    return asked.compound_id


async def judge_rectification(session: WriteSession, permit: Permit, asked: JudgeRectification) -> UUID:
    """Keep what the body that demanded it says of it, or demand it by a new day; return the compound's id."""
    before = await found(session, s.service_inspection, asked.inspection_id, "inspection")
    await lock(session, t.compound, before["compound_id"], "compound")
    row = await lock(session, s.service_system, before["service_system_id"], "system")
    permit.require(row["region_code"], what="inspection")
    inspection = await lock(session, s.service_inspection, asked.inspection_id, "inspection")
    _require_body(permit, row, inspection["body"])
    open_ = where_stands(inspection["rectify_by"], inspection["rectified_on"]) is Inspected.OPEN
    if row["valid_to"] is not None or not open_:
        raise Refused(PropertyProblem.ALREADY_ENDED, "inspectionId")
    on = today()
    if asked.rectified == (asked.rectify_by is not None):
        raise Refused(PropertyProblem.ANOTHER_DAY, "rectifyBy")
    again = None if asked.rectify_by is None else check_rectify_by(asked.rectify_by, on)
    j = s.service_judgement
    number = await session.scalar(select(func.count()).where(j.c.service_inspection_id == inspection["id"]))
    values = of(
        row,
        service_inspection_id=inspection["id"],
        number=int(number or 0) + 1,
        on=on,
        rectify_by=inspection["rectify_by"],
        rectified_on=on if asked.rectified else None,
        opinion=demanded(asked.opinion, "opinion", LONGEST_WORD),
        judged_by=str(permit.caller.subject),
    )
    await session.execute(insert(j), values)
    new = {"rectified_on": on} if again is None else {"rectify_by": again}
    k = s.service_inspection
    await session.execute(update(k).where(k.c.id == inspection["id"]).values(**new))
    session.changed("service_system", row["id"], row["region_code"], inspection=inspection["id"], **new)
    event = RectificationJudged(
        **about(row),
        inspection_id=inspection["id"],
        body=inspection["body"],
        level=inspection["level"],
        rectified=asked.rectified,
        rectify_by=again,
    )
    await store(session, s.service_system, row, event)
    return UUID(str(row["compound_id"]))
