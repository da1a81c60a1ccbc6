"""The tables of entry control (准入制度)."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
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

hand_down = Table(
    "hand_down",
    metadata,
    Column("ticket_id", Uuid, ForeignKey("ticket.id"), nullable=False),
    Column("seq", Integer, nullable=False, comment="the entry that pushed it down"),
    Column("region_code", CODE, nullable=False, comment="the ticket's"),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("title", Text, nullable=False, comment="duty title by which it was pushed down"),
    Column("from_region_code", CODE, nullable=False, comment="where that duty is held"),
    Column("organisation_id", Uuid, nullable=True, comment="in which organisation"),
    PrimaryKeyConstraint("ticket_id", "seq"),
    Index(None, "region_code", "at"),
    comment="tickets that came to a community from above (交办)",
)

admission_flag = Table(
    "admission_flag",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("ticket_id", Uuid, ForeignKey("ticket.id"), nullable=False),
    Column("seq", Integer, nullable=False, comment="of the hand-down"),
    Column("region_code", CODE, nullable=False, comment="the ticket's"),
    Column("item_id", Uuid, ForeignKey("admission_item.id"), nullable=False),
    Column("cause", Text, nullable=False, comment="named, keyword or claimed"),
    Column("word", Text, nullable=True, comment="the keyword"),
    Column("at", DateTime(timezone=True), nullable=False, comment="when it was handed down"),
    Column("organisation_id", Uuid, nullable=True, comment="that pushed it down"),
    Column("refused_seq", Integer, nullable=True, comment="the entry that refused it by this item"),
    Column("refused_at", DateTime(timezone=True), nullable=True),
    UniqueConstraint("ticket_id", "seq", "item_id"),
    Index(None, "region_code", "at"),
    comment="items of entry control that speak of a ticket that was handed down (准入提示)",
)

burden = Table(
    "burden",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("region_id", Uuid, nullable=False),
    Column("region_code", CODE, nullable=False, comment="whose burden it is"),
    Column("ticket_id", Uuid, ForeignKey("ticket.id"), nullable=True, comment="by which it came"),
    Column("item_id", Uuid, ForeignKey("admission_item.id"), nullable=True, comment="that speaks of it"),
    Column("hotline_id", Uuid, ForeignKey("admission_item.id"), nullable=True, comment="by which it was reported"),
    Column("organisation_id", Uuid, nullable=True, comment="that pushed the ticket down"),
    Column("description", Text, nullable=False),
    Column("reported_by", Text, nullable=False, comment="token subject; shown to nobody else"),
    Column("reported_at", DateTime(timezone=True), nullable=False),
    Column("answer", Text, nullable=True),
    Column("answered_by", Text, nullable=True, comment="token subject"),
    Column("answered_at", DateTime(timezone=True), nullable=True),
    Index(None, "region_code", "reported_at"),
    Index(None, "reported_by"),
    comment="burdens that communities reported (减负举报)",
)
