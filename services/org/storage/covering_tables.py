"""The table of which compounds organisations cover."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Table, Text, Uuid, text

from services.org.storage.columns import CODE, STAMP, metadata

organisation_compound = Table(
    "organisation_compound",
    metadata,
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), primary_key=True),
    Column("compound_id", Uuid, primary_key=True, comment="in the property service"),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date, nullable=True, comment="the organisation's end, at the latest"),
    Column("kind", Text, nullable=False, comment="the organisation's"),
    Column("region_code", CODE, nullable=False, comment=STAMP),
    CheckConstraint("valid_to >= valid_from", name="period"),
    Index(
        "uq_organisation_compound_open",
        "organisation_id",
        "compound_id",
        unique=True,
        postgresql_where=text("valid_to IS NULL"),
    ),
    Index("ix_organisation_compound_compound_id", "compound_id"),
    Index("ix_organisation_compound_region_code", "region_code"),
    comment="which compounds an organisation covers, by date (小区组织覆盖)",
)
