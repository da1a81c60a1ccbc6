"""The tables of compounds that lack care, of funds, and of what tickets tells."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)

from services.property.storage.committee_tables import counted, link
from services.property.storage.tables import compound_id, metadata, region_code

lack = Table(
    "lack",
    metadata,
    Column("id", Uuid, primary_key=True),
    compound_id(),
    region_code(),
    Column("no_service", Boolean, nullable=False),
    Column("no_unit", Boolean, nullable=False),
    Column("no_security", Boolean, nullable=False),
    Column("cause", Text, nullable=False),
    Column("registered_on", Date, nullable=False),
    Column("solution", Text, nullable=True, comment="way of care that was chosen"),
    Column("responsible", Text, nullable=True, comment="who carries it out"),
    Column("converted_on", Date, nullable=True),
    *counted(),
    Index(None, "compound_id", "registered_on", "id"),
    Index("uq_lack_open", "compound_id", unique=True, postgresql_where=text("converted_on IS NULL")),
    Index(None, "region_code"),
    comment="compounds without service, responsible unit or security (三无小区)",
)

have = Table(
    "have",
    metadata,
    link("lack"),
    Column("have", Text, nullable=False),
    compound_id(),
    region_code(),
    Column("evidence", Text, nullable=False),
    Column("proved_on", Date, nullable=False),
    Column("withdrawn_on", Date, nullable=True, comment="first day on which it does not hold any more"),
    PrimaryKeyConstraint("lack_id", "have"),
    comment="the five haves (五有) with their evidence",
)

emergency = Table(
    "emergency",
    metadata,
    Column("id", Uuid, primary_key=True),
    compound_id(),
    region_code(),
    Column("hazard", Text, nullable=False, comment="what endangers people or the building"),
    Column("works", Text, nullable=False, comment="what is repaired"),
    Column("amount", BigInteger, nullable=False, comment="at most, in 0.01 yuan"),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("decided_by", Text, nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
    Column("approved", Boolean, nullable=True),
    Column("opinion", Text, nullable=True),
    *counted(),
    Index(None, "compound_id"),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("asked_by <> decided_by", name="two_people"),
    CheckConstraint("(decided_at IS NULL) = (approved IS NULL)", name="decided"),
    comment="urgent repairs from the maintenance fund without a vote (应急使用)",
)

fund_entry = Table(
    "fund_entry",
    metadata,
    Column("id", Uuid, primary_key=True),
    compound_id(),
    region_code(),
    Column("number", Integer, nullable=False, comment="in the compound's books, without a gap"),
    Column("on", Date, nullable=False),
    Column("movement", Text, nullable=False),
    Column("debit", Text, nullable=False),
    Column("credit", Text, nullable=False),
    Column("amount", BigInteger, nullable=False, comment="in 0.01 yuan"),
    Column("text", Text, nullable=False),
    link("vote", nullable=True),
    Column("position", Integer, nullable=True, comment="which of the vote's matters decided it"),
    link("emergency", nullable=True),
    CheckConstraint("amount > 0 AND debit <> credit", name="moves"),
    CheckConstraint("vote_id IS NULL OR emergency_id IS NULL", name="one_ground"),
    Index("uq_fund_entry_compound_id_number", "compound_id", "number", unique=True),
    comment="maintenance fund and common income: entries are only ever added",
)

fund_statement = Table(
    "fund_statement",
    metadata,
    compound_id(),
    Column("quarter", Text, nullable=False),
    region_code(),
    Column("maintenance_opening", BigInteger, nullable=False),
    Column("maintenance_came", BigInteger, nullable=False),
    Column("maintenance_went", BigInteger, nullable=False),
    Column("common_opening", BigInteger, nullable=False),
    Column("common_came", BigInteger, nullable=False),
    Column("common_went", BigInteger, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("compound_id", "quarter"),
    comment="what was published to the owners of each quarter",
)

ticket_told = Table(
    "ticket_told",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("category", Text, nullable=False),
    Column("region_id", Uuid, nullable=False),
    region_code(),
    Column("raised_on", Date, nullable=False),
    Column("is_deliberated", Boolean, nullable=False),
    Column("outcome", Text, nullable=True, comment="how it ended; null while it is under way"),
    Column("rating", Integer, nullable=True),
    Index(None, "region_code"),
    comment="tickets as their events told of them",
)

CARE_TABLES: list[Table] = [lack, have, emergency, fund_entry, fund_statement]
"""Tables that belong to a compound."""
