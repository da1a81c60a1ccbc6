"""The tables of files: uploads on their way, and what came with the entries of tickets (附件)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)

from services.tickets.storage.columns import CODE, metadata

upload = Table(
    "upload",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("region_id", Uuid, nullable=False),
    Column("region_code", CODE, nullable=False),
    Column("process", Text, nullable=False),
    Column("ticket_id", Uuid, ForeignKey("ticket.id"), nullable=True, comment="null until raised with it"),
    Column("by", Text, nullable=False, comment="token subject; nobody else can attach it"),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("attached_at", DateTime(timezone=True), nullable=True),
    Column("attached_with", Text, nullable=True, comment="the act it came with"),
    Column("try_at", DateTime(timezone=True), nullable=True, comment="when it is looked into next"),
    Column("finding", Text, nullable=True, comment="why it was refused"),
    Column("is_scanned", Boolean, nullable=False, server_default=text("false")),
    Index("ix_upload_region_code", "region_code"),
    Index("ix_upload_region_id", "region_id"),
    Index("ix_upload_ticket_id", "ticket_id"),
    Index("ix_upload_waiting", "by", "requested_at", postgresql_where=text("attached_at IS NULL")),
    Index("ix_upload_unattached", "requested_at", postgresql_where=text("attached_at IS NULL")),
    Index("ix_upload_quarantined", "try_at", postgresql_where=text("state = 'quarantined'")),
    Index("ix_upload_erased", "id", postgresql_where=text("state = 'erased' AND try_at IS NOT NULL")),
    comment="files that somebody was given a link to upload, and what became of them",
)

attachment = Table(
    "attachment",
    metadata,
    Column("ticket_id", Uuid, ForeignKey("ticket.id"), nullable=False),
    Column("seq", Integer, nullable=False, comment="the entry it came with"),
    Column("position", Integer, nullable=False),
    Column("region_code", CODE, nullable=False, comment="the region's current code, re-stamped when recoded"),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("key", Text, nullable=False, comment="where the file lies"),
    Column("id", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
    Column("upload_id", Uuid, ForeignKey("upload.id"), nullable=True, comment="null for an import's reference"),
    Column("state", Text, nullable=False, server_default=text("'imported'")),
    Column("finding", Text, nullable=True, comment="why it was refused"),
    Column("is_scanned", Boolean, nullable=False, server_default=text("false")),
    PrimaryKeyConstraint("ticket_id", "seq", "position"),
    Index("ix_attachment_id", "id", unique=True),
    Index("ix_attachment_upload_id", "upload_id", postgresql_where=text("upload_id IS NOT NULL")),
    Index("ix_attachment_erased", "id", postgresql_where=text("state = 'erased' AND upload_id IS NULL AND key <> ''")),
)
