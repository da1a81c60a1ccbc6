"""Redrawings of grids, each with its report.

Revision ID: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from services.org.storage.register_v1 import region_code, serve

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "redrawing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("report", JSONB(), nullable=False, comment="what went from which grid to which"),
        sa.Column("done_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_redrawing_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_redrawing"),
        comment="redrawings of grids (网格调整), with what they moved",
    )
    op.create_index("ix_redrawing_region_code", "redrawing", ["region_code", "id"], unique=False)
    serve("redrawing")
