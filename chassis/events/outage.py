"""Telling that the database is away from that something is wrong with an event."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, InterfaceError

_PASSING = ("08", "40", "53", "57P")
"""Classes of SQLSTATE: connection, rollback by conflict, resources, shutdown (PostgreSQL, appendix A)."""


def is_outage(error: BaseException) -> bool:
    """Tell whether an error is about the database being away or overtaxed, and so passes without anyone's doing."""
    if isinstance(error, DBAPIError) and (error.connection_invalidated or isinstance(error, InterfaceError)):
        return True
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    if isinstance(state, str):
        return state.startswith(_PASSING)
    return isinstance(error, OSError | TimeoutError)
