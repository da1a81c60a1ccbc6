"""The practice's service circles.

Revision ID: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import grant

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_circle",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False, comment="on foot"),
        sa.Column(
            "station_kinds",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="empty: of any kind",
        ),
        sa.CheckConstraint("minutes > 0", name="ck_service_circle_minutes"),
        sa.PrimaryKeyConstraint("code", name="pk_service_circle"),
        comment="within how many minutes on foot there is to be a station (服务圈)",
    )
    op.execute(grant("service_circle", serving_role()))
