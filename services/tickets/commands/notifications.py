"""Mark notifications as read, choose what not to be told, and forget what is old."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.database import EVERYWHERE
from chassis.errors import BadRequest
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.records import write_audit
from services.tickets.commands.actors import acting_duties, now, sees_by
from services.tickets.domain.notification_rules import Channel  # noqa: TC001
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.telling import Matter, may_be_declined
from services.tickets.settings import TicketSettings
from services.tickets.storage import tables as t
from services.tickets.storage.notifications import ORDER, for_reader, unread

if TYPE_CHECKING:
    from chassis.database import Database, WriteSession
    from chassis.graphql.mutate import Permit
    from chassis.service import Runtime
    from services.tickets.storage.processes import Processes

MOST_MARKED = 100
MOST_MARKED_AT_ONCE = 1000
_FORGOTTEN_AT_ONCE = 1000


class MarkRead(msgspec.Struct, frozen=True):
    """What is asked: some notifications, or all that were raised up to an instant, were read."""

    ids: tuple[UUID, ...] = ()
    up_to: datetime | None = None


class Choose(msgspec.Struct, frozen=True):
    """What is asked: to be told of a matter by a way, or no longer."""

    channel: Channel
    matter: Matter
    wanted: bool


async def mark_read(session: WriteSession, permit: Permit, processes: Processes, asked: MarkRead) -> UUID:
    """Note that the caller has read what they find in their inbox; what they do not find there is left out.

    Up to an instant, at most 1000 at once, the oldest first. Doing it again changes nothing. Raises BadRequest.
    """
    if bool(asked.ids) == (asked.up_to is not None):
        raise BadRequest(reason="Name ids, or an instant up to which everything was read.")
    if len(asked.ids) > MOST_MARKED:
        raise BadRequest(reason=f"At most {MOST_MARKED} ids at once.")
    permit.decided()
    caller, n = permit.caller, t.notification
    subject = str(caller.subject)
    duties = await acting_duties(session, caller)
    seen = sees_by(caller, duties, await processes.titles(session))
    mine = unread(for_reader(subject, duties, seen), subject)
    mine = mine.where(n.c.id.in_(asked.ids) if asked.ids else n.c.raised_at <= asked.up_to)
    found = await session.rows(mine.with_only_columns(n.c.id).order_by(*ORDER).limit(MOST_MARKED_AT_ONCE))
    ids = sorted(row["id"] for row in found)
    if ids:
        # Locked in one order, so that two who share an inbox do not wait for each other.
        locked = select(n.c.id).where(n.c.id.in_(ids)).order_by(n.c.id).with_for_update()
        await session.rows(locked)
        marked = update(n).where(n.c.id.in_(ids), ~n.c.read_by.contains([subject]))
        await session.execute(marked.values(read_by=func.array_append(n.c.read_by, subject)))
    return new_id()


async def choose(session: WriteSession, permit: Permit, asked: Choose) -> UUID:
    """Keep what the caller wants to be told, and by which way; what is so already is no change.

    Raises Refused for what nobody may decline.
    """
    permit.decided()
    if not asked.wanted and not may_be_declined(asked.channel, asked.matter):
        raise Refused(TicketProblem.MUST_BE_TOLD, "matter")
    subject, c = str(permit.caller.subject), t.notification_choice
    row = {"subject": subject, "channel": asked.channel.value, "matter": asked.matter.value}
    if asked.wanted:
        mine = (c.c.subject == subject) & (c.c.channel == row["channel"]) & (c.c.matter == row["matter"])
        made = await session.execute(delete(c).where(mine))
    else:
        made = await session.execute(upsert(c).values(**row, made_at=now()).on_conflict_do_nothing())
    if made.rowcount:
        told = {"channel": row["channel"], "matter": row["matter"], "wanted": asked.wanted}
        session.changed("notification_choice", subject, "", **told)
    return new_id()


async def forget_notifications(runtime: Runtime) -> None:
    """Forget what is older than the settings say, until cancelled."""
    settings = runtime.settings if isinstance(runtime.settings, TicketSettings) else TicketSettings.model_construct()
    while True:
        before = now() - timedelta(days=settings.notification_days)
        while await forget(runtime.database, before) == _FORGOTTEN_AT_ONCE:
            pass
        await asyncio.sleep(settings.notification_sweep_seconds)


async def forget(database: Database, before: datetime) -> int:
    """Delete some notifications that were raised before an instant; return how many."""
    n = t.notification
    async with database.write(EVERYWHERE) as session:
        old = select(n.c.id).where(n.c.raised_at < before).order_by(n.c.raised_at).limit(_FORGOTTEN_AT_ONCE)
        gone = await session.rows(delete(n).where(n.c.id.in_(old.with_for_update(skip_locked=True))).returning(n.c.id))
        if gone:
            session.changed("notification", "", "", forgotten=len(gone), before=before)
            await write_audit(session, "system:sweep", "forgetNotifications")
    return len(gone)
