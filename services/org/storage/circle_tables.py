"""The practice's service circles."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from services.org.storage.columns import metadata

service_circle = Table(
    "service_circle",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("minutes", Integer, nullable=False, comment="on foot"),
    Column("station_kinds", ARRAY(Text), nullable=False, server_default=text("'{}'"), comment="empty: of any kind"),
    CheckConstraint("minutes > 0", name="minutes"),
    comment="within how many minutes on foot there is to be a station (服务圈)",
)
