"""The tables of deliberations (议事协商)."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.tickets.storage.columns import CODE, metadata


def _region() -> tuple[Column[object], Column[object]]:
    return Column("region_id", Uuid, nullable=False), Column("region_code", CODE, nullable=False)


def _moment(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


deliberation = Table(
    "deliberation",
    metadata,
    Column("id", Uuid, primary_key=True),
    *_region(),
    Column("ticket_id", Uuid, ForeignKey("ticket.id"), nullable=True, comment="that it is about"),
    Column("matter", Text, nullable=False),
    Column("parties", ARRAY(Text), nullable=False, comment="who is to be heard"),
    Column("version", Integer, nullable=False, server_default=text("1")),
    _moment("begun_at", nullable=False),
    Column("resolution", Text, nullable=True),
    Column("agreed", Boolean, nullable=True),
    _moment("resolved_at"),
    Column("follow_up", Text, nullable=True, comment="what came of it"),
    _moment("followed_up_at"),
    Index(None, "region_code", "begun_at"),
    Index(None, "ticket_id"),
    comment="matters that are deliberated",
)

deliberation_session = Table(
    "deliberation_session",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("deliberation_id", Uuid, ForeignKey("deliberation.id"), nullable=False),
    *_region(),
    Column("form", Text, nullable=False),
    Column("kind", Text, nullable=True, comment="code of the session_kind"),
    Column("place", Text, nullable=False),
    Column("station_id", Uuid, nullable=True, comment="org's station where it is held"),
    _moment("starts_at", nullable=False),
    _moment("held_at"),
    Index(None, "deliberation_id"),
    Index(None, "region_code", "starts_at"),
    comment="sessions, those held and those to come",
)

session_kind = Table(
    "session_kind",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("days", ARRAY(Text), nullable=False, comment="of the week"),
    comment="kinds of sessions that are held regularly, by the practice",
)

deliberation_attendee = Table(
    "deliberation_attendee",
    metadata,
    Column("session_id", Uuid, ForeignKey("deliberation_session.id"), nullable=False),
    Column("person_id", Uuid, nullable=False, comment="of org's register"),
    *_region(),
    Column("party", Text, nullable=False),
    Column("came", Boolean, nullable=False),
    PrimaryKeyConstraint("session_id", "person_id"),
    comment="who came to a session, and who was invited and did not",
)

deliberation_opinion = Table(
    "deliberation_opinion",
    metadata,
    Column("session_id", Uuid, ForeignKey("deliberation_session.id"), nullable=False),
    Column("position", Integer, nullable=False),
    *_region(),
    Column("party", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("agrees", Boolean, nullable=True),
    Column("person_id", Uuid, nullable=True, comment="who said it, for themselves; shown to nobody"),
    PrimaryKeyConstraint("session_id", "position"),
    Index(None, "person_id", postgresql_where=text("person_id IS NOT NULL")),
    comment="what the parties said",
)

DELIBERATION = (deliberation, deliberation_session, deliberation_attendee, deliberation_opinion)
"""All of them; each knows its region by id and carries its code."""
