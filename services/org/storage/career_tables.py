"""The tables of community workers' posts, grades and assessments, and of recruitment."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.org.storage.columns import metadata, region_columns, register, version_column

worker_post = Table(
    "worker_post",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("lowest", SmallInteger, nullable=False, comment="its lowest grade"),
    Column("highest", SmallInteger, nullable=False, comment="its highest grade"),
    Column("years", SmallInteger, nullable=False, comment="years that a step takes"),
    Column("least", Integer, nullable=False, comment="the least result of a year that counts, in hundredths"),
    comment="posts of community workers and their grades (三岗十八级)",
)

grade_credit = Table(
    "grade_credit",
    metadata,
    Column("education", Text, primary_key=True),
    Column("years", SmallInteger, nullable=False),
    comment="how many years a degree is worth to who enters",
)

worker_criterion = Table(
    "worker_criterion",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("weight", Integer, nullable=False),
    comment="by what community workers are assessed each year",
)

worker_grade = register(
    "worker_grade",
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("post", Text, ForeignKey("worker_post.code"), nullable=False),
    Column("grade", SmallInteger, nullable=False),
    Column("stepped_on", Date, nullable=False, comment="since when the clock of the next step runs"),
    Column("reason", Text, nullable=False),
    CheckConstraint("stepped_on <= valid_from", name="clock"),
    Index("uq_worker_grade_open_person", "person_id", unique=True, postgresql_where=text("valid_to IS NULL")),
    Index("ix_worker_grade_person_id", "person_id"),
    comment="which post and grade community workers have, by date",
)

worker_assessment = Table(
    "worker_assessment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    *region_columns(),
    Column("year", Integer, nullable=False),
    Column("scores", JSONB, nullable=False, comment="by criterion, 0 to 100"),
    Column("result", Integer, nullable=False, comment="weighted mean, in hundredths"),
    Column("assessed_on", Date, nullable=False),
    version_column(),
    UniqueConstraint("person_id", "year"),
    Index("ix_worker_assessment_region_code", "region_code", "year", "id"),
    comment="how community workers were assessed, by year",
)

recruitment = Table(
    "recruitment",
    metadata,
    Column("id", Uuid, primary_key=True),
    *region_columns(),
    Column("year", Integer, nullable=False),
    Column("source", Text, nullable=False, comment="a kind of the category recruitment"),
    Column("posts", Integer, nullable=False),
    version_column(),
    CheckConstraint("posts > 0", name="posts"),
    UniqueConstraint("region_id", "year", "source"),
    Index("ix_recruitment_region_code", "region_code", "year", "id"),
    comment="how many posts of a recruitment were placed in a region",
)

GOVERNED = (worker_grade, worker_assessment, recruitment)
"""Those under row-level security."""
DATED = (worker_grade,)
"""Those whose rows hold from a day on."""
