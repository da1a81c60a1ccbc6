"""What is said of a community, and what it offers, is read by whoever lives or works in it; what a switch mustered.

Revision ID: 0111
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.row_security import above_scope, beside_scope, in_scope

revision = "0111"
down_revision = "0108"
branch_labels = None
depends_on = None

FROM_BELOW = (
    "community_mode",
    "community_profile",
    "distinction",
    "list_item",
    "list_link",
    "activity",
    "activity_part",
)
DISTRICT_DIGITS = 6


def upgrade() -> None:
    # Written in scope only, as before.
    for table in FROM_BELOW:
        read_by(table, f"{in_scope()} OR {above_scope()}")
    read_by("station", f"{beside_scope(DISTRICT_DIGITS)} OR {above_scope()}")
    comment = "people in each group then, by code; null: not kept"
    op.add_column("community_mode", sa.Column("mustered", JSONB(), nullable=True, comment=comment))


def read_by(table: str, condition: str) -> None:
    """Let the rows of a table be read that fulfil a condition."""
    op.execute(f"DROP POLICY {table}_read ON {table}")
    op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ({condition})")
