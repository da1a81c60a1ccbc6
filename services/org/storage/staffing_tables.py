"""The tables of staffing: what the practice asks for, and how many live in each grid."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, text

from services.org.storage.columns import metadata, register

staffing_standard = Table(
    "staffing_standard",
    metadata,
    Column("title", Text, ForeignKey("duty_title.code"), primary_key=True),
    Column("fewest_households", Integer, nullable=False),
    Column("most_households", Integer, nullable=False),
    Column("fewest_residents", Integer, nullable=False),
    Column("most_residents", Integer, nullable=False),
    comment="for how many households and residents of a grid there is one holder of a title (网格员配备标准)",
)

census = register(
    "census",
    Column("households", Integer, nullable=False),
    Column("residents", Integer, nullable=False),
    CheckConstraint("households >= 0 AND residents >= 0", name="counted"),
    Index("uq_census_open", "region_id", unique=True, postgresql_where=text("valid_to IS NULL")),
    comment="how many households and people live in a grid, by date (网格人口户数)",
)
