"""Burdens that communities report.

Revision ID: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "burden",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False, comment="whose burden it is"),
        sa.Column("ticket_id", sa.Uuid(), nullable=True, comment="by which it came"),
        sa.Column("item_id", sa.Uuid(), nullable=True, comment="that speaks of it"),
        sa.Column("hotline_id", sa.Uuid(), nullable=True, comment="by which it was reported"),
        sa.Column("organisation_id", sa.Uuid(), nullable=True, comment="that pushed the ticket down"),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False, comment="token subject; shown to nobody else"),
        sa.Column("reported_at", moment, nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True, comment="token subject"),
        sa.Column("answered_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_burden_ticket_id_ticket"),
        sa.ForeignKeyConstraint(["item_id"], ["admission_item.id"], name="fk_burden_item_id_admission_item"),
        sa.ForeignKeyConstraint(["hotline_id"], ["admission_item.id"], name="fk_burden_hotline_id_admission_item"),
        sa.PrimaryKeyConstraint("id", name="pk_burden"),
        comment="burdens that communities reported (减负举报)",
    )
    op.create_index("ix_burden_region_code_reported_at", "burden", ["region_code", "reported_at"])
    op.create_index("ix_burden_reported_by", "burden", ["reported_by"])
    op.execute(grant("burden", serving_role(), "SELECT, INSERT, UPDATE"))
    for statement in protect("burden"):
        op.execute(statement)
