"""The tables of assessments, and of what communities are given by type."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.org.storage.columns import metadata, region_columns, version_column

capacity = Table(
    "capacity",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("weight", Integer, nullable=False),
    Column("counted", Text, nullable=True, comment="from whose contributions its score is counted; else people score"),
    Column("full_points", Integer, nullable=True, comment="that are a full score"),
    comment="by what organisations are assessed (六力)",
)

assessment_level = Table(
    "assessment_level",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("least", Integer, nullable=False, comment="the lowest result that reaches it, in hundredths"),
    comment="levels of assessments",
)

allocation_rule = Table(
    "allocation_rule",
    metadata,
    Column("kind", Text, primary_key=True, comment="a kind of the category allocation"),
    Column("type", Text, ForeignKey("community_type.code"), primary_key=True),
    Column("each", BigInteger, nullable=False),
    Column("per_thousand", BigInteger, nullable=False, comment="for each thousand households"),
    comment="what communities of a type are given in a year",
)

assessment = Table(
    "assessment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False),
    *region_columns(),
    Column("year", Integer, nullable=False),
    Column("scores", JSONB, nullable=False, comment="by capacity, 0 to 100"),
    Column("counted", JSONB, nullable=False, server_default=text("'{}'"), comment="what scores were counted from"),
    Column("result", Integer, nullable=False, comment="weighted mean, in hundredths"),
    Column("level", Text, nullable=True),
    Column("assessed_on", Date, nullable=False),
    version_column(),
    UniqueConstraint("organisation_id", "year"),
    Index("ix_assessment_region_code", "region_code", "year", "id"),
    comment="how organisations were assessed, by year",
)

allocation = Table(
    "allocation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    *region_columns(),
    Column("year", Integer, nullable=False),
    Column("type", Text, ForeignKey("community_type.code"), nullable=False, comment="of the community, that day"),
    Column("each", BigInteger, nullable=False, comment="the rule's, that day"),
    Column("per_thousand", BigInteger, nullable=False, comment="the rule's, that day"),
    Column("households", Integer, nullable=False, comment="counted in its grids, that day"),
    Column("amount", BigInteger, nullable=False),
    Column("reason", Text, nullable=True, comment="why it departs from the rule"),
    Column("allocated_on", Date, nullable=False),
    version_column(),
    CheckConstraint("amount >= 0", name="amount"),
    UniqueConstraint("region_id", "year", "kind"),
    Index("ix_allocation_region_code", "region_code", "year", "id"),
    comment="what communities were given, with the numbers of the rule that it follows",
)
