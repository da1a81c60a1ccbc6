"""To which branch or party group, and to which post, members who checked in are assigned.

Revision ID: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.org.storage.register_v1 import create_register

revision = "0023"
down_revision = "0103"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("kind", sa.Column("party", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    create_register(
        "check_in_assignment",
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True, comment="the branch or party group"),
        sa.Column("post", sa.Text(), nullable=True, comment="a kind of the category service_post"),
        sa.CheckConstraint("organisation_id IS NOT NULL OR post IS NOT NULL", name="ck_check_in_assignment_something"),
        references={"check_in_id": "check_in.id", "organisation_id": "organisation.id"},
        comment="to which branch and post members who checked in are assigned, by date (认人认亲认事认岗)",
    )
    op.create_index(
        "uq_check_in_assignment_open",
        "check_in_assignment",
        ["check_in_id"],
        unique=True,
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    for column in ("check_in_id", "organisation_id"):
        op.create_index(f"ix_check_in_assignment_{column}", "check_in_assignment", [column], unique=False)
