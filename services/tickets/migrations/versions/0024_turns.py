"""Find the tickets that are somebody's turn.

Revision ID: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_ticket_assignee",
        "ticket",
        ["assignee", "raised_at", "id"],
        postgresql_where=sa.text("assignee IS NOT NULL"),
    )
