"""Who leads a team.

Revision ID: 0105
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0105"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    leader: sa.Column[object] = sa.Column(
        "leader_id", sa.Uuid(), nullable=True, comment="counts as long as they are a member"
    )
    op.add_column("team", leader)
    op.create_foreign_key("fk_team_leader_id", "team", "person", ["leader_id"], ["id"])
