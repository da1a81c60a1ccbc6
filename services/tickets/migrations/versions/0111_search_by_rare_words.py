"""Search by the rare ones of several words, and look at what is found for the others.

Revision ID: 0111
"""

from __future__ import annotations

from importlib import import_module

from alembic import op

from chassis.migrations import serving_role

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None

_BEFORE = import_module("services.tickets.migrations.versions.0098_search").SEARCH
# The index answers `@@`; what is compared with TRUE it leaves to be looked at.
SEARCH = (
    _BEFORE.replace("at_most int)", "at_most int, found_by tsquery DEFAULT NULL)")
    .replace("WHERE words @@ $1 AND", "WHERE words @@ $6 AND (words @@ $1) IS TRUE AND")
    .replace("months, at_most;", "months, at_most, coalesce(found_by, wanted);")
)


def upgrade() -> None:
    op.execute("DROP FUNCTION search_tickets")
    op.execute(SEARCH)
    op.execute("REVOKE EXECUTE ON FUNCTION search_tickets FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION search_tickets TO {serving_role()}")
