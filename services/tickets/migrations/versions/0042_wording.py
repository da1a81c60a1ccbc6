"""What tickets say, indexed by pairs of characters, and the search in it.

Revision ID: 0042
"""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import grant, in_scope, protect
from services.tickets.domain.wording import vector

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

# Row-level security lets no index be used for what it does not know to be safe, and `@@` is not marked so. The owner
# searches instead, in the same scope as the policy's: it tells ids of tickets that the caller's transaction may see.
SEARCH = f"""
CREATE FUNCTION search_tickets(wanted tsquery, prefix text, at_most int) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RETURN QUERY EXECUTE
    'SELECT ticket_id FROM wording WHERE words @@ $1 AND region_code >= $2 AND region_code < $2 || '':'' '
    'AND {in_scope().replace("'", "''")} LIMIT $3'
    USING wanted, prefix, at_most;
END $$"""  # noqa: S608 (parts of this program)
AT_ONCE = 1000


def upgrade() -> None:
    op.create_table(
        "wording",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False, comment="pairs of characters of title and content"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_wording_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_wording"),
        comment="what tickets say, as it is searched",
    )
    _fill()
    op.create_index("ix_wording_words", "wording", ["words"], postgresql_using="gin")
    op.create_index("ix_wording_region_code", "wording", ["region_code"])
    role = serving_role()
    op.execute(grant("wording", role, "SELECT, INSERT, UPDATE"))
    for statement in protect("wording"):
        op.execute(statement)
    op.execute(SEARCH)
    op.execute("REVOKE EXECUTE ON FUNCTION search_tickets FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION search_tickets TO {role}")


def _fill() -> None:
    """Index the tickets that are there already."""
    connection = op.get_bind()
    following = sa.text(
        "SELECT id, region_code, title, description FROM ticket WHERE id > :last ORDER BY id LIMIT :at_once"
    )
    insert = sa.text("INSERT INTO wording VALUES (:id, :code, CAST(:words AS tsvector))")
    last = UUID(int=0)
    while rows := connection.execute(following, {"last": last, "at_once": AT_ONCE}).all():
        found = [{"id": row[0], "code": row[1], "words": vector(row[2], row[3])} for row in rows]
        connection.execute(insert, found)
        last = rows[-1][0]
