"""Where compounds lie.

Revision ID: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("compound", sa.Column("latitude", sa.Float(), nullable=True, comment="in degrees, north"))
    op.add_column("compound", sa.Column("longitude", sa.Float(), nullable=True, comment="in degrees, east"))
    op.create_check_constraint("ck_compound_whole_place", "compound", "num_nulls(latitude, longitude) <> 1")
