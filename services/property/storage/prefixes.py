"""Prefix ranges on code columns (collation "C"), which an ordinary index answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, literal, true

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import SQLCoreOperations


def in_prefix(column: SQLCoreOperations[Any], prefix: str) -> ColumnElement[bool]:
    """Return the condition that a code starts with `prefix` (digits); an empty prefix is everywhere."""
    if not prefix:
        return true()
    # ":" follows "9", so every code that starts with the prefix lies below it.
    return and_(column >= literal(prefix), column < literal(prefix + ":"))
