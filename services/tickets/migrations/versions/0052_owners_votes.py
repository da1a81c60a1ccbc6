"""Owners' votes that tickets led to.

Revision ID: 0052
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "owners_vote",
        sa.Column("id", sa.Uuid(), nullable=False, comment="the vote's, in property"),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False),
        sa.Column("compound_id", sa.Uuid(), nullable=False, comment="whose owners vote, in property"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("matters", ARRAY(sa.SmallInteger()), nullable=False, comment="items of article 278"),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed", ARRAY(sa.Boolean()), nullable=True, comment="of each matter, once closed"),
        sa.Column("total_heads", sa.Integer(), nullable=True),
        sa.Column("part_heads", sa.Integer(), nullable=True),
        sa.Column("total_area", sa.BigInteger(), nullable=True, comment="in 0.01 m2"),
        sa.Column("part_area", sa.BigInteger(), nullable=True, comment="in 0.01 m2"),
        sa.Column("recount_agrees", sa.Boolean(), nullable=True, comment="false: there is no result yet"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_owners_vote_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_owners_vote"),
        comment="what a deliberated matter became: a vote of owners, and its result",
    )
    op.create_index("ix_owners_vote_ticket_id", "owners_vote", ["ticket_id"], unique=False)
    for statement in protect("owners_vote"):
        op.execute(statement)
    op.execute(grant("owners_vote", serving_role(), "SELECT, INSERT, UPDATE"))
