"""The table of owners' votes that deliberated tickets led to, as property told of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKey, Integer, SmallInteger, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from services.tickets.storage.columns import CODE, metadata

owners_vote = Table(
    "owners_vote",
    metadata,
    Column("id", Uuid, primary_key=True, comment="the vote's, in property"),
    Column("ticket_id", Uuid, ForeignKey("ticket.id"), nullable=False, index=True),
    Column("region_code", CODE, nullable=False),
    Column("compound_id", Uuid, nullable=False, comment="whose owners vote, in property"),
    Column("title", Text, nullable=False),
    Column("matters", ARRAY(SmallInteger), nullable=False, comment="items of article 278"),
    Column("announced_at", DateTime(timezone=True), nullable=False),
    Column("opens_at", DateTime(timezone=True), nullable=False),
    Column("closes_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True), nullable=True),
    Column("passed", ARRAY(Boolean), nullable=True, comment="of each matter, once closed"),
    Column("total_heads", Integer, nullable=True),
    Column("part_heads", Integer, nullable=True),
    Column("total_area", BigInteger, nullable=True, comment="in 0.01 m2"),
    Column("part_area", BigInteger, nullable=True, comment="in 0.01 m2"),
    Column("recount_agrees", Boolean, nullable=True, comment="false: there is no result yet"),
    comment="what a deliberated matter became: a vote of owners, and its result",
)
