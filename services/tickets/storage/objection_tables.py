"""The table of objections to public notices (公示异议)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, Uuid

from services.tickets.storage.columns import CODE, metadata

objection = Table(
    "objection",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("ticket_id", Uuid, ForeignKey("ticket.id"), nullable=False),
    Column("visit", Integer, nullable=False, comment="the ticket's visit of the step"),
    Column("step", Text, nullable=False),
    Column("region_code", CODE, nullable=False),
    Column("by", Text, nullable=False, comment="token subject; shown to nobody else"),
    Column("reason", Text, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Column("answer", Text, nullable=True),
    Column("upheld", Boolean, nullable=True),
    Column("answered_by", Text, nullable=True, comment="token subject"),
    Column("answered_as", Text, nullable=True, comment="duty title"),
    Column("answered_at", DateTime(timezone=True), nullable=True),
    UniqueConstraint("ticket_id", "visit", "by"),
    Index(None, "by"),
    comment="what residents have against what is before the public, and the answers",
)
