"""Urgent repairs from the maintenance fund, without a vote.

Revision ID: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.property.storage.migrating import MOMENT, column, counted, governed, ident

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    governed(
        "emergency",
        ident(),
        column("hazard", sa.Text(), "what endangers people or the building"),
        column("works", sa.Text(), "what is repaired"),
        column("amount", sa.BigInteger(), "at most, in 0.01 yuan"),
        column("asked_by", sa.Text()),
        column("asked_at", MOMENT),
        column("decided_by", sa.Text(), null=True),
        column("decided_at", MOMENT, null=True),
        column("approved", sa.Boolean(), null=True),
        column("opinion", sa.Text(), null=True),
        *counted(),
        sa.CheckConstraint("amount > 0", name="ck_emergency_amount"),
        sa.CheckConstraint("asked_by <> decided_by", name="ck_emergency_two_people"),
        sa.CheckConstraint("(decided_at IS NULL) = (approved IS NULL)", name="ck_emergency_decided"),
        indexes=(("compound_id",),),
        comment="urgent repairs from the maintenance fund without a vote (应急使用)",
    )
    op.add_column("fund_entry", ident("emergency_id", null=True))
    op.create_foreign_key("fk_fund_entry_emergency_id", "fund_entry", "emergency", ["emergency_id"], ["id"])
    op.create_check_constraint("ck_fund_entry_one_ground", "fund_entry", "vote_id IS NULL OR emergency_id IS NULL")
