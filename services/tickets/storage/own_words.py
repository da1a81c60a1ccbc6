"""What somebody wrote or said beside tickets of their own: found by whose it is, locked, and emptied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
    update,
)

from services.tickets.domain.deliberation import SPEAK_FOR_THEMSELVES
from services.tickets.domain.own_words import Words, WordsKind
from services.tickets.domain.process import RESIDENT, Kind
from services.tickets.domain.uploads import UploadState
from services.tickets.storage import tables as t
from services.tickets.storage.personal_data import erase_files
from services.tickets.storage.scope import everywhere

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import RowMapping, Table

    from chassis.database import WriteSession

_ERASE_ACT = text("SELECT erase_act(CAST(:ticket_id AS uuid), :line, :author)")
"""A function of the owner (migration 0113): the serving role cannot rewrite the timeline."""


def own_words(subject: str, person: UUID | None) -> Select[Any]:
    """Return the statement of all words of somebody that are left, by their token's subject or as a person of org."""
    each = [_of(kind, subject, person) for kind in WordsKind]
    every = union_all(*each).subquery("own_words")
    return select(*every.c).where(every.c.is_left)


async def locked(session: WriteSession, which: Words, subject: str, person: UUID | None) -> RowMapping | None:
    """Lock what certain words belong to and return their row; None unless they are somebody's own, and seen."""
    mine = _of(which.kind, subject, person).subquery()
    this = (mine.c.id == which.id) & (mine.c.number == which.number)
    found = await session.row(select(mine).where(this))
    if found is None:
        return None
    owner, key = _OWNERS[which.kind]
    async with everywhere(session):
        # A session may lie above the scope of who spoke at it; whose words they are was asked within the scope.
        held = await session.row(select(owner.c.id).where(owner.c.id == found[key]).with_for_update())
        return None if held is None else await session.row(select(mine).where(this))


async def over(session: WriteSession, before: datetime, most: int) -> list[RowMapping]:
    """Lock some opinions and reports of what was over before an instant, and return which are left of them.

    Of deliberations about a ticket they go with the ticket, which has a time of its own.
    """
    o, d, b = t.deliberation_opinion.c, t.deliberation.c, t.burden.c
    for_themselves = o.party.in_(sorted(SPEAK_FOR_THEMSELVES))
    said = _all_opinions().where(for_themselves, o.text != "", d.ticket_id.is_(None), d.resolved_at < before)
    reported = _all_burdens().where(b.description != "", b.answered_at < before)
    held = ((said, t.deliberation), (reported, t.burden))
    found = [part.limit(most).with_for_update(of=table, skip_locked=True) for part, table in held]
    return [row for one in found for row in await session.rows(one)]


async def erase(session: WriteSession, which: Words, subject: str, at: datetime) -> None:
    """Empty words whose row is locked, and let the files go that came with them."""
    o, b, said = t.objection, t.burden, t.deliberation_opinion
    if which.kind is WordsKind.ACT:
        await session.execute(_ERASE_ACT, {"ticket_id": which.id, "line": which.number, "author": subject})
        await erase_files(session, which.id, at, line=which.number)
    elif which.kind is WordsKind.OBJECTION:
        await session.execute(update(o).where(o.c.id == which.id).values(reason=""))
    elif which.kind is WordsKind.BURDEN:
        await session.execute(update(b).where(b.c.id == which.id).values(description=""))
    else:
        this = (said.c.session_id == which.id) & (said.c.position == which.number)
        async with everywhere(session):
            await session.execute(update(said).where(this).values(text="", person_id=None))


_OWNERS: dict[WordsKind, tuple[Table, str]] = {
    WordsKind.OBJECTION: (t.ticket, "ticket_id"),
    WordsKind.ACT: (t.ticket, "ticket_id"),
    WordsKind.BURDEN: (t.burden, "id"),
    WordsKind.OPINION: (t.deliberation, "deliberation_id"),
}
"""What is locked, and by which column it is found."""


def _of(kind: WordsKind, subject: str, person: UUID | None) -> Select[Any]:
    """Return the statement of somebody's words of a kind: which, when, what, where, about what, and whether over."""
    if kind is WordsKind.OBJECTION:
        o = t.objection.c
        columns = _columns(kind, o.id, literal(0), o.raised_at, o.reason, o.region_code, o.ticket_id)
        over = t.ticket.c.ended_at.is_not(None)
        plain = select(*columns, *_more(over, o.reason != "")).join_from(t.objection, t.ticket)
        return plain.where(o.by == subject)
    if kind is WordsKind.BURDEN:
        return _all_burdens().where(t.burden.c.reported_by == subject)
    if kind is WordsKind.ACT:
        return _acts(subject)
    return _all_opinions().where(false() if person is None else t.deliberation_opinion.c.person_id == person)


def _acts(subject: str) -> Select[Any]:
    e, a = t.entry.c, t.attachment.c
    words = func.concat_ws("\n", e.reason, e.opinion)
    files = exists().where(a.ticket_id == e.ticket_id, a.seq == e.seq, a.state != UploadState.ERASED.value)
    columns = _columns(WordsKind.ACT, e.ticket_id, e.seq, e.at, words, e.region_code, e.ticket_id)
    over, left = t.ticket.c.ended_at.is_not(None), or_(words != "", files)
    # What one raised oneself goes with the ticket's own data.
    mine = and_(e.by == subject, e.acted_as == RESIDENT, e.kind != Kind.RAISE.value)
    return select(*columns, *_more(over, left)).join_from(t.entry, t.ticket).where(mine)


def _all_burdens() -> Select[Any]:
    b = t.burden.c
    columns = _columns(WordsKind.BURDEN, b.id, literal(0), b.reported_at, b.description, b.region_code, b.ticket_id)
    return select(*columns, *_more(b.answered_at.is_not(None), b.description != ""))


def _all_opinions() -> Select[Any]:
    o, s, d = t.deliberation_opinion.c, t.deliberation_session.c, t.deliberation.c
    columns = _columns(WordsKind.OPINION, o.session_id, o.position, s.held_at, o.text, o.region_code, d.ticket_id)
    joined = select(*columns, *_more(d.resolved_at.is_not(None), o.text != "", d.id))
    return joined.join_from(t.deliberation_opinion, t.deliberation_session).join(t.deliberation)


def _columns(
    kind: WordsKind,
    id_: ColumnElement[Any],
    number: ColumnElement[Any],
    said_at: ColumnElement[Any],
    words: ColumnElement[Any],
    region_code: ColumnElement[Any],
    ticket_id: ColumnElement[Any],
) -> tuple[ColumnElement[Any], ...]:
    return (
        literal(kind.value, Text()).label("kind"),
        id_.label("id"),
        cast(number, Integer).label("number"),
        cast(said_at, DateTime(timezone=True)).label("said_at"),
        words.label("words"),
        region_code.label("region_code"),
        ticket_id.label("ticket_id"),
    )


def _more(
    is_over: ColumnElement[Any], is_left: ColumnElement[Any], deliberation: ColumnElement[Any] | None = None
) -> tuple[ColumnElement[Any], ...]:
    known = cast(None, Uuid) if deliberation is None else deliberation
    return is_over.label("is_over"), is_left.label("is_left"), known.label("deliberation_id")
