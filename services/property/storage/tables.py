"""The tables of property. Everything governed carries the region's current code, for row-level security."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import BYTEA, JSONB

from chassis import records
from chassis.events import tables as event_tables

metadata = MetaData(naming_convention=records.NAMING)
records.define_tables(metadata)
event_tables.define_tables(metadata)

CODE = Text(collation="C")


def region_code() -> Column[object]:
    """Return the column that row-level security asks."""
    return Column("region_code", CODE, nullable=False, comment="the region's current code, re-stamped when recoded")


def compound_id() -> Column[object]:
    """Return the column that says of which compound a row is."""
    return Column("compound_id", Uuid, ForeignKey("compound.id"), nullable=False)


region = Table(
    "region",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", CODE, nullable=False),
    Column("name", Text, nullable=False),
    Column("closed_on", Date, nullable=True),
    Index(None, "code"),
    comment="org's regions as its events told of them",
)

compound = Table(
    "compound",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False, comment="code of the type in the practice"),
    Column("region_id", Uuid, nullable=False),
    region_code(),
    Column("care", Text, nullable=False, comment="how it is cared for"),
    Column("registered_on", Date, nullable=False),
    Column("latitude", Float, nullable=True, comment="in degrees, north"),
    Column("longitude", Float, nullable=True, comment="in degrees, east"),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("events", BigInteger, nullable=False, comment="how many events it has: the aggregate's version"),
    UniqueConstraint("region_id", "name"),
    CheckConstraint("num_nulls(latitude, longitude) <> 1", name="whole_place"),
    Index(None, "region_code", "id"),
    comment="小区",
)

part = Table(
    "part",
    metadata,
    Column("id", Uuid, primary_key=True),
    compound_id(),
    region_code(),
    Column("building", Text, nullable=False),
    Column("unit", Text, nullable=False, comment="entrance; empty where there is none"),
    Column("room", Text, nullable=False),
    Column("area", BigInteger, nullable=False, comment="exclusive area in 0.01 m²"),
    Column("basis", Text, nullable=False, comment="land_register, surveyed or contract"),
    Column("status", Text, nullable=False, comment="owned, sold_undelivered or developer_unsold"),
    Column("use", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    UniqueConstraint("compound_id", "building", "unit", "room"),
    Index(None, "region_code"),
    comment="exclusive parts (专有部分)",
)

owner = Table(
    "owner",
    metadata,
    Column("id", Uuid, primary_key=True),
    compound_id(),
    region_code(),
    Column("kind", Text, nullable=False),
    Column("name", BYTEA, nullable=False, comment="encrypted"),
    Column("number", BYTEA, nullable=True, comment="encrypted"),
    Column("phone", BYTEA, nullable=True, comment="encrypted"),
    Column("identity_index", BYTEA, nullable=False, comment="keyed digest by which the same owner is known again"),
    Column("subject", Text, nullable=True, comment="token subject by which they vote online"),
    UniqueConstraint("compound_id", "identity_index"),
    Index(None, "subject", "compound_id"),
    Index(None, "region_code"),
    comment="owners of one compound",
)

ownership = Table(
    "ownership",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("part_id", Uuid, ForeignKey("part.id"), nullable=False),
    Column("owner_id", Uuid, ForeignKey("owner.id"), nullable=False),
    compound_id(),
    region_code(),
    Column("numerator", BigInteger, nullable=False),
    Column("denominator", BigInteger, nullable=False),
    Column("is_agent", Boolean, nullable=False, comment="the co-owners agreed that this one votes for all"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True, comment="first day on which it is another's"),
    Index(None, "part_id"),
    Index(None, "owner_id"),
    Index("ix_ownership_present", "compound_id", postgresql_where=text("valid_to IS NULL")),
    comment="who owns what, with its history",
)

occupant = Table(
    "occupant",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("part_id", Uuid, ForeignKey("part.id"), nullable=False),
    compound_id(),
    region_code(),
    Column("role", Text, nullable=False, comment="tenant or representative"),
    Column("name", BYTEA, nullable=False, comment="encrypted"),
    Column("phone", BYTEA, nullable=True, comment="encrypted"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True, comment="first day on which it no longer holds"),
    Index(None, "part_id"),
    comment="tenants, and whom owners have entrusted",
)

company = Table(
    "company",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("credit_code", Text, nullable=False, unique=True),
    Column("has_party_branch", Boolean, nullable=False),
    Column("organisation_id", Uuid, nullable=True),
    Column("region_id", Uuid, nullable=False),
    region_code(),
    Column("registered_on", Date, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("events", BigInteger, nullable=False, comment="how many events it has: the aggregate's version"),
    Index(None, "region_code", "id"),
    comment="property companies (物业服务企业)",
)

rule = Table(
    "rule",
    metadata,
    Column("code", Text, primary_key=True),
    Column("definition", JSONB, nullable=False),
    comment="local rules for meetings and votes; a vote keeps the rule it began with",
)
