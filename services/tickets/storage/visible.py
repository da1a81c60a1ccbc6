"""Visibility (access.py) as a condition: every read of tickets has it, under row-level security's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_, true

from services.tickets.storage import tables as t
from services.tickets.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from services.tickets.access import Visibility


def visible(seen: Visibility, prefix: str = "") -> ColumnElement[bool]:
    """Return the condition that a ticket, known to lie in the region `prefix`, is among what `seen` allows.

    What is seen in the whole region is asked for by process alone: the fewer conditions a row must meet, and the
    plainer they are, the better the planner knows how many do.
    """
    c = t.ticket.c
    if any(prefix.startswith(one) for one in seen.everything_in):
        return true()
    conditions: list[ColumnElement[bool]] = [c.requester == seen.subject]
    conditions += (in_prefix(c.region_code, one) for one in seen.everything_in if one.startswith(prefix))
    whole = [process for process, prefixes in seen.process_in if any(prefix.startswith(one) for one in prefixes)]
    if whole:
        conditions.append(c.process.in_(whole))
    for process, prefixes in seen.process_in:
        inside = [in_prefix(c.region_code, one) for one in prefixes if one.startswith(prefix)]
        if inside and process not in whole:
            conditions.append(and_(c.process == process, or_(*inside)))
    return or_(*conditions)
