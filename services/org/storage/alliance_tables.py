"""The table of which organisations belong to an alliance."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Uuid, text

from services.org.storage.columns import register

alliance_member = register(
    "alliance_member",
    Column("alliance_id", Uuid, ForeignKey("organisation.id"), nullable=False),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False),
    Index(
        "uq_alliance_member_open",
        "alliance_id",
        "organisation_id",
        unique=True,
        postgresql_where=text("valid_to IS NULL"),
    ),
    Index("ix_alliance_member_alliance_id", "alliance_id"),
    Index("ix_alliance_member_organisation_id", "organisation_id"),
    comment="which organisations belong to an alliance, by date (微联盟)",
)
