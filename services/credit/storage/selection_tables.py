"""The tables of selections and awards. Candidates are named nowhere: by account, region or duty only."""

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
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from services.credit.storage.governance_tables import metadata

__all__ = ["award", "ballot", "candidate", "metadata", "review", "selection"]

selection = Table(
    "selection",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("book_id", Uuid, ForeignKey("book.id"), nullable=False),
    Column("region_id", Uuid, nullable=False, index=True, comment="where it is held"),
    Column("honour", Text, nullable=False, comment="honour of the catalogue"),
    Column("catalogue_version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("nominations_until", Date, nullable=False, comment="first day on which nobody is nominated any more"),
    Column("choice_until", Date, nullable=False, comment="first day on which nobody votes or reviews any more"),
    Column("published_at", DateTime(timezone=True), nullable=True),
    Column("public_until", Date, nullable=True, comment="first day on which it can be concluded"),
    Column("concluded_at", DateTime(timezone=True), nullable=True),
    CheckConstraint("state IN ('open', 'published', 'concluded')", name="state"),
    CheckConstraint("nominations_until < choice_until", name="order"),
    comment="models that are chosen: nominated, voted for or reviewed, made public, concluded",
)

candidate = Table(
    "candidate",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("selection_id", Uuid, ForeignKey("selection.id"), nullable=False),
    Column("region_id", Uuid, nullable=False, comment="the building, or where the account or duty is"),
    Column("account_id", Uuid, ForeignKey("account.id"), nullable=True, comment="of a person or family"),
    Column("duty_id", Uuid, nullable=True, comment="the duty that is honoured"),
    Column("state", Text, nullable=False),
    Column("nominated_by", Text, nullable=False),
    Column("nominated_at", DateTime(timezone=True), nullable=False),
    Column("shown", Text, nullable=True, comment="masked name of a person who agreed, from publication on"),
    Column("votes", Integer, nullable=True, comment="as counted for publication"),
    Column("mark", BigInteger, nullable=True, comment="mean mark in hundredths, as counted for publication"),
    Column("place", Integer, nullable=True, comment="of who is chosen, from 1"),
    CheckConstraint(
        "state IN ('asked', 'standing', 'declined', 'chosen', 'passed_over', 'struck', 'withdrawn')", name="state"
    ),
    CheckConstraint("account_id IS NULL OR duty_id IS NULL", name="one_kind"),
    Index("ix_candidate_account_id", "account_id", postgresql_where=text("account_id IS NOT NULL")),
    Index(
        "uq_candidate_region", "selection_id", "region_id", unique=True,
        postgresql_where=text("account_id IS NULL AND duty_id IS NULL"),
    ),
    UniqueConstraint("selection_id", "account_id"),
    UniqueConstraint("selection_id", "duty_id"),
    comment="who or what may be chosen",
)  # fmt: skip

ballot = Table(
    "ballot",
    metadata,
    Column("selection_id", Uuid, ForeignKey("selection.id"), primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id"), primary_key=True),
    Column("candidate_id", Uuid, ForeignKey("candidate.id"), nullable=False, index=True),
    comment="one vote of each account; seen by its own holder and in the count only; rows are only ever added",
)

review = Table(
    "review",
    metadata,
    Column("candidate_id", Uuid, ForeignKey("candidate.id"), primary_key=True),
    Column("reviewer", Text, primary_key=True),
    Column("mark", SmallInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint("mark BETWEEN 1 AND 100", name="mark"),
    comment="a reviewer's mark; rows are only ever added",
)

award = Table(
    "award",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("book_id", Uuid, ForeignKey("book.id"), nullable=False),
    Column("cause", Text, nullable=False, comment="what it follows from; it is granted once"),
    Column("honour", Text, nullable=False, comment="honour of the catalogue, or red_flag"),
    Column("region_id", Uuid, nullable=False),
    Column("candidate_id", Uuid, ForeignKey("candidate.id"), nullable=True),
    Column("year", Integer, nullable=False, comment="of whose fund it is paid"),
    Column("amount_fen", BigInteger, nullable=False),
    Column("granted_at", DateTime(timezone=True), nullable=False),
    Column("paid_at", DateTime(timezone=True), nullable=True),
    Column("paid_by", Text, nullable=True),
    Column("document", Text, nullable=True, comment="number of the payment's document"),
    CheckConstraint("amount_fen > 0", name="amount"),
    CheckConstraint("(paid_at IS NULL) = (paid_by IS NULL) AND (paid_at IS NULL) = (document IS NULL)", name="paid"),
    UniqueConstraint("book_id", "cause"),
    Index("ix_award_book_id", "book_id", "granted_at", "id"),
    comment="what the fund pays for an honour: promised when it is granted",
)
