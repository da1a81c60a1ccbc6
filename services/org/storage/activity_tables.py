"""The tables of activities: what is held, and who and what took part."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Text, Time, Uuid, text

from services.org.storage.columns import CODE, STAMP, metadata, region_columns, version_column

activity = Table(
    "activity",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False, comment="a kind of the category activity"),
    Column("title", Text, nullable=False),
    *region_columns(),
    Column("state", Text, nullable=False, comment="PLANNED, HELD or CANCELLED"),
    Column("on_day", Date, nullable=False, comment="when it is or was held"),
    Column("starts_at", Time, nullable=True, comment="at what time of that day, where the practice is"),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=True, comment="who holds it"),
    Column("team_id", Uuid, ForeignKey("team.id"), nullable=True, comment="who holds it"),
    Column("station_id", Uuid, ForeignKey("station.id"), nullable=True, comment="where it is held"),
    Column("ticket_id", Uuid, nullable=True, comment="the ticket that it is about, in the tickets service"),
    Column("participants", Integer, nullable=False, server_default=text("0"), comment="in person-times"),
    Column("result", Text, nullable=True, comment="what came of it, or why it was called off"),
    version_column(),
    CheckConstraint("participants >= 0", name="participants"),
    Index("ix_activity_region_code", "region_code", "on_day", "id"),
    Index("ix_activity_kind", "kind", "region_code", "on_day"),
    Index("ix_activity_region_id", "region_id"),
    Index("ix_activity_organisation_id", "organisation_id"),
    Index("ix_activity_team_id", "team_id"),
    Index("ix_activity_station_id", "station_id"),
    comment="what is planned, was held, or was called off (活动)",
)

activity_part = Table(
    "activity_part",
    metadata,
    Column("activity_id", Uuid, ForeignKey("activity.id"), primary_key=True),
    Column("thing_id", Uuid, primary_key=True, comment="a person, team or region"),
    Column("part", Text, nullable=False, comment="PERSON, TEAM or COMMUNITY"),
    Column("region_code", CODE, nullable=False, comment=STAMP),
    Index("ix_activity_part_thing_id", "thing_id"),
    Index("ix_activity_part_region_code", "region_code"),
    comment="who and what took part in an activity, as far as it is named",
)

GOVERNED = (activity, activity_part)
"""What is under row-level security."""
