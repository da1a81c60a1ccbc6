"""The table of absences from duties and of deputies (代理)."""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, Index, Table, Text, Uuid

from services.tickets.storage.columns import CODE, metadata

absence = Table(
    "absence",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("duty_id", Uuid, nullable=False),
    Column("region_id", Uuid, nullable=False),
    Column("region_code", CODE, nullable=False, comment="where the duty is held; re-stamped when recoded"),
    Column("deputy_id", Uuid, nullable=True, comment="person of org's register who stands in"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False, comment="first day on which the holder is back"),
    Column("reason", Text, nullable=True),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Index(None, "duty_id", "valid_to"),
    Index(None, "deputy_id", "valid_to"),
    Index(None, "region_id"),
    comment="who is away from which duty, and who acts by it meanwhile",
)
