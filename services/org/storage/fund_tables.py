"""The tables of funds."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from services.org.storage.columns import CODE, STAMP, metadata, region_columns, version_column

fund = Table(
    "fund",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("source", Text, nullable=False, comment="kind of fund: whose money it is"),
    *region_columns(),
    Column("approved", BigInteger, nullable=False, comment="budgeted and not yet paid out, in fen"),
    Column("available", BigInteger, nullable=False, comment="paid out and not yet spent, in fen"),
    Column("spent", BigInteger, nullable=False, comment="spent, in fen"),
    version_column(),
    CheckConstraint("approved >= 0 AND available >= 0 AND spent >= 0", name="never_below_zero"),
    UniqueConstraint("organisation_id", "year", "source"),
    Index("ix_fund_region_code", "region_code", "year"),
    comment="an organisation's money of one year from one source",
)

fund_entry = Table(
    "fund_entry",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("fund_id", Uuid, ForeignKey("fund.id"), nullable=False),
    Column("seq", Integer, nullable=False, comment="the fund's version that it made"),
    Column("region_code", CODE, nullable=False, comment=STAMP),
    Column("kind", Text, nullable=False),
    Column("from_account", Text, nullable=False),
    Column("to_account", Text, nullable=False),
    Column("amount", BigInteger, nullable=False, comment="in fen"),
    Column("on_day", Date, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("reverses", Uuid, ForeignKey("fund_entry.id"), nullable=True, unique=True),
    CheckConstraint("amount > 0 AND from_account <> to_account", name="moves_something"),
    UniqueConstraint("fund_id", "seq"),
    Index("ix_fund_entry_region_code", "region_code"),
    comment="what was moved from one account of a fund to another; corrected by reversal only",
)
