"""What an organisation's performance is read by.

Revision ID: 0044
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_ticket_responsible", "ticket", ["responsible"], postgresql_where=sa.text("responsible IS NOT NULL")
    )
    op.create_index(
        "ix_entry_answers_for", "entry", ["answers_for"], postgresql_where=sa.text("answers_for IS NOT NULL")
    )
