"""Money that is set aside for what a ticket asks, or was spent on it.

Revision ID: 0040
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    amount: sa.Column[object] = sa.Column(
        "amount", sa.BigInteger(), nullable=True, comment="money set aside or spent, in 0.01 yuan"
    )
    op.add_column("entry", amount)
