"""Property companies, under row security.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STAMP = "the region's current code, re-stamped when recoded"


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credit_code", sa.Text(), nullable=False),
        sa.Column("has_party_branch", sa.Boolean(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False, comment=_STAMP),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.Column("events", sa.BigInteger(), nullable=False, comment="how many events it has: the aggregate's version"),
        sa.PrimaryKeyConstraint("id", name="pk_company"),
        sa.UniqueConstraint("credit_code", name="uq_company_credit_code"),
        comment="property companies (物业服务企业)",
    )
    op.create_index("ix_company_region_code_id", "company", ["region_code", "id"])
    op.execute(grant("company", serving_role(), "SELECT, INSERT, UPDATE"))
    for statement in protect("company"):
        op.execute(statement)
