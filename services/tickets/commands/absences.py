"""Say that one is away from a duty, who stands in meanwhile, and that one is back (代理)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003

import msgspec
from sqlalchemy import insert, select, update

from chassis.errors import Forbidden, NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import clean
from services.tickets.commands.actors import now, person_of
from services.tickets.commands.publishing import publish_about
from services.tickets.commands.telling import tell_deputy
from services.tickets.domain.absence import Away, checked_period, may_stand_in
from services.tickets.domain.absence_events import AbsenceBegun, AbsenceEnded
from services.tickets.domain.calendar import local_day
from services.tickets.domain.content import LONGEST_WORD
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process_words import is_duty
from services.tickets.domain.ticket import Held
from services.tickets.storage import tables as t
from services.tickets.storage.duties import duties_of, in_force

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit

_DAY = timedelta(days=1)


class BeginAbsence(msgspec.Struct, frozen=True):
    """What is asked: away from a duty from a first to a last day, with somebody who stands in, or nobody."""

    duty_id: UUID
    first_day: date
    last_day: date
    deputy: UUID | None
    reason: str | None


class EndAbsence(msgspec.Struct, frozen=True):
    """What is asked: back today, or not leaving at all."""

    id: UUID


async def begin_absence(session: WriteSession, permit: Permit, asked: BeginAbsence) -> UUID:
    """Note an absence and return its id. Raises NotFound, Forbidden, Refused."""
    duty = await own_duty(session, permit, asked.duty_id)
    today = local_day(now())
    away = checked_period(asked.first_day, asked.last_day, today)
    a = t.absence.c
    others = select(a.valid_from, a.valid_to).where(
        a.duty_id == duty["id"], a.valid_to > today, a.valid_to > a.valid_from
    )
    for other in await session.rows(others):
        if away.overlaps(Away(**other)):
            raise Refused(
                TicketProblem.ALREADY_AWAY, "firstDay", first=other["valid_from"], last=other["valid_to"] - _DAY
            )
    if asked.deputy is not None:
        await _check_deputy(session, duty, asked.deputy, away)
    id_, at = new_id(), now()
    values = {
        "id": id_,
        "duty_id": duty["id"],
        "region_id": duty["region_id"],
        "region_code": duty["region_code"],
        "deputy_id": asked.deputy,
        "valid_from": away.valid_from,
        "valid_to": away.valid_to,
        "reason": clean(asked.reason, "reason", LONGEST_WORD),
        "begun_at": at,
    }
    await session.execute(insert(t.absence), values)
    told = {"duty_id": duty["id"], "valid_from": away.valid_from, "valid_to": away.valid_to}
    session.changed("absence", id_, duty["region_code"], deputy=asked.deputy, reason=None, **told)
    event = AbsenceBegun(absence_id=id_, deputy_id=asked.deputy, region_code=duty["region_code"], **told)
    await publish_about(session, event, id_, 1, duty["region_code"], at)
    if asked.deputy is not None:
        days = {"first_day": str(away.valid_from), "last_day": str(away.valid_to - _DAY)}
        await tell_deputy(session, asked.deputy, duty, "deputy", days, at)
    return id_


async def end_absence(session: WriteSession, permit: Permit, asked: EndAbsence) -> UUID:
    """Let an absence end today, and return its id; one that has ended stays as it is. Raises NotFound, Forbidden."""
    a = t.absence
    row = await session.row(select(a).where(a.c.id == asked.id).with_for_update())
    if row is None:
        raise NotFound(what="absence")
    duty = await own_duty(session, permit, row["duty_id"])
    today = local_day(now())
    if row["valid_to"] <= today:
        raise Refused(TicketProblem.ALREADY_DONE)
    # One that has not begun becomes a period of no days.
    back = max(today, row["valid_from"])
    await session.execute(update(a).where(a.c.id == asked.id).values(valid_to=back))
    session.changed("absence", asked.id, row["region_code"], valid_to=back)
    event = AbsenceEnded(absence_id=asked.id, duty_id=row["duty_id"], region_code=row["region_code"], valid_to=back)
    await publish_about(session, event, asked.id, 2, row["region_code"], now())
    if row["deputy_id"] is not None:
        await tell_deputy(session, row["deputy_id"], duty, "deputy_over", {}, now())
    return asked.id


async def own_duty(session: WriteSession, permit: Permit, id_: UUID) -> RowMapping:
    """Lock and return a duty that the caller holds and has a grant for, or their membership or check-in there."""
    d = t.duty
    duty = await session.row(select(d).where(d.c.id == id_, in_force(local_day(now()))).with_for_update())
    if duty is None or not permit.caller.sees(duty["region_code"]):
        raise NotFound(what="duty")
    is_own = duty["person_id"] == person_of(permit.caller)
    is_granted = not is_duty(duty["title"]) or permit.caller.holds(duty["title"], duty["region_code"])
    if not is_own or not is_granted:
        raise Forbidden(operation=permit.operation)
    permit.decided()
    return duty


async def _check_deputy(session: WriteSession, duty: RowMapping, deputy: UUID, away: Away) -> None:
    """Refuse somebody who is not in duty there, on the first day and on the last. Raises Refused."""
    for day in (away.valid_from, away.valid_to - _DAY):
        held = await duties_of(session, deputy, day)
        own = [Held(one.title, one.region_code) for one in held if one.stands_in_for is None]
        if deputy == duty["person_id"] or not may_stand_in(Held(duty["title"], duty["region_code"]), own):
            raise Refused(TicketProblem.NO_DEPUTY, "deputyId")
