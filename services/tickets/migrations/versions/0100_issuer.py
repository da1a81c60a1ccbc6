"""The duty by which a ticket was raised: whoever handed a task down hears when it is late.

Revision ID: 0100
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0100"
down_revision = "0098"
branch_labels = None
depends_on = None


def upgrade() -> None:
    issuer: sa.Column[object] = sa.Column("issuer", JSONB(), nullable=True, comment="the duty by which it was raised")
    op.add_column("ticket", issuer)
