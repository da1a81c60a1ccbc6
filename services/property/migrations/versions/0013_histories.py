"""Indexes by which what a compound had before is read in pages.

Revision ID: 0013
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, day in (("lack", "registered_on"), ("contract", "starts_on"), ("service_system", "valid_from")):
        op.create_index(f"ix_{table}_compound_id_{day}_id", table, ["compound_id", day, "id"])
