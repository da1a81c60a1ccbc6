"""Which communities have not done something: those without an act of a kind on a ticket of a process in a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select

from services.tickets.domain.levels import Level
from services.tickets.storage import tables as t
from services.tickets.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

ORDER: tuple[ColumnElement[Any], ...] = (t.region.c.code, t.region.c.id)


def communities_without(
    prefixes: Sequence[str], process: str, kind: str, period: tuple[datetime, datetime], today: date
) -> Select[Any]:
    """Return the statement of the communities in force in some regions in which nothing of a kind was done.

    `period` begins with its first instant and ends before its second.
    """
    r, c, e = t.region.c, t.ticket.c, t.entry.c
    # ":" follows "9", so every code that starts with the community's lies below it.
    below = (e.region_code >= r.code, e.region_code < func.concat(r.code, ":"))
    within = (e.at >= period[0], e.at < period[1])
    was_done = exists().where(c.id == e.ticket_id, c.process == process, e.kind == kind, *below, *within)
    return select(r.id, r.code).where(
        func.length(r.code) == Level.COMMUNITY.value,
        or_(r.closed_on.is_(None), r.closed_on > today),
        or_(false(), *(in_prefix(r.code, prefix) for prefix in prefixes)),
        ~was_done,
    )
