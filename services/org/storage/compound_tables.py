"""The table of what property tells of compounds."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Float, Index, Table, Text, Uuid

from services.org.storage.columns import CODE, STAMP, metadata

compound = Table(
    "compound",
    metadata,
    Column("id", Uuid, primary_key=True),
    # Without a foreign key: property may tell of a compound before org has its region.
    Column("region_id", Uuid, nullable=False),
    Column("region_code", CODE, nullable=False, comment=STAMP),
    Column("name", Text, nullable=False),
    Column("registered_on", Date, nullable=False),
    Column("latitude", Float, nullable=True, comment="in degrees, north"),
    Column("longitude", Float, nullable=True, comment="in degrees, east"),
    CheckConstraint("num_nulls(latitude, longitude) <> 1", name="whole_place"),
    Index("ix_compound_region_code", "region_code", "id"),
    Index("ix_compound_region_id", "region_id"),
    comment="compounds (小区) as property's events told of them",
)
