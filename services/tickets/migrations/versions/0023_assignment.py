"""Whose turn it is among those who hold a step's duty.

Revision ID: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    whose: sa.Column[object] = sa.Column(
        "assignee", sa.Uuid(), nullable=True, comment="person whose turn it is in the step"
    )
    op.add_column("ticket", whose)
    named: sa.Column[object] = sa.Column("assignee", sa.Uuid(), nullable=True, comment="person whose turn it was to be")
    op.add_column("entry", named)
