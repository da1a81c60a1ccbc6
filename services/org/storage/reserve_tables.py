"""The tables of reserves and call-ups."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    func,
    text,
)

from services.org.storage.columns import CODE, STAMP, metadata, region_columns, register, version_column

reserve_rule = Table(
    "reserve_rule",
    metadata,
    Column("source", Text, primary_key=True, comment="a kind of the category reserve"),
    Column("households", Integer, nullable=False, comment="people for each thousand of them"),
    Column("residents", Integer, nullable=False, comment="people for each thousand of them"),
    Column("members", Integer, nullable=False, comment="people for each thousand who checked in"),
    comment="how many people of a source a community needs in reserve",
)

reservist = register(
    "reservist",
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("source", Text, nullable=False, comment="a kind of the category reserve"),
    Index("uq_reservist_open_person", "person_id", unique=True, postgresql_where=text("valid_to IS NULL")),
    Index("ix_reservist_person_id", "person_id"),
    comment="who is in the reserve of a community (应急后备力量)",
)

call_up = Table(
    "call_up",
    metadata,
    Column("id", Uuid, primary_key=True),
    *region_columns(),
    Column("purpose", Text, nullable=False),
    Column("is_drill", Boolean, nullable=False),
    Column("asked", Integer, nullable=False, comment="how many people were asked for"),
    Column("called_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("ended_at", DateTime(timezone=True), nullable=True),
    version_column(),
    CheckConstraint("ended_at >= called_at", name="period"),
    Index("ix_call_up_region_code", "region_code", "id"),
    Index("ix_call_up_region_id", "region_id"),
    comment="call-ups of a community's reserve (集结)",
)

called_up = Table(
    "called_up",
    metadata,
    Column("call_up_id", Uuid, ForeignKey("call_up.id"), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("region_code", CODE, nullable=False, comment=STAMP),
    Column("source", Text, nullable=False, comment="from which source they came, that day"),
    Column("state", Text, nullable=False),
    Column("post", Text, nullable=True, comment="where they go, or what they do there"),
    Column("excuse", Text, nullable=True),
    Column("answered_at", DateTime(timezone=True), nullable=True),
    CheckConstraint("(state = 'CALLED') = (answered_at IS NULL)", name="answered"),
    Index("ix_called_up_person_id", "person_id"),
    Index("ix_called_up_region_code", "region_code"),
    comment="who was called up, where they go, and whether they arrived",
)
