"""What tickets knows of teams; memberships lie where duties do.

Revision ID: 0105
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant

revision = "0105"
down_revision = "0102"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("disbanded_on", sa.Date(), nullable=True),
        sa.Column("leader_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_team"),
        comment="org's teams as its events told of them",
    )
    op.execute(grant("team", serving_role(), "SELECT, INSERT, UPDATE"))
    columns: tuple[sa.Column[object], ...] = (
        sa.Column(
            "team_id",
            sa.Uuid(),
            nullable=True,
            comment="for a membership of this team, whose title is team: and its kind",
        ),
        sa.Column(
            "leads", sa.Boolean(), nullable=False, server_default=sa.false(), comment="whether they lead the team"
        ),
    )
    for column in columns:
        op.add_column("duty", column)
    of_teams = sa.text("team_id IS NOT NULL")
    op.create_index("ix_duty_team_id", "duty", ["team_id"], unique=False, postgresql_where=of_teams)
    op.create_table_comment(
        "duty",
        "who holds which duty or is a member of which team, as org's events told",
        existing_comment="who holds which duty, as org's events told",
    )
