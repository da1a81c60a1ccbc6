"""People whose data were erased.

Revision ID: 0121
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0121"
down_revision = "0111"
branch_labels = None
depends_on = None


def upgrade() -> None:
    comment = "what identifies them is gone since then"
    op.add_column("person", sa.Column("erased_on", sa.Date(), nullable=True, comment=comment))
