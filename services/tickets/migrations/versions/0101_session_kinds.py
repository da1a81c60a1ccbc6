"""Kinds of sessions with their days of the week, and of which kind a session is.

Revision ID: 0101
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import grant

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_kind",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("days", postgresql.ARRAY(sa.Text()), nullable=False, comment="of the week"),
        sa.PrimaryKeyConstraint("code", name="pk_session_kind"),
        comment="kinds of sessions that are held regularly, by the practice",
    )
    op.execute(grant("session_kind", serving_role(), "SELECT, INSERT, UPDATE"))
    kind: sa.Column[object] = sa.Column("kind", sa.Text(), nullable=True, comment="code of the session_kind")
    op.add_column("deliberation_session", kind)
