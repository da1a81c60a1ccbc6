"""The table of redrawings of grids."""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, Index, Table, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB

from services.org.storage.columns import metadata, region_columns

redrawing = Table(
    "redrawing",
    metadata,
    Column("id", Uuid, primary_key=True),
    *region_columns(),
    Column("effective_on", Date, nullable=False),
    Column("report", JSONB, nullable=False, comment="what went from which grid to which"),
    Column("done_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("ix_redrawing_region_code", "region_code", "id"),
    comment="redrawings of grids (网格调整), with what they moved",
)
