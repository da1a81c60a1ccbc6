"""The tables of who holds which duty, is a member of which team and checked in where, as org's events told."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Table, Text, Uuid, false, text

from services.tickets.storage.columns import CODE, metadata

duty = Table(
    "duty",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("organisation_id", Uuid, nullable=True),
    Column("region_id", Uuid, nullable=False),
    Column("region_code", CODE, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True, comment="first day on which it is no longer held"),
    Column("team_id", Uuid, nullable=True, comment="for a membership of this team, whose title is team: and its kind"),
    Column("leads", Boolean, nullable=False, server_default=false(), comment="whether they lead the team"),
    Index(None, "person_id"),
    Index(None, "region_code", "title"),
    Index(None, "region_id"),
    Index(None, "team_id", postgresql_where=text("team_id IS NOT NULL")),
    comment="who holds which duty, is a member of which team or checked in where, as org's events told",
)

check_in_assignment = Table(
    "check_in_assignment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("check_in_id", Uuid, nullable=False, comment="the duty of that id, which may be told of later"),
    Column("organisation_id", Uuid, nullable=False, comment="the branch or party group that they belong to"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True, comment="first day on which they no longer do"),
    Index(None, "check_in_id"),
    comment="to which branch who checked in is assigned, as org's events told",
)

taken_over = Table(
    "taken_over",
    metadata,
    Column("region_id", Uuid, primary_key=True),
    Column("into_id", Uuid, nullable=False),
    Column("into_code", CODE, nullable=False, comment="when it took over; what the region bears now is its own"),
    Column("closed_on", Date, nullable=False, comment="what had ended by that day stays where it was"),
    comment="regions that were merged into others, where check-ins go on that org does not tell of one by one",
)

team = Table(
    "team",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("region_id", Uuid, nullable=False),
    Column("disbanded_on", Date, nullable=True),
    Column("leader_id", Uuid, nullable=True),
    comment="org's teams as its events told of them",
)
