"""The tables of notifications: who is told what, and what people chose not to be told."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from services.tickets.storage.columns import CODE, metadata

notification = Table(
    "notification",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("ticket_id", Uuid, ForeignKey("ticket.id"), nullable=True),
    Column("region_id", Uuid, nullable=True, comment="where it is about, if it is about no ticket"),
    Column("region_code", CODE, nullable=False, comment="of the ticket; re-stamped when recoded"),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Column("matter", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("text", Text, nullable=False, comment="code of the words"),
    Column("action", Text, nullable=False),
    Column("from_step", Text, nullable=True),
    Column("step", Text, nullable=True),
    Column("due_at", DateTime(timezone=True), nullable=True),
    Column("details", ARRAY(Text), nullable=False, server_default=text("'{}'"), comment="names and values, in turn"),
    Column("subject", Text, nullable=True, comment="token subject of who is told"),
    Column("title", Text, nullable=True, comment="duty title that is told"),
    Column("level", Integer, nullable=True, comment="digits of the code of the region in which it is held"),
    Column("body", Uuid, nullable=True, comment="organisation that is told"),
    Column("titles", ARRAY(Text), nullable=False, server_default=text("'{}'"), comment="who speaks for it"),
    Column("read_by", ARRAY(Text), nullable=False, server_default=text("'{}'"), comment="token subjects"),
    Index(None, "subject", "raised_at", postgresql_where=text("subject IS NOT NULL")),
    Index(None, "title", "level", "region_code", "raised_at", postgresql_where=text("title IS NOT NULL")),
    Index(None, "body", "raised_at", postgresql_where=text("body IS NOT NULL")),
    Index(None, "ticket_id"),
    Index(None, "region_id", postgresql_where=text("region_id IS NOT NULL")),
    Index(None, "raised_at"),
    comment="the inbox: facts, put into words when they are read",
)

notification_choice = Table(
    "notification_choice",
    metadata,
    Column("subject", Text, primary_key=True, comment="token subject"),
    Column("channel", Text, primary_key=True),
    Column("matter", Text, primary_key=True),
    Column("made_at", DateTime(timezone=True), nullable=False),
    comment="what people do not want to be told, by way and matter",
)
