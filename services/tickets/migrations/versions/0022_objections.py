"""Objections to public notices.

Revision ID: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False, comment="the ticket's visit of the step"),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False),
        sa.Column("by", sa.Text(), nullable=False, comment="token subject; shown to nobody else"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raised_at", moment, nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True, comment="token subject"),
        sa.Column("answered_as", sa.Text(), nullable=True, comment="duty title"),
        sa.Column("answered_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_objection_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_objection"),
        sa.UniqueConstraint("ticket_id", "visit", "by", name="uq_objection_ticket_id_visit_by"),
        comment="what residents have against what is before the public, and the answers",
    )
    op.create_index("ix_objection_by", "objection", ["by"])
    op.execute(grant("objection", serving_role(), "SELECT, INSERT, UPDATE"))
    for statement in protect("objection"):
        op.execute(statement)
