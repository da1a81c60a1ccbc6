"""What tickets knows of who checked in; they lie where duties do, and what is brought before them is kept by post.

Revision ID: 0116
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant

revision = "0116"
down_revision = "0113"
branch_labels = None
depends_on = None

_COPIED = "region_code, raised_at, process, process_version, step, assignee, due_at"
KEEP_BROUGHT = f"""
CREATE OR REPLACE FUNCTION keep_brought() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM brought WHERE ticket_id = NEW.id;
  INSERT INTO brought (ticket_id, title, post_region, {_COPIED})
  SELECT DISTINCT NEW.id,
    coalesce(one->>'title', 'team:' || (one->>'team'), 'checked_in:' || (one->>'checked_in')),
    left(NEW.region_code, digits), {", ".join(f"NEW.{one}" for one in _COPIED.split(", "))}
  FROM jsonb_array_elements(NEW.escalated) AS one
  JOIN (VALUES ('CITY', 4), ('DISTRICT', 6), ('SUBDISTRICT', 9), ('COMMUNITY', 12), ('GRID', 15), ('BUILDING', 18),
    ('UNIT', 20)) AS level(name, digits) ON name = one->>'level' AND length(NEW.region_code) >= digits
  WHERE NEW.ended_at IS NULL;
  RETURN NULL;
END $$"""  # noqa: S608 (a part of this module)


def upgrade() -> None:
    code = sa.Text(collation="C")
    op.create_table(
        "check_in_assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_in_id", sa.Uuid(), nullable=False, comment="the duty of that id, which may be told of later"),
        sa.Column(
            "organisation_id", sa.Uuid(), nullable=False, comment="the branch or party group that they belong to"
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="first day on which they no longer do"),
        sa.PrimaryKeyConstraint("id", name="pk_check_in_assignment"),
        comment="to which branch who checked in is assigned, as org's events told",
    )
    op.create_index("ix_check_in_assignment_check_in_id", "check_in_assignment", ["check_in_id"])
    op.create_table(
        "taken_over",
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("into_id", sa.Uuid(), nullable=False),
        sa.Column("into_code", code, nullable=False, comment="when it took over; what the region bears now is its own"),
        sa.Column("closed_on", sa.Date(), nullable=False, comment="what had ended by that day stays where it was"),
        sa.PrimaryKeyConstraint("region_id", name="pk_taken_over"),
        comment="regions that were merged into others, where check-ins go on that org does not tell of one by one",
    )
    for table in ("check_in_assignment", "taken_over"):
        op.execute(grant(table, serving_role(), "SELECT, INSERT, UPDATE"))
    op.create_table_comment(
        "duty",
        "who holds which duty, is a member of which team or checked in where, as org's events told",
        existing_comment="who holds which duty or is a member of which team, as org's events told",
    )
    op.alter_column(
        "brought",
        "title",
        comment="duty title, team: and the kind, checked_in: and the group",
        existing_comment="duty title, or team: and the kind of team",
    )
    op.execute(KEEP_BROUGHT)
