"""Activities: what is held, and who and what took part.

Revision ID: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.org.storage.register_v1 import region_code, serve

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("kind", sa.Column("same_type", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_table(
        "activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="a kind of the category activity"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("state", sa.Text(), nullable=False, comment="PLANNED, HELD or CANCELLED"),
        sa.Column("on_day", sa.Date(), nullable=False, comment="when it is or was held"),
        sa.Column("starts_at", sa.Time(), nullable=True, comment="at what time of that day, where the practice is"),
        sa.Column("organisation_id", sa.Uuid(), nullable=True, comment="who holds it"),
        sa.Column("team_id", sa.Uuid(), nullable=True, comment="who holds it"),
        sa.Column("station_id", sa.Uuid(), nullable=True, comment="where it is held"),
        sa.Column("ticket_id", sa.Uuid(), nullable=True, comment="the ticket that it is about, in the tickets service"),
        sa.Column("participants", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="in person-times"),
        sa.Column("result", sa.Text(), nullable=True, comment="what came of it, or why it was called off"),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("participants >= 0", name="ck_activity_participants"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_activity_region_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_activity_organisation_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_activity_team_id"),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name="fk_activity_station_id"),
        sa.PrimaryKeyConstraint("id", name="pk_activity"),
        comment="what is planned, was held, or was called off (活动)",
    )
    op.create_index("ix_activity_region_code", "activity", ["region_code", "on_day", "id"], unique=False)
    op.create_index("ix_activity_kind", "activity", ["kind", "region_code", "on_day"], unique=False)
    for column in ("region_id", "organisation_id", "team_id", "station_id"):
        op.create_index(f"ix_activity_{column}", "activity", [column], unique=False)
    serve("activity")
    op.create_table(
        "activity_part",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False, comment="a person, team or region"),
        sa.Column("part", sa.Text(), nullable=False, comment="PERSON, TEAM or COMMUNITY"),
        region_code(),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name="fk_activity_part_activity_id"),
        sa.PrimaryKeyConstraint("activity_id", "thing_id", name="pk_activity_part"),
        comment="who and what took part in an activity, as far as it is named",
    )
    op.create_index("ix_activity_part_thing_id", "activity_part", ["thing_id"], unique=False)
    op.create_index("ix_activity_part_region_code", "activity_part", ["region_code"], unique=False)
    serve("activity_part")
