"""The table of views of the inbox that holders of a duty save."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Index, Table, Text, Uuid
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
