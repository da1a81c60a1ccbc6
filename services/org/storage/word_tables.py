"""The tables of the practice's vocabulary: kinds, duty titles, muster groups, types of communities."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, Table, Text, text

from services.org.storage.columns import metadata

kind = Table(
    "kind",
    metadata,
    Column("category", Text, primary_key=True, comment="organisation, team or station"),
    Column("code", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("volunteers", Boolean, nullable=False, server_default=text("false")),
    Column("party_members", Boolean, nullable=False, server_default=text("false")),
    Column("same_type", Boolean, nullable=False, server_default=text("false")),
    Column("party", Boolean, nullable=False, server_default=text("false")),
    Column("alliance", Boolean, nullable=False, server_default=text("false")),
    comment="kinds of organisations, teams and stations of the practice",
)

duty_title = Table(
    "duty_title",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("level", Text, nullable=True),
    Column("party_member", Boolean, nullable=False),
    Column("organisation_kind", Text, nullable=True),
    Column("fewest", Integer, nullable=False),
    Column("most", Integer, nullable=True),
    Column("team_role", Text, nullable=True),
    comment="duty titles of the practice and their rules",
)

muster_group = Table(
    "muster_group",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("is_office", Boolean, nullable=False),
    comment="the office and groups of an emergency (一办七组)",
)

community_type = Table(
    "community_type",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("method_zh", Text, nullable=False),
    Column("method_en", Text, nullable=False),
    Column("features", Text, nullable=False),
    Column("difficulties", Text, nullable=False),
    Column("position", Integer, nullable=False),
    comment="types of communities of the practice, each with its working method (三圈六型)",
)
