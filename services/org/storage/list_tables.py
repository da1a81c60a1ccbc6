"""The tables of the four lists of a community."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Table, Text, Uuid, text

from services.org.storage.columns import CODE, STAMP, metadata, register

list_item = register(
    "list_item",
    Column("list", Text, nullable=False, comment="NEED, RESOURCE, SERVICE or TASK"),
    Column("kind", Text, nullable=True, comment="a kind of that list, where the practice has any"),
    Column("title", Text, nullable=False),
    Column("detail", Text, nullable=True),
    Column(
        "organisation_id", Uuid, ForeignKey("organisation.id"), nullable=True, comment="whose it is, or who sees to it"
    ),
    Column("ticket_id", Uuid, nullable=True, comment="the ticket of it, in the tickets service"),
    Column("result", Text, nullable=True),
    Column("settled_on", Date, nullable=True),
    CheckConstraint("(result IS NULL) = (settled_on IS NULL)", name="settled"),
    Index("ix_list_item_list", "list", "region_code", "id"),
    Index("ix_list_item_organisation_id", "organisation_id"),
    Index("ix_list_item_ticket_id", "ticket_id", postgresql_where=text("ticket_id IS NOT NULL")),
    comment="the four lists of a community (四张清单)",
)

list_link = Table(
    "list_link",
    metadata,
    Column("source_id", Uuid, ForeignKey("list_item.id"), primary_key=True),
    Column("target_id", Uuid, ForeignKey("list_item.id"), primary_key=True),
    Column("region_code", CODE, nullable=False, comment=STAMP),
    Index("ix_list_link_target_id", "target_id"),
    Index("ix_list_link_region_code", "region_code"),
    comment="what of the lists leads to what: need to resource, either to a service or a task",
)
