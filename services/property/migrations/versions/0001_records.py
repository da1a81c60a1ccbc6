"""What every service has: audit record, idempotency keys, outbox, inbox.

Revision ID: 0001
"""

from __future__ import annotations

from chassis.tables_v1 import create_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_tables()
