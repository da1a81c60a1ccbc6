"""The practice's staffing standard, and how many households and people live in each grid.

Revision ID: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staffing_standard",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("fewest_households", sa.Integer(), nullable=False),
        sa.Column("most_households", sa.Integer(), nullable=False),
        sa.Column("fewest_residents", sa.Integer(), nullable=False),
        sa.Column("most_residents", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["title"], ["duty_title.code"], name="fk_staffing_standard_title"),
        sa.PrimaryKeyConstraint("title", name="pk_staffing_standard"),
        comment="for how many households and residents of a grid there is one holder of a title (网格员配备标准)",
    )
    op.create_table(
        "census",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column(
            "region_code",
            sa.Text(collation="C"),
            nullable=False,
            comment="the region's current code, re-stamped when recoded",
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name="ck_census_period"),
        sa.CheckConstraint("households >= 0 AND residents >= 0", name="ck_census_counted"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_census_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_census"),
        comment="how many households and people live in a grid, by date (网格人口户数)",
    )
    op.create_index("ix_census_region_code", "census", ["region_code", "id"], unique=False)
    op.create_index("ix_census_region_id", "census", ["region_id"], unique=False)
    op.create_index(
        "uq_census_open", "census", ["region_id"], unique=True, postgresql_where=sa.text("valid_to IS NULL")
    )
    role = serving_role()
    op.execute(grant("staffing_standard", role, "SELECT, INSERT, UPDATE"))
    op.execute(grant("census", role))
    for statement in protect("census"):
        op.execute(statement)
