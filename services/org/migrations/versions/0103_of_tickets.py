"""What tickets answer is found by the ticket: items on the lists, and problems that partner units took on.

Revision ID: 0103
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("list_item", "joint_problem"):
        named = sa.text("ticket_id IS NOT NULL")
        op.create_index(f"ix_{table}_ticket_id", table, ["ticket_id"], postgresql_where=named)
