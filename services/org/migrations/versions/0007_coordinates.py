"""Where stations stand.

Revision ID: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("station", sa.Column("latitude", sa.Float(), nullable=True, comment="in degrees, north"))
    op.add_column("station", sa.Column("longitude", sa.Float(), nullable=True, comment="in degrees, east"))
    op.create_index("ix_station_latitude", "station", ["latitude", "longitude"], unique=False)
