"""What belongs to tickets and grows for as long as they are under way, read in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import TextClause, literal_column, select, text

from chassis.database import keeps_plan
from chassis.graphql.belongings import Belongings
from services.tickets.domain.uploads import UploadState
from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from sqlalchemy import ColumnElement, RowMapping, Select, Table

    from chassis.database import ReadSession

    Line = tuple[UUID, int]
    """A line of a timeline: its ticket and its place."""


def _of(table: Table, owner: str = "ticket_id") -> Callable[[ColumnElement[Any]], Select[Any]]:
    return lambda id_: select(table).where(table.c[owner] == id_)


def _public_attachments(ticket_id: ColumnElement[Any]) -> Select[Any]:
    """Choose the files that came with what was made public, and can be read."""
    a, e = t.attachment, t.entry.c
    of_notice = (e.ticket_id == a.c.ticket_id) & (e.seq == a.c.seq) & e.notice.is_not(None)
    is_available = a.c.state == literal_column(f"'{UploadState.AVAILABLE}'")
    return select(a).join(t.entry, of_notice).where(a.c.ticket_id == ticket_id, is_available)


ENTRIES = Belongings("Ticket.timeline", _of(t.entry), ("seq",))
"""The lines of timelines, the first first."""
ATTACHMENTS = Belongings("Ticket.attachments", _of(t.attachment), ("seq", "position"))
"""All files of tickets, in the order they came."""
PUBLIC_ATTACHMENTS = Belongings("PublicTicket.attachments", _public_attachments, ("seq", "position"))
"""Of them those that everyone may fetch."""
CLOCKS = Belongings("Ticket.deadlines", _of(t.clock), ("started_at", "kind", "number"))
"""The clocks of tickets, in the order they started."""
HAND_DOWNS = Belongings("Ticket.handDowns", _of(t.hand_down), ("seq",))
"""What was handed down, the first first."""
OWNERS_VOTES = Belongings("Ticket.ownersVotes", _of(t.owners_vote), ("announced_at", "id"))
"""The votes that tickets led to, the first first."""
DELIBERATIONS = Belongings("Ticket.deliberations", _of(t.deliberation), ("begun_at", "id"))
"""The deliberations about tickets, the first first."""
SESSIONS = Belongings("Deliberation.sessions", _of(t.deliberation_session, "deliberation_id"), ("starts_at", "id"))
"""The sessions of deliberations, the first first."""


def _of_lines(table: Table, order: str) -> TextClause:
    """Return the statement of what came with some lines; plain, for each page asks for it (0016)."""
    names = ", ".join(f'r."{column.name}"' for column in table.c)
    of_them = f"""
SELECT {names} FROM unnest(CAST(:tickets AS uuid[]), CAST(:seqs AS integer[])) AS line (ticket_id, seq)
JOIN {table.name} AS r USING (ticket_id, seq) ORDER BY {order}"""  # noqa: S608
    return keeps_plan(text(of_them))


_ATTACHED, _DELIVERED = _of_lines(t.attachment, "r.position"), _of_lines(t.deliverable, "r.position")
_FLAGS = _of_lines(t.admission_flag, "r.at, r.id")


async def _by_line(session: ReadSession, statement: TextClause, lines: list[Line]) -> list[list[RowMapping]]:
    found: dict[Line, list[RowMapping]] = {line: [] for line in lines}
    given = {"tickets": [ticket for ticket, _ in lines], "seqs": [seq for _, seq in lines]}
    for row in await session.rows(statement, given):
        found[row["ticket_id"], row["seq"]].append(row)
    return [found[line] for line in lines]


async def load_attached(session: ReadSession, lines: list[Line]) -> list[list[RowMapping]]:
    """Return the files that came with lines, in their order."""
    return await _by_line(session, _ATTACHED, lines)


async def load_delivered(session: ReadSession, lines: list[Line]) -> list[list[RowMapping]]:
    """Return all that had been delivered by lines, as they said."""
    return await _by_line(session, _DELIVERED, lines)


async def load_flags(session: ReadSession, lines: list[Line]) -> list[list[RowMapping]]:
    """Return the items of entry control that speak of what lines handed down."""
    return await _by_line(session, _FLAGS, lines)
