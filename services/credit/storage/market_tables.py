"""The tables of redemption. What is offered is public; redemptions are where their account is."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import BYTEA

from services.credit.storage.tables import metadata

__all__ = ["fund", "merchant", "metadata", "offer", "redemption", "settlement"]

merchant = Table(
    "merchant",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("book_id", Uuid, ForeignKey("book.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("credit_code", Text, nullable=False),
    Column("keeper", Text, nullable=False, comment="token subject of who verifies vouchers"),
    Column("closed_at", DateTime(timezone=True), nullable=True),
    comment="who gives goods and discounts for points; public",
)

offer = Table(
    "offer",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("merchant_id", Uuid, ForeignKey("merchant.id"), nullable=False, index=True),
    Column("scenario", Text, nullable=False, comment="application scenario of the catalogue"),
    Column("name", Text, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("price_fen", BigInteger, nullable=False, comment="what the fund pays the merchant for one"),
    Column("stock", Integer, nullable=True, comment="how many are left; null: any number"),
    Column("closed_at", DateTime(timezone=True), nullable=True),
    CheckConstraint("points > 0 AND price_fen >= 0", name="price"),
    CheckConstraint("stock >= 0", name="stock"),
    comment="what can be had for points; public",
)

fund = Table(
    "fund",
    metadata,
    Column("book_id", Uuid, ForeignKey("book.id"), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("budget_fen", BigInteger, nullable=False),
    Column("committed_fen", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint("committed_fen BETWEEN 0 AND budget_fen", name="within_budget"),
    comment="the dedicated fund of a year: what it may pay, and what is promised of it",
)

redemption = Table(
    "redemption",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id"), nullable=False),
    Column("offer_id", Uuid, ForeignKey("offer.id"), nullable=False),
    Column("merchant_id", Uuid, ForeignKey("merchant.id"), nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("price_fen", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("valid_until", DateTime(timezone=True), nullable=False),
    Column("hold_id", Uuid, ForeignKey("posting.id"), nullable=False),
    Column("posting_id", Uuid, ForeignKey("posting.id"), nullable=True, comment="what ended it: spent, given back"),
    Column("ended_at", DateTime(timezone=True), nullable=True),
    Column("ended_by", Text, nullable=True),
    Column("code", BYTEA, nullable=True, comment="the voucher's code, encrypted; gone when used"),
    Column("code_digest", BYTEA, nullable=False, comment="keyed digest of the code"),
    CheckConstraint("state IN ('held', 'redeemed', 'cancelled', 'lapsed', 'refunded')", name="state"),
    CheckConstraint("(state = 'held') = (posting_id IS NULL)", name="ended"),
    UniqueConstraint("code_digest"),
    UniqueConstraint("hold_id"),
    Index("ix_redemption_account_id", "account_id", "at", "id"),
    Index("ix_redemption_held", "valid_until", postgresql_where=text("state = 'held'")),
    Index("ix_redemption_merchant_id", "merchant_id", "ended_at"),
    comment="points set aside for an offer, and what became of it",
)

settlement = Table(
    "settlement",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("merchant_id", Uuid, ForeignKey("merchant.id"), nullable=False),
    Column("month", Date, nullable=False, comment="its first day"),
    Column("redemptions", Integer, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("settled_by", Text, nullable=False),
    Column("settled_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("merchant_id", "month"),
    comment="what a merchant is paid for a month; rows are only ever added",
)
