"""The tables of what partner units do where they are paired, and of the problems that they take on."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Text, Uuid, text

from services.org.storage.columns import metadata, region_columns, version_column

contribution_rule = Table(
    "contribution_rule",
    metadata,
    Column("kind", Text, primary_key=True, comment="a kind of the category contribution"),
    Column("per", Integer, nullable=False, comment="amount for which there are points"),
    Column("points", Integer, nullable=False),
    Column("most", Integer, nullable=False, comment="points in a year"),
    comment="what partner units' contributions count for (共建考评)",
)

pairing_rule = Table(
    "pairing_rule",
    metadata,
    Column("kind", Text, primary_key=True, comment="a kind of the category pairing"),
    Column("fewest", Integer, nullable=False),
    Column("most", Integer, nullable=False),
    comment="how many problems of a compound a paired unit helps to settle in a year",
)

contribution = Table(
    "contribution",
    metadata,
    Column("id", Uuid, primary_key=True),
    *region_columns(),
    Column("pairing_id", Uuid, ForeignKey("pairing.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount", Integer, nullable=False, comment="of what the kind says"),
    Column("made_on", Date, nullable=False),
    Column("compound_id", Uuid, nullable=True, comment="in the property service"),
    Column("note", Text, nullable=True),
    Column("cancelled_because", Text, nullable=True),
    version_column(),
    Index("ix_contribution_region_code", "region_code", "id"),
    Index("ix_contribution_region_id", "region_id"),
    Index("ix_contribution_pairing_id", "pairing_id", "made_on"),
    comment="what partner units did where they are paired (资源下沉)",
)

joint_problem = Table(
    "joint_problem",
    metadata,
    Column("id", Uuid, primary_key=True),
    *region_columns(),
    Column("pairing_id", Uuid, ForeignKey("pairing.id"), nullable=False),
    Column("compound_id", Uuid, nullable=True, comment="in the property service"),
    Column("list_item_id", Uuid, ForeignKey("list_item.id"), nullable=True),
    Column("ticket_id", Uuid, nullable=True, comment="in the tickets service"),
    Column("taken_on", Date, nullable=False),
    Column("settled_on", Date, nullable=True),
    Column("result", Text, nullable=True),
    version_column(),
    CheckConstraint("(settled_on IS NULL) = (result IS NULL) AND settled_on >= taken_on", name="settled"),
    Index("ix_joint_problem_region_code", "region_code", "id"),
    Index("ix_joint_problem_region_id", "region_id"),
    Index("ix_joint_problem_pairing_id", "pairing_id", "settled_on"),
    Index("ix_joint_problem_list_item_id", "list_item_id"),
    Index("ix_joint_problem_ticket_id", "ticket_id", postgresql_where=text("ticket_id IS NOT NULL")),
    comment="outstanding problems that partner units take on (突出问题)",
)

GOVERNED = (contribution, joint_problem)
"""What is under row-level security."""
