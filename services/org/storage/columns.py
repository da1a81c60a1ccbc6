"""What org's tables share: their metadata, and the columns that many of them have."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, MetaData, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from chassis import records
from chassis.events.tables import define_tables as define_event_tables

metadata = MetaData(naming_convention=records.NAMING)
records.define_tables(metadata)
define_event_tables(metadata)

CODE = Text(collation="C")


STAMP = "the region's current code, re-stamped when recoded"


def region_columns() -> tuple[Column[Any], Column[Any]]:
    """Return the columns of the region that a row belongs to, new for each table."""
    return (
        Column("region_id", Uuid, ForeignKey("region.id"), nullable=False),
        Column("region_code", CODE, nullable=False, comment=STAMP),
    )


def version_column() -> Column[Any]:
    """Return the column that counts changes, new for each table."""
    return Column("version", Integer, nullable=False, server_default=text("1"))


def hooked_compounds() -> Column[Any]:
    """Return the column of the compounds that a pairing looks after."""
    return Column(
        "compound_ids",
        ARRAY(Uuid),
        nullable=False,
        server_default=text("'{}'"),
        comment="compounds that it looks after, in the property service",
    )


def register(name: str, *parts: Any, comment: str) -> Table:
    """Define a register: what holds in a region from a day on."""
    return Table(
        name,
        metadata,
        Column("id", Uuid, primary_key=True),
        *region_columns(),
        Column("valid_from", Date, nullable=False),
        Column("valid_to", Date, nullable=True),
        version_column(),
        CheckConstraint("valid_to >= valid_from", name="period"),
        Index(f"ix_{name}_region_code", "region_code", "id"),
        Index(f"ix_{name}_region_id", "region_id"),
        *parts,
        comment=comment,
    )
