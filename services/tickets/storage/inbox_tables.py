"""Tables of inboxes: views that holders of a duty save, and what was brought before whom."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.tickets.storage.columns import CODE, metadata

inbox_view = Table(
    "inbox_view",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("title", Text, nullable=False, comment="duty title whose holders have it"),
    Column("region_id", Uuid, nullable=False),
    Column("region_code", CODE, nullable=False, comment="where the duty is held; re-stamped when recoded"),
    Column("name", Text, nullable=False),
    Column("filter", JSONB, nullable=False),
    Column("saved_at", DateTime(timezone=True), nullable=False),
    Index(None, "region_code", "title"),
    Index(None, "region_id"),
    comment="views of what waits for a duty, saved by its holders",
)

brought = Table(
    "brought",
    metadata,
    Column("ticket_id", Uuid, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True),
    Column("title", Text, primary_key=True, comment="duty title, team: and the kind, checked_in: and the group"),
    Column("post_region", CODE, primary_key=True, comment="where the title is held"),
    Column("region_code", CODE, nullable=False, comment="of the ticket"),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Column("process", Text, nullable=False),
    Column("process_version", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("assignee", Uuid, nullable=True),
    Column("due_at", DateTime(timezone=True), nullable=True),
    Index(
        "ix_brought_post",
        *("title", "post_region", "raised_at", "ticket_id"),
        postgresql_include=["region_code", "process", "process_version", "step", "assignee", "due_at"],
    ),
    comment="open tickets by the posts before which they were brought, kept by the database",
)
