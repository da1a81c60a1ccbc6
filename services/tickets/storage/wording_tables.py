"""The table by which tickets are found by words; apart from them, for a ticket changes often and its words never."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Uuid
from sqlalchemy.dialects.postgresql import TSVECTOR

from services.tickets.storage.columns import CODE, metadata

wording = Table(
    "wording",
    metadata,
    Column("ticket_id", Uuid, ForeignKey("ticket.id"), primary_key=True),
    Column("region_code", CODE, nullable=False),
    Column("words", TSVECTOR, nullable=False, comment="pairs of characters of title and content"),
    Index("ix_wording_words", "words", postgresql_using="gin"),
    Index(None, "region_code"),
    comment="what tickets say, as it is searched",
)
