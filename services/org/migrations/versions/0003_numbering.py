"""Numbers of events in one row for a batch while it is published.

Revision ID: 0003
"""

from __future__ import annotations

from chassis.tables_v2 import upgrade_tables

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    upgrade_tables()
