"""Compounds, exclusive parts, owners with their history, local rules; row security on all that is governed.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GOVERNED = ("compound", "part", "owner", "occupant")
_STAMP = "the region's current code, re-stamped when recoded"


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _region_code() -> sa.Column[object]:
    return sa.Column("region_code", sa.Text(collation="C"), nullable=False, comment=_STAMP)


def _compound_id() -> sa.Column[object]:
    return sa.Column("compound_id", sa.Uuid(), nullable=False)


def _foreign(table: str, column: str) -> sa.ForeignKeyConstraint:
    other = column.removesuffix("_id")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")


def _version() -> sa.Column[object]:
    return sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "region",
        _id(),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_region"),
        comment="org's regions as its events told of them",
    )
    op.create_index("ix_region_code", "region", ["code"])
    op.create_table(
        "rule",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("definition", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_rule"),
        comment="local rules for meetings and votes; a vote keeps the rule it began with",
    )
    op.create_table(
        "compound",
        _id(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="code of the type in the practice"),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        _region_code(),
        sa.Column("care", sa.Text(), nullable=False, comment="how it is cared for"),
        sa.Column("registered_on", sa.Date(), nullable=False),
        _version(),
        sa.Column("events", sa.BigInteger(), nullable=False, comment="how many events it has: the aggregate's version"),
        sa.PrimaryKeyConstraint("id", name="pk_compound"),
        sa.UniqueConstraint("region_id", "name", name="uq_compound_region_id_name"),
        comment="小区",
    )
    op.create_index("ix_compound_region_code_id", "compound", ["region_code", "id"])
    op.create_table(
        "part",
        _id(),
        _compound_id(),
        _region_code(),
        sa.Column("building", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False, comment="entrance; empty where there is none"),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("area", sa.BigInteger(), nullable=False, comment="exclusive area in 0.01 m²"),
        sa.Column("basis", sa.Text(), nullable=False, comment="land_register, surveyed or contract"),
        sa.Column("status", sa.Text(), nullable=False, comment="owned, sold_undelivered or developer_unsold"),
        sa.Column("use", sa.Text(), nullable=False),
        _version(),
        _foreign("part", "compound_id"),
        sa.PrimaryKeyConstraint("id", name="pk_part"),
        sa.UniqueConstraint("compound_id", "building", "unit", "room", name="uq_part_compound_id_building_unit_room"),
        comment="exclusive parts (专有部分)",
    )
    op.create_index("ix_part_region_code", "part", ["region_code"])
    op.create_table(
        "owner",
        _id(),
        _compound_id(),
        _region_code(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", postgresql.BYTEA(), nullable=False, comment="encrypted"),
        sa.Column("number", postgresql.BYTEA(), nullable=True, comment="encrypted"),
        sa.Column("phone", postgresql.BYTEA(), nullable=True, comment="encrypted"),
        sa.Column(
            "identity_index",
            postgresql.BYTEA(),
            nullable=False,
            comment="keyed digest by which the same owner is known again",
        ),
        sa.Column("subject", sa.Text(), nullable=True, comment="token subject by which they vote online"),
        _foreign("owner", "compound_id"),
        sa.PrimaryKeyConstraint("id", name="pk_owner"),
        sa.UniqueConstraint("compound_id", "identity_index", name="uq_owner_compound_id_identity_index"),
        comment="owners of one compound",
    )
    op.create_index("ix_owner_subject_compound_id", "owner", ["subject", "compound_id"])
    op.create_index("ix_owner_region_code", "owner", ["region_code"])
    op.create_table(
        "ownership",
        _id(),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        _compound_id(),
        _region_code(),
        sa.Column("numerator", sa.BigInteger(), nullable=False),
        sa.Column("denominator", sa.BigInteger(), nullable=False),
        sa.Column("is_agent", sa.Boolean(), nullable=False, comment="the co-owners agreed that this one votes for all"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="first day on which it is another's"),
        _foreign("ownership", "part_id"),
        _foreign("ownership", "owner_id"),
        _foreign("ownership", "compound_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ownership"),
        comment="who owns what, with its history",
    )
    op.create_index("ix_ownership_part_id", "ownership", ["part_id"])
    op.create_index("ix_ownership_owner_id", "ownership", ["owner_id"])
    op.create_index("ix_ownership_present", "ownership", ["compound_id"], postgresql_where=sa.text("valid_to IS NULL"))
    op.create_table(
        "occupant",
        _id(),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        _compound_id(),
        _region_code(),
        sa.Column("role", sa.Text(), nullable=False, comment="tenant or representative"),
        sa.Column("name", postgresql.BYTEA(), nullable=False, comment="encrypted"),
        sa.Column("phone", postgresql.BYTEA(), nullable=True, comment="encrypted"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="first day on which it no longer holds"),
        _foreign("occupant", "part_id"),
        _foreign("occupant", "compound_id"),
        sa.PrimaryKeyConstraint("id", name="pk_occupant"),
        comment="tenants, and whom owners have entrusted",
    )
    op.create_index("ix_occupant_part_id", "occupant", ["part_id"])
    role = serving_role()
    op.execute(grant("region", role, "SELECT, INSERT, UPDATE"))
    op.execute(grant("rule", role, "SELECT, INSERT, UPDATE"))
    for table in GOVERNED:
        op.execute(grant(table, role, "SELECT, INSERT, UPDATE"))
    # Who owned what is never rewritten: an ownership ends, and its region may get another code.
    op.execute(grant("ownership", role, "SELECT, INSERT, UPDATE (valid_to, region_code)"))
    for table in (*GOVERNED, "ownership"):
        for statement in protect(table):
            op.execute(statement)
