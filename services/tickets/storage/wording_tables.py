"""The table by which tickets are found by words; apart from them, for a ticket changes often and its words never."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Index, Table, Uuid, func
from sqlalchemy.dialects.postgresql import TSVECTOR

from services.tickets.storage.columns import CODE, metadata

wording = Table(
    "wording",
    metadata,
    Column("ticket_id", Uuid, ForeignKey("ticket.id"), primary_key=True),
    Column("region_code", CODE, nullable=False),
    Column("words", TSVECTOR, nullable=False, comment="pairs of characters of title and content"),
    Column("raised_at", DateTime(timezone=True), nullable=False, comment="when the ticket was raised"),
    Index(None, "region_code"),
    comment="what tickets say, as it is searched",
)
Index(
    "ix_wording_words",
    wording.c.words,
    func.wording_marks(wording.c.region_code, wording.c.raised_at),
    postgresql_using="gin",
    postgresql_with={"fastupdate": "off"},
)
