"""Personal data goes when its time is over, or when the person asks.

Revision ID: 0053
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import in_scope

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

# The serving role cannot rewrite the timeline and its files. The owner empties what residents wrote and called their
# files, of a ticket in scope whose data is erased, and nothing else.
WORDS = f"""
CREATE FUNCTION erase_words(erased uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF EXISTS (SELECT FROM ticket t WHERE t.id = erased AND t.erased_at IS NOT NULL AND {in_scope("t.region_code")}) THEN
    UPDATE entry SET reason = NULL, opinion = NULL
      WHERE ticket_id = erased AND acted_as IN ('requester', 'resident');
    UPDATE attachment SET name = '' WHERE ticket_id = erased;
  END IF;
END $$"""  # noqa: S608 (parts of this program)
REFERENCE = f"""
CREATE FUNCTION forget_reference(forgotten uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE attachment SET key = '' WHERE id = forgotten AND state = 'erased' AND {in_scope()}
$$"""  # noqa: S608


def upgrade() -> None:
    erased_at = sa.Column(
        "erased_at", sa.DateTime(timezone=True), nullable=True, comment="when the requester's data was erased"
    )
    op.add_column("ticket", erased_at)
    op.create_index(
        "ix_ticket_kept",
        "ticket",
        ["process", "process_version", "ended_at"],
        postgresql_where=sa.text("erased_at IS NULL AND ended_at IS NOT NULL"),
    )
    op.create_index(
        "ix_upload_erased", "upload", ["id"], postgresql_where=sa.text("state = 'erased' AND try_at IS NOT NULL")
    )
    op.create_index(
        "ix_attachment_erased",
        "attachment",
        ["id"],
        postgresql_where=sa.text("state = 'erased' AND upload_id IS NULL AND key <> ''"),
    )
    for function, statement in (("erase_words", WORDS), ("forget_reference", REFERENCE)):
        op.execute(statement)
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {serving_role()}")
