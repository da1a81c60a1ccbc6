"""The tables of systems of property help: compounds under them, who fills them, help, supervision."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, DateTime, Index, Integer, PrimaryKeyConstraint, Table, Text, Uuid
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import BYTEA, JSONB

from services.property.storage.committee_tables import counted, link
from services.property.storage.tables import compound_id, metadata, region_code

service_system = Table(
    "service_system",
    metadata,
    Column("id", Uuid, primary_key=True),
    compound_id(),
    region_code(),
    Column("system", Text, nullable=False, comment="code of the system in the practice"),
    Column("definition", JSONB, nullable=False, comment="the system as it was when the compound was put under it"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True, comment="first day on which it is under it no more"),
    *counted(),
    Index(None, "compound_id", "valid_from", "id"),
    Index("uq_service_system_open", "compound_id", unique=True, postgresql_where=sql("valid_to IS NULL")),
    Index(None, "region_code"),
    comment="compounds under a system of property help (红色物业服务体系)",
)

service_post = Table(
    "service_post",
    metadata,
    Column("id", Uuid, primary_key=True),
    compound_id(),
    region_code(),
    link("service_system"),
    Column("post", Text, nullable=False, comment="code of the level or supervising body"),
    Column("organisation_id", Uuid, nullable=True),
    Column("person_id", Uuid, nullable=True),
    Column("title", Text, nullable=True, comment="the duty by which the person fills it"),
    Column("name", BYTEA, nullable=True, comment="encrypted"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True, comment="first day on which they fill it no more"),
    CheckConstraint("num_nonnulls(organisation_id, person_id, name) = 1", name="one_fills_it"),
    CheckConstraint("(person_id IS NULL) = (title IS NULL)", name="by_duty"),
    Index(None, "service_system_id", "post"),
    comment="who fills the levels and supervising bodies of a system",
)

service_help = Table(
    "service_help",
    metadata,
    Column("id", Uuid, primary_key=True),
    compound_id(),
    region_code(),
    link("service_system"),
    Column("level", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("text", Text, nullable=False),
    Column("ticket_id", Uuid, nullable=True, comment="the ticket that it was for"),
    Column("recorded_by", Text, nullable=False, comment="token subject"),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index(None, "service_system_id", "on", "id"),
    comment="what a level did for the compound: only ever added",
)

service_inspection = Table(
    "service_inspection",
    metadata,
    Column("id", Uuid, primary_key=True),
    compound_id(),
    region_code(),
    link("service_system"),
    Column("body", Text, nullable=False, comment="code of the supervising body"),
    Column("level", Text, nullable=False, comment="code of the level that it looked at"),
    Column("on", Date, nullable=False),
    Column("finding", Text, nullable=False),
    Column("rectify_by", Date, nullable=True, comment="until when it must be put right; null: nothing is demanded"),
    Column("rectified_on", Date, nullable=True),
    Column("inspected_by", Text, nullable=False, comment="token subject"),
    CheckConstraint("body <> level", name="of_another"),
    CheckConstraint("rectified_on IS NULL OR rectify_by IS NOT NULL", name="demanded"),
    Index(None, "service_system_id", "on", "id"),
    comment="what a supervising body found at a level, and whether it was put right",
)

service_judgement = Table(
    "service_judgement",
    metadata,
    link("service_inspection"),
    Column("number", Integer, nullable=False, comment="of the inspection, from 1"),
    compound_id(),
    region_code(),
    Column("on", Date, nullable=False),
    Column("rectify_by", Date, nullable=False, comment="the day that had been demanded"),
    Column("rectified_on", Date, nullable=True, comment="null: it was not put right"),
    Column("opinion", Text, nullable=False),
    Column("judged_by", Text, nullable=False, comment="token subject"),
    PrimaryKeyConstraint("service_inspection_id", "number"),
    comment="what a supervising body said of what it had demanded: only ever added",
)

SYSTEM_TABLES: list[Table] = [service_system, service_post, service_help, service_inspection, service_judgement]
"""Tables that belong to a compound."""
