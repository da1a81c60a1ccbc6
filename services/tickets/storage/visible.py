"""Visibility (access.py) as a condition: every read of tickets has it, under row-level security's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_

from services.tickets.storage import tables as t
from services.tickets.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from services.tickets.access import Visibility


def visible(seen: Visibility) -> ColumnElement[bool]:
    """Return the condition that a ticket is among what `seen` allows."""
    c = t.ticket.c
    conditions: list[ColumnElement[bool]] = [c.requester == seen.subject]
    conditions += (in_prefix(c.region_code, prefix) for prefix in seen.everything_in)
    for process, prefixes in seen.process_in:
        conditions.append(and_(c.process == process, or_(*(in_prefix(c.region_code, prefix) for prefix in prefixes))))
    return or_(*conditions)
