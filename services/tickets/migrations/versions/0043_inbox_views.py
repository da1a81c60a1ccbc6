"""Saved views of what waits for a duty.

Revision ID: 0043
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0043"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    code = sa.Text(collation="C")
    op.create_table(
        "inbox_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False, comment="duty title whose holders have it"),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", code, nullable=False, comment="where the duty is held; re-stamped when recoded"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("filter", postgresql.JSONB(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox_view"),
        comment="views of what waits for a duty, saved by its holders",
    )
    op.create_index("ix_inbox_view_region_code_title", "inbox_view", ["region_code", "title"])
    op.create_index("ix_inbox_view_region_id", "inbox_view", ["region_id"])
    op.execute(grant("inbox_view", serving_role()))
    for statement in protect("inbox_view"):
        op.execute(statement)
