"""The tables of special needs, and of who looked at them."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
    func,
    text,
)

from services.org.storage.columns import CODE, STAMP, metadata, register

special_need = register(
    "special_need",
    Column("kind", Text, nullable=False),
    Column("details", LargeBinary, nullable=True, comment="personal data: encrypted; null once erased"),
    Column("person_index", LargeBinary, nullable=True, comment="keyed digest of the identity number"),
    Column("purpose", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("consented_on", Date, nullable=True),
    Column("kept_until", Date, nullable=False, comment="first day on which it is erased"),
    Column("erased_on", Date, nullable=True),
    CheckConstraint(
        "(details IS NULL) = (erased_on IS NOT NULL) AND (person_index IS NULL) = (erased_on IS NOT NULL)",
        name="erased",
    ),
    Index("ix_special_need_person_index", "person_index"),
    Index("ix_special_need_kept_until", "kept_until", postgresql_where=text("erased_on IS NULL")),
    comment="who of a community needs particular help (特殊人群台账)",
)

special_need_look = Table(
    "special_need_look",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("special_need_id", Uuid, ForeignKey("special_need.id"), nullable=False),
    Column("region_code", CODE, nullable=False, comment=STAMP),
    Column("look", Text, nullable=False),
    Column("subject", Text, nullable=False, comment="who looked"),
    Column("purpose", Text, nullable=False),
    Column("looked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("ix_special_need_look_special_need_id", "special_need_id", "id"),
    Index("ix_special_need_look_region_code", "region_code"),
    comment="who looked at which record of special needs, when and why",
)
