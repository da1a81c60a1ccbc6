"""The tables of committees, their elections and major matters, and of what org tells of organisations and duties."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
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
from sqlalchemy.dialects.postgresql import BYTEA, JSONB

from services.property.storage.tables import compound_id, metadata, region_code


def link(table: str, *, nullable: bool = False) -> Column[object]:
    """Return the column that refers to a table."""
    return Column(f"{table}_id", Uuid, ForeignKey(f"{table}.id"), nullable=nullable)


def counted() -> list[Column[object]]:
    """Return the columns of what has versions and events."""
    return [
        Column("version", Integer, nullable=False, server_default=text("1")),
        Column("events", BigInteger, nullable=False, comment="how many events it has: the aggregate's version"),
    ]


organisation = Table(
    "organisation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("region_id", Uuid, nullable=False),
    Column("dissolved_on", Date, nullable=True),
    comment="org's organisations as its events told of them",
)

duty = Table(
    "duty",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True, comment="first day on which it no longer holds"),
    Index("ix_duty_person_id_title", "person_id", "title"),
    comment="org's duties as its events told of them",
)

standard = Table(
    "standard",
    metadata,
    Column("kind", Text, primary_key=True, comment="of what: committee, red and others"),
    Column("code", Text, primary_key=True),
    Column("definition", JSONB, nullable=False),
    comment="what places settle for themselves, as data",
)

committee = Table(
    "committee",
    metadata,
    Column("id", Uuid, primary_key=True),
    compound_id(),
    region_code(),
    Column("form", Text, nullable=False),
    Column("status", Text, nullable=False, comment="preparing, in_office or ended"),
    Column("rule", JSONB, nullable=False, comment="the rule as it was when it was prepared"),
    Column("seats", Integer, nullable=False),
    Column("predecessor", Uuid, ForeignKey("committee.id"), nullable=True),
    Column("prepared_on", Date, nullable=False),
    Column("elected_on", Date, nullable=True),
    Column("term_to", Date, nullable=True, comment="first day after the term"),
    Column("warn_on", Date, nullable=True, comment="when the end of the term is to be told of"),
    Column(
        "warned",
        Integer,
        nullable=False,
        server_default=text("0"),
        comment="0, 1: told that the term ends, 2: told that it is over",
    ),
    Column("filed_on", Date, nullable=True),
    Column("filing_number", Text, nullable=True),
    Column("organisation_id", Uuid, nullable=True),
    Column("ended_on", Date, nullable=True),
    Column("end_reason", Text, nullable=True),
    Column("handed_over_on", Date, nullable=True),
    Column("handed_over", Text, nullable=True, comment="what was handed over, and to whom"),
    *counted(),
    Index("ix_committee_region_code_id", "region_code", "id"),
    Index(None, "compound_id"),
    Index("ix_committee_warning", "warn_on", postgresql_where=text("status = 'in_office' AND warned < 2")),
    comment="owners' committees and the bodies in their place",
)

preparer = Table(
    "preparer",
    metadata,
    Column("id", Uuid, primary_key=True),
    link("committee"),
    compound_id(),
    region_code(),
    Column("capacity", Text, nullable=False),
    Column("name", BYTEA, nullable=False, comment="encrypted"),
    Index(None, "committee_id"),
    comment="preparatory groups (筹备组)",
)

seat = Table(
    "seat",
    metadata,
    Column("id", Uuid, primary_key=True),
    link("committee"),
    compound_id(),
    region_code(),
    link("owner", nullable=True),
    Column("person_id", Uuid, nullable=True),
    Column("name", BYTEA, nullable=False, comment="encrypted"),
    Column("capacity", Text, nullable=False),
    Column("is_party_member", Boolean, nullable=False),
    Column("is_public_employee", Boolean, nullable=False),
    Column("office", Text, nullable=False, comment="chair, deputy, member or alternate"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True, comment="first day on which it no longer holds"),
    Column("end_reason", Text, nullable=True),
    Index(None, "committee_id"),
    Index(None, "person_id"),
    Index(None, "owner_id"),
    comment="who sits in a committee, with its history",
)

election = Table(
    "election",
    metadata,
    Column("id", Uuid, primary_key=True),
    link("committee"),
    compound_id(),
    region_code(),
    Column("kind", Text, nullable=False, comment="first or by"),
    Column("status", Text, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("review_due", DateTime(timezone=True), nullable=True),
    link("vote", nullable=True),
    Column("held_on", Date, nullable=True),
    Index(None, "committee_id"),
    Index(None, "vote_id"),
    comment="elections and by-elections of committees",
)

candidate = Table(
    "candidate",
    metadata,
    Column("id", Uuid, primary_key=True),
    link("election"),
    compound_id(),
    region_code(),
    link("owner"),
    Column("person_id", Uuid, nullable=True),
    Column("name", BYTEA, nullable=False, comment="encrypted"),
    Column("is_party_member", Boolean, nullable=False),
    Column("is_public_employee", Boolean, nullable=False),
    Column("nominated_by", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("position", Integer, nullable=True, comment="place on the ballot"),
    Column("reply", Text, nullable=True, comment="to the departments"),
    UniqueConstraint("election_id", "owner_id", name="uq_candidate_election_id_owner_id"),
)

review = Table(
    "review",
    metadata,
    link("candidate"),
    Column("department", Text, nullable=False),
    compound_id(),
    region_code(),
    Column("verdict", Text, nullable=True),
    Column("reasons", Text, nullable=True),
    Column("answered_at", DateTime(timezone=True), nullable=True),
    PrimaryKeyConstraint("candidate_id", "department"),
    comment="joint review of candidates (人选联审)",
)

major_matter = Table(
    "major_matter",
    metadata,
    Column("id", Uuid, primary_key=True),
    link("committee"),
    compound_id(),
    region_code(),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("reported_at", DateTime(timezone=True), nullable=False),
    Column("party_opinion", Text, nullable=True, comment="of the community's Party committee"),
    Column("residents_opinion", Text, nullable=True, comment="of the residents' committee"),
    Column("decision", Text, nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
    Index(None, "committee_id"),
    comment="major matters that a committee reports before it decides (重大事项报告)",
)

decision_use = Table(
    "decision_use",
    metadata,
    link("vote"),
    Column("position", Integer, nullable=False),
    compound_id(),
    region_code(),
    Column("used_for", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("vote_id", "position"),
    comment="decisions of owners that were carried out: each once",
)

COMMITTEE_TABLES: list[Table] = [
    committee, preparer, seat, election, candidate, review, major_matter, decision_use,
]  # fmt: skip
"""Tables of committees; all are governed and belong to a compound."""
