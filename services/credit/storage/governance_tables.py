"""The tables of lists, objections, rankings and publicity."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import BYTEA, JSONB

from services.credit.storage.market_tables import metadata

__all__ = ["grid_change", "grid_rank", "grid_sum", "listing", "metadata", "objection", "publicity"]

listing = Table(
    "listing",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False, index=True),
    Column("nature", Text, nullable=False, comment="the account's; never natural"),
    Column("colour", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("document", Text, nullable=False, comment="the law, regulation or policy it rests on"),
    Column("article", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("noticed_at", DateTime(timezone=True), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False, comment="first day on which it is no longer shown"),
    Column("removed_on", Date, nullable=True),
    Column("removed_by", Text, nullable=True),
    Column("removal", Text, nullable=True, comment="repaired, or objection upheld"),
    CheckConstraint("colour IN ('red', 'grey')", name="colour"),
    CheckConstraint("grade IN ('minor', 'ordinary', 'serious')", name="grade"),
    CheckConstraint("nature IN ('legal', 'other')", name="no_people"),
    CheckConstraint("starts_on < ends_on", name="term"),
    ForeignKeyConstraint(["account_id", "nature"], ["account.id", "account.nature"]),
    comment="red and grey entries of bodies: noticed first, shown from starts_on to ends_on",
)

objection = Table(
    "objection",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id"), nullable=False, index=True),
    Column("posting_id", Uuid, ForeignKey("posting.id"), nullable=True),
    Column("listing_id", Uuid, ForeignKey("listing.id"), nullable=True),
    Column("reason", Text, nullable=False),
    Column("raised_by", Text, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Text, nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
    Column("decision", Text, nullable=True),
    CheckConstraint("(posting_id IS NULL) <> (listing_id IS NULL)", name="to_one"),
    CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name="state"),
    UniqueConstraint("posting_id"),
    UniqueConstraint("listing_id"),
    comment="objections to postings and listings; while one is open, what it is to has no effect",
)

grid_rank = Table(
    "grid_rank",
    metadata,
    Column("book_id", Uuid, ForeignKey("book.id"), primary_key=True),
    Column("quarter", Date, primary_key=True, comment="its first day"),
    Column("region_id", Uuid, primary_key=True),
    Column("people", Integer, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("mean", Numeric(12, 2), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("red_flag", Boolean, nullable=False),
    Index(None, "book_id", "quarter", "rank"),
    comment="grids by their people's mean points of a quarter; rows are only ever added",
)

grid_sum = Table(
    "grid_sum",
    metadata,
    Column("book_id", Uuid, primary_key=True),
    Column("quarter", Date, primary_key=True, comment="its first day"),
    Column("region_id", Uuid, primary_key=True),
    Column("points", BigInteger, nullable=False, server_default="0", comment="earned in it, and chained"),
    Column("members", BigInteger, nullable=False, server_default="0", comment="people who joined in it"),
    comment="points and people by the grid that they are of now; written by functions of the owner only",
)

grid_change = Table(
    "grid_change",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("book_id", Uuid, nullable=False, index=True),
    Column("quarter", Date, nullable=False, comment="its first day"),
    Column("region_id", Uuid, nullable=False),
    Column("points", BigInteger, nullable=False, server_default="0", comment="earned in it, and chained"),
    Column("members", BigInteger, nullable=False, server_default="0", comment="people who joined in it"),
    comment="what is to be added to grid_sum; written by triggers only",
)

publicity = Table(
    "publicity",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("book_id", Uuid, ForeignKey("book.id"), nullable=False),
    Column("month", Date, nullable=False, comment="its first day"),
    Column("published_at", DateTime(timezone=True), nullable=False),
    Column("totals", JSONB, nullable=False, comment="by group: accounts, earners, points"),
    Column("shown", JSONB, nullable=False, comment="masked names of who agreed, and their points"),
    Column("head_number", BigInteger, nullable=False, comment="how long the chain was"),
    Column("head_hash", BYTEA, nullable=False),
    UniqueConstraint("book_id", "month"),
    comment="monthly publicity, public; rows are only ever added",
)
