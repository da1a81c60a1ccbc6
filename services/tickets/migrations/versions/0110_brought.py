"""Open tickets by the posts before which they were brought, so that an inbox reads only its own.

Revision ID: 0110
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import expected_in_scope, grant, protect

revision = "0110"
down_revision = "0105"
branch_labels = None
depends_on = None

DIGITS = """(VALUES ('CITY', 4), ('DISTRICT', 6), ('SUBDISTRICT', 9), ('COMMUNITY', 12), ('GRID', 15), ('BUILDING', 18),
    ('UNIT', 20)) AS level(name, digits)"""
# A ticket that lies above a level has no post there.
POSTS = f"""
  INSERT INTO brought (ticket_id, title, post_region, region_code, raised_at)
  SELECT DISTINCT t.id, coalesce(one->>'title', 'team:' || (one->>'team')), left(t.region_code, digits), t.region_code,
    t.raised_at
  FROM {{tickets}} AS t CROSS JOIN LATERAL jsonb_array_elements(t.escalated) AS one
  JOIN {DIGITS} ON name = one->>'level' AND length(t.region_code) >= digits
  WHERE t.ended_at IS NULL"""  # noqa: S608 (a part of this module)


def upgrade() -> None:
    code = sa.Text(collation="C")
    op.create_table(
        "brought",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False, comment="duty title, or team: and the kind of team"),
        sa.Column("post_region", code, nullable=False, comment="where the title is held"),
        sa.Column("region_code", code, nullable=False, comment="of the ticket"),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_brought_ticket_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ticket_id", "title", "post_region", name="pk_brought"),
        comment="open tickets by the posts before which they were brought, kept by the database",
    )
    op.execute(POSTS.format(tickets="ticket"))
    op.create_index("ix_brought_post", "brought", ["title", "post_region", "raised_at", "ticket_id"])
    op.execute(grant("brought", serving_role(), "SELECT"))
    for statement in protect("brought", read=expected_in_scope()):
        op.execute(statement)
    # By the owner: nobody else writes here.
    op.execute(f"""
CREATE FUNCTION keep_brought() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM brought WHERE ticket_id = NEW.id;
  {POSTS.format(tickets="(SELECT NEW.*)")};
  RETURN NULL;
END $$""")  # noqa: S608 (a part of this module)
    op.execute("""
CREATE TRIGGER keep_brought_insert AFTER INSERT ON ticket FOR EACH ROW
WHEN (NEW.escalated <> '[]') EXECUTE FUNCTION keep_brought()""")
    op.execute("""
CREATE TRIGGER keep_brought_update AFTER UPDATE ON ticket FOR EACH ROW
WHEN ((NEW.escalated <> '[]' OR OLD.escalated <> '[]') AND (NEW.escalated, NEW.region_code, NEW.raised_at, NEW.ended_at)
  IS DISTINCT FROM (OLD.escalated, OLD.region_code, OLD.raised_at, OLD.ended_at)) EXECUTE FUNCTION keep_brought()""")
    for level in ("district", "subdistrict", "community"):
        op.drop_index(f"ix_ticket_escalated_{level}", "ticket")
