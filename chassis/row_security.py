"""Row-level security: the second wall, under the resolvers (PostgreSQL, "Row Security Policies").

A transaction states its scope in the setting `linli.scope`; without it nothing is seen. Policies are written for the
role that serves requests; the owner, which only migrates, is not subject to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from sqlalchemy import text

from chassis.errors import Unavailable

if TYPE_CHECKING:
    from chassis.database import Database

_OPEN_TABLES = text("SELECT relname FROM pg_class WHERE relrowsecurity AND NOT row_security_active(oid) ORDER BY 1")
_log = structlog.get_logger(__name__)

_PREFIXES = "(SELECT NULLIF(current_setting('linli.scope', true), '')::text[])"


def in_scope(column: str = "region_code") -> str:
    """Return the SQL condition that a region code lies in the transaction's scope."""
    # The subselect is evaluated once a statement, not once a row.
    return f"{column} ^@ ANY ({_PREFIXES}::text[])"


def expected_in_scope(column: str = "region_code") -> str:
    """Return the same condition, in words by which the planner expects nearly every row to meet it.

    It is so for statements that ask for a part of the scope themselves. By its own reckoning one row in twenty would,
    and it would rather fetch and sort a whole region than read a page in the order of an index.
    """
    return f"({in_scope(column)})::int <> 0"


def above_scope(column: str = "region_code") -> str:
    """Return the SQL condition that a region code is an ancestor of the transaction's scope."""
    return f"EXISTS (SELECT FROM unnest({_PREFIXES}) AS s(prefix) WHERE starts_with(s.prefix, {column}))"


def beside_scope(digits: int, column: str = "region_code") -> str:
    """Return the SQL condition that a region code lies in the transaction's scope, or is alike in its first digits.

    So whoever has a grid reads what a whole district may know: with 6 digits, of everything in the district.
    """
    areas = f"(SELECT array_agg(left(prefix, {digits})) FROM unnest({_PREFIXES}) AS s(prefix))"  # noqa: S608 (a number)
    return f"{column} ^@ ANY ({areas}::text[])"


def protect(table: str, *, read: str | None = None, write: str | None = None) -> list[str]:
    """Return the statements that put a table under row-level security; by default both ways by `region_code`."""
    read, write = read or in_scope(), write or in_scope()
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ({read})",
        f"CREATE POLICY {table}_insert ON {table} FOR INSERT WITH CHECK ({write})",
        f"CREATE POLICY {table}_update ON {table} FOR UPDATE USING ({write}) WITH CHECK ({write})",
        f"CREATE POLICY {table}_delete ON {table} FOR DELETE USING ({write})",
    ]


def grant(table: str, role: str, rights: str = "SELECT, INSERT, UPDATE, DELETE") -> str:
    """Return the statement that gives the serving role its rights on a table, and no more."""
    return f"GRANT {rights} ON {table} TO {role}"


async def limits_the_role(database: Database) -> bool:
    """Tell whether the policies hold for the role that serves requests: not for a superuser, nor a table's owner."""
    try:
        async with database.read(()) as session:
            tables = [row["relname"] for row in await session.rows(_OPEN_TABLES)]
    except Unavailable:
        return False
    if tables:
        _log.error("the role that serves requests is not under row-level security", tables=tables)
    return not tables
