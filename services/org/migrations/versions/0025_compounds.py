"""Compounds, as property's events tell of them.

Revision ID: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.org.storage.register_v1 import region_code, serve

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "compound",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True, comment="in degrees, north"),
        sa.Column("longitude", sa.Float(), nullable=True, comment="in degrees, east"),
        sa.CheckConstraint("num_nulls(latitude, longitude) <> 1", name="ck_compound_whole_place"),
        sa.PrimaryKeyConstraint("id", name="pk_compound"),
        comment="compounds (小区) as property's events told of them",
    )
    op.create_index("ix_compound_region_code", "compound", ["region_code", "id"])
    op.create_index("ix_compound_region_id", "compound", ["region_id"])
    serve("compound")
