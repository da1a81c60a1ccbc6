"""Selections can be in another region than before: theirs was merged into it.

Revision ID: 0012
"""

from __future__ import annotations

from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    role = serving_role()
    for table in ("selection", "candidate"):
        op.execute(grant(table, role, "UPDATE (region_id)"))
