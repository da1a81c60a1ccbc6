"""Scores of assessments that are counted from partner units' contributions, and members of micro-alliances.

Revision ID: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.row_security import above_scope, in_scope
from services.org.storage.register_v1 import create_register

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    from_whose = "from whose contributions its score is counted; else people score"
    op.add_column("capacity", sa.Column("counted", sa.Text(), nullable=True, comment=from_whose))
    op.add_column("capacity", sa.Column("full_points", sa.Integer(), nullable=True, comment="that are a full score"))
    op.add_column(
        "assessment",
        sa.Column(
            "counted", JSONB(), server_default=sa.text("'{}'"), nullable=False, comment="what scores were counted from"
        ),
    )
    _alliances()


def _alliances() -> None:
    op.add_column("kind", sa.Column("alliance", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    create_register(
        "alliance_member",
        sa.Column("alliance_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        references={"alliance_id": "organisation.id", "organisation_id": "organisation.id"},
        comment="which organisations belong to an alliance, by date (微联盟)",
    )
    op.create_index(
        "uq_alliance_member_open",
        "alliance_member",
        ["alliance_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    for column in ("alliance_id", "organisation_id"):
        op.create_index(f"ix_alliance_member_{column}", "alliance_member", [column], unique=False)
    # Whom an alliance of a subdistrict joins is read by its members too, who lie below; it is written in scope only.
    op.execute("DROP POLICY alliance_member_read ON alliance_member")
    read = f"{in_scope()} OR {above_scope()}"
    op.execute(f"CREATE POLICY alliance_member_read ON alliance_member FOR SELECT USING ({read})")
