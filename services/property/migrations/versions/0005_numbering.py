"""Numbers of events in one row for a batch while it is published.

Revision ID: 0005
"""

from __future__ import annotations

from chassis.tables_v2 import upgrade_tables

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    upgrade_tables()
