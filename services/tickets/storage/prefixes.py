"""Regions as conditions: prefix ranges on code columns (collation "C"), and what tickets have for whole regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Text, and_, literal, true

from chassis.built import Value, literals
from services.tickets.storage import tables as t
from services.tickets.storage.ticket_indexes import LEVELS

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import SQLCoreOperations

_TEXT = Text()
_MOST = max(LEVELS)


def beyond(prefix: str) -> str:
    """Return what every code that starts with `prefix` (digits) lies below: ":" follows "9"."""
    return prefix + ":"


def in_prefix(column: SQLCoreOperations[Any], prefix: str) -> ColumnElement[bool]:
    """Return the condition that a code starts with `prefix` (digits); an empty prefix is everywhere."""
    if not prefix:
        return true()
    return and_(column >= literal(prefix), column < literal(beyond(prefix)))


def in_region(prefix: str) -> ColumnElement[bool]:
    """Return the condition that a ticket lies in a region, as the indexes that give pages in order take it."""
    return in_region_of(len(prefix), literals(region_values(prefix)))


def in_region_of(digits: int, value: Value) -> ColumnElement[bool]:
    """Return the same for any region whose code has so many digits, its `region_values` given by name."""
    if not digits:
        return true()
    code = t.ticket.c.region_code
    inside = and_(code >= value("region", _TEXT), code < value("region_end", _TEXT))
    column = LEVELS.get(min(digits, _MOST))
    if column is None:
        return inside
    within = t.ticket.c[column] == value("region_known", _TEXT)
    return within if digits in LEVELS else and_(within, inside)


def region_values(prefix: str) -> dict[str, str]:
    """Return the values of `in_region_of`."""
    return {"region": prefix, "region_end": beyond(prefix), "region_known": prefix[:_MOST]}
