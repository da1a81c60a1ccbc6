"""Applications for points that another person approves, and batches with what became of each row.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OF_ACCOUNT = "EXISTS (SELECT FROM account a WHERE a.id = account_id)"


def upgrade() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("catalogue_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("evidence", postgresql.BYTEA(), nullable=True, comment="SHA-256 of the evidence"),
        sa.Column("evidence_text", postgresql.BYTEA(), nullable=True, comment="encrypted; deleted when they leave"),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("posting_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(state = 'approved') = (posting_id IS NOT NULL)", name="ck_application_posted"),
        sa.CheckConstraint("recorded_by <> decided_by", name="ck_application_two_people"),
        sa.CheckConstraint("state IN ('waiting', 'approved', 'refused')", name="ck_application_state"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_application_account_id"),
        sa.ForeignKeyConstraint(["posting_id"], ["posting.id"], name="fk_application_posting_id"),
        sa.PrimaryKeyConstraint("id", name="pk_application"),
        comment="points that wait for approval, and what was decided",
    )
    op.create_index("ix_application_account_id", "application", ["account_id", "recorded_at", "id"], unique=False)
    op.create_index(
        "ix_application_waiting",
        "application",
        ["recorded_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "uq_application_evidence",
        "application",
        ["book_id", "item", "evidence"],
        unique=True,
        postgresql_where=sa.text("evidence IS NOT NULL AND state <> 'refused'"),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "results", postgresql.JSONB(), nullable=False, comment="a problem's code for each row, null when done"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
        comment="points recorded together, and what became of each row",
    )
    role = serving_role()
    decided = "state, decided_by, decided_at, reason, posting_id, evidence_text"
    op.execute(grant("application", role, f"SELECT, INSERT, UPDATE ({decided})"))
    op.execute(grant("batch", role, "SELECT, INSERT, UPDATE (region_code)"))
    for statement in (*protect("application", read=_OF_ACCOUNT, write=_OF_ACCOUNT), *protect("batch")):
        op.execute(statement)
