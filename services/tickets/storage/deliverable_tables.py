"""The table of what tickets delivered (成果)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, PrimaryKeyConstraint, Table, Text, Uuid

from services.tickets.storage.columns import CODE, metadata

deliverable = Table(
    "deliverable",
    metadata,
    Column("ticket_id", Uuid, ForeignKey("ticket.id"), nullable=False),
    Column("seq", Integer, nullable=False, comment="the entry that it was said in"),
    Column("position", Integer, nullable=False),
    Column("region_code", CODE, nullable=False),
    Column("kind", Text, nullable=False, comment="code of the deliverable in the process"),
    Column("quantity", BigInteger, nullable=False),
    Column("place", Text, nullable=True),
    Column("stands", Boolean, nullable=False, comment="whether it is the last word, which counts"),
    PrimaryKeyConstraint("ticket_id", "seq", "position"),
    comment="what tickets delivered in all, each time that it was said",
)
