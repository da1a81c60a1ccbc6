"""Reserves of communities, and who is called up from them.

Revision ID: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant
from services.org.storage.register_v1 import create_register, region_code, serve

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reserve_rule",
        sa.Column("source", sa.Text(), nullable=False, comment="a kind of the category reserve"),
        sa.Column("households", sa.Integer(), nullable=False, comment="people for each thousand of them"),
        sa.Column("residents", sa.Integer(), nullable=False, comment="people for each thousand of them"),
        sa.Column("members", sa.Integer(), nullable=False, comment="people for each thousand who checked in"),
        sa.PrimaryKeyConstraint("source", name="pk_reserve_rule"),
        comment="how many people of a source a community needs in reserve",
    )
    op.execute(grant("reserve_rule", serving_role(), "SELECT, INSERT, UPDATE"))
    create_register(
        "reservist",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, comment="a kind of the category reserve"),
        references={"person_id": "person.id"},
        comment="who is in the reserve of a community (应急后备力量)",
    )
    op.create_index(
        "uq_reservist_open_person",
        "reservist",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_index("ix_reservist_person_id", "reservist", ["person_id"], unique=False)
    _call_ups()


def _call_ups() -> None:
    op.create_table(
        "call_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("is_drill", sa.Boolean(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False, comment="how many people were asked for"),
        sa.Column("called_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("ended_at >= called_at", name="ck_call_up_period"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_call_up_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_call_up"),
        comment="call-ups of a community's reserve (集结)",
    )
    op.create_index("ix_call_up_region_code", "call_up", ["region_code", "id"], unique=False)
    op.create_index("ix_call_up_region_id", "call_up", ["region_id"], unique=False)
    serve("call_up")
    op.create_table(
        "called_up",
        sa.Column("call_up_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("source", sa.Text(), nullable=False, comment="from which source they came, that day"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=True, comment="where they go, or what they do there"),
        sa.Column("excuse", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'CALLED') = (answered_at IS NULL)", name="ck_called_up_answered"),
        sa.ForeignKeyConstraint(["call_up_id"], ["call_up.id"], name="fk_called_up_call_up_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_called_up_person_id"),
        sa.PrimaryKeyConstraint("call_up_id", "person_id", name="pk_called_up"),
        comment="who was called up, where they go, and whether they arrived",
    )
    op.create_index("ix_called_up_person_id", "called_up", ["person_id"], unique=False)
    op.create_index("ix_called_up_region_code", "called_up", ["region_code"], unique=False)
    serve("called_up")
