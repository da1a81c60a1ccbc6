"""Absences from duties and deputies, and for whom somebody acted.

Revision ID: 0041
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import above_scope, grant, in_scope, protect

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column(
            "region_code",
            sa.Text(collation="C"),
            nullable=False,
            comment="where the duty is held; re-stamped when recoded",
        ),
        sa.Column("deputy_id", sa.Uuid(), nullable=True, comment="person of org's register who stands in"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False, comment="first day on which the holder is back"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
        comment="who is away from which duty, and who acts by it meanwhile",
    )
    op.create_index("ix_absence_duty_id_valid_to", "absence", ["duty_id", "valid_to"])
    op.create_index("ix_absence_deputy_id_valid_to", "absence", ["deputy_id", "valid_to"])
    op.create_index("ix_absence_region_id", "absence", ["region_id"])
    op.execute(grant("absence", serving_role(), "SELECT, INSERT, UPDATE"))
    # Who has a ticket of a grid reads whether its community's secretary, whom it waits for, is away.
    for statement in protect("absence", read=f"{in_scope()} OR {above_scope()}"):
        op.execute(statement)
    acted_for: sa.Column[object] = sa.Column(
        "acted_for", sa.Uuid(), nullable=True, comment="person for whom the actor stood in"
    )
    op.add_column("entry", acted_for)
