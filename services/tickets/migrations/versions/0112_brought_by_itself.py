"""Let what was brought before a post say itself what an inbox counts of it: its index answers alone.

Revision ID: 0112
"""

from __future__ import annotations

from importlib import import_module

import sqlalchemy as sa
from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None

_DIGITS = import_module("services.tickets.migrations.versions.0110_brought").DIGITS
_COPIED = ("region_code", "raised_at", "process", "process_version", "step", "assignee", "due_at")


def _of(row: str) -> str:
    return ", ".join(f"{row}.{one}" for one in _COPIED)


POSTS = f"""
  INSERT INTO brought (ticket_id, title, post_region, {", ".join(_COPIED)})
  SELECT DISTINCT t.id, coalesce(one->>'title', 'team:' || (one->>'team')), left(t.region_code, digits), {_of("t")}
  FROM {{tickets}} AS t CROSS JOIN LATERAL jsonb_array_elements(t.escalated) AS one
  JOIN {_DIGITS} ON name = one->>'level' AND length(t.region_code) >= digits
  WHERE t.ended_at IS NULL"""  # noqa: S608 (parts of this module)


def upgrade() -> None:
    op.execute("DELETE FROM brought")
    for name, type_, nullable in (
        ("process", sa.Text(), False),
        ("process_version", sa.Integer(), False),
        ("step", sa.Text(), False),
        ("assignee", sa.Uuid(), True),
        ("due_at", sa.DateTime(timezone=True), True),
    ):
        op.add_column("brought", sa.Column(name, type_, nullable=nullable))
    op.execute(POSTS.format(tickets="ticket"))
    op.drop_index("ix_brought_post", "brought")
    op.create_index(
        "ix_brought_post",
        "brought",
        ["title", "post_region", "raised_at", "ticket_id"],
        postgresql_include=["region_code", "process", "process_version", "step", "assignee", "due_at"],
    )
    # What the index alone answers depends on pages that were cleaned since they last changed.
    op.execute("ALTER TABLE brought SET (autovacuum_vacuum_scale_factor = 0.02)")
    op.execute("ALTER TABLE brought SET (autovacuum_vacuum_insert_scale_factor = 0.02)")
    op.execute(f"""
CREATE OR REPLACE FUNCTION keep_brought() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM brought WHERE ticket_id = NEW.id;
  {POSTS.format(tickets="(SELECT NEW.*)")};
  RETURN NULL;
END $$""")  # noqa: S608 (parts of this module)
    op.execute("DROP TRIGGER keep_brought_update ON ticket")
    op.execute(f"""
CREATE TRIGGER keep_brought_update AFTER UPDATE ON ticket FOR EACH ROW
WHEN ((NEW.escalated <> '[]' OR OLD.escalated <> '[]')
  AND (NEW.escalated, NEW.ended_at, {_of("NEW")}) IS DISTINCT FROM (OLD.escalated, OLD.ended_at, {_of("OLD")}))
EXECUTE FUNCTION keep_brought()""")
