"""Visits are found by the ticket that handles what they found.

Revision ID: 0106
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    handled = sa.text("ticket_id IS NOT NULL")
    op.create_index("ix_visit_ticket_id", "visit", ["ticket_id"], unique=False, postgresql_where=handled)
