"""Regions as conditions: prefix ranges on code columns (collation "C"), and what tickets have for whole regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, literal, true

from services.tickets.storage import tables as t
from services.tickets.storage.ticket_indexes import LEVELS

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import SQLCoreOperations


def in_prefix(column: SQLCoreOperations[Any], prefix: str) -> ColumnElement[bool]:
    """Return the condition that a code starts with `prefix` (digits); an empty prefix is everywhere."""
    if not prefix:
        return true()
    # ":" follows "9", so every code that starts with the prefix lies below it.
    return and_(column >= literal(prefix), column < literal(prefix + ":"))


def in_region(prefix: str) -> ColumnElement[bool]:
    """Return the condition that a ticket lies in a region, as the indexes that give pages in order take it."""
    column = LEVELS.get(min(len(prefix), max(LEVELS)))
    if column is None:
        return in_prefix(t.ticket.c.region_code, prefix)
    within = t.ticket.c[column] == prefix[: max(LEVELS)]
    return within if len(prefix) in LEVELS else and_(within, in_prefix(t.ticket.c.region_code, prefix))
