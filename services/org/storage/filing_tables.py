"""The tables of filings: for which titles they are needed, and whom subdistricts nominated."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text, Uuid, text

from services.org.storage.columns import metadata, region_columns, version_column

filing_rule = Table(
    "filing_rule",
    metadata,
    Column("title", Text, ForeignKey("duty_title.code"), primary_key=True),
    Column("days", Integer, nullable=False, comment="within which the duty is given once it is filed"),
    comment="titles that are given on a filing alone (备案管理的职务)",
)

duty_filing = Table(
    "duty_filing",
    metadata,
    Column("id", Uuid, primary_key=True),
    *region_columns(),
    Column("title", Text, ForeignKey("duty_title.code"), nullable=False),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("grounds", Text, nullable=False, comment="what speaks for them"),
    Column("state", Text, nullable=False),
    Column("submitted_on", Date, nullable=False),
    Column("submitted_by", Text, nullable=True, comment="token subject, who does not review it; null: imported"),
    Column("reviewed_on", Date, nullable=True),
    Column("reason", Text, nullable=True, comment="of who reviewed or withdrew it"),
    Column("expires_on", Date, nullable=True, comment="first day on which nothing comes of it; once filed"),
    Column("duty_id", Uuid, ForeignKey("duty.id"), nullable=True, comment="given on this filing"),
    version_column(),
    Index("ix_duty_filing_region_code", "region_code", "id"),
    Index(
        "uq_duty_filing_open",
        "organisation_id",
        "title",
        unique=True,
        postgresql_where=text("state IN ('SUBMITTED', 'FILED')"),
    ),
    Index("ix_duty_filing_duty_id", "duty_id"),
    Index("ix_duty_filing_expires_on", "expires_on", postgresql_where=text("state = 'FILED'")),
    comment="whom a subdistrict nominates for a post, and what the district found (任职备案)",
)
