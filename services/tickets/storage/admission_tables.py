"""The tables of entry control (准入制度)."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, Table, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from services.tickets.storage.columns import CODE, metadata

admission_item = Table(
    "admission_item",
    metadata,
    Column("id", Uuid, primary_key=True, comment="of this version of the item"),
    Column("list", Text, nullable=False, comment="matters, certificates or hotlines"),
    Column("code", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("region_id", Uuid, nullable=False),
    Column("region_code", CODE, nullable=False, comment="where it is in force, here and below"),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("keywords", ARRAY(Text), nullable=False, server_default=text("'{}'"), comment="words that tell of it"),
    Column("basis", Text, nullable=True, comment="the rule that it rests on"),
    Column("phone", Text, nullable=True, comment="of a hotline"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True, comment="first day on which it is no longer in force"),
    UniqueConstraint("region_id", "list", "code", "version"),
    Index(None, "region_code", "list", "code"),
    comment="versions of the items of the three lists of entry control (准入清单)",
)
