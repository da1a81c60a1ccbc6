"""The tables of who looks after grids, buildings and households, and of their visits."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Table, Text, Uuid, text

from services.org.storage.columns import metadata, region_columns, register, version_column

contact = register(
    "contact",
    Column("kind", Text, nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("household", Text, nullable=True, comment="its door; nobody's name"),
    Column("compound_id", Uuid, nullable=True, comment="a compound there, in the property service"),
    Column("pairing_id", Uuid, ForeignKey("pairing.id"), nullable=True, comment="by which their unit took on the area"),
    Index("ix_contact_person_id", "person_id"),
    Index("ix_contact_pairing_id", "pairing_id"),
    comment="who looks after a grid, building or household (包片联户)",
)

visit = Table(
    "visit",
    metadata,
    Column("id", Uuid, primary_key=True),
    *region_columns(),
    Column("contact_id", Uuid, ForeignKey("contact.id"), nullable=False),
    Column("visited_on", Date, nullable=False),
    Column("household", Text, nullable=True, comment="its door; nobody's name"),
    Column("finding", Text, nullable=True),
    Column("ticket_id", Uuid, nullable=True, comment="what became of the finding, in the tickets service"),
    version_column(),
    Index("ix_visit_region_code", "region_code", "id"),
    Index("ix_visit_region_id", "region_id"),
    Index("ix_visit_contact_id", "contact_id", "visited_on"),
    Index("ix_visit_ticket_id", "ticket_id", postgresql_where=text("ticket_id IS NOT NULL")),
    comment="visits by who looks after a place (走访)",
)
