"""Rows of notifications: who finds which in their inbox, and what is stored of one."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, any_, literal, not_, or_, select, text

from chassis.database import EVERYWHERE, scope_literal
from services.tickets.domain.notification_rules import Audience, Channel
from services.tickets.domain.telling import Joined
from services.tickets.storage import tables as t
from services.tickets.storage.prefixes import in_prefix
from services.tickets.storage.visible import visible

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Sequence
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession, WriteSession
    from services.tickets.access import Visibility
    from services.tickets.storage.duties import HeldDuty

MOST_JOINED = 1000
ORDER: tuple[ColumnElement[Any], ...] = (t.notification.c.raised_at, t.notification.c.id)
_SET_SCOPE = text("SELECT set_config('linli.scope', :scope, true)")
_SCOPE = text("SELECT current_setting('linli.scope', true)")
_OF_TICKET = ("number", "process", "process_version", "category")


@asynccontextmanager
async def by_the_service(session: WriteSession) -> AsyncIterator[None]:
    """Let the transaction see and write everywhere for a while.

    Whoever joined a ticket to another may see only one of them, and still both requesters are told.
    """
    scope = await session.scalar(_SCOPE)
    await session.execute(_SET_SCOPE, {"scope": scope_literal(EVERYWHERE)})
    yield
    await session.execute(_SET_SCOPE, {"scope": scope})


async def joined_to(session: ReadSession, ticket_id: UUID) -> list[Joined]:
    """Return the tickets that were joined to one, with who raised them; in everybody's scope, at most 1000."""
    c = t.ticket.c
    theirs = select(c.id, c.number, c.region_code, c.requester)
    theirs = theirs.where(c.joined_into == ticket_id, c.requester.is_not(None)).order_by(c.id).limit(MOST_JOINED)
    return [Joined(**row) for row in await session.rows(theirs)]


async def choices_of(session: ReadSession, subjects: Collection[str]) -> set[tuple[str, str, str]]:
    """Return what people chose not to be told: subject, channel and matter."""
    if not subjects:
        return set()
    c = t.notification_choice.c
    rows = await session.rows(select(c.subject, c.channel, c.matter).where(c.subject.in_(sorted(subjects))))
    return {(row["subject"], row["channel"], row["matter"]) for row in rows}


def for_reader(subject: str, duties: Sequence[HeldDuty], seen: Visibility) -> Select[Any]:
    """Return the statement of what somebody finds in their inbox; `duties` are those they may act by today.

    What is about a ticket is found as long as they see the ticket, but for the answer to their own objection.
    """
    n, c = t.notification.c, t.ticket.c
    addressed = [n.subject == subject]
    for one in duties:
        here = in_prefix(n.region_code, one.region_code)
        addressed.append(and_(n.title == one.title, n.level == len(one.region_code), here))
        if one.organisation_id is not None:
            addressed.append(and_(n.body == one.organisation_id, literal(one.title) == any_(n.titles)))
        if one.stands_in_for is not None:
            # What was made the turn of who is away; never what they are told as a resident.
            lent = and_(n.subject == str(one.stands_in_for), n.audience == Audience.IN_TURN.value, here)
            addressed.append(and_(lent, or_(c.requester.is_(None), c.requester != n.subject)))
    own = and_(n.audience == Audience.OBJECTOR.value, n.subject == subject)
    allowed = or_(n.ticket_id.is_(None), visible(seen), own)
    choice = t.notification_choice.c
    declined = select(choice.matter).where(choice.subject == subject, choice.channel == Channel.INBOX.value)
    of_ticket = [c[name].label(name) for name in _OF_TICKET]
    joined = t.notification.outerjoin(t.ticket, c.id == n.ticket_id)
    statement = select(t.notification, *of_ticket).select_from(joined)
    return statement.where(or_(*addressed), allowed, n.matter.not_in(declined))


def unread(statement: Select[Any], subject: str) -> Select[Any]:
    """Return the statement of those of an inbox that somebody has not read."""
    return statement.where(not_(literal(subject) == any_(t.notification.c.read_by)))


async def newest_of(session: ReadSession, statement: Select[Any]) -> UUID | None:
    """Return the newest there is."""
    n = t.notification.c
    newest = statement.with_only_columns(n.id).order_by(n.raised_at.desc(), n.id.desc()).limit(1)
    found: UUID | None = await session.scalar(newest)
    return found


async def load_choices(session: ReadSession, subjects: list[str]) -> list[list[RowMapping]]:
    """Return the choices of people, in order."""
    c = t.notification_choice.c
    rows = await session.rows(select(t.notification_choice).where(c.subject.in_(subjects)).order_by(*_KEY))
    return [[row for row in rows if row["subject"] == subject] for subject in subjects]


_KEY = (t.notification_choice.c.channel, t.notification_choice.c.matter)
