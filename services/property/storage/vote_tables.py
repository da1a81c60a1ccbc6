"""The tables of votes. What somebody chose is only ever in `ballot`, sealed, and no row there names an elector."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB

from services.property.storage.tables import compound_id, metadata, region_code


def _vote_id() -> Column[object]:
    return Column("vote_id", Uuid, ForeignKey("vote.id"), nullable=False)


def _moment(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


vote = Table(
    "vote",
    metadata,
    Column("id", Uuid, primary_key=True),
    compound_id(),
    region_code(),
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False, comment="announced, open, closed, or disputed: the recount found otherwise"),
    Column("secret", Boolean, nullable=False),
    Column("rule", JSONB, nullable=False, comment="the rule as it was when the vote was announced"),
    Column("round", Integer, nullable=False),
    Column("follows", Uuid, ForeignKey("vote.id"), nullable=True),
    Column("ticket_id", Uuid, nullable=True, comment="the deliberated ticket that brought it here"),
    _moment("announced_at", nullable=False),
    _moment("opens_at", nullable=False),
    _moment("closes_at", nullable=False),
    Column("extensions", Integer, nullable=False, server_default=text("0")),
    Column("register_digest", Text, nullable=True, comment="of the register as it was frozen at opening"),
    Column("total_area", BigInteger, nullable=True),
    Column("total_heads", Integer, nullable=True),
    Column("part_area", BigInteger, nullable=True, comment="of those who took part, once closed"),
    Column("part_heads", Integer, nullable=True),
    Column("silent_area", BigInteger, nullable=True, comment="handed a ballot that did not come back"),
    Column("silent_heads", Integer, nullable=True),
    Column("receipts_digest", Text, nullable=True, comment="of the receipts of all ballots that count"),
    _moment("closed_at"),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("events", BigInteger, nullable=False, comment="how many events it has: the aggregate's version"),
    Index(None, "compound_id", "announced_at", "id"),
    Index("ix_vote_waiting", "opens_at", postgresql_where=text("status IN ('announced', 'open')")),
)

vote_item = Table(
    "vote_item",
    metadata,
    _vote_id(),
    Column("position", Integer, nullable=False),
    compound_id(),
    region_code(),
    Column("matter", Integer, nullable=False, comment="item of article 278, paragraph 1"),
    Column("text", Text, nullable=False),
    Column("amount", BigInteger, nullable=True, comment="of money to use or raise, in 0.01 yuan"),
    Column("result", JSONB, nullable=True, comment="once closed"),
    PrimaryKeyConstraint("vote_id", "position"),
)

elector = Table(
    "elector",
    metadata,
    Column("id", Uuid, primary_key=True),
    _vote_id(),
    compound_id(),
    region_code(),
    Column("number", Integer, nullable=False),
    Column("area", BigInteger, nullable=False),
    Column("parts", ARRAY(Uuid), nullable=False),
    _moment("delivered_at"),
    UniqueConstraint("vote_id", "number"),
    comment="the register as it was frozen at opening: who counts as one owner, with what area",
)

elector_subject = Table(
    "elector_subject",
    metadata,
    _vote_id(),
    Column("subject", Text, nullable=False),
    Column("elector_id", Uuid, ForeignKey("elector.id"), nullable=False),
    compound_id(),
    region_code(),
    PrimaryKeyConstraint("vote_id", "subject", "elector_id"),
    comment="who may vote online for an elector",
)

participation = Table(
    "participation",
    metadata,
    Column("elector_id", Uuid, ForeignKey("elector.id"), primary_key=True),
    _vote_id(),
    compound_id(),
    region_code(),
    Column("area", BigInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("proxy_index", BYTEA, nullable=True, comment="keyed digest of who handed the ballot in for the owner"),
    Column(
        "ballots", Integer, nullable=False, server_default=text("1"), comment="how many were given; the last counts"
    ),
    _moment("at", nullable=False),
    Index(None, "vote_id"),
    comment="who has voted, and never what",
)

ballot = Table(
    "ballot",
    metadata,
    Column("ballot_key", BYTEA, primary_key=True, comment="keyed digest of vote and elector"),
    _vote_id(),
    compound_id(),
    region_code(),
    Column("nonce", BYTEA, nullable=False),
    Column("body", BYTEA, nullable=False, comment="sealed"),
    Column("tag", BYTEA, nullable=False),
    Column("receipt", Text, nullable=False),
    Index(None, "vote_id", "receipt"),
)

objection = Table(
    "objection",
    metadata,
    Column("id", Uuid, primary_key=True),
    _vote_id(),
    compound_id(),
    region_code(),
    Column("subject", Text, nullable=False, comment="token subject of the owner who objects"),
    Column("text", Text, nullable=False),
    _moment("at", nullable=False),
    Column("answer", Text, nullable=True),
    _moment("answered_at"),
    Index(None, "vote_id"),
)

VOTE_TABLES: list[Table] = [vote, vote_item, elector, elector_subject, participation, ballot, objection]
"""Tables of votes; all are governed and belong to a compound."""
